from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.archive import read_time
from monitor.app.seeds import load_seeds, seed_articles
from monitor.dedupe import fingerprint, join_story, place, profile, rejoin_story
from monitor.model import Article, Candidate, Origin, Placement
from tests.unit.dedupe.memory import MemoryView, place_all
from tests.unit.dedupe.written import events

NOON = datetime(2025, 10, 23, 12, tzinfo=UTC)
SEEDS = seed_articles(load_seeds(Path("/nowhere")), NOON)
EVENTS = events("rivals")
NEIGHBOURS = tuple(events("neighbours"))
TEXTS = {name: (title, text) for name, (title, _, text) in events("events").items()}
QUAKE, QUAKE_ELSEWHERE, OTHER_QUAKE = (TEXTS[name] for name in ("quake", "the same quake elsewhere", "another quake"))


def article(said: tuple[str, str], at: datetime | None = NOON, *, text: str = "", language: str = "en") -> Article:
    published_text = text or (at.isoformat() if at else "")
    return Article(
        id=1,
        origin=Origin.INGEST,
        title=said[0],
        text=said[1],
        language=language,
        published=at,
        published_text=published_text,
        first_seen=NOON,
    )


def rival(event: str) -> Article:
    title, day, text = (EVENTS | events("neighbours"))[event]
    return article((title, text), read_time(day)[0], text=day)


def are_one(*articles: Article) -> bool:
    return len(set(place_all(articles))) == 1


# The seeds


def test_the_seeds_are_one_story_in_every_order() -> None:
    assert all(are_one(*order) for order in permutations(SEEDS))


def test_the_seeds_are_one_story_when_their_times_are_unknown() -> None:
    undated = [replace(seed, published=None, published_text="") for seed in SEEDS]
    assert all(are_one(*order) for order in permutations(undated))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("is_first", [False, True], ids=["after", "before"])
def test_a_rival_event_is_another_story_than_the_seeds(event: str, is_first: bool) -> None:
    other = rival(event)
    found = place_all([other, *SEEDS] if is_first else [*SEEDS, other])
    mine, seeds = (found[0], found[1:]) if is_first else (found[-1], found[:-1])
    assert len(set(seeds)) == 1
    assert mine not in seeds


@pytest.mark.parametrize("neighbours", [NEIGHBOURS, tuple(reversed(NEIGHBOURS))], ids=["in time", "reversed"])
def test_no_neighbour_of_the_talks_joins_the_seeds_by_way_of_another(neighbours: Sequence[str]) -> None:
    others = [rival(name) for name in neighbours]
    for seeds in permutations(SEEDS):
        found = place_all([*seeds, *others])
        assert len(set(found[: len(seeds)])) == 1
        assert not set(found[: len(seeds)]) & set(found[len(seeds) :])


def test_the_rivals_are_a_story_each() -> None:
    assert len(set(place_all([rival(event) for event in EVENTS]))) == len(EVENTS)


def test_no_seed_is_a_near_copy_of_another() -> None:
    for mine, other in combinations(SEEDS, 2):
        stored = Candidate(
            id=1,
            original_id=1,
            story_id=1,
            url_key="",
            text_hash=b"",
            first_seen=NOON,
            origin=Origin.SEED,
            text=other.text,
        )
        mark = fingerprint(url="", canonical="", title=mine.title, text=mine.text)
        assert place(mark, [stored]) == Placement()


# Events and times


def test_two_outlets_on_one_event_are_one_story() -> None:
    assert are_one(article(QUAKE), article(QUAKE_ELSEWHERE, NOON + timedelta(hours=9)))


def test_another_event_of_the_kind_is_another_story() -> None:
    assert not are_one(article(QUAKE), article(OTHER_QUAKE))


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(timedelta(hours=11), True), (timedelta(days=6, hours=23), False), (timedelta(days=8), False)],
)
def test_time_parts_what_words_do_not(gap: timedelta, expected: bool) -> None:
    again = (QUAKE_ELSEWHERE[0], QUAKE_ELSEWHERE[1])
    assert are_one(article(QUAKE), article(again, NOON + gap)) == expected
    assert are_one(article(again, NOON + gap), article(QUAKE)) == expected


def test_after_a_week_not_even_the_same_words_join() -> None:
    assert are_one(article(QUAKE), article(QUAKE, NOON + timedelta(days=5)))
    assert not are_one(article(QUAKE), article(QUAKE, NOON + timedelta(days=7, minutes=1)))


