"""The store's contract: topics, configuration, the lock, and what keeps a store fit for years."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StoreError, StoreLocked
from monitor.model import FeedSpec, Fingerprint, Forgotten, Origin, Placement
from monitor.ports import Decision, Studied, StudyView
from storage import SqlStore, open_store
from tests.fakes import FakeClock
from tests.stores import FEED_URL, World, draft, entry, ingested

ROOT = Path(__file__).parents[2]
TEXT = b"t" * 16
YEAR = timedelta(days=365)

# Topics and configuration


def test_topics_keep_their_numbers(world: World) -> None:
    assert world.store.sync_topics([("a", ""), ("b", "")], world.now) == {"a": 1, "b": 2}
    assert world.store.sync_topics([("c", ""), ("b", "")], world.now) == {"c": 3, "b": 2}
    assert world.store.sync_topics([("a", "")], world.now) == {"a": 1}


def test_a_renamed_topic_keeps_its_number_and_matches(world: World) -> None:
    world.add(ingested("x"))
    world.study(world.claim()[0], "old")
    for _ in range(2):
        assert world.store.sync_topics([("new", "old")], world.now) == {"new": 1}
    assert [match.topic for match in world.store.matches()] == ["new"]


@pytest.mark.parametrize("topics", [[("new", "old"), ("old", "")], [("old", ""), ("new", "old")]])
def test_an_old_name_still_in_use_keeps_its_number(world: World, topics: list[tuple[str, str]]) -> None:
    world.store.sync_topics([("old", "")], world.now)
    assert world.store.sync_topics(topics, world.now) == {"old": 1, "new": 2}


def test_a_topic_that_goes_back_to_an_id_it_had_keeps_its_number(world: World) -> None:
    for topics in ([("old", "")], [("new", "old")], [("old", "")], [("new", "old")], [("third", "new")]):
        assert world.store.sync_topics(topics, world.now) == {topics[0][0]: 1}
    assert world.store.sync_topics([("old", ""), ("new", "")], world.now) == {"old": 1, "new": 2}
    assert world.store.sync_topics([("third", ""), ("old", "")], world.now) == {"third": 3, "old": 1}


def test_a_name_given_away_starts_anew(world: World) -> None:
    world.store.sync_topics([("a", "")], world.now)
    world.store.sync_topics([("b", "a")], world.now)
    assert world.store.sync_topics([("a", ""), ("b", "a")], world.now) == {"a": 2, "b": 1}


def test_watchlists_that_were_taken_over_are_kept_with_their_times(
    world: World, open_another: Callable[[], SqlStore]
) -> None:
    assert world.store.watchlists() == []
    texts = {"watchlist.yaml": "topics: [稀土]", "watchlist.d/a.yaml": "topics: [b]"}
    world.store.keep_watchlist("00c0ffee0001", texts, world.now)
    world.clock.advance(hours=1)
    world.store.keep_watchlist("ffffffffffff", {"watchlist.yaml": "topics: [c]"}, world.now)
    world.store.keep_watchlist("00c0ffee0001", texts, world.now)

    kept = open_another().watchlists()

    assert [(one.version, (world.now - one.loaded_at).seconds) for one in kept] == [
        ("00c0ffee0001", 0),
        ("ffffffffffff", 0),
        ("00c0ffee0001", 3600),
    ]
    assert world.store.watchlist_files(kept[1].id) == {"watchlist.yaml": "topics: [c]"}
    # In their order: the version is made of it.
    assert list(world.store.watchlist_files(kept[0].id).items()) == list(texts.items())


def test_a_watchlist_that_did_not_change_is_kept_once_and_only_so_many_are(world: World) -> None:
    for n in [*range(60), 59, 59]:
        world.store.keep_watchlist(f"{n:012x}", {"a.yaml": str(n)}, world.now)
    kept = world.store.watchlists()
    assert (len(kept), count(world.store, "config_version")) == (50, 50)
    assert world.store.watchlist_files(kept[0].id) == {"a.yaml": "59"}
    assert world.store.watchlist_files(kept[-1].id) == {"a.yaml": "10"}


def test_notes_are_kept_and_changed(world: World, open_another: Callable[[], SqlStore]) -> None:
    assert world.store.note("seed report") == ""
    assert world.store.note("seed report", "printed") == "printed"
    assert world.store.note("seed report", "again") == "again"
    assert open_another().note("seed report") == "again"


# Leases and locks


def test_reap_frees_leases_that_ran_out(world: World) -> None:
    world.add_feed()
    world.add(ingested("a"))
    world.put(draft("operator:a:desk"))
    world.claim()
    world.store.claim_messages(world.now, limit=1, lease_s=90)
    assert world.store.reap(world.now) == 0
    world.clock.advance(seconds=60)
    assert world.store.reap(world.now) == 2
    world.clock.advance(seconds=60)
    assert (world.store.reap(world.now), world.store.reap(world.now)) == (1, 0)


def test_postgres_is_shared_by_several_daemons(postgres_url: str, tmp_path: Path, clock: FakeClock) -> None:
    one, two = (open_store(postgres_url, state=tmp_path, clock=clock) for _ in range(2))
    with one.hold_lock(), two.hold_lock():
        assert not one.is_held()
    one.close()
    two.close()


@pytest.fixture
def sqlite(tmp_path: Path, clock: FakeClock) -> Iterator[SqlStore]:
    with closing(open_store("sqlite:///monitor.db", state=tmp_path, clock=clock)) as store:
        yield store


def test_a_second_store_is_refused_while_one_is_held(sqlite: SqlStore, tmp_path: Path, clock: FakeClock) -> None:
    other = open_store("sqlite:///monitor.db", state=tmp_path, clock=clock)
    with sqlite.hold_lock():
        assert (sqlite.is_held(), other.is_held()) == (False, True)
        with pytest.raises(StoreLocked) as refused, other.hold_lock():
            pytest.fail("two daemons on one database")
        assert sqlite.note("still", "works") == "works"
    assert str(tmp_path / "monitor.db") in refused.value.message
    assert "process " in refused.value.message
    assert not other.is_held()
    with other.hold_lock():
        assert sqlite.is_held()


def test_holding_a_store_frees_the_leases_of_the_dead(tmp_path: Path, sqlite: SqlStore, clock: FakeClock) -> None:
    world = World(sqlite, clock)
    world.add_feed()
    world.add(ingested("a"))
    assert world.claim() != []
    with sqlite.hold_lock():
        assert len(world.claim()) == 1
        assert len(sqlite.claim_due_feeds(world.now, limit=1, lease_s=60)) == 1


HOLDER = """
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage import open_store
store = open_store("sqlite:///monitor.db", state=Path(sys.argv[1]), clock=lambda: datetime(2025, 10, 24, tzinfo=UTC))
with store.hold_lock():
    is_child = sys.argv[2] == "with a child" and os.fork() == 0
    if not is_child:
        print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["alone", "with a child"])
