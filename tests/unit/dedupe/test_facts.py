"""The fact sheet of a story: what its articles say, and where they disagree."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clean import clean_text
from monitor.dedupe.facts import FactKind, FactSheet, fact_sheet
from monitor.dedupe.people import find_people, name_people
from monitor.model import Article, Origin
from monitor.resources import folder

_NOW = datetime(2025, 10, 25, tzinfo=UTC)


def _article(number: int, text: str, *, source: str = "", language: str = "en") -> Article:
    return Article(
        id=number,
        origin=Origin.INGEST,
        text=text,
        source=source or f"outlet-{number}.example",
        language=language,
        first_seen=_NOW,
    )


def _seeds() -> list[Article]:
    files = sorted(folder("seeds").glob("0*.txt"))
    return [
        _article(int(file.name[:3]), clean_text(file.read_text(encoding="utf-8")).text, source=file.name[:3])
        for file in files
    ]


def _values(sheet: FactSheet, kind: FactKind) -> dict[str, list[str]]:
    return {fact.text: [said.source for said in fact.said] for fact in sheet.facts if fact.kind is kind}


def test_the_seeds_disagree_on_the_day_of_the_talks() -> None:
    sheet = fact_sheet(_seeds())
    first = sheet.disagreements[0]
    assert {fact.text: [said.source for said in fact.said] for fact in first.values} == {
        "Friday": ["002", "003"],
        "Saturday": ["004"],
        "24 October to 27 October": ["001"],
    }
    assert {"kuala", "lumpur"} <= set(first.about)
    assert first.kind is FactKind.WHEN
    # Who is to meet on which day is said once, not again in other words.
    assert [one.kind for one in sheet.disagreements] == [FactKind.WHEN]


def test_the_seeds_name_the_same_people_rates_and_days() -> None:
    sheet = fact_sheet(_seeds())
    assert _values(sheet, FactKind.PERCENTAGE)["100%"] == ["002", "003", "004"]
    assert _values(sheet, FactKind.WHEN)["1 November"] == ["002", "003", "004"]
    people = _values(sheet, FactKind.PERSON)
    for name in ("Scott Bessent", "He Lifeng", "Jamieson Greer", "Donald Trump", "Xi Jinping"):
        assert len(people[name]) >= 4
    assert not {"Kuala Lumpur", "White House", "As Greer", "South Korea"} & people.keys()


def test_the_sheet_does_not_depend_on_the_order_of_articles() -> None:
    articles = _seeds()[:3]
    sheets = [fact_sheet(order) for order in permutations(articles)]
    texts = [sorted((fact.kind, fact.text, len(fact.said)) for fact in sheet.facts) for sheet in sheets]
    assert all(one == texts[0] for one in texts)
    assert len({tuple(sorted(d.values[0].kind for d in sheet.disagreements)) for sheet in sheets}) == 1


def test_each_source_speaks_once_for_a_value_with_its_first_sentence() -> None:
    text = "The duty is 25%. It was said again: the duty is 25% from May 3."
    sheet = fact_sheet([_article(1, text), _article(2, "A duty of 25 percent was set on Monday.")])
    (rate,) = [fact for fact in sheet.facts if fact.kind is FactKind.PERCENTAGE]
    assert [said.sentence for said in rate.said] == ["The duty is 25%.", "A duty of 25 percent was set on Monday."]
    assert _values(sheet, FactKind.WHEN) == {"3 May": ["outlet-1.example"], "Monday": ["outlet-2.example"]}


def test_amounts_are_compared_in_their_own_currency() -> None:
    texts = (
        "Factories will lose exports worth $8.5bn this year, the chamber of magnets said.",
        "Factories will lose exports worth $9 billion this year.",
        "Factories will lose exports worth $9,000 million, officials say.",
    )
    sheet = fact_sheet([_article(number, text) for number, text in enumerate(texts)])
    assert _values(sheet, FactKind.AMOUNT) == {
        "USD 9,000,000,000": ["outlet-1.example", "outlet-2.example"],
        "USD 8,500,000,000": ["outlet-0.example"],
    }
    assert [one.kind for one in sheet.disagreements] == [FactKind.AMOUNT]


def test_sources_that_agree_have_no_disagreement() -> None:
    texts = [
        f"Negotiators meet in Geneva on Tuesday, outlet {number} says. Tariffs fall to 30%." for number in range(4)
    ]
    assert fact_sheet([_article(number, text) for number, text in enumerate(texts)]).disagreements == ()


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "Die Unterhändler treffen sich am Freitag in Genf.", "Freitag"),
        ("fr", "Les négociateurs se retrouvent vendredi à Genève.", "Vendredi"),
        ("es", "Los negociadores se reúnen el miércoles en Ginebra.", "Miércoles"),
        ("ja", "交渉団は11月1日に会合する。", "1 November"),
        ("de", "Die Zölle gelten ab 1. November.", "1 November"),
    ],
)
def test_days_are_read_in_the_articles_language(language: str, text: str, value: str) -> None:
    assert value in _values(fact_sheet([_article(1, text, language=language)]), FactKind.WHEN)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Treasury Secretary Scott Bessent said so.", {"Scott Bessent"}),
        ("So it is, said Ann Writer.", {"Ann Writer"}),
        ("The analyst Josh Lipsky doubts it.", {"Josh Lipsky"}),
        (
            "Bundeskanzler Friedrich Merz und Frau Ursula von der Leyen sprachen.",
            {"Friedrich Merz", "Ursula von der Leyen"},
        ),
        ("Le ministre Jean-Noël Barrot a répondu.", {"Jean-Noël Barrot"}),
        ("The White House and Kuala Lumpur were silent.", set()),
        ("The Wall Street Journal reported it.", set()),
        ("President Trump spoke.", set()),
    ],
)
def test_people_are_named_by_a_title_or_a_verb_of_saying(text: str, names: set[str]) -> None:
    assert name_people([text]) == names


def test_a_surname_stands_for_the_one_person_who_has_it() -> None:
    names = {"Scott Bessent", "Scott Kennedy", "Xi Jinping"}
    found = find_people("Bessent met Xi, and Scott was late; Kennedy wrote to Scott Bessent.", names)
    assert [one.name for one in found] == ["Scott Bessent", "Xi Jinping", "Scott Kennedy", "Scott Bessent"]


@given(st.text(max_size=300))
def test_any_text_has_a_sheet(text: str) -> None:
    assert isinstance(fact_sheet([_article(1, text), _article(2, text)]), FactSheet)
