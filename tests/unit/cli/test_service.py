"""`init`, `check`, `once`, `status`, `db`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

import storage
from monitor.alert import notice
from monitor.app import now
from monitor.model import ArticleDraft, Failure, Origin, Problem
from tests.servers import Answer, HttpServer, Item, rss
from tests.unit.cli.shell import Shell

TARIFF = Item("1", "A tariff on magnets", summary="<p>The tariff starts today.</p>", published="")


# init


def test_init_writes_a_configuration_a_unit_and_a_store_that_work(empty: Shell) -> None:
    done = empty.run("init", "etc")

    assert done.code == 0
    assert sorted(path.name for path in (empty.folder / "etc").iterdir()) == [
        "feeds.yaml",
        "monitor.service",
        "monitor.yaml",
        "watchlist.yaml",
    ]
    assert (empty.state / "monitor.db").exists()
    assert (
        f"ExecStart={Path(sys.executable).with_name('monitor')} run\n"
        in (empty.folder / "etc/monitor.service").read_text()
    )
    assert "  sudo systemctl enable --now monitor\n" in done.out
    assert empty.run("topics", "list", "--config", "etc").code == 0


def test_init_overwrites_nothing(empty: Shell) -> None:
    empty.run("init", "etc")
    before = {path: path.read_bytes() for path in (empty.folder / "etc").iterdir()}
    mine = empty.folder / "etc/monitor.service"
    mine.write_text("[Service]\n# mine\n")
    (empty.folder / "etc/feeds.yaml").write_text("feeds: [https://a.example/feed]\n")
    (empty.folder / "etc/monitor.yaml").unlink()

    done = empty.run("init", "etc")

    assert done.code == 0
    assert "wrote etc/monitor.yaml\n" in done.out
    assert done.out.count("wrote") == 1
    assert mine.read_text() == "[Service]\n# mine\n"
    assert (empty.folder / "etc/feeds.yaml").read_text() == "feeds: [https://a.example/feed]\n"
    assert (empty.folder / "etc/monitor.yaml").read_bytes() == before[empty.folder / "etc/monitor.yaml"]
    assert "nothing was changed" in empty.run("init", "etc").out


@pytest.mark.parametrize("way", ["argument", "option", "environment", "nothing"])
def test_init_goes_where_it_is_told_else_to_config_here(empty: Shell, way: str) -> None:
    target = empty.folder / ("config" if way == "nothing" else "there")
    if way == "environment":
        empty.monkeypatch.setenv("MONITOR_CONFIG", str(target))

    done = empty.run("init", *{"argument": ["there"], "option": ["--config", "there"]}.get(way, []))

    assert done.code == 0
    assert (target / "watchlist.yaml").exists()


# check


def test_check_shows_what_topics_find_in_the_seeds_and_that_all_is_well(shell: Shell) -> None:
    done = shell.run("check")

    assert done.code == 0
    table = done.out.split("\n\n")[1].splitlines()
    assert table[0].split() == ["topic", "000", "001", "002", "003", "004"]
    assert table[1].split() == ["tariffs", "·", "·", "●", "●", "●"]
    assert "Tariffs on anything: The talks, taking place on the sidelines" in done.out
    assert done.err == "config is in order: 2 topics, 0 feeds, 1 channels\n".replace("config", str(Path("config")))


def test_check_says_which_example_fails_and_why(shell: Shell) -> None:
    shell.write(
        "watchlist.yaml",
        "topics:\n  - id: tariffs\n    match: tariff\n    examples:\n      match: [Rain in Spain]\n",
    )

    done = shell.run("check")

    assert done.code == 2
    assert "config/watchlist.yaml:5:15: topic tariffs does not match its example “Rain in Spain”" in done.err
    assert "  → widen the query" in done.err


def test_check_in_json_has_places_and_warnings(shell: Shell) -> None:
    shell.write("watchlist.yaml", "topics:\n  - id: tariffs\n    macth: tariff\n")

    done = shell.run("check", "--json")

    assert done.code == 2
    assert done.err == ""
    (found,) = done.rows
    assert found["config"] == "config"
    assert {
        "where": "config/watchlist.yaml:3:5",
        "what": "unknown key 'macth' in topic",
        "hint": "did you mean 'match'?",
    } in found["errors"]


def test_check_warns_of_alerts_that_nobody_reads_under_systemd(shell: Shell) -> None:
    assert "warning" not in shell.run("check").err

    shell.monkeypatch.setenv("INVOCATION_ID", "1")
    done = shell.run("check")

    assert done.code == 0
    assert "warning: every alert goes to the console, which nobody reads under systemd" in done.err


def test_check_needs_no_configuration_of_the_users_own(empty: Shell) -> None:
    done = empty.run("check", "--json")

    assert done.rows[0]["errors"] == []
    assert done.code == 0


# once


def test_once_polls_studies_and_alerts_and_does_nothing_the_second_time(shell: Shell) -> None:
    with HttpServer() as web:
        address = web.put("/feed", Answer(rss([TARIFF]), content_type="application/rss+xml"))
        shell.write("feeds.yaml", f"feeds: [{{url: '{address}', backfill: alert, full_text: no}}]\n")

        first = shell.run("once")
        again = shell.run("once", "--all", "--json")

    assert first.code == 0
    assert "Seed report" in first.out
    assert "Tariffs on anything: A tariff on magnets" in first.out
    assert facts(first.out)["sent"] == "1"
    assert facts(first.out)["seeds"] == "5"
    assert again.rows == [
        {
            "seeds": 0,
            "polled": 1,
            "unchanged": 1,
            "new_entries": 0,
            "failing": {},
            "studied": 0,
            "copies": 0,
            "matches": 0,
            "alerts": 0,
            "set_aside": 0,
            "sent": 0,
            "to_be_retried": 0,
            "given_up": 0,
        }
    ]


def facts(text: str) -> dict[str, str]:
    return {line.split("  ")[0]: line.split("  ")[-1].strip() for line in text.splitlines() if "  " in line}


def test_once_in_json_prints_json_alone(shell: Shell) -> None:
    done = shell.run("once", "--json")

    assert done.rows[0]["seeds"] == 5
    assert len(done.rows) == 1
    assert "Seed report" in shell.run("once").out


def test_once_runs_the_steps_it_is_told(shell: Shell) -> None:
    with HttpServer() as web:
        address = web.put("/feed", Answer(rss([TARIFF]), content_type="application/rss+xml"))
        shell.write("feeds.yaml", f"feeds: [{{url: '{address}', backfill: alert, full_text: no}}]\n")

        polled = shell.run("once", "--only", "poll", "--json").rows[0]
        with shell.store() as store:
            waiting = store.counts(now()).unstudied
        studied = shell.run("once", "--only", "study", "--json").rows[0]
        delivered = shell.run("once", "--only", "deliver").out

    assert polled.keys() == {"seeds", "polled", "unchanged", "new_entries", "failing"}
    assert (polled["new_entries"], waiting) == (1, 1)
    assert (studied["studied"], studied["alerts"], "polled" in studied) == (1, 1, False)
    assert "A tariff on magnets" in delivered


def test_once_polls_only_what_is_due_unless_told_to_poll_all(shell: Shell) -> None:
    with HttpServer() as web:
        address = web.put("/feed", Answer(rss([TARIFF]), content_type="application/rss+xml"))
        shell.write("feeds.yaml", f"feeds: ['{address}']\n")

        counts = [shell.run("once", "--json", *words).rows[0]["polled"] for words in ([], [], ["--all"])]

    assert counts == [1, 0, 1]


def test_once_sums_up_feeds_that_cannot_be_read(shell: Shell) -> None:
    with HttpServer() as web:
        shell.write("feeds.yaml", f"feeds: ['{web.url('/a')}', '{web.url('/b')}']\n")
        done = shell.run("once")

    assert done.code == 0
    assert facts(done.out)["failing"] == "404 2"
    assert "`monitor feeds list` says which" in done.err
    assert "Traceback" not in done.err


def test_once_does_not_know_other_steps(shell: Shell) -> None:
    done = shell.run("once", "--only", "poll,send")

    assert done.code == 2
    assert done.err == "monitor: --only: no step 'send'\n  → the steps are poll, study and deliver\n"
    assert not shell.state.exists()


def test_once_goes_on_with_the_last_good_configuration_and_says_so(shell: Shell) -> None:
    shell.run("once")
    shell.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff}\ntopisc: []\n")

    done = shell.run("once", "--json")

    assert done.code == 2
    assert "config/watchlist.yaml:3:1" in done.err
    assert "the last good configuration is used" in done.err
    assert done.rows[0]["seeds"] == 0


def test_a_bad_topic_stops_no_command_and_each_says_so(shell: Shell) -> None:
    shell.run("once")
    shell.write("watchlist.yaml", "topics:\n  - {id: tariffs, match: tariff AND}\n  - {id: tin, match: tin}\n")

    once, status, check = shell.run("once"), shell.run("status"), shell.run("check")
    match = shell.run("match", "-", "--json", stdin=b"A word on tin\n\nThe price of tin rose again, nobody knew why.")
    listed, explained = shell.run("topics", "list"), shell.run("explain", "tin", "-", stdin=b"Tin\n\nOf tin.")

    assert (once.code, status.code, check.code) == (2, 1, 2)
    assert "their last good version goes on: tariffs" in once.err
    assert "needs you: 1 topic is refused: config/watchlist.yaml:2:" in status.out
    assert [row["topic"] for row in match.rows] == ["tin"]
    assert [done.code for done in (match, listed, explained)] == [0, 0, 0]
    for done in (once, check, match, listed, explained):
        assert "config/watchlist.yaml:2:33: topic tariffs: AND needs a term on its right" in done.err
    for done in (match, listed, explained):
        assert "; the last good version of tariffs goes on\n  → monitor check says what is wrong\n" in done.err
    assert "tariffs" in listed.out
    assert "tin" in listed.out


def test_check_lists_faults_of_files_topics_queries_and_examples_in_one_run(shell: Shell) -> None:
    shell.write("monitor.yaml", "channels: {desk: {url: 'console:'}}\npol: {}\n")
    topics = """topics:
  - {id: one, match: tin, expires: soon, examples: {match: [zinc]}}
  - {id: two, match: tin AND}
  - {id: three, match: tin, examples: {match: [lead]}}
  - {id: four, match: tin, where: {lang: english}, not: ['(x']}
  - {id: five, match: tin}
