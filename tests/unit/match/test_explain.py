"""Why a topic matched, and how near it came."""

from __future__ import annotations

import pytest

from monitor.match import check_examples, compile_watchlist
from monitor.model import Example, WatchlistSpec, Where
from tests.unit.match.building import article, on, query, topic, watchlist


def _explained(text: str, document, **fields) -> str:
    return str(watchlist(topic(text, **fields)).explain("topic", document))


def test_a_match_shows_each_clause_with_its_places():
    document = article("The tariff starts November 1.", time=on(2025, 10, 24))
    assert _explained("date(11-01) NEAR/15 tariff", document) == (
        "+ topic: matches\n"
        "  + date(11-01) NEAR/15 tariff: 1 word between\n"
        "    + date(11-01): body 18–28 “November 1”\n"
        "    + tariff: body 4–10 “tariff”"
    )


@pytest.mark.parametrize(
    ("text", "document", "reason"),
    [
        ("alpha NEAR/12 beta", article("alpha " + "x " * 31 + "beta"), "nearest 31 words apart, paragraph 1"),
        (
            "alpha NEAR/12 beta",
            article("alpha\n\ny\n\nz\n\n" + "x " * 40 + "alpha " + "x " * 31 + "beta"),
            "nearest 31 words apart, paragraph 4",
        ),
        (
            "alpha NEAR/12 beta",
            article("alpha " + "x " * 20 + "\n\nbeta"),
            "nearest 20 words apart, paragraphs 1 and 2",
        ),
        ("alpha NEAR/1 beta", article("beta", title="alpha x x beta"), "nearest 2 words apart, in the title"),
        ("alpha NEAR/2 beta NEAR/2 gamma", article("alpha x x x beta gamma"), "nearest 3 words apart, paragraph 1"),
        ("alpha PRE/5 beta", article("beta alpha"), "in another order"),
        ('"rare earth" NEAR/5 earth', article("rare earth"), "on the same words"),
        ("alpha NEAR/5 beta", article("beta", title="alpha"), "never in the same zone"),
        ("alpha NEAR/5 beta", article("alpha"), "not in the text: beta"),
        (
            "alpha SENT beta",
            article("Alpha came. Beta left."),
            "never in one sentence; nearest 1 word apart, paragraph 1",
        ),
        ("alpha SENT beta", article("beta", title="alpha"), "never in one sentence; nearest one in the title, one in"),
        ("alpha PARA beta", article("Alpha came.\nBeta left."), "never in one paragraph"),
        ("alpha EXCEPT/1 beta", article("alpha beta"), "only beside beta"),
        ('"rare earth"', article("earth so rare"), "in the text, but not in a row"),
        ('"rare earth"', article("rare birds"), "not in the text: earth"),
        ("title:alpha", article("alpha"), "in the text, but not in the title"),
        ("alpha AND NOT beta", article("alpha beta"), "NOT beta: found, and must not be"),
        ("2 OF (alpha, beta, gamma)", article("alpha"), "1 of 2"),
        ("SCORE 20 OF (alpha^15, beta^10)", article("alpha"), "score 15 of 20"),
        ("source:ft.com AND alpha", article("alpha", source="bbc.co.uk"), "its source is bbc.co.uk"),
        ("lang:de AND alpha", article("alpha"), "its language is en"),
    ],
)
def test_a_miss_says_which_clause_failed_and_by_how_much(text, document, reason):
    assert reason in _explained(text, document).splitlines()[0]


def test_the_closest_window_counts_and_every_zone_has_its_own():
    document = article("alpha x x x beta x x alpha", title="alpha x beta", language="en")
    assert "alpha NEAR/9 beta: 1 word between" in _explained("alpha NEAR/9 beta", document)
    assert "alpha PRE/9 beta: 0 words between" in _explained("alpha PRE/9 beta", article("beta alpha beta"))


