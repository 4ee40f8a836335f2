"""The configuration changes while the program runs, breaks, is repaired; and the program restarts in between."""

from __future__ import annotations

import asyncio

import pytest

from monitor import __version__
from monitor import app as program
from monitor.app import App
from monitor.errors import ConfigErrors, MonitorError, StoreLocked
from monitor.model import Document, FetchRequest
from tests.fakes import FakeFetcher
from tests.servers import HttpServer
from tests.unit.app.home import FILES, Home, reload, surround, told

BROKEN = "topics:\n  - {id: tariffs, match: duty}\ntopisc: []\n"
WIDER = "topics:\n  - {id: tariffs, match: tariff OR duty}\n  - {id: magnets, match: magnet}\n"
SECRET_CHANNEL = 'timezone: UTC\nchannels: {desk: {url: "file:../secret"}}\n'
IS_BROKEN, IS_REPAIRED = "The configuration is broken", "The configuration is in order again"


def keep_secret(home: Home, text: str) -> None:
    path = home.place.config.parent / "secret"
    path.write_text(text)
    path.chmod(0o600)


def test_a_changed_watchlist_is_taken_over(home: Home) -> None:
    with home.open() as app:
        before = app.context.watch
        home.write("watchlist.yaml", WIDER)

        assert reload(app)

        watch = app.context.watch
        assert [topic.spec.id for topic in watch.watchlist.topics] == ["tariffs", "magnets"]
        assert watch.rules.keys() == {"tariffs", "magnets"}
        assert watch.numbers["tariffs"] == before.numbers["tariffs"]
        assert watch.watchlist.version != before.watchlist.version
        assert app.config.files["watchlist.yaml"] == WIDER
        assert told(app.store) == []


def test_a_configuration_that_is_as_it_was_is_not_taken_again(home: Home) -> None:
    with home.open() as app:
        before = app.context.watch
        home.write("watchlist.yaml", FILES["watchlist.yaml"])

        assert not reload(app)
        assert app.context.watch is before


def test_a_secret_that_changed_in_its_own_file_is_taken_over(home: Home) -> None:
    keep_secret(home, "json://token-number-one.example")
    home.write("monitor.yaml", SECRET_CHANNEL)
    with home.open() as app:
        sender = app.context.sender
        assert not reload(app)

        keep_secret(home, "json://token-number-two.example")

        assert reload(app)
        assert app.context.watch.settings.channels[0].url == "json://token-number-two.example"
        assert app.context.sender is not sender
        assert not reload(app)


def test_a_secret_in_the_headers_of_a_feed_is_taken_over(home: Home) -> None:
    keep_secret(home, "Bearer one")
    home.write("feeds.yaml", 'feeds: [{url: https://a.example/feed, headers: {Authorization: "file:../secret"}}]\n')
    with home.open() as app:
        keep_secret(home, "Bearer two")

        assert reload(app)
        assert app.store.feeds()[0].access.headers == (("Authorization", "Bearer two"),)


def test_a_configuration_refused_for_its_secret_is_taken_when_the_secret_is_there(home: Home) -> None:
    with home.open() as app:
        home.write("monitor.yaml", SECRET_CHANNEL)
        assert not reload(app)

        keep_secret(home, "json://token.example")

        assert reload(app)
        assert told(app.store) == [IS_BROKEN, IS_REPAIRED]


def test_a_changed_list_of_feeds_is_taken_over(home: Home) -> None:
    with home.open() as app:
        home.write("feeds.yaml", "feeds: [https://b.example/feed]\n")

        assert reload(app)

        assert [feed.url for feed in app.store.feeds(enabled_only=True)] == ["https://b.example/feed"]
        assert len(app.store.feeds()) == 2


def test_a_broken_configuration_changes_nothing_and_the_operator_hears_where_once(home: Home) -> None:
    with home.open() as app:
        watch, config = app.context.watch, app.config
        home.write("watchlist.yaml", BROKEN)
        home.write("feeds.yaml", "feeds: [https://b.example/feed]\n")

        assert not reload(app)
        assert not reload(app)

        assert (app.context.watch, app.config) == (watch, config)
        assert [feed.url for feed in app.store.feeds()] == ["https://a.example/feed"]
        assert told(app.store) == [IS_BROKEN]
        (row,) = app.store.outbox()
        assert row.recipient == "desk"
        assert f"{home.place.config / 'watchlist.yaml'}:3:1" in row.item.body
        assert "did you mean 'topics'?" in row.item.body


