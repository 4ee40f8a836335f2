"""The store's contract: feeds, their leases, and what polls bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import (
    Backfill,
    Failure,
    FeedMemory,
    FeedSpec,
    NextPoll,
    OutboxState,
    ParsedFeed,
    PollSaved,
    Priority,
    Problem,
    Stage,
    TimeSource,
)
from tests.fakes import NOON
from tests.stores import FEED_URL, World, draft, entry, titles

OTHER_URL = "https://other.example/rss"


def test_sync_adds_keeps_and_disables(world: World) -> None:
    first = world.store.sync_feeds([FeedSpec(url=FEED_URL), FeedSpec(url=OTHER_URL)], world.now)
    second = world.store.sync_feeds([FeedSpec(url=OTHER_URL, name="Other", tags=("a", "b"), every_s=600)], world.now)
    assert (first.added, first.kept, first.disabled) == (2, 0, 0)
    assert (second.added, second.kept, second.disabled) == (0, 1, 1)
    assert [feed.url for feed in world.store.feeds(enabled_only=True)] == [OTHER_URL]
    assert {feed.url: feed.is_enabled for feed in world.store.feeds()} == {OTHER_URL: True, FEED_URL: False}
    other = world.store.feeds(enabled_only=True)[0]
    assert (other.name, other.tags, other.every_s) == ("Other", ("a", "b"), 600)


def test_a_url_given_twice_is_one_feed_as_first_written(world: World) -> None:
    sync = world.store.sync_feeds([FeedSpec(url=FEED_URL, name="A"), FeedSpec(url=FEED_URL, name="B")], world.now)
    assert sync.added == 1
    assert [feed.name for feed in world.store.feeds()] == ["A"]


def test_a_feed_added_again_is_due_at_once_and_keeps_its_baseline(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    world.store.sync_feeds([], world.now)
    world.clock.advance(minutes=1)
    world.store.sync_feeds([FeedSpec(url=FEED_URL)], world.now)
    feed = world.store.claim_due_feeds(world.now, limit=1, lease_s=60)[0]
    assert feed.baseline_at == NOON
    assert world.poll(feed, entry("1"), entry("2")).new_articles == 1


def test_a_shorter_interval_makes_a_feed_due_sooner(world: World) -> None:
    world.poll(world.add_feed())
    world.store.sync_feeds([FeedSpec(url=FEED_URL, every_s=60)], world.now)
    assert world.store.feeds()[0].next_at == world.now + timedelta(seconds=60)


def test_headers_are_given_back_but_never_written_to_the_database(world: World, open_another) -> None:
    headers = (("Authorization", "Bearer geheim-4711"),)
    world.store.sync_feeds([FeedSpec(url=FEED_URL, headers=headers)], world.now)
    assert world.claim_feed().access.headers == headers
    assert open_another().feeds()[0].access.headers == ()


def test_a_feed_that_moved_keeps_its_history_and_is_asked_anew_at_its_new_address(world: World) -> None:
    before = world.add_feed()
    world.poll(before, entry("1"))
    sync = world.store.sync_feeds([FeedSpec(url=OTHER_URL, was=FEED_URL)], world.now)
    (feed,) = world.store.feeds()

    assert (sync.added, sync.kept, sync.disabled) == (0, 1, 0)
    assert (feed.id, feed.url, feed.baseline_at) == (before.id, OTHER_URL, NOON)
    assert (feed.etag, feed.last_modified, feed.body_hash, feed.next_at) == ("", "", b"", world.now)
    assert world.poll(world.claim_feed(OTHER_URL), entry("1"), entry("2")).new_articles == 1
    assert [found.url for found in world.store.feeds_bringing("other.example")] == [OTHER_URL]


def test_a_feed_does_not_take_the_place_of_one_that_is_still_watched_or_known_itself(world: World) -> None:
    world.store.sync_feeds([FeedSpec(url=FEED_URL)], world.now)
    world.store.sync_feeds([FeedSpec(url=FEED_URL), FeedSpec(url=OTHER_URL, was=FEED_URL)], world.now)
    ids = {feed.url: feed.id for feed in world.store.feeds()}
    world.store.sync_feeds([FeedSpec(url=OTHER_URL, was=FEED_URL)], world.now)

    assert set(ids) == {FEED_URL, OTHER_URL}
    assert {feed.url: (feed.id, feed.is_enabled) for feed in world.store.feeds()} == {
        FEED_URL: (ids[FEED_URL], False),
        OTHER_URL: (ids[OTHER_URL], True),
    }


def test_due_feeds_are_claimed_once_longest_due_first(world: World) -> None:
    world.store.sync_feeds([FeedSpec(url=f"https://{n}.example/") for n in "ab"], world.now)
    world.clock.advance(minutes=1)
    world.store.sync_feeds([FeedSpec(url=f"https://{n}.example/") for n in "abc"], world.now)
    claimed = [world.store.claim_due_feeds(world.now, limit=2, lease_s=60) for _ in range(3)]
    assert [[feed.url for feed in feeds] for feeds in claimed] == [
        ["https://a.example/", "https://b.example/"],
        ["https://c.example/"],
        [],
    ]


def test_a_lease_that_ran_out_is_claimed_anew_and_the_old_token_writes_nothing(world: World) -> None:
    slow = world.add_feed()
    world.clock.advance(seconds=60)
    quick = world.claim_feed()
    assert world.poll(slow, entry("1")).is_stale
    assert world.store.counts(world.now).articles == 0
    assert world.poll(quick, entry("1")).new_articles == 1


def test_a_lease_of_a_clock_that_was_set_back_ends(world: World) -> None:
    world.clock.advance(days=3)
    world.add_feed()
    world.clock.advance(days=-3)
    assert world.claim_feed().url == FEED_URL


def test_a_poll_is_saved_once(world: World) -> None:
    feed = world.add_feed()
    assert not world.poll(feed, entry("1")).is_stale
    assert world.poll(feed, entry("1")).is_stale


def test_a_feed_is_not_due_before_its_time_unless_everything_is_wanted(world: World) -> None:
    world.poll(world.add_feed())
    assert world.store.claim_due_feeds(world.now, limit=9, lease_s=60) == []
    assert len(world.store.claim_due_feeds(world.now, limit=9, lease_s=60, everything=True)) == 1


def test_entries_become_unstudied_articles_with_the_new_state_of_the_feed(world: World) -> None:
    saved = world.poll(world.add_feed(), entry("1", published=NOON - timedelta(hours=1), content="<p>Words</p>"))
    assert (saved.new_articles, saved.is_first) == (1, True)
    article = world.claim()[0]
    assert (article.stage, article.teaser, article.source) == (Stage.NEW, "<p>Words</p>", "news.example")
    assert (article.published_from, article.published_text) == (TimeSource.FEED, "2025-10-24T11:00:00Z")
    assert (article.first_seen, article.feed_name) == (NOON, "News")
    feed = world.store.feeds()[0]
    assert (feed.etag, feed.body_hash, feed.baseline_at, feed.entry_count) == ('"1"', b"h", NOON, 1)
    assert (feed.newest_at, feed.next_at) == (NOON - timedelta(hours=1), NOON + timedelta(minutes=30))


def test_known_entries_bring_nothing(world: World) -> None:
    world.poll(world.add_feed(), entry("1"), entry("2"))
    saved = world.poll_again(entry("1"), entry("2"), entry("3"))
    assert (saved.new_articles, saved.revised_articles, saved.is_first) == (1, 0, False)


def test_a_key_that_a_document_repeats_counts_once_with_its_first_entry(world: World) -> None:
    for _ in range(2):
        world.poll(world.claim_feed() if world.store.feeds() else world.add_feed(), entry("1", "A"), entry("1", "B"))
    assert titles(world.claim()) == ["A"]


def test_two_feeds_may_use_the_same_key(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    world.poll(world.add_feed(OTHER_URL), entry("1"))
    assert world.store.counts(world.now).articles == 2


@pytest.mark.parametrize("changed", [{"title": "New title"}, {"content": "<p>New</p>"}])
def test_a_changed_entry_is_a_new_revision_to_be_studied(world: World, changed: dict[str, str]) -> None:
    world.poll(world.add_feed(), entry("1"))
    first = world.claim()[0]
    world.study(first)
    assert world.poll_again(entry("1", **changed)).revised_articles == 1
    again = world.claim()[0]
    assert (again.id, again.revision, again.stage, again.first_seen) == (first.id, 1, Stage.NEW, first.first_seen)
    assert again.story_id is not None


def test_an_edit_does_not_make_an_article_newer(world: World) -> None:
    world.poll(world.add_feed(), entry("1", "A", published=NOON))
    world.poll_again(entry("1", "B", published=NOON + timedelta(days=1)))
    article = world.claim()[0]
    assert (article.title, article.published) == ("B", NOON)


def test_a_revision_ends_the_study_of_the_text_before(world: World) -> None:
    world.poll(world.add_feed(), entry("1", "A"))
    old = world.claim()[0]
    world.poll_again(entry("1", "B"))
    assert world.study(old).is_stale
    assert titles(world.claim()) == ["B"]


def test_an_entry_that_changes_at_every_poll_is_read_24_times_then_once_an_hour(world: World) -> None:
    world.poll(world.add_feed(), entry("1", "0"))
    revised = [world.poll_again(entry("1", str(n))).revised_articles for n in range(1, 30)]
    assert revised == [1] * 24 + [0, 1, 0, 1, 0]
    assert world.claim()[0].revision == 26


def test_what_was_not_read_of_an_entry_is_asked_for_again_until_it_is(world: World) -> None:
    world.poll(world.add_feed(), entry("1", "0"))
    for n in range(1, 26):
        world.poll_again(entry("1", str(n)))
    feed = world.store.feeds()[0]
    assert (feed.etag, feed.body_hash) == ("", b""), "else a feed that says no more would never be read again"
    assert world.poll_again(entry("1", "25")).revised_articles == 1
    feed = world.store.feeds()[0]
    assert (feed.etag, feed.body_hash) == ('"1"', b"h")


def test_the_first_fetch_is_silent_and_the_next_is_news(world: World) -> None:
    world.poll(world.add_feed(), entry("old"))
    world.poll_again(entry("old"), entry("new"))
    assert {article.key: article.is_silent for article in world.claim()} == {"old": True, "new": False}


def test_entries_published_after_the_feed_was_added_are_news(world: World) -> None:
    feed = world.add_feed()
    later = world.now + timedelta(seconds=1)
    world.poll(feed, entry("before", published=world.now), entry("after", published=later))
    assert {article.key: article.is_silent for article in world.claim()} == {"before": True, "after": False}


def test_backfill_alert_makes_the_first_fetch_news(world: World) -> None:
    world.poll(world.add_feed(backfill=Backfill.ALERT), entry("1"))
    assert not world.claim()[0].is_silent
    assert world.store.first_imports(world.now) == []


def test_a_revision_keeps_that_its_entry_came_in_silence(world: World) -> None:
    world.poll(world.add_feed(), entry("1", "A"))
    world.poll_again(entry("1", "B"))
    assert world.claim()[0].is_silent


def test_a_failed_fetch_is_no_baseline(world: World) -> None:
    saved = world.poll(world.add_feed(), failure=Failure(problem=Problem.DNS))
    assert not saved.is_first
    assert world.poll_again(entry("1")).is_first


def test_a_feed_without_entries_has_its_baseline(world: World) -> None:
    none = Failure(problem=Problem.NO_ENTRIES)
    saved = world.store.save_poll(world.outcome(world.add_feed(), ParsedFeed(failure=none), none))
    assert saved.is_first
    world.poll_again(entry("1"))
    assert not world.claim()[0].is_silent
    assert world.store.first_imports(world.now) == []


def test_failures_are_counted_and_end_with_a_success(world: World) -> None:
    failure = Failure(problem=Problem.TIMEOUT, detail="30 s")
    world.poll(world.add_feed(), failure=failure)
    world.clock.advance(minutes=30)
    world.poll(world.claim_feed(), failure=failure)
    feed = world.store.feeds()[0]
    assert (feed.failure, feed.fail_streak, feed.failing_since, feed.succeeded_at) == (failure, 2, NOON, None)
    assert (feed.etag, feed.body_hash) == ("", b"")
    world.poll_again(entry("1"))
    feed = world.store.feeds()[0]
    assert (feed.failure, feed.fail_streak, feed.failing_since, feed.succeeded_at) == (None, 0, None, world.now)


def test_a_feed_without_entries_shows_it_and_does_not_fail(world: World) -> None:
    none = Failure(problem=Problem.NO_ENTRIES)
    world.poll(world.add_feed(), failure=Failure(problem=Problem.TIMEOUT))
    for _ in range(3):
        world.clock.advance(minutes=30)
        world.store.save_poll(world.outcome(world.claim_feed(), ParsedFeed(failure=none), none))
    feed = world.store.feeds()[0]
    assert (feed.failure, feed.fail_streak, feed.failing_since, feed.succeeded_at) == (none, 0, None, world.now)
    assert feed.etag == "", "its next body is read in full"


def test_an_unchanged_body_only_touches_the_feed(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    before = world.store.feeds()[0]
    world.clock.advance(minutes=30)
    saved = world.store.save_poll(world.outcome(world.claim_feed(), None))
    after = world.store.feeds()[0]
    assert (saved.new_articles, saved.is_first, saved.is_stale) == (0, False, False)
    assert (after.title, after.entry_count, after.newest_at) == (before.title, before.entry_count, before.newest_at)
    assert (after.polled_at, after.succeeded_at) == (world.now, world.now)


def test_a_first_import_is_reported_when_it_is_studied_and_only_once(world: World) -> None:
    world.poll(world.add_feed(), entry("1"), entry("2"), entry("3"))
    articles = world.claim()
    for article in articles[:2]:
        world.study(article)
    assert world.store.first_imports(world.now) == []
    world.store.set_aside(articles[2], Failure(problem=Problem.HARMFUL), world.now)
    [(feed, entries, _)] = world.store.first_imports(world.now)
    assert (feed.url, entries) == (FEED_URL, 3)
    world.store.mark_imports_reported([feed.id], [draft("operator:import:desk")], world.now)
    assert world.store.first_imports(world.now) == []
    assert [row.key for row in world.store.outbox(state=OutboxState.PENDING)] == ["operator:import:desk"]


def test_a_first_import_counts_the_matches_it_held_back(world: World) -> None:
    later = world.now + timedelta(seconds=1)
    world.poll(world.add_feed(), entry("old"), entry("dull"), entry("news", published=later))
    for article in world.claim():
        world.study(article, *(["tariffs"] if article.key != "dull" else []))
    [(_, entries, held_back)] = world.store.first_imports(world.now)
    assert (entries, held_back) == (3, 1)


def test_texts_no_engine_takes_are_stored_without_their_bad_characters(world: World) -> None:
    world.poll(world.add_feed(), entry("k\0\ud800", "t\0\udfff\U0001f600", content="c\0\ud800"))
    article = world.claim()[0]
    assert (article.title, article.teaser) == ("t\ufffd\ufffd\U0001f600", "c\ufffd\ufffd")
    assert world.poll_again(entry("k\0\ud800", "t\0\udfff\U0001f600", content="c\0\ud800")).revised_articles == 0


def test_addresses_longer_than_an_index_entry_are_told_apart(world: World) -> None:
    long = [f"https://long.example/{'x' * 9000}{n}" for n in range(2)]
    assert world.store.sync_feeds([FeedSpec(url=url) for url in long], world.now).added == 2
    assert world.store.sync_feeds([FeedSpec(url=url) for url in long], world.now).kept == 2
    feed = world.claim_feed(long[0])
    world.poll(feed, entry("y" * 9000 + "1"), entry("y" * 9000 + "2"))
    assert len(world.claim()) == 2


def test_many_entries_come_in_at_once(world: World) -> None:
    entries = [entry(str(n)) for n in range(1201)]
    assert world.poll(world.add_feed(), *entries).new_articles == 1201
    assert world.poll_again(*entries).new_articles == 0
    assert [article.key for article in world.claim(limit=2000)] == [str(n) for n in range(1201)]


def test_the_feeds_of_a_host_are_those_on_it_and_those_that_brought_articles_of_it(world: World) -> None:
    on_it = ["https://news.example/a", "https://www.news.example/b", "https://feeds.news.example/c"]
    elsewhere = ["https://feeds.other.example/d", "https://oldnews.example/e"]
    world.poll(world.add_feed(elsewhere[0]), entry("1"))
    for url in [*on_it, elsewhere[1]]:
        world.add_feed(url)
    assert [feed.url for feed in world.store.feeds_bringing("news.example")] == sorted([*on_it, elsewhere[0]])
    assert world.store.feeds_bringing("%") == []


def test_the_validators_of_a_cut_body_are_not_kept(world: World) -> None:
    feed = world.add_feed()
    world.poll(feed, entry("1"))
    world.clock.advance(minutes=30)
    again = world.claim_feed()
    cut = ParsedFeed(entries=(entry("1"),), is_cut=True)
    world.store.save_poll(world.outcome(again, cut))
    (known,) = world.store.feeds()
    assert (known.etag, known.last_modified, known.body_hash) == ("", "", b"")


def test_a_first_entry_dated_ahead_of_the_clock_is_no_news(world: World) -> None:
    feed = world.add_feed()
    world.clock.advance(minutes=1)
    world.poll(feed, entry("far", published=NOON + timedelta(days=4000)), entry("now", published=world.now))
    assert {article.key: article.is_silent for article in world.claim()} == {"far": True, "now": False}


def test_the_next_poll_is_planned_by_what_was_new(world: World) -> None:
    def plan(saved: PollSaved) -> NextPoll:
        hours = saved.new_articles
        return NextPoll(at=world.now + timedelta(hours=hours), memory=FeedMemory(weight=hours, skip_hours=(1, 2)))

    world.poll(world.add_feed(), entry("1"))
    world.clock.advance(minutes=30)
    parsed = ParsedFeed(entries=(entry("1"), entry("2"), entry("3")))
    world.store.save_poll(world.outcome(world.claim_feed(), parsed), plan)

    feed = world.store.feeds()[0]
    assert (feed.next_at, feed.memory) == (
        world.now + timedelta(hours=2),
        FeedMemory(weight=2, page_entries=3, skip_hours=(1, 2)),
    )


def test_what_the_user_wrote_of_a_feed_comes_with_it(world: World) -> None:
    spec = FeedSpec(url=FEED_URL, priority=Priority.HIGH, every_min_s=300, every_max_s=7_200)
    world.store.sync_feeds([spec], world.now)

    feed = world.claim_feed()
    assert (feed.priority, feed.every_min_s, feed.every_max_s) == (Priority.HIGH, 300, 7_200)


def test_a_feed_that_is_put_off_changes_in_nothing_else(world: World) -> None:
    world.poll(world.add_feed(), entry("1"))
    before, until = world.claim_feed(), world.now + timedelta(hours=2)

    assert world.store.put_off(before, until)
    assert not world.store.put_off(before, until), "its lease is over"

    after = world.store.feeds()[0]
    assert after == replace(before, next_at=until, lease_token=0)


def test_a_pause_that_a_host_asks_for_holds_for_all_its_feeds(world: World) -> None:
    neighbour, later, stranger = f"{FEED_URL}/2", f"{FEED_URL}/3", OTHER_URL
    specs = [FeedSpec(url=url) for url in (FEED_URL, neighbour, later, stranger)]
    world.store.sync_feeds(specs, world.now)
    leased = {feed.url: feed for feed in world.store.claim_due_feeds(world.now, limit=9, lease_s=60)}
    world.store.put_off(leased[neighbour], world.now)
    world.store.put_off(leased[later], world.now + timedelta(hours=5))
    world.store.put_off(leased[stranger], world.now)

    busy = Failure(problem=Problem.TOO_MANY)
    outcome = world.outcome(leased[FEED_URL], None, busy)
    world.store.save_poll(replace(outcome, fetch=replace(outcome.fetch, status=429, retry_after_s=7_200)))

    due = {feed.url: feed.next_at - world.now for feed in world.store.feeds()}
    assert due[neighbour] == timedelta(hours=2)
    assert due[later] == timedelta(hours=5)
    assert due[stranger] == timedelta()
