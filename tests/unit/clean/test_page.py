from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clean import clean_page
from monitor.model import PageText, Problem

_PARAGRAPHS = [
    f"Paragraph {n} says that the ministry licensed shipments of dysprosium and terbium in week {n} of the quarter, "
    f"and that buyers in {n} countries had asked for more of both than the mines could bring to the port before winter."
    for n in range(1, 9)
]
_URL = "https://news.example/world/2025/magnets"


def _page(head: str = "", body: str = "", lang: str = "en", paragraphs: list[str] = _PARAGRAPHS) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>Magnets run short - Example News</title>{head}</head><body>'
        f"<nav><a href='/'>Home</a></nav><main><article><h1>Magnets run short</h1>{body}{text}"
        "</article></main><footer><p>All rights reserved</p></footer></body></html>"
    )


def _ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def _dated(text: str) -> str:
    return _ld(datePublished=text)


def _meta(text: str) -> str:
    return f'<meta property="article:published_time" content="{text}">'


def test_a_page_gives_its_paragraphs_a_line_each() -> None:
    page = clean_page(_page(), _URL)
    assert page.text.split("\n") == _PARAGRAPHS
    assert page.title == "Magnets run short"
    assert page.language == "en"
    assert page.problem is None


def test_what_the_page_does_not_say_stays_empty() -> None:
    page = clean_page(_page(), _URL)
    evidence = (("text", "trafilatura, fast"), ("title", "h1"))
    assert page == PageText(text=page.text, title=page.title, language="en", evidence=evidence)


def test_scripts_and_invisible_characters_never_reach_the_text() -> None:
    page = clean_page(
        _page(
            body="<script>var a = 'Trojan';</script><p>Scott\u202fBessent met\u00a0He\u202fLif\u00adeng "
            + "and so on. " * 20
            + "</p>"
        )
    )
    assert "Trojan" not in page.text
    assert "Scott Bessent met He Lifeng and so on." in page.text


@pytest.mark.parametrize(
    ("head", "instant", "text"),
    [
        (_dated("2025-10-23T14:05:00+02:00"), "2025-10-23T12:05:00", "2025-10-23T14:05:00+02:00"),
        (_dated("2025-10-23T14:05:00.123Z"), "2025-10-23T14:05:00", "2025-10-23T14:05:00Z"),
        (_dated("2025-10-23T14:05:00+0200"), "2025-10-23T12:05:00", "2025-10-23T14:05:00+02:00"),
        (_dated("2025-10-23 14:05:00 +02:00"), "2025-10-23T12:05:00", "2025-10-23T14:05:00+02:00"),
        (_dated("2025-10-23T14:05:00"), None, "2025-10-23T14:05:00"),
        (_dated("2025-10-23"), None, "2025-10-23"),
        (_dated("Thu, 23 Oct 2025 14:05:00 GMT"), "2025-10-23T14:05:00", "2025-10-23T14:05:00Z"),
        (_dated("Thu Oct 23 2025 14:05:00 GMT+0200 (CEST)"), "2025-10-23T12:05:00", "2025-10-23T14:05:00+02:00"),
        (_dated("1761228300"), "2025-10-23T14:05:00", "2025-10-23T14:05:00Z"),
        (_dated("yesterday"), None, ""),
        (_dated("October 23"), None, ""),
        (_dated("0001-01-01T00:00:00Z"), None, ""),
        (_dated("2025-02-31"), None, ""),
        (_meta("2025-10-23T14:05:00Z"), "2025-10-23T14:05:00", "2025-10-23T14:05:00Z"),
        ('<meta name="date" content="2025-10-23">', None, "2025-10-23"),
        (_dated("2025-10-23T14:05:00") + _meta("2025-10-23T14:05:00Z"), "2025-10-23T14:05:00", "2025-10-23T14:05:00Z"),
        (_dated("2025-10-23") + _meta("2024-01-05T00:00:00Z"), None, "2025-10-23"),
    ],
)
def test_the_published_time_is_what_the_page_states(head: str, instant: str | None, text: str) -> None:
    page = clean_page(_page(head), _URL)
    assert page.published == (datetime.fromisoformat(instant).replace(tzinfo=UTC) if instant else None)
    assert page.published_text == text