def test_another_process_holds_the_store_until_it_dies(tmp_path: Path, sqlite: SqlStore, how: str) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert sqlite.is_held()
        with pytest.raises(StoreLocked, match=rf"process {holder.pid}\b"), sqlite.hold_lock():
            pytest.fail("two daemons on one database")
        holder.kill()
        holder.wait()
        with sqlite.hold_lock():
            assert not sqlite.is_held()


# Forgetting


def forget(world: World) -> int:
    return world.store.forget(world.now, articles_before=world.now - YEAR, log_before=world.now - timedelta(days=14))


def test_old_unmatched_articles_are_forgotten_with_their_stories(world: World) -> None:
    world.add(ingested("old"))
    world.study_all()
    world.clock.advance(days=366)
    world.add(ingested("young"))
    world.study_all()
    assert forget(world) == 1
    assert [article.key for article in world.store.articles()] == ["young"]
    assert [story.articles for story in world.store.stories()] == [("young",)]
    assert count(world.store, "body") == 1
    assert world.store.check() == []


def test_what_matters_is_never_forgotten(world: World) -> None:
    world.add(ingested("seed"), origin=Origin.SEED)
    world.add(ingested("matched"), ingested("alerted"), ingested("unstudied"))
    seed, matched, alerted, _ = world.claim()
    world.study(seed)
    world.study(matched, "tariffs")
    world.study(alerted, "tariffs")
    world.add(ingested("alerted", "an edit that matches nothing"))
    world.study(next(article for article in world.claim() if article.key == "alerted"))
    world.clock.advance(days=800)
    assert forget(world) == 0
    assert len(list(world.store.articles())) == 4