"""
    shell.write("watchlist.yaml", topics)

    places = {found["where"]: found["what"] for found in shell.run("check", "--json").rows[0]["errors"]}
    shell.write("monitor.yaml", "channels: {desk: {url: 'console:'}}\n")
    again = [found["where"] for found in shell.run("check", "--json").rows[0]["errors"]]

    assert places.pop("config/monitor.yaml:2:1") == "unknown key 'pol' in monitor.yaml"
    assert sorted(places) == again == [
        "config/watchlist.yaml:2:36", "config/watchlist.yaml:2:61", "config/watchlist.yaml:3:26",
        "config/watchlist.yaml:4:48", "config/watchlist.yaml:5:42", "config/watchlist.yaml:5:59",
    ]  # fmt: skip
    assert "0 topics" not in shell.run("check").err
    assert [row["id"] for row in shell.run("topics", "list", "--json").rows] == ["five"]


@pytest.mark.parametrize("words", [("once",), ("run",), ("db", "check"), ("db", "upgrade"), ("db", "backup", "b.db")])
def test_a_held_store_is_refused_and_stays_as_it_is(shell: Shell, words: tuple[str, ...]) -> None:
    shell.write("feeds.yaml", "feeds: [https://a.example/feed]\n")
    shell.run("once", "--only", "study")
    shell.write("feeds.yaml", "feeds: [https://b.example/feed]\n")
    with shell.store() as store, store.hold_lock():
        feeds = [(feed.url, feed.is_enabled) for feed in store.feeds()]

        done = shell.run(*words)

        assert done.code == 1
        assert done.out == ""
        assert len(done.err.splitlines()) <= 3
        assert "daemon" in done.err
        assert "stop it first" in done.err
        assert [(feed.url, feed.is_enabled) for feed in store.feeds()] == feeds
    assert not (shell.folder / "b.db").exists()


# status


def test_status_of_a_fresh_place_says_where_it_is_and_that_nothing_is_wrong(shell: Shell) -> None:
    shell.write("feeds.yaml", "feeds: [https://a.example/feed]\n")

    done = shell.run("status")

    assert done.code == 0
    shown = facts(done.out)
    assert shown["configuration"] == "config"
    assert shown["state"] == str(shell.state)
    assert shown["daemon"] == "not running"
    assert shown["feeds"] == "not polled yet 1"
    assert done.err == ""


def test_status_tells_of_a_running_daemon(shell: Shell) -> None:
    with shell.store() as store, store.hold_lock():
        assert shell.run("status", "--json").rows[0]["daemon"] == "running"


def test_status_needs_a_person_for_a_broken_configuration(shell: Shell) -> None:
    shell.run("once")
    shell.write("feeds.yaml", "feed: []\n")

    done = shell.run("status")

    assert done.code == 1
    assert "needs you: the configuration is broken, an older one is used: config/feeds.yaml:1:1" in done.out


def test_status_needs_a_person_for_alerts_that_were_given_up(shell: Shell) -> None:
    shell.ingest(words_of_tariff(), "--alert")
    with shell.store() as store:
        (row,) = [row for group in store.claim_messages(now(), limit=9, lease_s=60) for row in group]
        store.mark_failed([row], "mailbox unknown", now(), next_at=None)

    done = shell.run("status", "--json")

    assert done.code == 1
    assert done.rows[0]["alerts_dead"] == 1
    assert done.rows[0]["needs"] == ["1 alerts could not be sent: monitor alerts list --state dead"]


def words_of_tariff() -> list[dict[str, str]]:
    return [{"id": "a-1", "title": "A new tariff", "text": "The tariff starts."}]


def test_status_needs_a_person_for_alerts_that_wait_too_long(shell: Shell) -> None:
    shell.ingest(words_of_tariff(), "--alert")
    assert shell.run("status").code == 0
    with shell.store() as store:
        store.put_outbox(notice("event", "An event", "Words.", ["desk"]), now() - timedelta(hours=2))

    done = shell.run("status")

    assert done.code == 1
    assert "needs you: alerts wait for over an hour" in done.out


def test_status_says_which_recipient_fails_and_why(shell: Shell) -> None:
    shell.run("topics")
    with shell.store() as store:
        store.put_outbox(notice("event", "An event", "Words.", ["mail/a@x.example"]), now() - timedelta(hours=2))
        (rows,) = store.claim_messages(now(), limit=9, lease_s=60)
        store.mark_failed(rows, "mailbox full", now(), next_at=now() + timedelta(hours=1))

    done = shell.run("status", "--json")

    assert done.code == 1
    (need,) = done.rows[0]["needs"]
    for words in ("1 alert(s) to mail/a@x.example", ": mailbox full", "monitor send-test mail"):
        assert words in need


def test_status_needs_a_person_when_no_feed_can_be_read(shell: Shell) -> None:
    with HttpServer() as web:
        shell.write("feeds.yaml", f"feeds: ['{web.url('/a')}', '{web.url('/b')}']\n")
        shell.run("once")

    done = shell.run("status")

    assert done.code == 1
    assert facts(done.out)["feeds"] == "404 2"
    assert "needs you: no feed can be read" in done.out


def test_status_needs_nobody_for_feeds_without_entries(shell: Shell) -> None:
    with HttpServer() as web:
        for path in ("/a", "/b"):
            web.put(path, Answer(rss([]), content_type="application/rss+xml"))
        shell.write("feeds.yaml", f"feeds: ['{web.url('/a')}', '{web.url('/b')}']\n")
        shell.run("once")

    done = shell.run("status")

    assert facts(done.out)["feeds"] == "no-entries 2"
    assert "needs you" not in done.out
    assert done.code == 0


def test_status_needs_a_person_for_articles_that_a_fault_kept_from_being_studied(shell: Shell) -> None:
    shell.ingest(words_of_tariff())
    with shell.store() as store:
        store.add_articles(Origin.INGEST, [ArticleDraft(key="b", title="Poison", text="Poison.")], now())
        (article,) = store.claim_new_articles(now(), limit=9, lease_s=60)
        store.set_aside(article, Failure(problem=Problem.INTERNAL, detail="ValueError: no"), now())

    done = shell.run("status")
    listed = shell.run("articles", "--stage", "failed", "--json")

    assert done.code == 1
    assert "needs you: a fault of the program kept 1 articles from being studied" in done.out
    assert [row["title"] for row in listed.rows] == ["Poison"]


# db


def test_db_check_of_a_sound_store_says_so(shell: Shell) -> None:
    shell.ingest()

    done = shell.run("db", "check")

    assert (done.code, done.out) == (0, f"the store in {shell.state} is in order\n")


def test_db_check_names_what_is_wrong(shell: Shell) -> None:
    shell.ingest()
    file = shell.state / "monitor.db"
    body = bytearray(file.read_bytes())
    body[4096 * 8 : 4096 * 8 + 900] = b"\xff" * 900
    file.write_bytes(body)

    done = shell.run("db", "check")

    assert done.code == 1
    assert done.out + done.err
    assert "Traceback" not in done.err


def test_db_backup_writes_a_copy_that_opens_and_overwrites_none(shell: Shell) -> None:
    shell.ingest()
    target = shell.folder / "copy.db"

    done = shell.run("db", "backup", target)
    again = shell.run("db", "backup", target)

    assert (done.code, done.out) == (0, f"wrote {target}\n")
    copy = storage.open_store(f"sqlite:///{target}", state=shell.folder, clock=now)
    assert copy.counts(now()).articles == 3
    copy.close()
    assert again.code == 2
    assert again.err == f"monitor: {target} exists\n  → name another file, or move it away\n"


def test_db_backup_goes_into_a_folder_under_a_name_of_its_own(shell: Shell) -> None:
    folder = shell.folder / "backups"
    folder.mkdir()

    done = shell.run("db", "backup", folder)

    (copy,) = folder.iterdir()
    assert done.out == f"wrote {copy}\n"
    assert shell.run("db", "check").code == 0


def test_db_upgrade_says_where_the_store_stands(shell: Shell) -> None:
    assert shell.run("db", "upgrade").out == f"the store in {shell.state} is at the newest schema\n"