def test_a_date_in_the_text_is_not_the_published_time() -> None:
    page = clean_page(_page(body="<p>The mine opened on January 5, 2021. " + "It has not closed since. " * 10 + "</p>"))
    assert page.published_text == ""


def test_a_time_element_dates_the_article() -> None:
    page = clean_page(_page(body='<time datetime="2025-10-23T09:00:00-04:00">Thursday</time>'), _URL)
    assert page.published == datetime(2025, 10, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (_ld(author={"@type": "Person", "name": "Ada Quarry"}), ("Ada Quarry",)),
        (
            _ld(author=[{"name": "Ada Quarry"}, {"name": "Ben Shaft"}, {"name": "Ada Quarry"}]),
            ("Ada Quarry", "Ben Shaft"),
        ),
        (_ld(author="By Ada Quarry and Ben Shaft"), ("Ada Quarry", "Ben Shaft")),
        (_ld(author="Ada Quarry, Trade Correspondent"), ("Ada Quarry",)),
        (_ld(author="https://news.example/staff/ada"), ()),
        ('<meta name="author" content="Ada Quarry">', ("Ada Quarry",)),
        ('<meta property="article:author" content="https://facebook.example/paper">', ()),
    ],
)
def test_authors_are_people_not_links_or_roles(head: str, authors: tuple[str, ...]) -> None:
    assert clean_page(_page(head), _URL).authors == authors


def test_a_byline_in_the_page_is_the_last_resort() -> None:
    assert clean_page(_page(body='<a rel="author" href="/ada">Ada Quarry</a>')).authors == ("Ada Quarry",)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("", "", "Magnets run short"),
        (_ld(headline="Other words entirely"), "", "Magnets run short"),
        ('<meta property="og:title" content="Magnets run short as winter nears">', "", "Magnets run short"),
    ],
)
def test_the_heading_is_the_title_if_the_page_agrees(head: str, body: str, title: str) -> None:
    assert clean_page(_page(head, body)).title == title


@pytest.mark.parametrize(
    "stated",
    [
        "US - China talks collapse as tariffs rise",
        "Trump – Xi meeting: what to know",
        "Rare earths : China tightens its export controls",
        "Live: talks | the latest",
    ],
)
def test_a_stated_title_is_never_cut(stated: str) -> None:
    for head in (f'<meta property="og:title" content="{stated}">', _ld(headline=stated)):
        html = f"<html><head><title>Else</title>{head}</head><body><p>{_PARAGRAPHS[0]}</p></body></html>"
        assert clean_page(html, _URL).title == stated


@pytest.mark.parametrize(
    ("head_title", "site", "url", "title"),
    [
        ("US - China talks collapse as tariffs rise", "", "", "US - China talks collapse as tariffs rise"),
        ("Trump – Xi meeting: what to know", "", "", "Trump – Xi meeting: what to know"),
        ("Rare earths : China tightens its controls | Site", "", "", "Rare earths : China tightens its controls"),
        ("Rare earths - China's trump card", "", "https://news.example/a", "Rare earths - China's trump card"),
        ("US - China talks - The Daily Planet", "The Daily Planet", "", "US - China talks"),
        ("US - China talks - BBC News", "", "https://www.bbc.co.uk/a", "US - China talks"),
        ("US - China talks - The Guardian", "", "https://www.theguardian.com/a", "US - China talks"),
        ("Talks end – Financial Times", "", "https://www.ft.com/a", "Talks end"),
        ("Talks end – news.example", "", "https://news.example/a", "Talks end"),
        ("Talks | Asia | Example News", "", _URL, "Talks | Asia"),
        ("Talks fail | Prices of all kinds of magnets rise at once", "", "", None),
        ("稀土出口管制 - 新华网", "新华网", "", "稀土出口管制"),
        ("Talks - Mining output falls", "", "https://www.mining.com/a", "Talks - Mining output falls"),
        ("Talks end - Mining.com", "", "https://www.mining.com/a", "Talks end"),
        ("Reuters | Talks collapse in Geneva", "", "", "Reuters | Talks collapse in Geneva"),
        ("Talks - US", "", "https://news.example/a", "Talks - US"),
        ("Example News", "Example News", "", "Example News"),
    ],
)
def test_of_the_windows_title_only_the_sites_name_at_its_end_goes(
    head_title: str, site: str, url: str, title: str | None
) -> None:
    name = f'<meta property="og:site_name" content="{site}">' if site else ""
    html = f"<html><head><title>{head_title}</title>{name}</head><body><p>{_PARAGRAPHS[0]}</p></body></html>"

    assert clean_page(html, url).title == (head_title if title is None else title)