def test_an_original_stays_while_a_copy_does(world: World) -> None:
    world.add(ingested("original"), ingested("copy"), ingested("matched copy"))
    original, copy, matched = world.claim()
    for article in (original, copy):
        world.study(article, text_hash=TEXT)
    world.study(matched, "tariffs", text_hash=TEXT)
    world.clock.advance(days=366)
    assert forget(world) == 1
    assert [article.key for article in world.store.articles(newest_first=False)] == ["original", "matched copy"]


def test_what_copies_are_found_by_goes_with_the_article(world: World) -> None:
    world.add(ingested("a"))
    mark = Fingerprint(shingles=frozenset(range(20)), sketch=tuple(range(20)))
    alone = Studied(article=world.claim()[0], fingerprint=mark)
    world.store.save_study(alone, lambda s, view: Decision(placement=Placement()), world.now)
    world.clock.advance(days=366)
    assert forget(world) == 1
    with world.store._db.read() as conn:
        assert conn.scalar(text("SELECT count(*) FROM fingerprint")) == 0


def test_an_original_goes_with_its_copies(world: World) -> None:
    world.add(*(ingested(str(n)) for n in range(540)))
    for article in world.claim(limit=540):
        world.study(article, text_hash=TEXT if int(article.key) % 2 else b"")
    world.clock.advance(days=366)
    assert forget(world) == 540
    assert (count(world.store, "article"), count(world.store, "story"), count(world.store, "body")) == (0, 0, 0)


