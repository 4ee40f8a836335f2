"""The store's contract: what study found, its story, its matches and the alerts they make."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor import dedupe
from monitor.model import (
    Article,
    ArticleDraft,
    Completeness,
    CopyKind,
    Failure,
    Fingerprint,
    Match,
    Origin,
    Phase,
    Placement,
    Problem,
    Stage,
    TimeSource,
)
from monitor.ports import Decision, Store, Studied, StudyView
from storage import open_store
from storage import open_stories as stories
from tests.fakes import FakeClock
from tests.stores import FEED_URL, SPAN, World, draft, entry, ingested

TEXT = b"t" * 16
OTHER = b"o" * 16


def study_copies(world: World, *keys: str) -> None:
    world.add(*(ingested(key) for key in keys))
    for article in world.claim():
        world.study(article, text_hash=TEXT)


def test_a_studied_article_has_a_story_of_its_own(world: World) -> None:
    world.add(ingested("a", title="A"), ingested("b", title="B"))
    saved = world.study_all()
    assert len({s.story_id for s in saved}) == 2
    assert [(story.title, story.articles, story.outlets, story.unsourced) for story in world.store.stories()] == [
        ("A", ("a",), 0, 1),
        ("B", ("b",), 0, 1),
    ]
    assert world.store.check() == []


def test_all_that_study_found_is_kept(world: World) -> None:
    world.add(ingested("a"))
    found = {
        "url": "https://x.example/final",
        "title": "Title",
        "text": "clean text",
        "html": "",
        "authors": ("A",),
        "language": "de",
        "source": "x.example",
        "site": "X",
        "image": "https://x.example/i.png",
        "dateline": "BERLIN",
        "agency": "dpa",
        "published": world.now,
        "published_text": "2025-10-24T12:00:00Z",
        "published_from": TimeSource.PAGE,
        "completeness": Completeness.BLOCKED,
        "failure": Failure(problem=Problem.FORBIDDEN, detail="paywall"),
    }
    article = world.claim()[0]
    studied = Studied(
        article=replace(article, **found), fingerprint=Fingerprint(url_key="x.example/final", text_hash=TEXT)
    )
    saved = world.store.save_study(studied, lambda s, view: Decision(placement=Placement()), world.now)
    kept = world.store.article(article.id)
    expected = {
        **found,
        "stage": Stage.DONE,
        "url_key": "x.example/final",
        "text_hash": TEXT,
        "story_id": saved.story_id,
        "duplicate_of": None,
    }
    assert {name: getattr(kept, name) for name in expected} == expected
    assert world.store.find_article("x.example/final") == kept


def test_a_copy_goes_under_its_original_and_into_its_story(world: World) -> None:
    study_copies(world, "a", "b", "c")
    original = world.store.find_article("a")
    assert [copy.key for copy in world.store.copies(original.id)] == ["b", "c"]
    [story] = world.store.stories()
    assert story.articles == ("a", "b", "c")
    assert {copy.story_id for copy in world.store.copies(original.id)} == {original.story_id}


def test_candidates_share_a_url_or_a_text_and_are_placed(world: World) -> None:
    world.add(
        ingested("url", url="u"), ingested("text", url="v"), ingested("neither", url="w"), ingested("new", url="u")
    )
    url, text, neither, new = world.claim()
    world.study(url, text_hash=OTHER)
    world.study(text, text_hash=TEXT)
    world.study(neither)
    seen: list[list[tuple[int, int]]] = []

    def look(studied: Studied, view: StudyView) -> Decision:
        asked = (studied.fingerprint, Fingerprint(), Fingerprint(url_key="u"), Fingerprint(text_hash=TEXT))
        seen.extend([(c.id, c.original_id) for c in view.candidates(fingerprint)] for fingerprint in asked)
        return Decision(placement=Placement(story_id=view.new_story()))

    fingerprint = Fingerprint(url_key="u", text_hash=TEXT)
    world.store.save_study(Studied(article=new, fingerprint=fingerprint), look, world.now)
    both = [(url.id, url.id), (text.id, text.id)]
    assert seen == [both, [], both[:1], both[1:]]


def test_a_copy_of_a_copy_goes_under_the_original(world: World) -> None:
    study_copies(world, "a", "b")
    original, copy = world.store.find_article("a"), world.store.find_article("b")
    world.add(ingested("c"))
    under = Placement(duplicate_of=copy.id)
    studied = Studied(article=world.claim()[0], fingerprint=Fingerprint())
    saved = world.store.save_study(studied, lambda s, view: Decision(placement=under), world.now)
    assert (saved.duplicate_of, saved.story_id) == (original.id, original.story_id)


def test_copies_of_what_becomes_a_copy_move_along(world: World) -> None:
    study_copies(world, "a", "b")
    world.add(ingested("z", "other text"))
    world.study(world.claim()[0], text_hash=OTHER)
    world.add(ingested("a", "other text"))
    world.study(world.claim()[0], text_hash=OTHER)
    first = world.store.find_article("z")
    assert sorted(copy.key for copy in world.store.copies(first.id)) == ["a", "b"]
    assert world.store.check() == []


def test_an_original_that_is_revised_is_no_copy_of_its_copies(world: World) -> None:
    study_copies(world, "a", "b")
    world.add(ingested("a", "another text"))
    world.study(world.claim()[0], text_hash=TEXT)
    original = world.store.find_article("a")
    assert original.duplicate_of is None
    assert [copy.key for copy in world.store.copies(original.id)] == ["b"]


def test_a_revision_stays_in_its_story_and_alerts_nobody_twice(world: World) -> None:
    world.add(ingested("a", "one"))
    first = world.study(world.claim()[0], "tariffs")
    world.add(ingested("a", "two"))
    second = world.study(world.claim()[0], "tariffs")
    assert (first.story_id, first.queued) == (second.story_id, 1)
    assert second.queued == 0


def test_matches_of_an_earlier_revision_are_replaced(world: World) -> None:
    world.add(ingested("a", "one"))
    world.study(world.claim()[0], "tariffs", "rare earths")
    world.add(ingested("a", "two"))
    world.study(world.claim()[0], "rare earths", "soy")
    assert sorted(match.topic for match in world.store.matches()) == ["rare earths", "soy"]


def test_a_match_tells_topic_spans_and_when_it_was_alerted(world: World) -> None:
    world.add(ingested("a"))
    article = world.claim()[0]
    saved = world.study(article, "tariffs")
    [match] = world.store.matches(article_id=article.id)
    assert (match.article_ref, match.story_id, match.topic, match.topic_no) == ("a", saved.story_id, "tariffs", 1)
    assert (match.phase, match.spans, match.watchlist_version, match.alerted_at) == (Phase.FULL, (SPAN,), "v1", "")
    [rows] = world.store.claim_messages(world.now, limit=1, lease_s=60)
    world.store.mark_sent(rows, "alert-1", world.now)
    assert [match.alerted_at for match in world.store.matches()] == ["2025-10-24T12:00:00Z"]


def test_matches_of_all_articles_come_oldest_article_first(world: World) -> None:
    world.add(*(ingested(str(n)) for n in range(300)))
    for article in world.claim(limit=300):
        world.study(article, "tariffs", "soy")
    found = [(match.article_ref, match.topic) for match in world.store.matches()]
    assert found == [(str(n), topic) for n in range(300) for topic in ("tariffs", "soy")]
    assert len(list(world.store.stories())) == 300


def test_silent_articles_are_matched_and_stored_all_the_same(world: World) -> None:
    world.poll(world.add_feed(FEED_URL), entry("1"))
    assert world.study(world.claim()[0], "tariffs").queued == 0
    assert [match.topic for match in world.store.matches()] == ["tariffs"]


def test_a_decision_sees_the_topics_of_the_earlier_revision(world: World) -> None:
    seen: list[frozenset[int]] = []

    def look(studied: Studied, view: StudyView) -> Decision:
        seen.append(view.matched())
        return Decision(placement=Placement())

    world.add(ingested("other"))
    world.study(world.claim()[0], "soy")
    world.add(ingested("a", "one"))
    world.study(world.claim()[0], "tariffs", "rare earths")
    numbers = world.store.sync_topics([("tariffs", ""), ("rare earths", "")], world.now)
    world.add(ingested("a", "two"), ingested("new"))
    for article in world.claim():
        world.store.save_study(Studied(article=article, fingerprint=Fingerprint()), look, world.now)
    assert seen == [frozenset(numbers.values()), frozenset()]


def test_a_study_is_saved_once(world: World) -> None:
    world.add(ingested("a"))
    article = world.claim()[0]
    assert not world.study(article, "tariffs").is_stale
    again = world.study(article, "tariffs")
    assert (again.is_stale, again.queued, again.story_id) == (True, 0, 0)


def test_a_study_that_fails_half_way_leaves_nothing(world: World) -> None:
    world.add(ingested("a"))
    article = world.claim()[0]
    unknown = (("tariffs", 77),)  # no such topic: the match cannot be stored, after the story and the article were
    studied = Studied(
        article=article,
        fingerprint=Fingerprint(),
        matches=(Match(topic="tariffs", spans=(SPAN,)),),
        topics=unknown,
    )
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        world.store.save_study(studied, lambda s, view: Decision(placement=Placement()), world.now)
    assert world.store.article(article.id).stage is Stage.NEW
    counts = world.store.counts(world.now)
    assert (counts.stories, counts.matches, counts.pending) == (0, 0, 0)
    assert not world.study(article, "tariffs").is_stale


def test_a_decision_that_fails_is_told_to_its_caller_and_leaves_nothing(world: World) -> None:
    def fail(studied: Studied, view: StudyView) -> Decision:
        view.new_story()
        raise ZeroDivisionError

    world.add(ingested("a"))
    article = world.claim()[0]
    with pytest.raises(ZeroDivisionError):
        world.store.save_study(Studied(article=article, fingerprint=Fingerprint()), fail, world.now)
    assert world.store.counts(world.now).stories == 0
    assert not world.study(article).is_stale


def test_an_outbox_key_that_exists_is_skipped(world: World) -> None:
    world.put(draft("first:1:1:desk"))
    world.add(ingested("a"))
    both = (draft("first:1:1:desk"), draft("first:2:1:desk"), draft("first:2:1:desk"))
    decision = Decision(placement=Placement(), drafts=both)
    studied = Studied(article=world.claim()[0], fingerprint=Fingerprint())
    assert world.store.save_study(studied, lambda s, view: decision, world.now).queued == 1


def test_the_decision_names_the_story(world: World) -> None:
    study_copies(world, "a")
    story_id = world.store.find_article("a").story_id
    world.add(ingested("b"))
    studied = Studied(article=world.claim()[0], fingerprint=Fingerprint())
    placement = Placement(story_id=story_id)
    saved = world.store.save_study(studied, lambda s, view: Decision(placement=placement), world.now)
    assert (saved.story_id, saved.duplicate_of) == (story_id, None)
    assert [story.articles for story in world.store.stories()] == [("a", "b")]


def test_seeds_and_copies_are_placed_like_all_others(world: World) -> None:
    world.add(ingested("a"), origin=Origin.SEED)
    world.add(ingested("b"))
    for article in world.claim():
        world.study(article, text_hash=TEXT)
    seed = world.store.find_article("seed:a")
    assert [copy.ref for copy in world.store.copies(seed.id)] == ["b"]


def later(world: World, article: Article, *topics: str) -> Studied:
    numbers = world.store.sync_topics([(topic, "") for topic in topics], world.now)
    matches = tuple(Match(topic=topic, spans=(SPAN,)) for topic in topics)
    return Studied(
        article=article,
        fingerprint=Fingerprint(),
        matches=matches,
        topics=tuple(numbers.items()),
        watchlist_version="v2",
    )


def test_later_matches_join_the_earlier_ones_and_take_the_place_of_their_own(world: World) -> None:
    world.add(ingested("a"), ingested("b"))
    for article in world.claim():
        world.study(article, "old", "changed")
    article = world.store.find_article("a")
    assert article is not None
    row = replace(draft("first:9:7:desk", topic_no=3), article_id=article.id)

    assert world.store.save_rematch([later(world, article, "changed", "new")], [row, row], world.now) == 1
    assert world.store.save_rematch([later(world, article, "changed", "new")], [row], world.now) == 0

    assert [(match.topic, match.watchlist_version) for match in world.store.matches(article_id=article.id)] == [
        ("old", "v1"),
        ("changed", "v2"),
        ("new", "v2"),
    ]
    assert len(list(world.store.matches())) == 5
    assert world.store.outbox_keys(["first:9:7:desk", "first:9:8:desk"]) == {"first:9:7:desk"}
    assert world.store.outbox(article_ids=[article.id], story_id=-1)[0].key == "first:9:7:desk"


def test_what_was_revised_meanwhile_gets_no_later_matches_and_no_rows(world: World) -> None:
    world.add(ingested("a"))
    world.study_all()
    article = world.store.find_article("a")
    assert article is not None
    world.add(ingested("a", "Another text."))
    row = replace(draft("first:9:7:desk"), article_id=article.id)

    assert world.store.save_rematch([later(world, article, "new")], [row], world.now) == 0
    world.study_all()
    assert world.store.save_rematch([later(world, article, "new")], [row], world.now) == 0
    assert list(world.store.matches()) == []


def test_alerts_joined_under_another_number_still_say_when_a_match_was_alerted(world: World) -> None:
    world.add(ingested("a"))
    world.study_all()
    article = world.store.find_article("a")
    assert article is not None
    row = replace(draft("first:1:7:desk", story_id=99, topic_no=1), article_id=article.id)
    world.store.save_rematch([later(world, article, "new")], [row], world.now)
    [rows] = world.store.claim_messages(world.now, limit=1, lease_s=60)
    world.store.mark_sent(rows, "alert-1", world.now)
    assert [match.alerted_at for match in world.store.matches()] == ["2025-10-24T12:00:00Z"]


# Near copies


def shingled(*shingles: int, url: str = "") -> Fingerprint:
    return Fingerprint(url_key=url, shingles=frozenset(shingles), sketch=shingles)


def place_near(world: World, key: str, mark: Fingerprint, *, revised: str = "") -> list[str]:
    """Study an article, as a copy of the first candidate if there is one; returns the keys of all candidates."""
    world.add(ingested(key, revised or f"The text of {key}."))
    seen: list[str] = []

    def first(studied: Studied, view: StudyView) -> Decision:
        found = view.candidates(studied.fingerprint)
        seen.extend(one.text.removeprefix("The text of ").removesuffix(".") for one in found)
        if not found:
            return Decision(placement=Placement(story_id=view.new_story()))
        return Decision(placement=Placement(duplicate_of=found[0].original_id, kind=CopyKind.EXCERPT))

    world.store.save_study(Studied(article=world.claim()[0], fingerprint=mark), first, world.now)
    return seen


def test_texts_that_share_shingles_are_candidates_with_their_texts(world: World) -> None:
    assert place_near(world, "a", shingled(*range(20))) == []
    assert place_near(world, "b", shingled(*range(18, 38))) == ["a"]
    assert place_near(world, "c", shingled(19, *range(50, 70))) == []
    copy = world.store.find_article("b")
    assert (copy.copy_kind, copy.duplicate_of) == (CopyKind.EXCERPT, world.store.find_article("a").id)
    assert world.store.find_article("c").copy_kind is CopyKind.NONE


def test_of_few_shingles_one_is_enough(world: World) -> None:
    place_near(world, "a", shingled(1, 2, 3, 4))
    assert place_near(world, "b", shingled(4, 5, 6, 7)) == ["a"]


def test_a_text_copied_without_end_is_still_found(world: World) -> None:
    marks = shingled(*range(20))
    for number in range(80):
        place_near(world, f"n{number}", marks)
    assert place_near(world, "last", marks) == ["n0"]


def test_what_very_many_texts_have_tells_nothing(world: World) -> None:
    for number in range(64):
        world.add(ingested(f"n{number}"))
        alone = Studied(article=world.claim()[0], fingerprint=shingled(1, 2, 3))
        world.store.save_study(alone, lambda s, view: Decision(placement=Placement()), world.now)
    assert place_near(world, "last", shingled(1, 2, 3)) == []


def test_a_revision_is_found_by_its_new_text_only(world: World) -> None:
    place_near(world, "a", shingled(*range(20)))
    place_near(world, "a", shingled(*range(100, 120)), revised="Other words.")
    assert place_near(world, "b", shingled(*range(20))) == []
    assert place_near(world, "c", shingled(*range(100, 120))) == ["Other words"]


# Stories


def told(number: int, *, at: datetime | None = None) -> ArticleDraft:
    """An article on one of three events; the longer the list, the more of each."""
    event, words = f"event{number % 3}", " ".join(f"{name}{number % 3}" for name in "abcdefghijklmnop")
    return ArticleDraft(
        key=f"n{number}", title=event.title(), text=f"{words} and {number}more", language="en", published=at
    )


def tell(world: World, *numbers: int, at: datetime | None = None) -> None:
    world.add(*(told(number, at=at) for number in numbers))
    for article in world.claim():
        about = dedupe.profile(article.title, article.text, article.language)
        world.store.save_study(Studied(article=article, fingerprint=Fingerprint(), profile=about), join, world.now)


def join(studied: Studied, view: StudyView) -> Decision:
    story = dedupe.join_story(studied.article, studied.profile, view)
    assert story is not None
    return Decision(placement=Placement(story_id=story.id), story=story)


def groups(store: Store) -> list[tuple[str, ...]]:
    return sorted(tuple(sorted(story.articles)) for story in store.stories())


def count(world: World, what: str, where: str = "true") -> int:
    with world.store._db.read() as conn:
        return conn.scalar(text(f"SELECT count(*) FROM {what} WHERE {where}"))


def test_articles_join_the_stories_that_they_are_likest_to(world: World) -> None:
    tell(world, *range(7))
    assert groups(world.store) == [("n0", "n3", "n6"), ("n1", "n4"), ("n2", "n5")]
    assert count(world, "story", "terms IS NOT NULL") == 3
    assert world.store.check() == []


def test_a_story_is_found_by_its_id_with_its_articles(world: World) -> None:
    tell(world, *range(5))
    newest, *_, oldest = world.store.stories(newest_first=True)
    assert (oldest.articles, newest.articles) == (("n0", "n3"), ("n2",))
    assert (oldest.texts, oldest.outlets, oldest.unsourced) == (2, 0, 2)
    assert world.store.story(oldest.id) == oldest
    assert [article.key for article in world.store.story_articles(oldest.id)] == ["n0", "n3"]
    assert world.store.story(1) is None
    assert world.store.story_articles(1) == []


def test_a_restart_changes_nothing(blank_url: str, tmp_path: Path) -> None:
    clock = FakeClock()
    with closing(open_store(blank_url, state=tmp_path, clock=clock)) as store:
        tell(World(store, clock), *range(5), at=clock())
    with closing(open_store(blank_url, state=tmp_path, clock=clock)) as store:
        tell(World(store, clock), *range(5, 12), at=clock())
        restarted = groups(store), placed_by(store)
    with closing(open_store("sqlite:///whole.db", state=tmp_path, clock=clock)) as store:
        tell(World(store, clock), *range(12), at=clock())
        assert restarted == (groups(store), placed_by(store))


def placed_by(store: Store) -> list[list[tuple[object, ...]]]:
    """All that later articles are placed by, without the ids."""
    asked = (
        "SELECT terms, first_at, last_at, turn, language FROM story ORDER BY turn",
        "SELECT term, df FROM term_df ORDER BY term",
        "SELECT term FROM story_term ORDER BY term",
    )
    with store._db.read() as conn:
        return [[tuple(row) for row in conn.execute(text(query))] for query in asked]


def test_a_story_is_closed_when_its_time_and_its_turn_are_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "_CLOSE_EVERY", 1)
    monkeypatch.setattr(stories, "_IDLE_TURNS", 2)
    tell(world, 0, at=world.now)
    world.clock.advance(days=9)
    tell(world, 1, at=world.now)
    assert (count(world, "story_term"), count(world, "story", "terms IS NOT NULL")) == (2 * 19, 2)
    tell(world, 4, 7, at=world.now)
    assert count(world, "story", "terms IS NOT NULL") == 1
    assert count(world, "story_term") == 19 + 2
    tell(world, 3, at=world.now - timedelta(days=9))
    assert ("n0",) in groups(world.store)
    assert world.store.check() == []


def test_an_article_far_ahead_of_the_clock_closes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "_CLOSE_EVERY", 1)
    monkeypatch.setattr(stories, "_IDLE_TURNS", 0)
    tell(world, 0, at=world.now)
    tell(world, 1, 2, at=world.now + timedelta(days=900))
    assert count(world, "story", "terms IS NOT NULL") == 3


def test_a_revision_stays_and_counts_once(world: World) -> None:
    tell(world, 0, 1)
    before = placed_by(world.store)
    world.add(replace(told(0), text=told(1).text))
    world.study(world.claim()[0])
    assert groups(world.store) == [("n0",), ("n1",)]
    assert placed_by(world.store) == before


def test_what_is_forgotten_takes_its_story_along(world: World) -> None:
    tell(world, 0, 1)
    world.clock.advance(days=400)
    world.store.forget(world.now, articles_before=world.now - timedelta(days=365), log_before=world.now)
    assert [count(world, table) for table in ("story", "story_term", "article")] == [0, 0, 0]


def test_a_decision_sees_the_other_articles_of_a_story_on_a_topic(world: World) -> None:
    seen: list[list[str]] = []

    def look(studied: Studied, view: StudyView) -> Decision:
        numbers = dict(studied.topics)
        found = view.articles_on(story_id, numbers["tariffs"])
        assert all(article.text == "" for article in found)
        seen.append([article.key for article in found])
        return Decision(placement=Placement(story_id=story_id))

    study_copies(world, "a", "copy")
    world.add(ingested("a", "another text"))
    story_id = world.study(world.claim()[0], "tariffs").story_id
    for name, topic in (("b", "tariffs"), ("c", "soy"), ("d", "tariffs")):
        world.add(ingested(name))
        numbers = world.store.sync_topics([("tariffs", ""), (topic, "")], world.now)
        matches = (Match(topic=topic, spans=(SPAN,)),)
        studied = Studied(
            article=world.claim()[0], fingerprint=Fingerprint(), matches=matches, topics=tuple(numbers.items())
        )
        world.store.save_study(studied, look, world.now)
    assert seen == [["a"], ["b", "a"], ["b", "a"]]