@pytest.mark.parametrize(
    ("stated", "site", "section", "title"),
    [
        ("Talks end | Example News", "Example News", "", "Talks end"),
        ("Talks end - Example News", "Example News", "", "Talks end"),
        ("Talks end - Politics | Example News", "Example News", "Politics", "Talks end"),
        ("회담이 끝났다-정치ㅣ한국일보", "한국일보", "정치", "회담이 끝났다"),
        ("会谈结束丨新华网", "新华网", "", "会谈结束"),
        ("Talks end - Politics", "Example News", "Politics", "Talks end - Politics"),
        ("US-China talks end | Other News", "Example News", "", "US-China talks end | Other News"),
        ("Example News", "Example News", "", "Example News"),
    ],
)
def test_a_stated_title_loses_the_names_of_its_site_and_section_only(
    stated: str, site: str, section: str, title: str
) -> None:
    metas = {"og:title": stated, "og:site_name": site, "article:section": section}
    head = "".join(f'<meta property="{name}" content="{content}">' for name, content in metas.items())
    html = f"<html><head><title>Else</title>{head}</head><body><p>{_PARAGRAPHS[0]}</p></body></html>"
    assert clean_page(html, _URL).title == title


def test_a_heading_that_names_the_site_is_not_the_title() -> None:
    html = _page('<meta property="og:site_name" content="Example News">').replace(
        "<h1>Magnets run short</h1>", "<h1>Example News</h1>"
    )
    assert clean_page(html).title == "Magnets run short"


@pytest.mark.parametrize(
    ("canonical", "found"),
    [
        ("/world/2025/magnets", "https://news.example/world/2025/magnets"),
        ("https://other.example/magnets", "https://other.example/magnets"),
        ("https://news.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[bad", ""),
    ],
)
def test_the_canonical_link_is_absolute_and_not_the_front_page(canonical: str, found: str) -> None:
    assert clean_page(_page(f'<link rel="canonical" href="{canonical}">'), _URL).canonical == found


def test_image_site_and_language_are_read() -> None:
    head = '<meta property="og:image" content="/pit.jpg"><meta property="og:site_name" content="Example News">'
    page = clean_page(_page(head, lang="de-AT"), _URL)
    assert (page.image, page.site, page.language) == ("https://news.example/pit.jpg", "Example News", "de")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "datePublished": "2025-10-23",}',
        '<!-- {"@type": "NewsArticle", "datePublished": "2025-10-23"} -->',
        '[{"@type": "WebSite"}, {"@graph": [{"@type": ["Article"], "datePublished": "2025-10-23"}]}]',
        '{"@type": "NewsArticle", "description": "two\nlines", "datePublished": "2025-10-23"}',
    ],
)
def test_json_ld_is_read_with_its_usual_faults(script: str) -> None:
    assert clean_page(_page(f'<script type="application/ld+json">{script}</script>')).published_text == "2025-10-23"


@pytest.mark.parametrize(
    "script",
    ["{", "[" * 100_000, '{"@type": 5, "author": [[[]]]}', '{"@type": "NewsArticle", "headline": {"a": 1}}', "null"],
)
def test_broken_json_ld_costs_only_itself(script: str) -> None:
    page = clean_page(_page(f'<script type="application/ld+json">{script}</script>'))
    assert page.text.split("\n") == _PARAGRAPHS