def test_another_break_is_told_too_and_so_is_the_repair(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", BROKEN)
        reload(app)
        home.write("watchlist.yaml", "topics: []\nnonsense: 1\n")
        reload(app)
        home.write("watchlist.yaml", WIDER)

        assert reload(app)
        assert not reload(app)

        assert told(app.store) == [IS_BROKEN, IS_BROKEN, IS_REPAIRED]
        assert app.broken is None
        assert len(app.context.watch.watchlist.topics) == 2


def test_a_break_that_is_taken_back_is_repaired_too(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", BROKEN)
        reload(app)
        home.write("watchlist.yaml", FILES["watchlist.yaml"])

        assert reload(app)
        assert told(app.store) == [IS_BROKEN, IS_REPAIRED]


def test_the_last_good_configuration_goes_on_over_a_restart_and_nobody_is_told_twice(home: Home) -> None:
    home.write("watchlist.yaml", WIDER)
    with home.open() as app:
        home.write("watchlist.yaml", BROKEN)
        reload(app)

    with home.open() as app:
        program.tell_if_broken(app)
        assert app.broken is not None
        assert [topic.spec.id for topic in app.context.watch.watchlist.topics] == ["tariffs", "magnets"]
        assert told(app.store) == [IS_BROKEN]

    home.write("watchlist.yaml", FILES["watchlist.yaml"])
    with home.open() as app:
        program.tell_if_broken(app)
        assert [topic.spec.id for topic in app.context.watch.watchlist.topics] == ["tariffs"]
        assert told(app.store) == [IS_BROKEN, IS_REPAIRED]


def test_a_break_while_the_program_was_down_is_told_at_its_start(home: Home) -> None:
    with home.open():
        pass
    home.write("monitor.yaml", "pol: {}\n")

    with home.open() as app:
        program.tell_if_broken(app)
        assert told(app.store) == [IS_BROKEN]


def test_a_broken_configuration_is_never_kept_as_the_last_good_one(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", BROKEN)
        reload(app)
    with home.open():
        pass

    with home.open() as app:
        assert app.config.files == FILES


def test_without_a_last_good_configuration_a_broken_one_is_refused(home: Home) -> None:
    home.write("watchlist.yaml", BROKEN)

    with pytest.raises(ConfigErrors, match="topisc"), home.open():
        pass


def live(app: App) -> dict[str, str]:
    return {topic.spec.id: topic.query_text for topic in app.context.watch.watchlist.topics}


@pytest.mark.parametrize(
    ("bad", "place", "what"),
    [
        ("macth: duty", ":2:19", "unknown key 'macth' in topic (did you mean 'match'?)"),
        ("match: duty, expires: soon", ":2:41", "'soon' is not a day of the calendar"),
        ("match: duty, alert: {to: [dusk]}", ":2:45", "there is no channel 'dusk'"),
        ("match: {score: {terms: {duty: 1}}}", ":2:34", "score has no 'threshold'"),
        ("match: ", ":2:", "an empty value is not a text"),
        ("match: 'tariff AND'", ":2:", "AND needs a term on its right"),
        ("match: tariff NEAR/5 $metals", ":2:", "$metals is not defined"),
        ("match: duty, examples: {match: [a tariff]}", ":2:", "does not match its example “a tariff”: duty"),
        ("match: duty, examples: {reject: [a duty]}", ":2:", "matches an example it must reject, “a duty”: found duty"),
        ("match: duty, examples: {match: ['seed:none.txt']}", ":2:", "there is no seed 'none.txt'"),
    ],
)
def test_a_bad_topic_goes_on_as_it_was_and_stops_no_other(home: Home, bad: str, place: str, what: str) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", f"topics:\n  - {{id: tariffs, {bad}}}\n  - {{id: tin, match: tin}}\n")

        assert reload(app)
        assert not reload(app)

        assert live(app) == {"tariffs": "tariff", "tin": "tin"}
        assert app.context.watch.numbers == {"tariffs": 1, "tin": 2}
        assert app.context.watch.rules.keys() == {"tariffs", "tin"}
        assert told(app.store) == ["1 topic is refused"]
        (row,) = app.store.outbox()
        assert f"{home.place.config / 'watchlist.yaml'}{place}" in row.item.body
        assert what in row.item.body
        assert "The last good version goes on: tariffs" in row.item.body
        home.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: duty}\n  - {id: tin, match: tin}\n")
        assert reload(app)
        assert live(app) == {"tariffs": "duty", "tin": "tin"}
        assert told(app.store) == ["1 topic is refused", IS_REPAIRED]


def test_a_topic_whose_id_is_taken_is_left_out_and_the_first_goes_on(home: Home) -> None:
    with home.open() as app:
        home.write(
            "watchlist.yaml", FILES["watchlist.yaml"] + "  - {id: tariffs, match: tin}\n  - {id: ore, match: ore}\n"
        )

        assert reload(app)

        assert live(app) == {"tariffs": "tariff", "ore": "ore"}
        assert app.refusals is not None
        assert app.refusals.left_out == (f"{home.place.config / 'watchlist.yaml'}:3",)


def test_a_definition_that_cannot_be_read_leaves_its_topics_as_they_were(home: Home) -> None:
    home.write("watchlist.yaml", "define: {ore: [galena]}\ntopics:\n  - {id: m, match: $ore}\n")
    with home.open() as app:
        home.write("watchlist.yaml", "define: {ore: [[galena]]}\ntopics:\n  - {id: m, match: $ore}\n  - tin\n")

        assert reload(app)

        assert live(app) == {"m": "$ore", "tin": "tin"}
        found = app.context.watch.watchlist.match(Document(text="galena and tin"))
        assert [match.topic for match in found] == ["m", "tin"]
        assert app.refusals is not None
        assert [error.what for error in app.refusals.errors] == [
            "a list is not a text", f"topic m: $ore is wrong, see {home.place.config / 'watchlist.yaml'}:1:16",
        ]  # fmt: skip


def test_a_watchlist_without_a_good_topic_is_refused_as_a_whole(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", "topics:\n  - {id: tin, match: tin AND}\n  - {id: ore, macth: ore}\n")

        assert not reload(app)

        assert live(app) == {"tariffs": "tariff"}
        assert told(app.store) == [IS_BROKEN]
    with home.open() as app:
        assert live(app) == {"tariffs": "tariff"}
        assert app.broken is not None


def test_a_bad_topic_that_never_was_good_is_left_out(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", FILES["watchlist.yaml"] + "  - {id: tin, match: tin AND}\n")

        assert reload(app)

        assert live(app) == {"tariffs": "tariff"}
        assert "Left out until it is mended: tin" in app.store.outbox()[0].item.body


def test_the_last_good_version_of_a_topic_survives_restarts_and_other_edits(home: Home) -> None:
    with home.open():
        pass
    home.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff AND}\n")
    with home.open() as app:
        assert live(app) == {"tariffs": "tariff"}
        home.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff AND}\n  - {id: tin, match: tin}\n")
        assert reload(app)
    with home.open() as app:
        program.tell_if_broken(app)
        assert live(app) == {"tariffs": "tariff", "tin": "tin"}
        assert app.refusals is not None
        assert app.refusals.kept == ("tariffs",)
        home.write("watchlist.yaml", "topics: [")
        assert not reload(app)
    with home.open() as app:
        assert live(app) == {"tariffs": "tariff", "tin": "tin"}
        assert app.broken is not None


def test_a_topic_goes_on_with_the_definitions_it_was_good_with(home: Home) -> None:
    good = "define: {ore: [bauxite], metals: [tin, $ore]}\ntopics:\n  - {id: m, match: $metals AND price}\n"
    home.write("watchlist.yaml", good)
    with home.open() as app:
        version = app.config.watchlist.version[:6]
        now_bad = good.replace("[bauxite]", "[galena]").replace("AND price", "AND") + "  - {id: n, match: $metals}\n"
        home.write("watchlist.yaml", now_bad)
        assert reload(app)
        assert not reload(app)

        assert live(app) == {"m": f"$metals__{version} AND price", "n": "$metals"}
        matches = app.context.watch.watchlist.match(Document(text="The price of bauxite, and galena."))
        assert [(match.topic, {span.text for span in match.spans}) for match in matches] == [
            ("m", {"bauxite", "price"}),
            ("n", {"galena"}),
        ]


def test_a_topic_that_goes_on_tells_the_operator_if_its_channel_is_gone(home: Home) -> None:
    home.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff, alert: {to: [boss]}}\n")
    with home.open() as app:
        home.write("monitor.yaml", FILES["monitor.yaml"].replace('  boss: {url: "console:"}\n', ""))
        home.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff AND}\n")

        assert reload(app)

        assert app.context.watch.rules["tariffs"].alert.to == ("desk",)
        assert not reload(app)