def test_topics_that_nearly_match_are_those_whose_rarest_words_are_there():
    topics = watchlist("dysprosium AND tariff", "tariff", "neodymium")
    found = [topic.id for topic in topics.candidates(article("dysprosium prices"))]
    assert found == ["topic-0"]
    assert topics.match(article("dysprosium prices")) == []


def test_a_definition_shows_what_was_found_of_it_or_that_nothing_was():
    topics = watchlist("$metals AND ore", metals=["terbium", "rare earth", "copper"])
    assert "no word of $metals in the text" in str(topics.explain("topic-0", article("ore")))
    lines = str(topics.explain("topic-0", article("copper ore"))).splitlines()
    assert [line.strip() for line in lines[2:4]] == ["+ $metals", "+ copper: body 0–6 “copper”"]


def test_a_veto_and_a_condition_are_named():
    document = article("tariffs on penny stocks", source="ft.com", language="fr")
    text = _explained("tariff", document, vetoes=(query("penny stock", is_phrase=True),))
    assert '- not: "penny stock": body 11–23 “penny stocks”; vetoed: found in title or lead' in text
    text = _explained("tariff", document, where=Where(languages=("en",), sources=("*.gov",)))
    assert "- where: lang en: it is fr" in text
    assert "- where: source *.gov: it is ft.com" in text


def test_a_name_among_capitals_is_said_to_be_undecidable():
    told = "it stands among capitals, so its case tells nothing"
    assert told in _explained("=WHO", article("WHO KNOWS WHAT COMES NEXT"))
    assert told not in _explained("=WHO", article("The WHO knows what comes next"))
    assert told not in _explained("=WHO", article(title="WHO KNOWS", text="The WHO knows what comes next"))


def test_a_day_of_an_article_without_a_time_is_said_to_fit_any_year():
    assert "fits any year" in _explained("date(11-01)", article("November 1"))
    assert "fits any year" not in _explained("date(11-01)", article("November 1", time=on(2025, 10, 24)))


def _examples(text: str, *, match=(), reject=(), **fields):
    written = [
        Example(text=query(item, line=9, column=4), must_match=is_good)
        for items, is_good in ((match, True), (reject, False))
        for item in items
    ]
    topics, errors = compile_watchlist(WatchlistSpec(topics=(topic(text, examples=tuple(written), **fields),)))
    assert not errors
    return [error.message for error in check_examples(topics, {"a.txt": article("a tariff", source="x.org")})]


def test_examples_that_hold_are_silent():
    assert _examples("tariff NEAR/3 China", match=["China's tariffs"], reject=["India's tariffs"]) == []


def test_a_failed_example_says_the_example_and_the_clause_that_decided():
    messages = _examples(
        "tariff NEAR/3 China", match=["A tariff is not in the way of China"], reject=["China's tariffs"]
    )
    missed, found = messages
    assert missed == (
        "watchlist.yaml:9:4: topic topic does not match its example “A tariff is not in the way of China”:"
        " tariff NEAR/3 China: nearest 6 words apart, in the title"
    )
    assert found == (
        "watchlist.yaml:9:4: topic topic matches an example it must reject, “China's tariffs”:"
        " found China (“China's”), tariff (“tariffs”)"
    )


def test_examples_ignore_where_but_not_vetoes():
    where = Where(languages=("de",), sources=("ft.com",))
    assert _examples("tariff", match=["tariffs", "seed:a.txt"], where=where) == []
    (message,) = _examples("tariff", match=["tariffs on stocks"], vetoes=(query("stock"),))
    assert "not: stock: vetoed" in message


def test_examples_reach_every_zone_a_query_names():
    assert _examples("title:tariff", match=["tariffs"]) == []
    assert _examples("lead:tariff AND body:quota", match=["tariffs and quotas"]) == []


def test_an_example_of_no_seed_is_told_with_the_likely_one():
    (message,) = _examples("tariff", match=["seed:b.txt"])
    assert "there is no seed 'b.txt'" in message
