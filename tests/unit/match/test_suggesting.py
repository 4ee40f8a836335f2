"""What `not` might exclude, by what was called irrelevant."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match import Suggestion, compile_watchlist, suggest_exclusions
from monitor.match.suggesting import chance_of, log_odds
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec

JOBS = [f"Tariff analyst wanted: remote job at firm {n}" for n in "abcdef"]
NEWS = [f"New tariff on {good} starts in May" for good in ("steel", "tin", "zinc", "grain", "wood", "glass", "cars")]


def suggested(
    irrelevant: list[Document], others: list[Document], query: str = "tariff OR earth"
) -> tuple[Suggestion, ...]:
    topic = TopicSpec(id="t", name="t", match=QueryText(text=query))
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=(topic,)))
    assert not errors
    return suggest_exclusions(watchlist.topic("t"), irrelevant, others)


def documents(titles: list[str], source: str = "") -> list[Document]:
    return [Document(title=title, text="Nothing more.", language="en", source=source) for title in titles]


def test_the_phrase_that_is_in_what_was_irrelevant_is_suggested_with_its_cost() -> None:
    others = [*NEWS, "A remote island fights its tariff"]

    first, *_ = suggested(documents(JOBS), documents(others))

    assert (first.irrelevant, first.others, first.narrower) == (6, 0, "")
    assert "tariff" not in first.item.split()
    assert first.item in {"remote job", "analyst wanted"}


def test_words_of_the_topic_are_never_suggested() -> None:
    assert suggested(documents(["A tariff"] * 3 + ["Tariffs"] * 3), documents(["Something else", "And more"] * 9)) == ()


def test_words_of_a_pattern_of_the_topic_are_never_suggested() -> None:
    irrelevant = documents([f"Licensing in {town}" for town in ("Ulm", "Bonn", "Kiel", "Trier")])

    assert suggested(irrelevant, documents(NEWS), "tariff OR licen*") == ()


def test_a_phrase_with_a_word_of_the_topic_may_stand_in_the_query_as_well() -> None:
    irrelevant = [f"Earth Day in {town}" for town in ("Ulm", "Bonn", "Kiel", "Trier")]

    first, *_ = suggested(documents(irrelevant), documents(["Rare earth prices rise", *NEWS]))

    assert first == Suggestion(item="earth day", irrelevant=4, others=0, narrower="earth EXCEPT/1 day")


def test_a_source_is_suggested_if_it_brings_most_of_them() -> None:
    found = suggested(documents(JOBS, "jobs.example"), documents(NEWS, "news.example"))

    assert Suggestion(item="source:jobs.example", irrelevant=6, others=0) in found


def test_a_source_that_brings_the_others_too_is_not_suggested() -> None:
    found = suggested(documents(JOBS, "a.example"), documents(NEWS, "a.example"))

    assert [one.item for one in found if one.item.startswith("source:")] == []


@pytest.mark.parametrize(("irrelevant", "others"), [(JOBS[:2], NEWS), (JOBS, []), ([], NEWS)])
def test_too_little_is_no_ground_for_a_suggestion(irrelevant: list[str], others: list[str]) -> None:
    assert suggested(documents(irrelevant), documents(others)) == ()


def test_what_is_as_frequent_elsewhere_is_not_suggested() -> None:
    assert suggested(documents(NEWS[:3]), documents(NEWS[3:])) == ()


def test_only_titles_and_leads_count_as_not_looks_nowhere_else() -> None:
    irrelevant = [Document(title=f"Tariff {n}", text=f"{n}.\n\nA sponsored letter.") for n in "abcdef"]

    assert suggested(irrelevant, documents(NEWS)) == ()


def test_what_is_suggested_excludes_as_many_as_it_says() -> None:
    irrelevant, others = documents([*JOBS, *NEWS[:1]], "a.example"), documents(NEWS[1:], "b.example")
    for one in suggested(irrelevant, others):
        veto = QueryText(text=one.item, is_phrase=True)
        topic = TopicSpec(id="t", name="t", match=QueryText(text="tariff"), vetoes=(veto,))
        watchlist, errors = compile_watchlist(WatchlistSpec(topics=(topic,)))
        assert not errors
        assert sum(not watchlist.match(document) for document in irrelevant) == one.irrelevant
        assert sum(not watchlist.match(document) for document in others) == one.others


def test_chinese_words_are_suggested_as_phrases() -> None:
    irrelevant = [Document(title=f"关税 招聘 分析师 {n}", text="无。", language="zh") for n in "一二三四五六"]
    others = [Document(title=f"关税 上调 {n}", text="无。", language="zh") for n in "一二三四五六"]

    found = suggested(irrelevant, others, "关税")

    assert found
    assert all("关" not in one.item for one in found)


def test_a_common_word_that_chance_put_there_is_not_suggested() -> None:
    news = [f"Tariff on {good}: shares fall in {n}" for n, good in enumerate(("tin", "zinc", "wood", "cars") * 10)]
    others = documents([*news[:12], *(title.replace("shares", "prices") for title in news[12:])])

    assert suggested(documents([f"Tariff: shares and {what}" for what in ("wood", "cars", "tin")]), others) == ()


@pytest.mark.parametrize(
    ("counts", "chance"), [((3, 3, 0, 20), 1 / 1771), ((0, 3, 5, 5), 1.0), ((1, 1, 1, 1), 1.0), ((2, 2, 0, 2), 1 / 6)]
)
def test_the_chance_is_that_of_drawing_as_many(counts: tuple[int, int, int, int], chance: float) -> None:
    assert math.isclose(chance_of(*counts), chance)


counts = st.integers(0, 50)


@given(counts, counts, counts, counts)
def test_log_odds_are_finite_and_change_their_sign_with_the_sides(a: int, b: int, c: int, d: int) -> None:
    found = log_odds(a, a + b, c, c + d)

    assert math.isfinite(found)
    assert math.isclose(found, -log_odds(c, c + d, a, a + b), abs_tol=1e-9)
