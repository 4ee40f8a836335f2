from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clean import clean_text
from monitor.clean.tidy import tidy_lines
from monitor.model import Problem
from monitor.resources import folder

_CAPTION = (
    "U.S. Treasury Secretary Scott Bessent speaks as he and U.S. Trade Representative Jamieson Greer hold a press "
    "conference on the sidelines of the IMF/World Bank annual meetings in Washington, D.C., U.S., October 15, 2025. "
    "REUTERS/Ken Cedeno"
)
_BIO = (
    "• Siti is a news writer specialising in Asian economics, Islamic finance, international relations and policy, "
    "offering in-depth analysis and perspectives on the region’s evolving dynamics."
)
_TITLES = {
    "000_7c8b6c707bacfb31.txt": "U.S. and China Brace for Critical Trade Talks in Malaysia Amid Rare Earths Standoff",
    "001_95b1f904a3eb9e9a.txt": "China and U.S. Set for Trade Talks in Malaysia Amid Rare Earths Dispute",
    "002_5291f4ef956d26a7.txt": "",
    "003_f5ccca1e80af5a9a.txt": "US-China Talks in Kuala Lumpur Hinge on Rare Earths",
    "004_b6b553c7803df372.txt": (
        "US–China trade negotiators meet in Malaysia to avert escalation before Trump–Xi summit"
    ),
}
_REMOVED = {
    "000_7c8b6c707bacfb31.txt": ["8 Min Read", _CAPTION, _CAPTION, "Share This Article"],
    "001_95b1f904a3eb9e9a.txt": ['Press "Enter" to skip to content', "Author", _BIO, "Latest News"],
    "002_5291f4ef956d26a7.txt": [],
    "003_f5ccca1e80af5a9a.txt": [
        _TITLES["003_f5ccca1e80af5a9a.txt"],
        "Popular Categories",
        "Search the website",
    ],
    "004_b6b553c7803df372.txt": ["(WIth inputs from Reuters)"],
}


def _seed(name: str) -> str:
    return (folder("seeds") / name).read_text("utf-8")


@pytest.mark.parametrize("name", _REMOVED)
def test_a_seed_loses_exactly_its_boilerplate(name: str) -> None:
    page = clean_text(_seed(name))
    raw = tidy_lines(_seed(name).replace(_TITLES[name] + "Top US", "Top US") if page.title else _seed(name))
    expected = Counter(raw) - Counter([_TITLES[name], *_REMOVED[name]])
    assert Counter(page.text.split("\n")) == expected
    assert len(raw) - len(page.text.split("\n")) == len(_REMOVED[name]) + bool(page.title)
    assert page.text.split("\n") == [line for line in dict.fromkeys(raw) if line in expected]


@pytest.mark.parametrize(
    ("name", "authors", "published", "dateline", "site", "agency", "caption"),
    [
        ("000_7c8b6c707bacfb31.txt", (), "", "", "onlytrustedinfo.com", "", _CAPTION),
        ("001_95b1f904a3eb9e9a.txt", ("Siti",), "2025-10-23", "Kuala Lumpur", "", "", ""),
        ("002_5291f4ef956d26a7.txt", (), "", "Kuala Lumpur", "", "", ""),
        ("003_f5ccca1e80af5a9a.txt", (), "", "", "", "", ""),
        ("004_b6b553c7803df372.txt", (), "", "", "", "Reuters", ""),
    ],
)
def test_a_seed_tells_only_what_it_says(name, authors, published, dateline, site, agency, caption) -> None:
    page = clean_text(_seed(name))
    assert page.title == _TITLES[name]
    assert (page.authors, page.published_text, page.dateline) == (authors, published, dateline)
    assert (page.site, page.agency, page.caption) == (site, agency, caption)
    assert page.published is None
    assert page.problem is None


def test_names_of_a_seed_have_plain_spaces() -> None:
    text = clean_text(_seed("001_95b1f904a3eb9e9a.txt")).text
    assert "\u202f" not in text
    assert all(name in text for name in ("He Lifeng", "Scott Bessent", "Jamieson Greer", "Xi Jinping", "Donald Trump"))


@pytest.mark.parametrize("name", _REMOVED)
def test_cleaning_a_seed_again_takes_nothing_more(name: str) -> None:
    page = clean_text(_seed(name))
    again = clean_text(f"{page.title}\n{page.text}")
    assert (again.title, again.text) == (page.title, page.text)


