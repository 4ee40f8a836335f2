"""Decoded HTML to an lxml tree, and a tree to lines of text."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitor.clean.tidy import tidy_line

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SILENT = frozenset({"head", "iframe", "noscript", "object", "script", "style", "svg", "template", "title"})
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike
    strong sub sup time tt u var wbr""".split()  # noqa: SIM905 - a list of 33 literals would take 33 lines
)


def tree_of(html: str) -> HtmlElement | None:
    """Parse HTML of any quality; None if there is nothing in it."""
    data = _FORBIDDEN.sub("", html).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def lines_of(tree: HtmlElement) -> list[str]:
    """Return the visible text under `tree`, a line for each block that has text of its own."""
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_silent = element.tag in _SILENT
        hidden += is_silent * (1 if event == "start" else -1)
        if element.tag not in _INLINE and not is_silent:
            pieces.append("\n")
        text = element.text if event == "start" else element.tail if element is not tree else None
        # What follows a silent element belongs to the element around it.
        if text and not hidden:
            pieces.append(" ".join(re.split(r"\s+", text)) if "\n" in text else text)
    return [line for line in map(tidy_line, "".join(pieces).split("\n")) if line]