def test_a_forgotten_entry_does_not_come_back_while_its_feed_lists_it(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    world.study_all()
    for _ in range(4):
        world.clock.advance(days=366)
        forget(world)
        assert world.store.counts(world.now).articles == 0
        assert world.poll_again(entry("1")).new_articles == 0
    assert count(world.store, "forgotten") == 1


def test_a_feed_that_did_not_change_for_years_still_lists_what_it_listed(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    world.study_all()
    world.clock.advance(days=366)
    forget(world)
    for _ in range(3):
        world.clock.advance(days=366)
        world.store.save_poll(world.outcome(world.claim_feed(), None))
        forget(world)
    assert world.poll_again(entry("1")).new_articles == 0


def test_the_mark_of_a_forgotten_entry_goes_when_its_feed_dropped_it(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    world.study_all()
    world.clock.advance(days=366)
    forget(world)
    world.clock.advance(days=366)
    world.poll_again(entry("2"))
    forget(world)
    assert count(world.store, "forgotten") == 0
    assert world.poll_again(entry("1")).new_articles == 1


def test_the_address_and_the_words_of_the_forgotten_are_known_for_as_long_again(world: World) -> None:
    def ask() -> list[Forgotten | None]:
        seen: list[Forgotten | None] = []

        def look(studied: Studied, view: StudyView) -> Decision:
            marks = (Fingerprint(url_key="https://a.example/1"), Fingerprint(text_hash=TEXT), Fingerprint(url_key="b"))
            seen.extend(view.forgotten(mark) for mark in marks)
            return Decision(placement=Placement())

        world.add(ingested(f"asked {world.now}"))
        world.store.save_study(Studied(article=world.claim()[0], fingerprint=Fingerprint()), look, world.now)
        return seen

    world.add(ingested("old", url="https://a.example/1"))
    world.study(world.claim()[0], text_hash=TEXT)
    assert ask() == [None, None, None]
    for _ in range(2):  # the second time it came back, and is forgotten again
        world.clock.advance(days=366)
        forget(world)
        by_address = Forgotten(at=world.now, has_address=True, has_words=False)
        assert ask() == [by_address, replace(by_address, has_address=False, has_words=True), None]
        world.add(ingested(f"old {world.now}", url="https://a.example/1"))
        world.study(world.claim()[0], text_hash=TEXT)
    for _ in range(2):
        world.clock.advance(days=366)
        forget(world)
    world.clock.advance(days=1)
    assert forget(world) == 0
    assert ask() == [None, None, None]


def test_old_fetch_log_is_deleted(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    world.clock.advance(days=15)
    world.poll(world.claim_feed(), entry("1"))
    assert count(world.store, "fetch_log") == 2
    forget(world)
    assert count(world.store, "fetch_log") == 1


# Totals, checks, copies


def test_totals_of_an_empty_store_are_zero(world: World) -> None:
    counts = world.store.counts(world.now)
    assert (counts.articles, counts.unstudied, counts.stories, counts.matches, counts.pending) == (0, 0, 0, 0, 0)
    assert (counts.oldest_due, counts.last_sent) == (None, None)


def test_totals_count_all_there_is(world: World) -> None:
    world.add(ingested("a"), ingested("b"), ingested("c"))
    world.study(world.claim(limit=1)[0], "tariffs", "soy")
    counts = world.store.counts(world.now)
    assert (counts.articles, counts.unstudied, counts.stories, counts.matches, counts.pending) == (3, 2, 1, 2, 2)


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("DELETE FROM body", "1 articles have no body"),
        ("UPDATE article SET story_id = NULL", "1 studied articles have no story"),
        ("INSERT INTO story (id, added_at) VALUES (1, 1)", "1 stories have no article"),
    ],
)
def test_check_finds_what_is_wrong(world: World, store: SqlStore, damage: str, finding: str) -> None:
    world.add(ingested("a"))
    world.study_all()
    store._db.write(lambda tx: tx.conn.execute(text(damage)))
    assert finding in world.store.check()


def test_a_backup_is_a_whole_store(sqlite: SqlStore, tmp_path: Path, clock: FakeClock) -> None:
    World(sqlite, clock).add(ingested("a", "text"))
    target = tmp_path / "copies" / "b.db"
    assert sqlite.backup(target) == target
    copy = open_store(f"sqlite:///{target}", state=tmp_path, clock=clock)
    assert [article.text for article in copy.articles(bodies=True)] == ["text"]
    assert copy.check() == []
    copy.close()


def test_a_backup_into_a_folder_is_named_by_its_time(sqlite: SqlStore, tmp_path: Path) -> None:
    assert sqlite.backup(tmp_path).name == "monitor-20251024T120000Z.db"


def test_a_backup_replaces_an_older_one_only_when_it_is_whole(sqlite: SqlStore, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    sqlite.backup(target)
    assert sqlite.backup(target) == target
    assert not (tmp_path / "b.db.partial").exists()
    with pytest.raises(StoreError, match="exists"):
        sqlite.backup(target / "below-a-file.db")


def test_postgres_names_its_own_tool_for_backups(postgres_url: str, tmp_path: Path, clock: FakeClock) -> None:
    store = open_store(postgres_url, state=tmp_path, clock=clock)
    with pytest.raises(StoreError) as refused:
        store.backup(tmp_path / "b.db")
    assert "pg_dump" in refused.value.hint
    store.close()


def test_a_closed_store_says_so(store: SqlStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.note("a", "b")


def count(store: SqlStore, table: str) -> int:
    with store._db.read() as conn:
        return int(conn.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1), timedelta(days=365)])
def test_what_a_clock_that_ran_ahead_put_off_waits_no_longer_than_it_would_have(world: World, ahead: timedelta) -> None:
    world.put(draft("first:1:1:desk", story_id=1))
    world.clock.moment += ahead
    world.store.reap(world.now)
    world.poll(world.add_feed(), entry("1"))
    world.store.sync_feeds([FeedSpec(url=url) for url in (FEED_URL, "https://new.example/")], world.now)
    world.put(draft("first:1:2:desk", story_id=2), draft("first:1:3:desk", story_id=3))
    for rows in world.store.claim_messages(world.now, limit=2, lease_s=60):
        world.store.mark_failed(rows, "451", world.now, next_at=world.now + timedelta(minutes=40))
    world.clock.moment -= ahead

    world.store.reap(world.now)
    world.store.reap(world.now)

    def due() -> tuple[list[str], list[str]]:
        feeds = world.store.claim_due_feeds(world.now, limit=9, lease_s=1)
        messages = world.store.claim_messages(world.now, limit=9, lease_s=1)
        return [feed.url for feed in feeds], [row.key for rows in messages for row in rows]

    assert due() == (["https://new.example/"], ["first:1:3:desk"])
    world.clock.advance(minutes=29)
    assert FEED_URL not in due()[0]
    world.clock.advance(minutes=12)
    feeds, messages = due()
    assert FEED_URL in feeds
    assert {"first:1:1:desk", "first:1:2:desk"} <= set(messages)


def test_a_restart_after_the_clock_was_set_right_goes_on_too(
    world: World, open_another: Callable[[], SqlStore]
) -> None:
    world.clock.advance(days=365)
    world.poll(world.add_feed(), entry("1"))
    world.put(draft("first:1:1:desk"))
    world.clock.advance(days=-365)
    store = open_another()
    store.reap(world.now)
    assert len(store.claim_messages(world.now, limit=1, lease_s=60)) == 1
    world.clock.advance(minutes=31)
    assert len(store.claim_due_feeds(world.now, limit=1, lease_s=60)) == 1


# What the watch over the whole asks


def test_what_waits_longest_is_told(world: World) -> None:
    assert world.store.oldest_waiting(world.now) == (None, None)
    start = world.now
    world.add(ingested("x"))
    world.put(draft("operator:x:desk"))
    world.clock.advance(hours=1)
    world.add(ingested("y"))
    assert world.store.oldest_waiting(world.now) == (start, None), "notices tell of others' waiting"
    world.put(draft("first:1:1:desk", topic_no=1, story_id=1))
    put_at = world.now
    world.put(draft("first:1:2:desk", topic_no=1, story_id=2, due_at=world.now + YEAR))
    world.study_all()
    world.clock.advance(hours=1)
    assert world.store.oldest_waiting(world.now) == (None, put_at)


def test_what_came_and_went_lately_is_counted(world: World) -> None:
    world.add(ingested("old"))
    world.clock.advance(days=2)
    since = world.now
    world.add(ingested("x"), ingested("y"))
    world.put(draft("operator:x:desk"), *(draft(f"first:1:{n}:desk", topic_no=1, story_id=n) for n in (1, 2, 3)))
    for rows in world.store.claim_messages(world.now, limit=3, lease_s=60):
        world.store.mark_sent(rows, "m", world.now)
    found = world.store.lately(since)
    assert (found.articles, found.alerts + found.waiting) == (2, 3)
    assert world.store.sent_to("desk", since) == 3
    assert world.store.sent_to("desk", since + timedelta(seconds=1)) == world.store.sent_to("boss", since) == 0


def test_notices_are_stored_with_the_fact_that_remembers_them_or_not_at_all(world: World) -> None:
    rows = [draft("operator:x:desk"), draft("operator:y:desk")]
    assert world.store.tell_once(rows[:1], world.now, note="watch", before="", after="x")
    assert not world.store.tell_once(rows[1:], world.now, note="watch", before="", after="y")
    assert world.store.note("watch") == "x"
    assert world.store.tell_once((), world.now, note="watch", before="x", after="")
    assert [row.key for row in world.store.outbox()] == ["operator:x:desk"]
