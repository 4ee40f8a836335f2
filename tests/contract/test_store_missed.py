"""The store's contract: no entry is missed, none is taken twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Backfill, Entry, FeedMemory, ParsedFeed
from tests.fakes import NOON
from tests.stores import World, entry, titles

HOUR = timedelta(hours=1)


def memory(world: World) -> FeedMemory:
    return world.store.feeds()[0].memory


def told(world: World) -> list[str]:
    """The titles of unstudied articles that may be alerted, then leave them studied."""
    found = [article for article in world.claim() if not article.is_silent]
    for article in found:
        world.study(article)
    return titles(found)


def page(*numbers: int, guid: Callable[[int], str] = "g{}".format, scheme: str = "https://") -> tuple[Entry, ...]:
    """Entries as the parser makes them of items with guid, link, title and words, dated an hour before each other."""
    return tuple(
        Entry(
            key=guid(number),
            content_key=f"{scheme}news.example/{number}",
            url=f"{scheme}news.example/{number}",
            title=f"Title {number}",
            content=f"Words {number}",
            published=NOON + number * HOUR,
        )
        for number in numbers
    )


def test_a_full_page_of_new_entries_is_an_overflow_with_its_span(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1))
    saved = world.poll_again(*page(13, 12, 11))
    seen = memory(world)
    assert saved.is_overflow
    assert saved.new_articles == 3
    assert (seen.overflow_count, seen.overflow_at) == (1, world.now.timestamp())
    assert (seen.overflow_from, seen.overflow_to) == (NOON.timestamp(), (NOON + 11 * HOUR).timestamp())


def test_the_span_of_an_overflow_ends_now_if_dates_do_not_tell(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1))
    world.poll_again(*(replace(one, published=None) for one in page(13, 12, 11)))
    assert memory(world).overflow_to == world.now.timestamp()


def test_overflows_are_counted_and_each_entry_is_stored_once(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1))
    world.poll_again(*page(13, 12, 11))
    assert not world.poll_again(*page(13, 12, 11)).is_overflow
    assert world.poll_again(*page(23, 22, 21)).is_overflow
    assert memory(world).overflow_count == 2
    assert world.store.counts(world.now).articles == 9


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (page(3, 2, 1), page(5, 4, 3)),
        (page(3, 2, 1), page(11)),
        (page(*range(20, 0, -1)), page(33, 32, 31)),
        (page(1), page(2)),
        ((), page(3, 2, 1)),
    ],
    ids=["one is known", "a short page", "an emptied page", "a page of one", "the first entries of all"],
)
def test_other_pages_are_no_overflow(world: World, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
    world.poll(world.add_feed(), *before)
    assert not world.poll_again(*after).is_overflow
    assert memory(world).overflow_count == 0


def test_the_first_fetch_is_no_overflow(world: World) -> None:
    assert not world.poll(world.add_feed(), *page(3, 2, 1)).is_overflow


def test_an_entry_with_an_old_date_is_news_when_it_is_first_seen_later(world: World) -> None:
    world.poll(world.add_feed(), entry("1", published=NOON))
    told(world)
    world.poll_again(entry("1", published=NOON), entry("2", "Late", published=NOON - timedelta(days=300)))
    assert told(world) == ["Late"]


@pytest.mark.parametrize("moved", ["http://", "https://www.", "http://www."])
def test_links_that_move_to_https_or_www_bring_nothing_new(world: World, moved: str) -> None:
    for guid in (lambda number: f"https://news.example/{number}", "g{}".format):
        world.clock.advance(minutes=1)
        world.poll(world.claim_feed() if world.store.feeds() else world.add_feed(), *page(3, 2, 1, guid=guid))
    before = world.store.counts(world.now).articles
    other = page(3, 2, 1, guid=lambda number: f"{moved}news.example/{number}", scheme=moved)
    for _ in range(2):
        saved = world.poll_again(*other)
        assert (saved.new_articles, saved.revised_articles, saved.is_overflow) == (0, 0, False)
    assert world.store.counts(world.now).articles == before


def test_guids_that_change_at_every_fetch_are_given_up_and_nothing_is_told_twice(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1, guid=lambda number: f"a{number}"))
    told(world)
    for stamp in "bcd":
        saved = world.poll_again(*page(3, 2, 1, guid=lambda number, stamp=stamp: f"{stamp}{number}"))
        assert (saved.new_articles, saved.revised_articles, saved.is_overflow) == (0, 0, False)
        assert memory(world).keyed_by == "content"
    assert told(world) == []
    assert world.store.counts(world.now).articles == 3


def test_new_entries_and_edits_of_a_feed_with_changing_guids_are_seen(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1, guid=lambda number: f"a{number}"))
    for article in world.claim():
        world.study(article)
    assert world.poll_again(*page(4, 3, 2, 1, guid=lambda number: f"b{number}")).new_articles == 1
    assert told(world) == ["Title 4"]
    five, four, *rest = page(5, 4, 3, 2, guid=lambda number: f"c{number}")
    saved = world.poll_again(five, replace(four, content="Other words"), *rest)
    assert (saved.new_articles, saved.revised_articles) == (1, 1)
    assert world.store.counts(world.now).articles == 5


def test_dates_that_change_with_the_guids_make_nothing_new(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1, guid=lambda number: f"a{number}"))
    later = [replace(one, key=f"b{one.key}", published=NOON + 9 * HOUR) for one in page(3, 2, 1)]
    assert world.poll_again(*later).new_articles == 0
    assert memory(world).keyed_by == "content"


def test_entries_without_links_are_known_by_their_words_when_guids_change(world: World) -> None:
    def plain(stamp: str) -> list[Entry]:
        return [replace(one, key=f"{stamp}{one.key}", url="", content_key=f"hash:{one.title}") for one in page(3, 2, 1)]

    world.poll(world.add_feed(), *plain("a"))
    for stamp in "bc":
        assert world.poll_again(*plain(stamp)).new_articles == 0
    assert memory(world).keyed_by == "content"


def test_guids_that_stay_are_kept(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1))
    for newest in range(4, 9):
        assert world.poll_again(*page(newest, newest - 1, newest - 2)).new_articles == 1
    assert memory(world).keyed_by == ""


def test_one_guid_that_changed_is_the_same_entry_if_all_else_is_equal(world: World) -> None:
    world.poll(world.add_feed(), *page(3, 2, 1))
    one = replace(page(1)[0], key="other")
    assert world.poll_again(*page(3, 2), one).new_articles == 0
    assert world.poll_again(*page(3, 2), one).new_articles == 0
    assert memory(world).keyed_by == ""


def test_a_bulletin_with_the_same_link_and_title_every_day_is_new_every_day(world: World) -> None:
    def bulletin(day: int) -> Entry:
        return replace(entry(f"d{day}", "Daily update", published=NOON + day * HOUR), url="https://news.example/daily")

    world.poll(world.add_feed(), bulletin(0))
    for day in (1, 2, 3):
        assert world.poll_again(bulletin(day)).new_articles == 1


def test_warnings_in_the_same_words_under_other_links_and_dates_are_new(world: World) -> None:
    def warnings(day: int) -> list[Entry]:
        return [
            replace(
                entry(f"{day}-{region}", f"Storm warning: {region}", content="Stay inside."),
                published=NOON + day * HOUR,
            )
            for region in ("North", "South", "East", "West")
        ]

    world.poll(world.add_feed(), *warnings(0))
    for day in (1, 2):
        assert world.poll_again(*warnings(day)).new_articles == 4
    assert memory(world).keyed_by == ""


def test_an_item_listed_under_two_guids_stays_two(world: World) -> None:
    twice = (page(1)[0], replace(page(1)[0], key="other"))
    world.poll(world.add_feed(), *twice)
    assert world.poll_again(*twice).new_articles == 0
    assert world.store.counts(world.now).articles == 2


def test_entries_that_are_held_back_are_stored_in_silence_unless_everything_is_wanted(world: World) -> None:
    for backfill, loud in ((Backfill.SUMMARY, ["Title 2"]), (Backfill.ALERT, ["Title 2", "Title 1"])):
        url = f"https://{backfill}.example/feed"
        feed = world.add_feed(url, backfill=backfill)
        world.poll(feed, entry("0"))
        world.clock.advance(minutes=1)
        for article in world.claim():
            world.study(article)
        outcome = world.outcome(world.claim_feed(url), None)
        parsed = replace(outcome, held_back=frozenset({"g1"}))
        world.store.save_poll(replace(parsed, parsed=_parsed(*page(2, 1))))
        assert sorted(told(world), reverse=True) == loud


def _parsed(*entries: Entry) -> ParsedFeed:
    return ParsedFeed(title="News", entries=entries)


def test_known_entries_are_told_by_key_content_key_link_and_spelling(world: World) -> None:
    world.poll(world.add_feed(), *page(4, 3, 2, 1))
    feed = world.store.feeds()[0]
    asked = [
        *page(4),
        replace(page(3)[0], key="other"),
        replace(entry("by-link"), url="http://www.news.example/2"),
        entry("strange"),
    ]
    assert world.store.known_entries(feed, asked) == {"g4", "other", "by-link"}


def test_polls_of_several_feeds_are_saved_together_each_with_its_own_answer(world: World) -> None:
    urls = [f"https://{name}.example/feed" for name in "abc"]
    for url in urls:
        world.add_feed(url)
    world.clock.advance(hours=1)
    leased = {feed.url: feed for feed in world.store.claim_due_feeds(world.now, limit=9, lease_s=60, everything=True)}
    a, b, c = (leased[url] for url in urls)
    slow = replace(b, lease_token=b.lease_token + 1)
    polls = [(world.outcome(a, _parsed(*page(2, 1))), None), (world.outcome(slow, _parsed(*page(1))), None)]
    polls += [(world.outcome(c, None), None), (world.outcome(a, _parsed(*page(3))), None)]
    saved = world.store.save_polls(polls)
    assert [(one.new_articles, one.is_stale) for one in saved] == [(2, False), (0, True), (0, False), (0, True)]
    stored = {feed.url: feed for feed in world.store.feeds()}
    assert [stored[url].polled_at for url in urls] == [world.now, None, world.now]
    assert [stored[url].entry_count for url in urls] == [2, 0, 0]
