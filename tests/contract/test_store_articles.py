"""The store's contract: articles come in, are claimed, set aside and found again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.model import Article, ArticleDraft, Failure, Origin, Problem, Stage, TimeSource
from storage import SqlStore
from tests.stores import World, draft, entry, ingested, titles


def test_the_same_id_and_text_is_known_and_another_text_a_revision(world: World) -> None:
    store, now = world.store, world.now
    first = store.add_articles(Origin.INGEST, [ingested("a", "one"), ingested("b", "two")], now)
    again = store.add_articles(Origin.INGEST, [ingested("a", "one"), ingested("b", "2"), ingested("c", "three")], now)
    assert (first.new, first.revised, first.known) == ((0, 1), (), ())
    assert (again.new, again.revised, again.known) == ((2,), (1,), (0,))
    assert [(article.key, article.text, article.revision) for article in world.claim()] == [
        ("a", "one", 0),
        ("b", "2", 1),
        ("c", "three", 0),
    ]


def test_another_title_for_the_same_text_is_known(world: World) -> None:
    world.add(ingested("a", "one", title="A"))
    assert world.store.add_articles(Origin.INGEST, [ingested("a", "one", title="B")], world.now).known == (0,)


def test_an_article_without_a_text_is_revised_by_its_title(world: World) -> None:
    world.add(ArticleDraft(key="a", title="A"))
    assert world.store.add_articles(Origin.INGEST, [ArticleDraft(key="a", title="B")], world.now).revised == (0,)


def test_an_id_given_twice_in_one_call_is_one_article(world: World) -> None:
    drafts = [ingested("a", "one"), ingested("a", "one"), ingested("a", "two"), ingested("a", "two")]
    added = world.store.add_articles(Origin.INGEST, drafts, world.now)
    assert (added.new, added.revised, added.known) == ((0,), (2,), (1, 3))
    assert [(article.text, article.revision) for article in world.claim()] == [("two", 1)]


def test_every_new_id_is_a_row_also_at_a_known_url(world: World) -> None:
    world.add(ingested("a", url="https://x.example/1"), ingested("b", url="https://x.example/1"))
    assert world.store.counts(world.now).articles == 2


def test_a_draft_keeps_all_that_it_says(world: World) -> None:
    draft = ArticleDraft(
        key="a",
        url="https://x.example/1",
        title="标题 \U0001f600",
        text="text",
        html="<p>html</p>",
        teaser="<i>teaser</i>",
        published=world.now,
        published_text="2025-10-24",
        published_from=TimeSource.DECLARED,
        authors=("A. Author", "B. Author"),
        language="zh",
        source="x.example",
        guid="g",
        is_silent=True,
        note="note",
    )
    world.add(draft)
    article = world.claim()[0]
    names = ("key", "url", "title", "text", "html", "teaser", "published", "published_text", "published_from")
    for name in (*names, "authors", "language", "source", "guid", "is_silent", "note"):
        assert getattr(article, name) == getattr(draft, name)


def test_articles_are_claimed_once_oldest_first(world: World) -> None:
    world.add(*(ingested(key) for key in "abc"))
    assert [[article.key for article in world.claim(limit=2)] for _ in range(3)] == [["a", "b"], ["c"], []]


def test_articles_of_one_origin_can_be_claimed(world: World) -> None:
    world.add(ingested("a"))
    world.add(ArticleDraft(key="s.txt", text="seed"), origin=Origin.SEED)
    claimed = world.store.claim_new_articles(world.now, limit=9, lease_s=60, origin=Origin.SEED)
    assert [article.external_id for article in claimed] == ["seed:s.txt"]
    assert [article.external_id for article in world.claim()] == ["a"]


def test_a_lease_that_ran_out_is_claimed_by_another(world: World) -> None:
    world.add(ingested("a"))
    slow = world.claim()[0]
    world.clock.advance(seconds=60)
    quick = world.claim()[0]
    assert world.study(slow).is_stale
    assert not world.store.set_aside(slow, Failure(problem=Problem.HARMFUL), world.now)
    assert not world.study(quick).is_stale


def test_a_lease_that_ran_out_still_holds_while_nobody_took_over(world: World) -> None:
    world.add(ingested("a"))
    slow = world.claim()[0]
    world.clock.advance(hours=2)
    world.store.reap(world.now)
    assert not world.study(slow).is_stale


def test_a_revision_is_not_set_aside_for_the_text_before(world: World) -> None:
    world.add(ingested("a", "one"))
    old = world.claim()[0]
    world.add(ingested("a", "two"))
    assert not world.store.set_aside(old, Failure(problem=Problem.HARMFUL), world.now)
    assert [article.text for article in world.claim()] == ["two"]


def test_an_article_set_aside_says_why_and_is_not_claimed(world: World) -> None:
    world.add(ingested("a"))
    failure = Failure(problem=Problem.HARMFUL, detail="killed after 10 s")
    assert world.store.set_aside(world.claim()[0], failure, world.now)
    article = world.store.find_article("a")
    assert article is not None
    assert (article.stage, article.failure) == (Stage.FAILED, failure)
    world.clock.advance(hours=1)
    assert world.claim() == []
    assert world.store.counts(world.now).set_aside == 1


def test_each_other_text_that_a_person_gives_is_read(world: World) -> None:
    for n in range(30):
        world.add(ingested("a", f"text {n}"))
    assert world.claim()[0].text == "text 29"


def test_a_notice_is_written_with_the_setting_aside_and_only_with_it(world: World) -> None:
    world.add(ingested("a"))
    [article] = world.claim()
    failure = Failure(problem=Problem.INTERNAL)
    other = replace(article, lease_token=article.lease_token + 1)
    assert not world.store.set_aside(other, failure, world.now, [draft("operator:no:desk")])
    assert world.store.set_aside(article, failure, world.now, [draft("operator:yes:desk")])
    assert [row.key for row in world.store.outbox()] == ["operator:yes:desk"]


def test_articles_set_aside_can_be_listed_and_studied_again(world: World) -> None:
    world.add(ingested("a"), ingested("b"))
    world.store.set_aside(world.claim()[0], Failure(problem=Problem.INTERNAL, detail="x"), world.now)
    world.study_all()
    assert [article.key for article in world.store.articles(stage=Stage.FAILED)] == ["a"]
    assert world.store.retry_set_aside() == 1
    [article] = world.claim()
    assert (article.key, article.stage, article.failure) == ("a", Stage.NEW, None)
    assert world.store.retry_set_aside() == 0


def test_another_text_gives_an_article_set_aside_another_try(world: World) -> None:
    world.add(ingested("a", "one"))
    world.store.set_aside(world.claim()[0], Failure(problem=Problem.HARMFUL), world.now)
    world.add(ingested("a", "two"))
    article = world.claim()[0]
    assert (article.text, article.failure) == ("two", None)


@pytest.fixture
def library(world: World) -> World:
    world.add(ArticleDraft(key="000_x.txt", text="seed"), origin=Origin.SEED)
    world.add(ingested("given id", url="https://x.example/1?utm=2", title="ingested"))
    world.poll(world.add_feed(), entry("guid-1", "polled"))
    return world


@pytest.mark.parametrize(
    ("ref", "title"),
    [
        ("given id", "ingested"),
        (" given id ", "ingested"),
        ("https://x.example/1?utm=2", "ingested"),
        ("https://www.news.example/guid-1", "polled"),
        ("seed:000_x.txt", ""),
        ("000_x.txt", ""),
        ("guid-1", None),
        ("seed:given id", None),
        ("https://x.example/2", None),
        ("12345", None),
        ("9" * 30, None),
        ("-1", None),
        ("", None),
        ("\0\ud800", None),
    ],
)
def test_an_article_is_found_by_what_a_user_knows_it_by(library: World, ref: str, title: str | None) -> None:
    found = library.store.find_article(ref)
    assert (found.title if found else None) == title


def test_an_article_is_found_by_our_id_and_by_its_canonical_url(library: World) -> None:
    for article in library.claim():
        library.study(article)
        assert library.store.find_article(str(article.id)) == library.store.article(article.id)
        assert library.store.article(article.id).text == article.text
    assert library.store.article(2**70) is None


def test_a_numeric_given_id_is_found(world: World) -> None:
    world.add(ingested("42", title="answer"))
    assert world.store.find_article("42").title == "answer"


def test_articles_come_in_the_order_they_were_seen(world: World) -> None:
    world.add(*(ingested(str(n), f"text {n}") for n in range(1203)))
    forward = list(world.store.articles(newest_first=False))
    assert [article.key for article in forward] == [str(n) for n in range(1203)]
    assert [article.id for article in world.store.articles()] == [article.id for article in reversed(forward)]
    assert [article.key for article in world.store.articles(limit=2)] == ["1202", "1201"]
    assert {article.text for article in forward} == {""}
    assert [article.text for article in world.store.articles(limit=1, bodies=True)] == ["text 1202"]


def test_articles_of_one_origin_can_be_listed(library: World) -> None:
    assert titles(list(library.store.articles(origin=Origin.FEED))) == ["polled"]


def test_ten_thousand_articles_come_back(world: World) -> None:
    drafts = [ingested(f"id-{n}", f"text {n}") for n in range(10_000)]
    assert len(world.store.add_articles(Origin.INGEST, drafts, world.now).new) == 10_000
    assert {article.external_id for article in world.store.articles()} == {draft.key for draft in drafts}


def test_a_list_read_slowly_holds_nothing_up(world: World, store: SqlStore) -> None:
    world.add(*(ingested(str(n)) for n in range(600)))
    reading = store.articles(newest_first=False)
    seen: list[Article] = [next(reading)]
    world.add(ingested("late"))
    seen += reading
    assert [article.key for article in seen] == [*(str(n) for n in range(600)), "late"]
