"""Every article has one fate under each topic it touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import storage
from monitor.app import Fate, Live, Refusals, completeness_of, explain_stored
from monitor.errors import NotFound, QueryError
from monitor.match import Watchlist, compile_watchlist
from monitor.model import (
    AlertRule,
    Article,
    Completeness,
    Failure,
    Fingerprint,
    Match,
    Origin,
    OutboxState,
    Phase,
    Placement,
    Problem,
    QueryText,
    TopicMode,
    TopicSpec,
    WatchlistSpec,
    Where,
)
from monitor.ports import Decision, Studied
from tests.fakes import FakeClock
from tests.stores import SPAN, World, entry, ingested

TARIFF = TopicSpec(id="t", name="T", match=QueryText(text="tariff"), alert=AlertRule(to=("desk",)))
TEXT = "The tariff starts."
HASH = b"t" * 16


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = FakeClock()
    store = storage.open_store("sqlite:///monitor.db", state=tmp_path, clock=clock)
    yield World(store, clock)
    store.close()


def watchlist(topic: TopicSpec = TARIFF) -> Watchlist:
    found, errors = compile_watchlist(WatchlistSpec(topics=(topic,), version="v1"))
    assert not errors
    return found


def fate(world: World, ref: str, topic: TopicSpec = TARIFF) -> tuple[Fate, str]:
    article = world.store.find_article(ref)
    assert article is not None
    (told,) = explain_stored(world.store, Live(watchlist(topic)), article)
    return told.fate, told.why


def send(world: World, *, error: str = "") -> None:
    for rows in world.store.claim_messages(world.now, limit=10, lease_s=60):
        if error:
            world.store.mark_failed(rows, error, world.now, next_at=None)
        else:
            world.store.mark_sent(rows, f"alert-{rows[0].id}", world.now)


def store_unalerted(world: World, key: str) -> None:
    world.add(ingested(key, TEXT))
    studied = Studied(
        article=world.claim()[0],
        fingerprint=Fingerprint(),
        matches=(Match(topic="t", spans=(SPAN,)),),
        topics=tuple(world.store.sync_topics([("t", "")], world.now).items()),
        watchlist_version="v1",
    )
    world.store.save_study(studied, lambda _, view: Decision(placement=Placement(story_id=view.new_story())), world.now)


def add_copies(world: World) -> tuple[Article, Article]:
    world.add(ingested("a", TEXT), ingested("b", TEXT))
    first, second = world.claim()
    world.study(first, "t", text_hash=HASH)
    world.study(second, "t", text_hash=HASH)
    return first, second


def test_an_alert_that_waits_is_queued_then_alerted(world: World) -> None:
    world.add(ingested("a", TEXT))
    assert fate(world, "a") == (Fate.WAITING, "it is not studied yet")
    world.study_all("t")
    assert fate(world, "a") == (Fate.QUEUED, "desk: waits, due at 2025-10-24T12:00:00Z")
    send(world)
    (row,) = world.store.outbox()
    assert fate(world, "a") == (Fate.ALERTED, f"desk: sent at 2025-10-24T12:00:00Z as alert-{row.id}")


def test_what_was_alerted_on_its_teaser_says_so_and_what_was_not_waits_for_its_page(world: World) -> None:
    world.poll(world.add_feed(), entry("old"))
    world.study_all()
    world.poll_again(entry("1", TEXT), entry("2", "The tariff ends."))
    first, second = world.claim()
    world.study(first, "t", phase=Phase.TEASER)
    world.study(second, phase=Phase.TEASER)
    assert fate(world, first.url) == (
        Fate.QUEUED,
        "desk: waits, due at 2025-10-24T12:30:00Z; by title and teaser so far",
    )
    assert fate(world, second.url) == (
        Fate.WAITING,
        "its title and teaser raised no alert, and its page is not read yet",
    )


def test_a_dead_letter_is_given_up_with_its_error_and_a_dropped_one_dropped(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all("t")
    send(world, error="550 no such user")
    (row,) = world.store.outbox()
    assert fate(world, "a") == (
        Fate.DEAD,
        f"desk: given up after 1 tries: 550 no such user (monitor alerts retry {row.id})",
    )
    world.store.change_outbox([row.id], OutboxState.DROPPED, world.now)
    assert fate(world, "a") == (Fate.DROPPED, "desk: dropped by a person")


def test_a_copy_names_its_original_and_what_was_told_of_its_story(world: World) -> None:
    add_copies(world)
    send(world)
    found, why = fate(world, "b")
    assert found is Fate.COPY
    assert why.startswith("a copy of a, whose story was told of by a (): desk: sent at 2025-10-24T12:00:00Z")
    assert fate(world, "a")[0] is Fate.ALERTED


def test_an_edit_after_the_alert_is_no_news(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all("t")
    send(world)
    world.add(ingested("a", f"{TEXT} Again."))
    world.study_all("t")
    found, why = fate(world, "a")
    assert found is Fate.ALERTED
    assert why.endswith("; edited 1× since it came")


def test_an_edit_that_takes_the_words_away_is_told_so(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all("t")
    (row,) = world.store.outbox()
    assert row.item.topic == "t"
    world.add(ingested("a", "Nothing of it is left."))
    world.study_all()
    article = world.store.find_article("a")
    assert article is not None
    (told,) = explain_stored(world.store, Live(watchlist()), article, ["t"])
    assert told.fate is Fate.QUEUED
    assert told.why.endswith("as it is now it no longer matches")


def test_a_first_import_and_a_silent_archive_say_why_they_were_silent(world: World) -> None:
    world.poll(world.add_feed(), entry("1", "A tariff"))
    world.study_all("t")
    world.add(replace(ingested("a", TEXT), is_silent=True))
    world.study_all("t")
    assert fate(world, "https://www.news.example/1") == (Fate.SILENT, "silent: came with its feed's first import")
    assert fate(world, "a") == (Fate.SILENT, "silent: ingested without --alert")


def test_a_seed_is_reported_and_never_alerted(world: World) -> None:
    world.add(replace(ingested("s.txt", TEXT), is_silent=True), origin=Origin.SEED)
    world.study_all("t")
    assert fate(world, "seed:s.txt") == (Fate.SEED, "seeds are reported, never alerted")


def test_an_article_that_was_set_aside_says_why(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.store.set_aside(world.claim()[0], Failure(problem=Problem.INTERNAL, detail="ValueError"), world.now)
    assert fate(world, "a") == (Fate.SET_ASIDE, "reading it failed: internal: ValueError")


def test_where_and_vetoes_are_named(world: World) -> None:
    world.add(ingested("a", TEXT, language="fr"))
    world.study_all()
    where = replace(TARIFF, where=Where(languages=("en",)))
    veto = replace(TARIFF, vetoes=(QueryText(text="starts", is_phrase=True),))
    assert fate(world, "a", where) == (Fate.EXCLUDED, "where: lang en (it is fr)")
    assert fate(world, "a", veto) == (Fate.VETOED, "not: starts (vetoed: found in title or lead)")


def test_a_topic_that_is_gone_or_refused_keeps_its_line(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all("t")
    send(world)
    (row,) = world.store.outbox()
    article = world.store.find_article("a")
    assert article is not None
    sent = f"before: desk: sent at 2025-10-24T12:00:00Z as alert-{row.id}"
    other = watchlist(replace(TARIFF, id="other", match=QueryText(text="steel")))
    reason = QueryError("topic t: a ( is not closed", where="watchlist.yaml:2:3")
    refusals = Refusals(errors=(reason,), left_out=("t",), reasons=(("t", reason),))

    (gone,) = explain_stored(world.store, Live(other), article)
    (refused,) = explain_stored(world.store, Live(other, refusals), article)
    (renamed,) = explain_stored(world.store, Live(watchlist(replace(TARIFF, id="new", was="t"))), article)

    assert (gone.topic, gone.fate, gone.why) == (
        "t", Fate.GONE, f"the topic is no longer in the watchlist; {sent}",
    )  # fmt: skip
    assert (refused.topic, refused.fate, refused.why) == (
        "t",
        Fate.REFUSED,
        f"it is left out until it is mended: watchlist.yaml:2:3: topic t: a ( is not closed; {sent}",
    )
    assert (renamed.topic, renamed.fate) == ("new", Fate.ALERTED)
    with pytest.raises(NotFound, match="no topic 'x'"):
        explain_stored(world.store, Live(other), article, ["x"])


def test_an_edit_that_takes_the_words_away_keeps_the_line_of_what_was_told(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all("t")
    world.add(ingested("a", "Nothing of it is left."))
    world.study_all()

    assert fate(world, "a")[0] is Fate.QUEUED


def test_a_topic_that_came_after_the_article_is_told_so(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all()
    assert fate(world, "a")[0] is Fate.CHANGED


def test_a_shadow_and_an_expired_topic_are_told_so(world: World) -> None:
    world.add(ingested("a", TEXT))
    world.study_all()
    assert fate(world, "a", replace(TARIFF, expires=date(2025, 1, 31))) == (
        Fate.EXPIRED,
        "the topic expired on 2025-01-31, and matches no more",
    )
    store_unalerted(world, "b")
    assert fate(world, "b", replace(TARIFF, mode=TopicMode.SHADOW))[0] is Fate.SHADOW


def test_alerts_that_go_to_nobody_are_told_so(world: World) -> None:
    store_unalerted(world, "a")
    nobody = replace(TARIFF, alert=AlertRule())
    assert fate(world, "a", nobody) == (Fate.UNTOLD, "the topic's alerts go to nobody (alert: to)")
    assert fate(world, "a") == (Fate.UNTOLD, "nobody was to be told by the watchlist of then (v1)")


@pytest.mark.parametrize(
    ("completeness", "problem", "words"),
    [
        (Completeness.FULL, None, ""),
        (Completeness.TEASER, None, "only the feed's teaser was matched"),
        (Completeness.TEASER, Problem.TIMEOUT, "only the feed's teaser was matched (timeout)"),
        (
            Completeness.BLOCKED,
            Problem.FORBIDDEN,
            "the page was refused (403): only the feed's own words were matched",
        ),
    ],
)
def test_less_than_a_whole_article_is_told_with_its_problem(
    world: World, completeness: Completeness, problem: Problem | None, words: str
) -> None:
    failure = Failure(problem=problem) if problem else None
    article = Article(id=1, origin=Origin.FEED, first_seen=world.now, completeness=completeness, failure=failure)
    assert completeness_of(article) == words
