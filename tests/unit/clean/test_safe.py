from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clean import clean_fragment, safe_html
from tests.unit.clean.test_fragment import FRAGMENTS

_RUNS = re.compile(
    r"<(?:script|style|iframe|form|svg|math|object)\b|<[^>]*\s(?:on\w+|style|srcdoc)=|javascript:", re.IGNORECASE
)
_PIECES = [
    *(
        "<script>",
        "</script>",
        "<scr<script>ipt>",
        "<style>",
        "<svg/onload=alert(1)>",
        "<math><mtext>",
        "<iframe srcdoc='",
    ),
    *(
        "<a href=javascript:alert(1)>",
        "<a href='java\tscript:alert(1)'>",
        '<img src=x onerror="alert(1)">',
        "<p onclick=x>",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;script&gt;",
        "&#60;script&#62;",
        "<title>",
        "</title>",
        "<noscript>",
        "'",
        '"',
    ),
    *(
        "<p style='x'>",
        "<form action=x>",
        "words",
        " ",
        "<b",
        ">",
        "\0",
        "<plaintext>",
        "<table><td>",
        "<style><a title='</style>",
    ),
]


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("", ""),
        ("5 < 6", "5 &lt; 6"),
        ("<p>a<script>alert(1)</script>b</p>", "<div><p>ab</p></div>"),
        ("<p onclick='x()' style='y' class='z' lang='de'>a</p>", '<div><p lang="de">a</p></div>'),
        ("<a href='javascript:x()'>a</a>", '<div><a rel="noopener noreferrer nofollow">a</a></div>'),
        ("&lt;img src=x onerror=x()&gt;", '<div><img src="x"></div>'),
        ("<form action='/x'>a<input name='b'></form>", "<div>a</div>"),
        ("<svg><script>x()</script></svg><style>p {}</style>a", "<div>a</div>"),
        ("<![CDATA[<b>a</b>]]>", "<div><b>a</b></div>"),
    ],
)
def test_what_could_do_something_is_left_out(html: str, safe: str) -> None:
    assert safe_html(html) == safe


@pytest.mark.parametrize("html", [html for html, _ in FRAGMENTS])
def test_the_words_of_a_fragment_stay_the_same(html: str) -> None:
    assert clean_fragment(safe_html(html)) == clean_fragment(html)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_nothing_that_runs_is_let_through(html: str) -> None:
    shown = re.sub(r"&(?:lt|gt|amp|quot);", "", safe_html(html))
    assert not _RUNS.search(re.sub(r">[^<]*", ">", shown)), shown


def test_making_safe_what_is_safe_changes_nothing() -> None:
    once = safe_html("<p>a &amp; b<br><a href='http://a.example/?x=1&y=2' onclick='x'>c</a><script>x</script>")
    assert safe_html(once) == f"<div>{once}</div>"


def test_tags_nested_without_end_leave_their_words_and_take_no_time() -> None:
    html = "<div>" * 90_000 + "deep &amp; <i>words</i>"
    assert safe_html(html) == "<p>deep &amp;</p><p>words</p>"
    assert clean_fragment(safe_html(html)) == clean_fragment(html)
