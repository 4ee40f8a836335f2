"""What plain words and the spellings of a topic become."""

from __future__ import annotations

import pytest

from tests.unit.match.building import compile_with_errors, query, topic, watchlist


@pytest.mark.parametrize(
    ("words", "became"),
    [
        ("rare-earth controls", '"rare-earth" NEAR/15 controls'),
        ("the November 1 tariff", "date(11-01) NEAR/15 tariff"),
        ("The November 1 tariff", "date(11-01) NEAR/15 tariff"),
        ("tariffs of 100% on China", "tariffs NEAR/15 pct(100) NEAR/15 China"),
        ("US tariffs", "=US NEAR/15 tariffs"),
        ("U.S. tariffs", "=U.S. NEAR/15 tariffs"),
        ("US–China talks", '"=US–China" NEAR/15 talks'),
        ("a deal worth $8.5bn", "deal NEAR/15 worth NEAR/15 amount(USD 8500000000)"),
        ("November 1, 2025 deadline", "date(2025-11-01) NEAR/15 deadline"),
        ("tariffs on November 1-5", "tariffs NEAR/15 date(11-01..11-05)"),
        ("1. November Zölle", "date(11-01) NEAR/15 Zölle"),
        ("11月1日 关税", 'date(11-01) NEAR/15 "关税"'),
        ("稀土出口管制", '"稀土出口管制"'),
        ("tariff", "tariff"),
        ("tariff tariff", "tariff"),
        ("licen* export", "licen* NEAR/15 export"),
        ("tariffs, quotas; duties.", "tariffs NEAR/15 quotas NEAR/15 duties"),
        ("China's tariffs", "China's NEAR/15 tariffs"),
        ("l’accord commercial", "l’accord NEAR/15 commercial"),
        ("Trump: tariffs", "Trump NEAR/15 tariffs"),
        ("tariffs - an outlook", "tariffs NEAR/15 outlook"),
        ("not just tariffs", "tariffs"),
        ("BANK OF CHINA", "=BANK NEAR/15 CHINA"),
    ],
)
def test_plain_words_become_a_query(words, became):
    assert watchlist(words).topics[0].query_text == became


@pytest.mark.parametrize(
    ("text", "became"),
    [
        ("rare earth", '"rare earth"'),
        ("tariff", "tariff"),
        ("export licen*", '"export licen*"'),
        ("=BIS", "=BIS"),
        ("$metals", "$metals"),
        ("copper NEAR/3 ore", "copper NEAR/3 ore"),
        ("date(11-01)", "date(11-01)"),
        ("100%", "pct(100)"),
        ("稀土", '"稀土"'),
        ("'tariff'", "'tariff'"),
        ("the who", '"the who"'),
    ],
)
def test_an_item_of_a_list_is_a_phrase_unless_it_is_a_query(text, became):
    spec = topic("x", "t", vetoes=(query(text, is_phrase=True),))
    assert watchlist(spec, metals=["iron"]).topics[0].vetoes[0].text() == became


@pytest.mark.parametrize(
    "text",
    [
        "tariff -India",
        "tariff +India",
        "/tari.*/ India",
        "~tariff x",
        "titel:tariff x",
        "tariff^5",
        "tariff [x]",
        "tariff NEXT/3 x",
    ],
)
def test_what_other_languages_mean_something_by_is_never_taken_for_words(text):
    found, errors = compile_with_errors(text)
    assert not found.topics
    assert len(errors) == 1
