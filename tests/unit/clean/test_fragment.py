from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clean import clean_fragment

FRAGMENTS = [
    ("", ""),
    ("Plain words", "Plain words"),
    ("Two\n\nparagraphs &amp; more", "Two\nparagraphs & more"),
    ("<p>One <b>bo</b>ld</p><p>Two</p>", "One bold\nTwo"),
    ("<p>A line\nbroken   in source</p>", "A line broken in source"),
    ("One<br>Two<br/>Three", "One\nTwo\nThree"),
    ("<ul><li>a<li>b</ul>", "a\nb"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
    ("Before<script>alert(1)</script> after", "Before after"),
    ("<style>p {}</style><p>Text</p>", "Text"),
    ("<p>Open <a href='x'>link</p>", "Open link"),
    ("&lt;p&gt;Escaped twice&lt;/p&gt;", "Escaped twice"),
    ("<!-- hidden -->Shown", "Shown"),
    ("<p>Rare\u00a0earth\u202fmagnets\u200b</p>", "Rare earth magnets"),
    ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
    ("<p>稀土<em>出口</em>管制</p>", "稀土出口管制"),
    ("<![CDATA[<p>x</p>]]>", "x"),
    ("<p></p><p> </p>", ""),
]


@pytest.mark.parametrize(("html", "text"), FRAGMENTS)
def test_fragment_becomes_paragraphs(html: str, text: str) -> None:
    assert clean_fragment(html) == text


def test_what_is_nested_too_deep_is_still_read() -> None:
    assert clean_fragment("<div>" * 5_000 + "deep words") == "deep words"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/&;!-[]abp \n\x00\ud800\u202f=\"'#x1"), max_size=200))
def test_any_fragment_gives_tidy_lines(html: str) -> None:
    text = clean_fragment(html)
    assert all(line == line.strip() and line for line in text.split("\n")) or text == ""
