"""After the watchlist changed, what came lately is matched against what changed; nothing is alerted twice."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from monitor import app as program
from monitor.app import App, Rematched
from monitor.model import Mute, MuteKind, OutboxKind, OutboxRow, OutboxState
from tests.unit.app.home import FILES, Home, reload, surround

TOPIC = FILES["watchlist.yaml"]
WIDER = TOPIC + "  - {id: tin, match: tin, alert: {to: [desk, boss]}}\n"


def bring(app: App, *texts: str, start: int = 0, is_silent: bool = False) -> None:
    """Bring articles in, and alert on them with the topics as they are."""
    lines = [
        json.dumps({"id": f"a-{start + n}", "title": text, "text": f"{text}, said the minister of day {start + n}."})
        for n, text in enumerate(texts)
    ]
    program.add_lines(app.store, lines, is_silent=is_silent)
    asyncio.run(program.study_archive(app))


def change(app: App, home: Home, text: str) -> Rematched:
    home.write("watchlist.yaml", text)
    assert reload(app)
    return rematch(app)


def rematch(app: App) -> Rematched:
    return asyncio.run(program.rematch(app))


def alerts(app: App, topic: str) -> list[OutboxRow]:
    rows = [row for row in app.store.outbox(limit=None) if row.item.topic == topic and row.kind is OutboxKind.FIRST]
    return sorted(rows, key=lambda row: row.id)


def test_a_new_topic_finds_what_came_lately_and_no_other_alerts_again(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A tariff on tin", "A price of tin", "A tariff on zinc")
        before = {row.key for row in app.store.outbox(limit=None)}

        done = change(app, home, WIDER)

        assert (done.topics, done.matches, done.queued) == (1, 2, 4)
        new = [row for row in app.store.outbox(limit=None) if row.key not in before]
        assert {(row.item.topic, row.item.title, row.recipient) for row in new} == {
            ("tin", title, to) for title in ("A tariff on tin", "A price of tin") for to in ("desk", "boss")
        }
        assert all(row.item.is_late for row in new)
        assert {row.story_id for row in new} == {
            article.story_id for article in app.store.articles() if "tin" in article.title
        }
        assert [match.topic for match in app.store.matches()].count("tin") == 2
        assert rematch(app) == Rematched()


def test_a_changed_topic_alerts_only_what_it_had_not_alerted(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A tariff on tin", "A duty on tin")

        done = change(app, home, "topics:\n  - {id: tariffs, match: tariff OR duty}\n")

        assert (done.matches, done.queued) == (2, 1)
        assert [row.item.title for row in alerts(app, "tariffs")] == ["A tariff on tin", "A duty on tin"]
        versions = {match.watchlist_version for match in app.store.matches()}
        assert versions == {app.config.watchlist.version}


def test_more_than_ten_come_in_one_message_that_names_them_all(home: Home) -> None:
    with home.open() as app:
        sender = surround(app)
        rematch(app)
        bring(app, *(f"A price of tin in town {number}" for number in range(11)))
        bring(app, *(f"A mine of zinc in town {number}" for number in range(10)), start=50)

        change(app, home, WIDER + "  - {id: zinc, match: zinc}\n")
        asyncio.run(program.deliver_due(app))

        tin = [message for message in sender.sent if message.topics == ("tin",)]
        assert sorted(message.recipient for message in tin) == ["boss", "desk"]
        assert tin[0].subject == "Found afterwards: 11 articles: tin"
        assert all(f"A price of tin in town {number}\n" in tin[0].text for number in range(11))
        assert len([message for message in sender.sent if message.topics == ("zinc",)]) == 10
        assert all(match.alerted_at for match in app.store.matches())
        article = app.store.find_article("a-3")
        assert article is not None
        (told,) = program.explain_stored(app.store, program.Live(app.context.watch.watchlist), article)
        assert told.fate is program.Fate.ALERTED


def test_what_was_joined_in_one_message_is_not_alerted_again_by_a_copy(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, *(f"A price of tin in town {number}" for number in range(11)))
        change(app, home, WIDER)
        count = len(alerts(app, "tin"))
        copy = {"id": "copy", "title": "A price of tin in town 3", "url": "https://b.example/3"}
        copy["text"] = "A price of tin in town 3, said the minister of day 3."
        program.add_lines(app.store, [json.dumps(copy)], is_silent=False)
        asyncio.run(program.study_archive(app))

        assert app.store.find_article("copy").duplicate_of is not None  # type: ignore[union-attr]
        assert (count, len(alerts(app, "tin"))) == (22, 22)


def test_what_was_silent_stays_silent(home: Home) -> None:
    with home.open() as app:
        surround(app)
        asyncio.run(program.bring_seeds(app))
        rematch(app)
        bring(app, "A price of tin", is_silent=True)

        done = change(app, home, WIDER + "  - {id: controls, match: rare-earth controls}\n")

        assert (done.matches, done.queued) == (6, 0)
        assert sorted(match.topic for match in app.store.matches() if match.topic != "tariffs") == [
            *["controls"] * 5,
            "tin",
        ]


@pytest.mark.parametrize("window", ["0", "0s"])
def test_it_can_be_switched_off(home: Home, window: str) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A price of tin")

        assert change(app, home, f"defaults: {{rematch: {window}}}\n{WIDER}") == Rematched()


def test_an_edit_made_while_the_program_was_down_is_seen_at_the_start(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A price of tin")
    home.write("watchlist.yaml", WIDER)
    with home.open() as app:
        surround(app)
        assert rematch(app).queued == 2
    with home.open() as app:
        surround(app)
        assert rematch(app) == Rematched()


def test_a_first_start_matches_nothing_again(home: Home) -> None:
    with home.open() as app:
        surround(app)
        bring(app, "A price of tin")
        assert rematch(app) == Rematched()


def test_an_edit_right_after_the_first_start_is_seen(home: Home) -> None:
    with home.open() as app:
        surround(app)
        bring(app, "A price of tin")

        assert change(app, home, WIDER).queued == 2


def test_a_renamed_topic_keeps_its_number_and_what_it_alerted(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A tariff on tin", "A duty on zinc")

        done = change(app, home, "topics:\n  - {id: duties, was: tariffs, match: tariff OR duty}\n")

        assert (done.topics, done.queued) == (1, 1)
        assert app.context.watch.numbers == {"duties": 1}
        assert {match.topic for match in app.store.matches()} == {"duties"}
        assert [row.item.title for row in alerts(app, "duties")] == ["A duty on zinc"]
        assert change(app, home, "topics:\n  - {id: dues, was: duties, match: tariff OR duty}\n") == Rematched()


def test_a_topic_in_the_shadow_stores_and_sends_nothing(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A price of tin")

        done = change(app, home, TOPIC + "  - {id: tin, match: tin, mode: shadow}\n")

        assert (done.matches, done.queued) == (1, 0)


def test_a_topic_that_was_refused_is_matched_when_it_is_mended(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A price of tin")
        bad = TOPIC + "  - {id: tin, match: tin, examples: {match: [zinc]}}\n"
        assert change(app, home, bad) == Rematched()

        assert change(app, home, bad.replace("[zinc]", "[tin]")).queued == 1


def test_an_expired_topic_is_not_matched(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A price of tin")

        assert change(app, home, TOPIC + "  - {id: tin, match: tin, expires: 2025-01-01}\n") == Rematched()


def test_a_renaming_that_is_rolled_back_alerts_nothing_again(home: Home) -> None:
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A tariff on tin")
        before = {row.key for row in app.store.outbox(limit=None)}

        renamed = change(app, home, "topics:\n  - {id: duties, was: tariffs, match: tariff}\n")
        kept, files = program.find_version(app.store, app.place)
        program.roll_back(app.place, files)
        assert reload(app)
        back = rematch(app)

        assert kept.version != ""
        assert list(app.context.watch.numbers) == ["tariffs"]
        assert (renamed.queued, back.queued) == (0, 0)
        assert {row.key for row in app.store.outbox(limit=None)} == before
        assert [row.item.topic for row in alerts(app, "tariffs")] == ["tariffs"]


def test_a_topic_that_goes_on_in_its_last_good_version_is_not_new(home: Home) -> None:
    bad = "topics:\n  - {id: tariffs, macth: duty}\n  - {id: zinc, match: zinc}\n"
    with home.open() as app:
        surround(app)
        rematch(app)
        bring(app, "A tariff on tin")
        change(app, home, bad)

        done = change(app, home, bad + "  - {id: tin, match: tin}\n")

        assert (done.topics, done.matches) == (1, 1)


@pytest.mark.parametrize("kind", [MuteKind.STORY, MuteKind.TOPIC])
def test_what_is_muted_is_not_alerted_by_a_new_topic(home: Home, kind: MuteKind) -> None:
    with home.open() as app:
        sender = surround(app)
        rematch(app)
        bring(app, *(f"A price of tin in town {number}" for number in range(12)))
        story = next(article.story_id for article in app.store.articles())
        target = str(story) if kind is MuteKind.STORY else str(len(app.context.watch.numbers) + 1)
        end = program.now() + timedelta(hours=1)
        app.store.mute(Mute(kind=kind, target=target, since=program.now(), until=end), program.now())

        done = change(app, home, WIDER)
        asyncio.run(program.deliver_due(app))

        muted = app.store.outbox(state=OutboxState.MUTED, limit=None)
        expected = 1 if kind is MuteKind.STORY else 12
        assert len(muted) == 2 * expected
        assert done.queued == 2 * (12 - expected)
        assert len(sender.sent) == (2 if kind is MuteKind.STORY else 0)