def test_a_bad_topic_may_go_on_under_its_new_name(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", "topics:\n  - {id: duties, was: tariffs, match: tariff AND}\n")

        assert reload(app)

        assert live(app) == {"duties": "tariff"}
        assert app.context.watch.numbers == {"duties": 1}


def test_a_start_without_any_good_topic_is_refused(home: Home) -> None:
    home.write("watchlist.yaml", "topics:\n  - {id: tin, match: tin AND}\n")

    with pytest.raises(ConfigErrors, match="AND needs a term"), home.open():
        pass


def test_a_definition_that_is_wrong_stops_those_that_ask_for_it_alone(home: Home) -> None:
    home.write("watchlist.yaml", "define: {metals: ['(tin']}\n" + FILES["watchlist.yaml"])
    with home.open() as app:
        program.tell_if_broken(app)
        assert live(app) == {"tariffs": "tariff"}
        assert told(app.store) == ["A definition is wrong"]


def test_only_what_changed_is_made_anew(home: Home) -> None:
    with home.open() as app:
        fetcher, sender = app.context.fetcher, app.context.sender
        home.write("watchlist.yaml", WIDER)
        reload(app)
        assert (app.context.fetcher, app.context.sender) == (fetcher, sender)

        home.write("monitor.yaml", FILES["monitor.yaml"] + "poll: {host_gap_s: 2}\n")
        reload(app)
        assert app.context.fetcher is not fetcher
        assert app.context.sender is sender

        home.write("monitor.yaml", 'timezone: UTC\nchannels: {desk: {url: "json://a.example"}}\n')
        reload(app)
        assert app.context.sender is not sender


@pytest.mark.parametrize(
    ("poll", "agent"),
    [
        ("{min_s: 60}", f"monitor/{__version__} (feed reader)"),
        ("{contact: mailto:me@example.org}", f"monitor/{__version__} (feed reader; +mailto:me@example.org)"),
    ],
)
def test_sites_are_told_who_reads_them_if_the_user_says_so(home: Home, poll: str, agent: str) -> None:
    home.write("monitor.yaml", f"allow_networks: [127.0.0.0/8]\nallow_ports: [1-65535]\npoll: {poll}\n")

    async def ask(app: App) -> None:
        await app.context.fetcher.fetch(FetchRequest(url=server.url("/")))
        await app.context.fetcher.close()

    with HttpServer() as server, home.open() as app:
        asyncio.run(ask(app))

    assert server.requests[0].headers["User-Agent"] == agent


def test_a_fetcher_that_was_replaced_is_closed_when_its_last_fetch_has_ended(home: Home) -> None:
    class Fetcher(FakeFetcher):
        async def close(self) -> None:
            asked.set()
            await ended.wait()
            closed.append(self)

    async def trial(app: App) -> None:
        for gap_s in (1.1, 1.2, 1.3):
            app.context.fetcher = Fetcher()
            home.write("monitor.yaml", FILES["monitor.yaml"] + f"poll: {{host_gap_s: {gap_s}}}\n")
            assert await program.reload(app)
            await asked.wait()
            asked.clear()
        assert closed == []

        ended.set()
        await asyncio.gather(*app.retired)
        assert len(closed) == 3
        assert not app.retired

    asked, ended = asyncio.Event(), asyncio.Event()
    closed: list[Fetcher] = []
    with home.open() as app:
        asyncio.run(trial(app))


def test_a_good_configuration_that_cannot_be_kept_is_taken_when_it_can(home: Home) -> None:
    with home.open() as app:
        before = app.context.watch
        home.write("watchlist.yaml", WIDER)
        in_the_way = home.place.state / "last-good-config.tmp"
        in_the_way.mkdir()

        with pytest.raises(MonitorError, match=r"last-good-config.json: cannot be written: Is a directory"):
            reload(app)
        assert app.context.watch is before

        in_the_way.rmdir()
        assert reload(app)
        assert len(app.context.watch.watchlist.topics) == 2


def test_a_program_that_is_refused_the_store_leaves_its_feeds_and_topics_alone(home: Home) -> None:
    with home.open() as app:
        home.write("feeds.yaml", "feeds: [https://b.example/feed]\n")
        home.write("watchlist.yaml", WIDER)

        with pytest.raises(StoreLocked), home.open():
            pass

        assert [(feed.url, feed.is_enabled) for feed in app.store.feeds()] == [("https://a.example/feed", True)]
        assert "magnets" not in app.store.sync_topics([("tariffs", "")], app.context.clock())


def test_the_last_good_configuration_is_for_its_owner_alone(home: Home) -> None:
    with home.open():
        assert (home.place.state / "last-good-config.json").stat().st_mode & 0o077 == 0


def test_messages_go_on_by_the_last_good_channels(home: Home) -> None:
    with home.open() as app:
        sender = surround(app)
        home.write("monitor.yaml", "channels: {}\n")
        reload(app)

        assert asyncio.run(program.deliver_due(app))["sent"] == 1
        (message,) = sender.sent
        assert message.recipient == "desk"
        assert IS_BROKEN in message.subject


def test_a_version_that_is_put_back_is_taken_over_like_any_edit(home: Home) -> None:
    with home.open() as app:
        home.write("watchlist.yaml", WIDER)
        reload(app)
        (newer, older) = app.store.watchlists()

        program.roll_back(home.place, app.store.watchlist_files(older.id))

        assert reload(app)
        assert [topic.id for topic in app.context.watch.watchlist.topics] == ["tariffs"]
        assert [kept.version for kept in app.store.watchlists()] == [older.version, newer.version, older.version]
