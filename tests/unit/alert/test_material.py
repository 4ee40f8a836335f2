"""What is material in a later report, by pairs; and what else makes an update."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.alert.items import safe_item
from monitor.alert.material import Reason, count_outlets, facts_of, reasons_for, told_by
from monitor.alert.said import Passages, Said, say
from monitor.clean import document
from monitor.match import compile_watchlist
from monitor.model import AlertItem, AlertRule, Article, Origin, QueryText, TopicSpec, Updates, WatchlistSpec
from monitor.text import sentences
from tests.unit.alert.pairs import PAIRS, TARIFF, Pair

SEEN = datetime(2025, 10, 24, 12, 0, tzinfo=UTC)
RULE = AlertRule()


def article(title: str, text: str, language: str = "en", **changes: object) -> Article:
    fields: dict[str, object] = {"id": 1, "origin": Origin.FEED, "source": "a.example", "first_seen": SEEN}
    return Article(title=title, text=text, language=language, **fields | changes)  # type: ignore[arg-type]


def said(of: Article, query: str = "steel OR tariff", *material: str) -> Said:
    words = tuple(QueryText(text=word, is_phrase=True) for word in material)
    spec = TopicSpec(id="t", name="T", match=QueryText(text=query), material=words)
    watchlist, errors = compile_watchlist(WatchlistSpec(topics=(spec,)))
    assert not errors
    (match,) = watchlist.match(document(of))
    return say(Passages(of, sentences(of.text)), match)


def kept(of: Said, rule: AlertRule = RULE, outlets: int = 1) -> AlertItem:
    source = of.passages.article
    facts = facts_of(of, rule, outlets=outlets)
    return safe_item(AlertItem(article_id=source.id, facts=facts, vocabulary=of.passages.vocabulary))


def news(
    later: Said, *told: Said, rule: AlertRule = RULE, outlets: int = 1, original_id: int | None = None
) -> tuple[Reason, ...]:
    items = [kept(one, rule) for one in told]
    return reasons_for(later, items, rule, outlets=outlets, original_id=original_id)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.language}: {pair.name}")
def test_a_later_report_is_told_of_for_what_is_new_in_it(pair: Pair) -> None:
    first_language = "de" if pair.name.startswith("another language") else pair.language
    before = said(article(*pair.told, first_language), pair.query)
    after = said(article(*pair.later, pair.language, id=2), pair.query)
    reasons = [reason.words for reason in news(after, before)]
    assert any(one.startswith(pair.news) for one in reasons) if pair.news else reasons == []


def test_there_are_pairs_enough() -> None:
    assert len(PAIRS) >= 60
    assert len({pair.language for pair in PAIRS}) >= 10
    assert sum(not pair.news for pair in PAIRS) >= 20


def words(*told_and_later: tuple[str, str], rule: AlertRule = RULE, **where: object) -> list[str]:
    *before, later = (said(article(*one, id=number)) for number, one in enumerate(told_and_later))
    return [reason.words for reason in news(later, *before, rule=rule, **where)]  # type: ignore[arg-type]


def test_what_was_told_once_is_not_told_again() -> None:
    delayed = ("Tariff on steel delayed", "The tariff on steel is delayed to November 10.")
    again = ("Steel tariff postponed", "The tariff on steel is put off until November 10, 2025.")
    assert words(TARIFF, delayed) == ["now: delayed", "new date: November 10 (told before: November 1)"]
    assert words(TARIFF, delayed, again) == []


def test_a_revision_is_compared_with_what_was_said_before_it() -> None:
    first = said(article(*TARIFF, id=7))
    revised = said(article(TARIFF[0], TARIFF[1].replace("25%", "30%"), id=7))
    assert [reason.cause for reason in news(revised, first)] == ["pct-30"]
    assert news(revised, first, revised) == ()


@pytest.mark.parametrize(
    ("outlets", "said_of_it"), [(2, []), (3, ["3 outlets report it"]), (12, ["12 outlets report it"])]
)
def test_outlets_that_pass_a_number_are_news_once(outlets: int, said_of_it: list[str]) -> None:
    assert words(TARIFF, TARIFF, outlets=outlets) == said_of_it
    later = said(article(*TARIFF, id=2))
    assert reasons_for(later, [kept(later, outlets=outlets)], RULE, outlets=outlets, original_id=None) == ()


def test_how_many_outlets_are_news_is_a_matter_of_the_topic() -> None:
    assert words(TARIFF, TARIFF, outlets=40, rule=AlertRule(outlets=())) == []
    assert words(TARIFF, TARIFF, outlets=5, rule=AlertRule(outlets=(5,))) == ["5 outlets report it"]


def test_sites_of_one_domain_are_one_outlet_and_who_is_not_known_is_none() -> None:
    assert count_outlets(["www.bbc.co.uk", "feeds.bbc.co.uk", "bbc.com", "", "reuters.com"]) == 3


def test_the_first_article_of_a_trusted_source_is_news_once() -> None:
    rule = AlertRule(trusted=("reuters.com", "*.gov"))
    before = said(article(*TARIFF))
    later = said(article(*TARIFF, id=2, source="www.reuters.com"))
    third = said(article(*TARIFF, id=3, source="www.ustr.gov"))
    assert [reason.words for reason in news(later, before, rule=rule)] == ["first from www.reuters.com"]
    assert news(third, before, later, rule=rule) == ()
    assert news(later, before) == ()


def test_words_of_the_topics_own_are_news_where_the_topic_is_spoken_of() -> None:
    before = said(article(*TARIFF))
    strike = "Dockers strike over the tariff on steel"
    later = said(article(strike, TARIFF[1], id=2), "steel OR tariff", "dockers strike", "lockout")
    far = said(
        article(TARIFF[0], f"{TARIFF[1]}\nMuch rain fell.\nDockers strike in Spain.", id=2), "steel", "dockers strike"
    )
    assert [reason.words for reason in news(later, before)] == ['now: "dockers strike"']
    assert news(far, before) == ()


def test_none_updates_nothing_and_all_each_article_but_copies_and_revisions() -> None:
    changed = ("Tariff on steel delayed", "The tariff on steel is delayed.")
    assert words(TARIFF, changed, rule=AlertRule(updates=Updates.NONE)) == []
    every = AlertRule(updates=Updates.ALL)
    assert words(TARIFF, TARIFF, rule=every) == ["another article"]
    assert words(TARIFF, changed, rule=every) == ["now: delayed"]
    assert words(TARIFF, TARIFF, rule=every, original_id=1) == []
    revised = said(article(*TARIFF, id=7))
    assert news(revised, revised, rule=every) == ()


def test_an_undated_report_names_a_day_without_a_year() -> None:
    before, later = (
        said(article(TARIFF[0], TARIFF[1].replace("November 1", day), id=1, origin=Origin.INGEST))
        for day in ("November 1", "March 2")
    )
    assert [reason.words for reason in news(later, before)] == ["new date: March 2 (told before: November 1)"]


def test_an_alert_of_an_older_version_told_nothing_that_is_known() -> None:
    told = told_by([AlertItem(article_id=1, title="Tariff")])
    assert (told.facts, told.all_words) == ({}, frozenset({}))


def test_a_hostile_text_is_read_within_bounds() -> None:
    text = "The tariff of " + "1% 2% $3 November 4 agreed " * 20_000
    item = kept(said(article("Steel " * 3_000, text)))
    assert len(item.facts) <= 150
    assert len(item.vocabulary) <= 6_000
