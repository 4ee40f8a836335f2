"""The store's contract: several threads and processes at once, and the death of one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import select

from monitor.model import Article, FeedSpec, Fingerprint, Placement
from monitor.ports import Decision, Studied, StudyView
from storage import SqlStore, open_store
from storage.tables import nodes
from tests.fakes import FakeClock
from tests.stores import World, decide, draft, ingested

ROOT = Path(__file__).parents[2]
TEXT = b"t" * 16

Open = Callable[[], SqlStore]


def claims(stores: list[SqlStore], claim: Callable[[SqlStore], list[int]]) -> list[int]:
    """Let each store claim in two threads until nothing is left; returns all that was claimed."""

    def until_nothing_is_left(store: SqlStore) -> list[int]:
        found: list[int] = []
        while ids := claim(store):
            found += ids
        return found

    with ThreadPoolExecutor() as threads:
        return [id_ for ids in threads.map(until_nothing_is_left, stores * 2) for id_ in ids]


def test_no_feed_is_claimed_by_two(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(3)]
    stores[0].sync_feeds([FeedSpec(url=f"https://{n}.example/") for n in range(120)], clock())
    due = claims(stores, lambda store: [f.id for f in store.claim_due_feeds(clock(), limit=7, lease_s=60)])
    assert (len(due), len(set(due))) == (120, 120)


def test_no_article_is_claimed_by_two(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(3)]
    World(stores[0], clock).add(*(ingested(str(n)) for n in range(120)))
    new = claims(stores, lambda store: [a.id for a in store.claim_new_articles(clock(), limit=7, lease_s=60)])
    assert (len(new), len(set(new))) == (120, 120)


def test_no_message_is_claimed_by_two_and_no_group_is_split(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(3)]
    rows = [draft(f"first:{t}:{s}:desk", story_id=s, topic_no=t) for t in range(3) for s in range(1, 41)]
    World(stores[0], clock).put(*rows)
    sizes: list[int] = []

    def claim(store: SqlStore) -> list[int]:
        groups = store.claim_messages(clock(), limit=3, lease_s=60)
        sizes.extend(map(len, groups))
        return [row.id for group in groups for row in group]

    due = claims(stores, claim)
    assert (len(due), len(set(due)), set(sizes)) == (120, 120, {3})


def test_copies_studied_at_once_have_one_original(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(2)]
    World(stores[0], clock).add(*(ingested(str(n)) for n in range(20)))
    articles = stores[0].claim_new_articles(clock(), limit=20, lease_s=60)
    numbers = stores[0].sync_topics([("t", "")], clock())
    start = Barrier(4)

    def study(store: SqlStore, share: list[Article]) -> int:
        start.wait()
        fingerprint = Fingerprint(text_hash=TEXT)
        return sum(
            store.save_study(
                Studied(article=article, fingerprint=fingerprint, topics=tuple(numbers.items())), decide, clock()
            ).duplicate_of
            is None
            for article in share
        )

    with ThreadPoolExecutor() as threads:
        originals = threads.map(study, stores * 2, [articles[n::4] for n in range(4)])
        assert sum(originals) == 1
    [story] = stores[0].stories()
    assert len(story.articles) == 20
    assert stores[0].check() == []


def test_two_decisions_never_run_at_once(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(2)]
    World(stores[0], clock).add(ingested("a"), ingested("b"))
    articles = stores[0].claim_new_articles(clock(), limit=2, lease_s=60)
    meeting = Barrier(2)

    def wait_for_the_other(studied: Studied, view: StudyView) -> Decision:
        try:
            meeting.wait(timeout=0.3)
        except BrokenBarrierError:
            return Decision(placement=Placement())
        raise AssertionError("two decisions met")

    def study(store: SqlStore, article: Article) -> bool:
        return store.save_study(
            Studied(article=article, fingerprint=Fingerprint()), wait_for_the_other, clock()
        ).is_stale

    with ThreadPoolExecutor() as threads:
        assert list(threads.map(study, stores, articles)) == [False, False]


def test_one_key_is_queued_once_by_many(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        put = threads.map(lambda store: store.put_outbox([draft("first:1:7:desk")], clock()), stores * 10)
        assert sum(put) == 1


def test_one_failing_write_does_not_undo_its_neighbours(open_another: Open, clock: FakeClock) -> None:
    store = open_another()
    World(store, clock).add(*(ingested(str(n)) for n in range(30)))
    articles = store.claim_new_articles(clock(), limit=30, lease_s=60)

    def study(article: Article) -> bool:
        def one_in_three_fails(studied: Studied, view: StudyView) -> Decision:
            view.new_story()
            if int(article.key) % 3 == 0:
                raise ZeroDivisionError
            return Decision(placement=Placement())

        try:
            studied = Studied(article=article, fingerprint=Fingerprint())
            return not store.save_study(studied, one_in_three_fails, clock()).is_stale
        except ZeroDivisionError:
            return False

    with ThreadPoolExecutor(max_workers=15) as threads:
        assert list(threads.map(study, articles)) == [int(article.key) % 3 != 0 for article in articles]
    counts = store.counts(clock())
    assert (counts.stories, counts.unstudied) == (20, 10)


# Ids


def test_ids_of_two_stores_never_meet(open_another: Open, clock: FakeClock) -> None:
    stores = [open_another() for _ in range(2)]
    for round_ in range(5):
        for place, store in enumerate(stores):
            World(store, clock).add(*(ingested(f"{round_}-{place}-{n}") for n in range(30)))
    assert len({article.id for article in stores[0].articles()}) == 300


def test_ids_grow_when_the_clock_goes_back_also_over_a_restart(open_another: Open, clock: FakeClock) -> None:
    made: list[str] = []
    for move in (0, -3600, 0, -86400 * 400, 5):
        clock.advance(seconds=move)
        store = open_another()
        for _ in range(2):
            made.append(str(len(made)))
            World(store, clock).add(ingested(made[-1]))
        store.close()
    assert [article.key for article in open_another().articles(newest_first=False)] == made


def test_a_closed_store_gives_its_node_number_back(open_another: Open, clock: FakeClock) -> None:
    for n in range(3):
        store = open_another()
        store.note("a", str(n))
        store.close()
    assert [row.no for row in node_rows(open_another())] == [0]


def test_open_stores_have_node_numbers_of_their_own_until_they_are_silent_for_long(
    open_another: Open, clock: FakeClock
) -> None:
    stores = [open_another() for _ in range(3)]
    for store in stores:
        store.note("a", "b")
    clock.advance(minutes=8)
    stores[0].note("a", "c")
    clock.advance(minutes=8)
    late = open_another()
    late.note("a", "d")
    stores[1].note("a", "e")
    stores[2].note("a", "f")
    rows = node_rows(late)
    assert [row.no for row in rows] == [0, 1, 2, 3]
    assert all(row.until > clock() for row in rows)


def node_rows(store: SqlStore) -> list:
    with store._db.read() as conn:
        return list(conn.execute(select(nodes).order_by(nodes.c.no)))


# Death

WRITER = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from monitor.model import ArticleDraft, Origin
from storage import open_store

now = datetime(2025, 10, 24, tzinfo=UTC)
store = open_store(sys.argv[1], state=Path(sys.argv[2]), clock=lambda: now)
for n in count():
    drafts = [ArticleDraft(key=f"{n}-{i}", text="x" * 500) for i in range(5)]
    store.add_articles(Origin.INGEST, drafts, now)
    print(n, flush=True)
"""


@pytest.mark.parametrize("commits", [1, 40])
def test_a_killed_process_leaves_whole_transactions_only(
    url: str, open_another: Open, tmp_path: Path, clock: FakeClock, commits: int
) -> None:
    command = [sys.executable, "-c", WRITER, url, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        for _ in range(commits):
            writer.stdout.readline()
        writer.kill()
        rest = len(writer.stdout.readlines())
    store = open_another()
    kept = len(list(store.articles()))
    assert kept % 5 == 0
    assert kept // 5 - (commits + rest) in {0, 1}
    assert store.check() == []


def test_a_sent_mark_is_forced_to_the_disk(tmp_path: Path, clock: FakeClock) -> None:
    with closing(open_store("sqlite:///monitor.db", state=tmp_path, clock=clock)) as store:
        level = "PRAGMA synchronous"
        assert store._db.write(lambda tx: tx.conn.exec_driver_sql(level).scalar_one()) == 1
        assert store._db.write(lambda tx: tx.conn.exec_driver_sql(level).scalar_one(), is_durable=True) == 2
        assert store._db.write(lambda tx: tx.conn.exec_driver_sql("PRAGMA journal_mode").scalar_one()) == "wal"