def test_an_unknown_time_is_no_distance() -> None:
    assert are_one(article(QUAKE, None), article(QUAKE_ELSEWHERE))
    assert are_one(article(QUAKE), article(QUAKE_ELSEWHERE, None))
    assert are_one(article(QUAKE), article(QUAKE_ELSEWHERE, None), article(QUAKE, NOON + timedelta(days=3)))


def test_a_time_known_to_the_day_is_the_whole_day() -> None:
    day = article(QUAKE, datetime(2025, 10, 18, tzinfo=UTC), text="2025-10-18")
    late = article(QUAKE, datetime(2025, 10, 23, 23, 59, tzinfo=UTC))
    assert are_one(day, late)
    assert not are_one(replace(day, published_text="2025-10-18T00:00:00Z"), late)


def test_languages_keep_their_own_stories() -> None:
    assert not are_one(article(QUAKE), article(QUAKE, language="de"))
    assert are_one(article(QUAKE, language="en-GB"), article(QUAKE, language="en_US"))


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_stories_are_found_in_other_scripts(language: str) -> None:
    first, second = (article(TEXTS[f"{language} {which}"], language=language) for which in ("one", "two"))
    assert are_one(first, second)


def test_a_headline_alone_joins_nothing() -> None:
    headline = ("Tariffs on steel rise again", "")
    assert not are_one(article(headline), article(headline))


def test_an_article_that_says_nothing_has_no_story_to_join() -> None:
    assert place_all([article(("", "")), article(("…", "12"))]) == [0, 1]


@given(st.lists(st.text(), max_size=4), st.sampled_from(["en", "zh", "", "xx-YY", "th"]))
def test_any_texts_are_placed(texts: Sequence[str], language: str) -> None:
    view = MemoryView()
    for text in texts:
        assert view.place(article((text, text), language=language)) in {0, *view.stories}


# Profiles


def weights(title: str, text: str) -> dict[int, float]:
    found = profile(title, text, "en")
    return dict(zip(found.terms, found.weights, strict=True))


def only(text: str) -> int:
    (term,) = profile("", text, "en").terms
    return term


def test_title_lead_and_names_weigh_more() -> None:
    filler = "word " * 100
    late, early = weights("", f"{filler} magnets"), weights("", f"magnets {filler}")
    titled, named = weights("magnets", f"{filler}"), weights("", f"{filler} to Magnets")
    key = only("magnets")
    assert late[key] < early[key] < titled[key]
    assert named[key] == 2 * late[key]


def test_two_words_that_only_stand_as_one_name_weigh_as_one() -> None:
    about = profile("", "They met in Kuala Lumpur. Kuala Lumpur is warm. The Malaysia of old met Malaysia again.", "en")
    weights = dict(zip(about.terms, about.weights, strict=True))
    (kuala, lumpur, malaysia) = (weights[profile("", word, "en").terms[0]] for word in ("Kuala", "Lumpur", "Malaysia"))
    assert kuala == lumpur
    assert kuala**2 + lumpur**2 == pytest.approx(malaysia**2)


def test_inflections_and_spellings_are_one_term() -> None:
    assert only("tariffs") == only("tariff") == only("Tariff")
    assert only("U.S.") == only("US") == only("USA")
    assert only("us") != only("US")


def test_days_and_months_tell_nothing() -> None:
    assert profile("Monday", "in October, sept, x", "en").terms == profile("", "in", "en").terms


def test_common_words_are_known_to_be_common() -> None:
    common, rare = (profile("", word, "en").frequencies[0] for word in ("the", "dysprosium"))
    assert common > 0.01
    assert rare < 1e-5


def test_what_a_page_adds_to_its_teaser_is_added_to_the_story_of_the_article() -> None:
    view = MemoryView()
    title, text = QUAKE
    teaser, whole = article((title, text.partition(". ")[0])), article(QUAKE)
    first = join_story(teaser, profile(title, teaser.text, "en"), view)
    assert first is not None
    view.stories[first.id] = first
    found = rejoin_story(whole, profile(title, text, "en"), view, first.id)
    assert found is not None
    assert (found.id, found.size) == (first.id, 1)
    assert found.terms.keys() > first.terms.keys()


def test_a_story_of_which_a_teaser_said_nothing_begins_with_the_page() -> None:
    found = rejoin_story(article(QUAKE), profile(*QUAKE, "en"), MemoryView(), 7)
    assert found is not None
    assert (found.id, found.size) == (7, 1)