def test_the_page_s_own_article_is_told_from_the_others_it_lists() -> None:
    other = _ld(headline="A fish festival", datePublished="2020-01-01", author="X Y", image="x", publisher="y")
    own = _ld(headline="Magnets run short", datePublished="2025-10-23")
    assert clean_page(_page(other + own)).published_text == "2025-10-23"


def test_a_body_that_only_json_ld_holds_is_the_text() -> None:
    script = _ld(headline="T", articleBody="\n".join(_PARAGRAPHS))
    html = f"<html><head>{script}</head><body><div id='app'></div></body></html>"
    assert clean_page(html).text.split("\n") == _PARAGRAPHS


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", ""),
        (b"\x89PNG\r\n\x1a\n", "text/html"),
        (b"\xff\xd8\xff\xe0", ""),
        (b"GIF89a", ""),
        (b"PK\x03\x04", ""),
        (b"\x00\x00\x00\x18ftypmp42", ""),
        (b"\x1f\x8b\x08", ""),
        (b"text\x00with\x00nul", ""),
        (b"....", "image/webp"),
        (b'{"a": 1}', "application/json"),
        (b"...", "application/pdf"),
    ],
)
def test_what_is_no_text_says_so(body: bytes, content_type: str) -> None:
    problem = clean_page(body, _URL, content_type).problem
    assert problem is not None
    assert problem.problem is Problem.NOT_TEXT
    assert problem.detail


def test_a_page_sent_as_something_else_is_read_all_the_same() -> None:
    assert clean_page(_page().encode(), _URL, "application/octet-stream").problem is None
    assert clean_page(_page().encode(), _URL, "application/json").problem is None


def test_plain_text_goes_the_way_of_plain_text() -> None:
    page = clean_page(
        b"Magnets run short\n\n8 min read\n\n" + _PARAGRAPHS[0].encode(), _URL, "text/plain; charset=utf-8"
    )
    assert (page.title, page.text) == ("Magnets run short", _PARAGRAPHS[0])


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><title>Just a moment...</title></head><body>Checking</body></html>",
        "<title>Attention Required! | Cloudflare</title>",
        "<title>Access Denied</title><h1>Access Denied</h1>You don't have permission",
        "<html><body><script src='https://x.token.awswaf.com/a.js'></script></body></html>",
        "<html><body><div id='px-captcha'></div><p>Press and hold</p></body></html>",
    ],
)
def test_a_bot_check_is_never_an_article(html: str) -> None:
    page = clean_page(html, _URL)
    assert page.problem is not None
    assert page.problem.problem is Problem.CHALLENGE
    assert page.text == ""


@pytest.mark.parametrize(
    "head",
    [
        "<script src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js'></script>",
        "<script>window._cf_chl_opt = {}</script>",
        "<meta property='og:title' content='Access denied to rare earths, buyers say'>",
    ],
)
def test_an_article_behind_a_guarded_site_is_still_an_article(head: str) -> None:
    assert clean_page(_page(head), _URL).text.split("\n") == _PARAGRAPHS


@pytest.mark.parametrize("html", ["", " ", "<html></html>", "<!-- -->", b""])
def test_an_empty_page_is_named(html: str | bytes) -> None:
    problem = clean_page(html).problem
    assert problem is not None
    assert problem.problem is Problem.NO_TEXT


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html", "text/plain", "text/html; charset=idna", "application/pdf"]),
    st.sampled_from(["", "http://[", _URL]),
)
def test_any_bytes_give_a_page(body: bytes, content_type: str, url: str) -> None:
    page = clean_page(body, url, content_type)
    assert page.text or page.title or page.problem


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.text(alphabet="<>/\"'= abhref&;{}[]\x00\ud800", max_size=20))
def test_a_damaged_page_gives_a_page(at: int, junk: str) -> None:
    html = _page(_ld(headline="Magnets", author="Ada Quarry", datePublished="2025-10-23"))
    page = clean_page(html[: at % len(html)] + junk + html[at % len(html) :], _URL)
    assert "\x00" not in page.text + page.title
