"""A watchlist as a whole: order, conditions, vetoes, definitions, spans."""

from __future__ import annotations

import pytest

from monitor.errors import NotFound
from monitor.match import compile_watchlist
from monitor.model import Document, Phase, ScoreSpec, Span, TopicSpec, WatchlistSpec, Where, Zone
from tests.unit.match.building import article, found, is_match, on, query, topic, watchlist


def _conditioned(text: str = "tariff", *, languages: tuple[str, ...] = (), sources: tuple[str, ...] = ()):
    return watchlist(topic(text, where=Where(languages=languages, sources=sources)))


def test_matches_come_in_the_order_of_the_watchlist():
    topics = watchlist("quota", "tariff OR duty", "levy", "tariff")
    assert [match.topic for match in topics.match(article("tariffs and quotas"))] == ["topic-0", "topic-1", "topic-3"]


def test_a_match_says_on_what_it_was_made():
    (match,) = watchlist("tariff").match(article("tariffs"), phase=Phase.TEASER)
    assert match.phase is Phase.TEASER


def test_spans_are_offsets_into_the_text_as_given():
    text = "Eine ta\u00adriff\u00a0über U.S.\u2019s “rare\u2011earths”."
    document = article(text, title="Rare\u202fEarth tariffs")
    (match,) = watchlist('tariff AND "rare earth" AND =US').match(document)
    assert match.spans == (
        Span(zone=Zone.TITLE, start=0, end=10, text="Rare\u202fEarth", clause='"rare earth"'),
        Span(zone=Zone.TITLE, start=11, end=18, text="tariffs", clause="tariff"),
        Span(zone=Zone.BODY, start=5, end=12, text="ta\u00adriff", clause="tariff"),
        Span(zone=Zone.BODY, start=18, end=24, text="U.S.’s", clause="=US"),
        Span(zone=Zone.BODY, start=26, end=37, text="rare‑earths", clause='"rare earth"'),
    )


def test_spans_of_near_are_those_of_its_windows():
    document = article("tariff here. " + "x " * 30 + "the tariff on China. " + "y " * 30 + "China alone")
    assert found("tariff NEAR/5 China", document) == ["tariff", "China"]


def test_spans_leave_out_alternatives_and_negations_that_were_not_found():
    assert found("(tariff OR quota) AND NOT India", article("quotas for China")) == ["quotas"]


def test_spans_of_nested_windows_and_definitions_are_their_words():
    document = article("Beijing curbs rare earth exports; and far away from there: exports")
    assert found("($re NEAR/3 curb) NEAR/2 export", document, re=["rare earth", "terbium"]) == [
        "curbs",
        "rare earth",
        "exports",
    ]


def test_a_date_and_a_percentage_are_spans_as_written():
    document = article("A duty of one hundred per cent from the 1st of November, 2025 on.", time=on(2025, 10, 24))
    assert found("pct(100) NEAR/5 date(11-01)", document) == ["one hundred per cent", "1st of November, 2025"]


def test_the_sign_of_a_value_is_part_of_its_span():
    assert found("pct(100)", article("A 100 % duty, 50-100% later")) == ["100 %", "100%"]
    assert found("amount(USD 8.5bn)", article("It is US$8,500 million, or $8.5bn.")) == ["US$8,500 million", "$8.5bn"]


def test_a_metadata_match_has_no_spans():
    (match,) = watchlist("source:reuters.com").match(article("anything", source="www.reuters.com"))
    assert match.spans == ()


def test_a_clause_found_a_thousand_times_is_shown_fifty_times():
    (match,) = watchlist("tariff").match(article("tariff " * 1000))
    assert len(match.spans) == 50


def test_words_are_never_near_across_title_and_body():
    document = article("tariff", title="China")
    assert not is_match("China NEAR/200 tariff", document)
    assert is_match("China AND tariff", document)


def test_a_phrase_never_reaches_from_title_to_body():
    assert not is_match('"rare earth"', article("earth", title="rare"))


@pytest.mark.parametrize(
    ("sources", "source", "expected"),
    [
        (("reuters.com",), "reuters.com", True),
        (("reuters.com",), "www.reuters.com", True),
        (("reuters.com",), "WWW.Reuters.Com", True),
        (("reuters.com",), "notreuters.com", False),
        (("reuters.com",), "reuters.com.evil.org", False),
        (("*.gov",), "bis.gov", True),
        (("*.gov",), "www.bis.gov", True),
        (("*.gov",), "bis.gov.cn", False),
        (("reuters.com", "ft.com"), "ft.com", True),
        (("Xinhua",), "Xinhua", True),
        (("reuters.com",), "", False),
        ((), "", True),
    ],
)
def test_where_source_is_a_domain_with_its_subdomains_a_pattern_or_a_name(sources, source, expected):
    document = article("tariffs", source=source)
    assert bool(_conditioned(sources=sources).match(document)) is expected
    assert _conditioned(sources=sources).match(document, ignore_where=True)


