"""A feed's HTML made harmless: nothing that runs, loads by itself or sends anything, and every word of it.

The only module that knows nh3, which is quadratic in how deep tags are nested: it runs in a worker that can be killed.
"""

from __future__ import annotations

import re
from html import escape

import nh3

from monitor.clean.fragment import clean_fragment, opened

# What bears words or says where a line ends. No forms, no frames, nothing of SVG or MathML.
_TAGS = frozenset(
    """a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code dd del details dfn
    div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd label li main mark nav
    ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr
    tt u ul var wbr""".split()  # noqa: SIM905 - a list of 77 literals would take 77 lines
)
_WITHOUT_CONTENT = frozenset({"iframe", "noscript", "object", "script", "style", "svg", "template", "title"})
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "*": {"dir", "lang"},
}
_START_OR_END = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_MAX_DEPTH = 1_000
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_WITHOUT_CONTENT),
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)


def safe_html(html: str) -> str:
    """Return the HTML of an entry without scripts, styles, frames, forms, event handlers and `javascript:` links.

    `clean_fragment` finds the same words in it. Of what is nested over 1,000 deep only the words are left.
    """
    html, is_marked = opened(html)
    if not is_marked:
        return escape(html)
    if _depth(html) > _MAX_DEPTH:
        return "".join(f"<p>{escape(line)}</p>" for line in clean_fragment(html).split("\n"))
    return f"<div>{_CLEANER.clean(html)}</div>"


def _depth(html: str) -> int:
    """Return how many tags are open at once at most, if none is closed by another."""
    depth = deepest = 0
    for tag in _START_OR_END.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
        elif tag[2].lower() not in {"br", "hr", "img", "wbr"}:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