_BODY = "The ministry said on Monday that exports of magnets had fallen by half since the licences were introduced."


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "Skip to content",
        "5 min read",
        "Reading time: 3 minutes",
        "Share this article",
        "Share on Facebook",
        "Search",
        "Search the website",
        "Latest News",
        "Most read",
        "Related stories",
        "You may also like",
        "Read more »",
        "READ ALSO",
        "Subscribe now",
        "Sign up for our newsletter",
        "Leave a comment",
        "Comments (12)",
        "No comments",
        "© 2025 The Paper",
        "Copyright 2025 The Paper. All rights reserved.",
        "This website uses cookies to improve your experience.",
        "Accept all cookies",
        "Advertisement",
        "Story continues below advertisement",
        "Back to top",
        "Next article",
        "Menu",
    ],
)
def test_a_line_of_the_page_goes_wherever_it_stands(line: str) -> None:
    assert clean_text(f"{line}\n{_BODY}\n{line}\n{_BODY[:-1]} again.").text == f"{_BODY}\n{_BODY[:-1]} again."


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell.",
        "More tariffs are coming.",
        "Search teams found the ship.",
        "Latest figures",
        "A fragile truce",
        "• Read the small print",
        "Related parties sold.",
        "Comments by the minister",
        "Author of the bill",
        "Home sales rose.",
        "Top officials met.",
        "The cookies sold out.",
        "Subscribe to no party line",
        "Reuters saw the list.",
    ],
)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert line in clean_text(f"{_BODY}\n{line}\n{_BODY[:-1]} again.").text.split("\n")


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Magnets run short", "Magnets run short"),
        ("Will magnets run short?", "Will magnets run short?"),
        ("Magnets run short.", ""),
        ("稀土出口管制升级", "稀土出口管制升级"),
        (" ".join(["word"] * 31), ""),
    ],
)
def test_a_title_is_a_short_first_line_without_a_full_stop(first: str, title: str) -> None:
    assert clean_text(f"{first}\n\n{_BODY} {_BODY}").title == title


def test_a_body_that_goes_on_with_the_words_of_the_title_keeps_them() -> None:
    page = clean_text(f"China curbs exports\nChina curbs exports of magnets. {_BODY}")
    assert page.text.startswith("China curbs exports of magnets.")


@pytest.mark.parametrize(
    ("line", "dateline", "day", "agency"),
    [
        ("KUALA LUMPUR, Oct 23 (Reuters) - Talks began.", "KUALA LUMPUR", "", "Reuters"),
        ("KUALA LUMPUR (AP) — Talks began.", "KUALA LUMPUR", "", "AP"),
        ("Washington, October 23, 2025 – Talks began.", "Washington", "2025-10-23", ""),
        ("Paris, 3rd of May — Talks began.", "Paris", "", ""),
        ("BEIJING, 2025-10-23: Talks began.", "BEIJING", "2025-10-23", ""),
        ("Berlin, 31 February 2025 — Talks began.", "Berlin", "", ""),
        ("President Trump — who arrives on Sunday — said so.", "", "", ""),
        ("UPDATE: Talks began.", "", "", ""),
        ("Key Points: Talks began.", "", "", ""),
        ("On Friday, 24 October 2025 talks began.", "", "", ""),
        ("The talks, which began on 24 October 2025 — a Friday — went on.", "", "", ""),
    ],
)
def test_a_dateline_is_read_and_never_invented(line: str, dateline: str, day: str, agency: str) -> None:
    page = clean_text(f"{line} It was quiet.\n{_BODY}")
    assert (page.dateline, page.published_text, page.agency) == (dateline, day, agency)
    assert page.text.startswith(line)


@pytest.mark.parametrize(
    "line",
    [
        "The pit at dusk. REUTERS/Ann Lee",
        "The pit at dusk (Photo by Ann Lee/Getty Images)",
        "The pit at dusk. Photo: Ann Lee",
        "The pit at dusk | AFP",
        "The pit at dusk (AP Photo/Ann Lee)",
        "The pit. EPA-EFE/ANN LEE",
    ],
)
def test_a_photo_credit_makes_a_caption(line: str) -> None:
    page = clean_text(f"{_BODY}\n{line}\n{_BODY[:-1]} again.")
    assert page.caption == line
    assert line not in page.text


def test_a_site_is_only_what_the_text_calls_its_own() -> None:
    assert clean_text(f"{_BODY}\nThis was first published on Example.org and is used here.").site == "example.org"
    assert clean_text(f"{_BODY}\nThe list can be downloaded from example.org until Monday.").site == ""


def test_a_byline_names_its_authors() -> None:
    page = clean_text(f"Magnets run short\nBy Ada Quarry and Ben Shaft\n{_BODY}")
    assert page.authors == ("Ada Quarry", "Ben Shaft")
    assert page.text == _BODY


def test_what_follows_the_last_sentence_goes_but_a_bullet_stays() -> None:
    assert clean_text(f"{_BODY}\nMarkets\nWorld news today").text == _BODY
    assert clean_text(f"{_BODY}\n• Dysprosium\n• Terbium").text == f"{_BODY}\n• Dysprosium\n• Terbium"


@pytest.mark.parametrize("text", ["", " \n\t\n", "8 min read\nShare", "\u200b"])
def test_no_article_is_a_problem(text: str) -> None:
    problem = clean_text(text).problem
    assert problem is not None
    assert problem.problem is Problem.NO_TEXT


def test_a_single_line_is_the_text() -> None:
    page = clean_text("Magnets run short")
    assert (page.title, page.text) == ("", "Magnets run short")


@given(st.text())
def test_any_text_gives_lines_without_blanks(text: str) -> None:
    page = clean_text(text)
    assert "" not in page.text.split("\n") or page.text == ""
    assert page.text or page.title or page.problem


@given(
    st.lists(
        st.sampled_from(
            ["Share", _BODY, "Magnets", "Author", "• x is a y", _CAPTION, "(With inputs from AP)", "8 min read"]
        )
    )
)
def test_lines_are_only_ever_taken_out_whole(lines: list[str]) -> None:
    assert not Counter(clean_text("\n".join(lines)).text.split("\n")) - Counter([*lines, ""])