@pytest.mark.parametrize(
    ("languages", "language", "expected"),
    [
        (("en", "de"), "en", True),
        (("de",), "en", False),
        (("de",), "", True),
        (("en",), "en-GB", True),
        (("zh",), "zh-Hans", True),
    ],
)
def test_where_language_lets_the_unknown_pass(languages, language, expected):
    document = Document(text="tariff", language=language)
    assert bool(_conditioned(languages=languages).match(document)) is expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (article("controls on rare earths", title="Penny stocks to buy"), False),
        (article("Penny stocks rise.\ncontrols on rare earths"), False),
        (article("controls on rare earths\nPenny stocks rise."), True),
        (article("word " * 60 + "penny stock, controls on rare earths"), True),
        (article("word " * 58 + "penny stock, controls on rare earths"), False),
    ],
)
def test_a_veto_looks_at_title_and_lead_only(document, expected):
    spec = topic('"rare earth" NEAR/9 control', vetoes=(query("penny stock", is_phrase=True),))
    assert bool(watchlist(spec).match(document)) is expected


def test_the_lead_is_the_first_paragraph_that_is_not_blank():
    assert is_match("lead:tariff", article("\n\n  \nA tariff.\nMore."))
    assert not is_match("lead:more", article("\n\n  \nA tariff.\nMore."))


def test_definitions_hold_phrases_queries_and_other_definitions():
    lists = {"metals": ["rare earth", "terbium"], "all_metals": ["$metals", "copper NEAR/2 ore", "=Fe"]}
    for text in ("rare earths", "ore of copper", "Fe"):
        assert is_match("$all_metals", article(text), **lists)
    assert not is_match("$all_metals", article("rare metal earth, fe"), **lists)


def test_a_weighted_list_counts_each_term_up_to_its_cap():
    terms = (
        (query("rare earth", is_phrase=True), 15.0),
        (query("magnet", is_phrase=True), 10.0),
        (query("gardening", is_phrase=True), -30.0),
    )
    spec = TopicSpec(id="t", name="t", score=ScoreSpec(threshold=25, terms=terms))
    topics, _ = compile_watchlist(WatchlistSpec(topics=(spec,)))
    assert topics.topics[0].query_text == 'SCORE 25 OF ("rare earth"^15, magnet^10, gardening^-30)'
    assert topics.match(article("rare earth magnets"))
    assert not topics.match(article("rare earth, rare earth"))
    assert not topics.match(article("rare earth magnets for gardening"))


def test_an_unknown_time_fits_any_year_and_a_known_one_its_nearest():
    assert is_match("date(11-01)", article("on November 1, 2018"))
    assert not is_match("date(11-01)", article("on November 1, 2018", time=on(2025, 10, 24)))
    assert is_match("date(2026-01-02)", article("on January 2", time=on(2025, 12, 28)))
    assert not is_match("date(2025-01-02)", article("on January 2", time=on(2025, 12, 28)))
    assert is_match("date(2025-01-02)", article("on January 2"))


def test_slashes_are_read_by_region_and_source():
    us, uk = article("on 11/1"), article("on 11/1", source="www.bbc.co.uk")
    assert is_match("date(11-01)", us)
    assert not is_match("date(11-01)", uk)
    assert is_match("date(01-11)", uk)


def test_the_language_of_an_article_decides_its_stems():
    assert is_match("Zoll", article("neue Zölle", language="de"))
    assert not is_match("Kontrollen", article("the Kontrolle office", language="en"))
    assert is_match("de:Kontrollen", article("the Kontrolle office", language="en"))


def test_an_unknown_language_is_guessed_and_english_tried_too():
    assert is_match("tariff", Document(text="tariffs"))
    assert is_match("Strafzoll", Document(text="Die Regierung kündigte am Montag neue Strafzölle auf Stahl an."))


def test_an_unknown_topic_is_told_with_its_likely_name():
    with pytest.raises(NotFound) as caught:
        watchlist(topic("tariff", "november-1-tariff")).match_one("november-tariff", article("x"))
    assert "november-1-tariff" in caught.value.hint


def test_one_topic_is_matched_as_all_are():
    topics = watchlist("tariff", "quota")
    document = article("tariffs")
    assert topics.match_one("topic-0", document) == topics.match(document)[0]
    assert topics.match_one("topic-1", document) is None


def test_english_says_what_a_topic_asks_for():
    spec = topic(
        "date(11-01) NEAR/15 (tariff OR licen*) AND NOT =US",
        vetoes=(query("penny stock", is_phrase=True),),
        where=Where(languages=("en",), sources=("ft.com",)),
    )
    assert watchlist(spec).topics[0].english == (
        "(the date November 1, (“tariff” or words that begin with “licen”) within 15 words of each other)"
        " and (no “US” in exactly this case); but not with “penny stock” in title or lead; in en; from ft.com"
    )


@pytest.mark.parametrize(
    "text",
    [
        "tariff " * 20_000,
        "rare x earth " * 4_000,
        "x" * 200_000,
        "1" * 200_000,
        "a." * 100_000,
        "'s" * 100_000,
        "% " * 60_000,
    ],
)
def test_a_hostile_text_is_matched_all_the_same(text):
    topics = watchlist(
        '"rare earth" NEAR/200 tariff NEAR/200 control', "tariff SENT quota", "zar*if?", "date(11-01)", "pct(100)"
    )
    assert topics.match(article(text)) == []
