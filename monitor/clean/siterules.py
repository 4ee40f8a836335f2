"""Applies what the user wrote for one site: which parts of its pages to keep, and which to drop.

A selector that starts with `/`, `./` or `(` is XPath, any other CSS.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import XPath, XPathError
from lxml.html import HtmlElement, document_fromstring

from monitor.clean.selectors import BadSelector, xpath_of
from monitor.clean.tree import lines_of

_XPATH = re.compile(r"\.?/|\(")


def rule_xpath(selector: str) -> str:
    """Return the XPath of a selector in a rule.

    Raises:
        BadSelector: it is neither CSS nor XPath, or selects other things than elements.
    """
    if not _XPATH.match(selector):
        return xpath_of(selector)
    try:
        found = XPath(selector)(document_fromstring("<p>a"))
    except XPathError as error:
        raise BadSelector(str(error)) from error
    if not isinstance(found, list):
        raise BadSelector("it selects a value, not parts of a page")
    return selector


def drop_parts(tree: HtmlElement, selectors: tuple[str, ...]) -> int:
    """Take the selected parts out of a tree, leaving the text that follows them; return how many."""
    parts = _selected(tree, selectors)
    for part in parts:
        if part.getparent() is not None:
            part.drop_tree()
    return len(parts)


def kept_text(tree: HtmlElement, selectors: tuple[str, ...]) -> str:
    """Return the text of the selected parts in the order of the page, a line a paragraph; empty: there is none."""
    parts = _selected(tree, selectors)
    outer = [part for part in parts if not any(above in parts for above in part.iterancestors())]
    return "\n".join(line for part in outer for line in lines_of(part))


def _selected(tree: HtmlElement, selectors: tuple[str, ...]) -> list[HtmlElement]:
    found: set[object] = set()
    for selector in selectors:
        parts = _compiled(selector)(tree)
        found.update(parts if isinstance(parts, list) else ())
    return [part for part in tree.iter() if part in found] if found else []


@lru_cache(maxsize=256)
def _compiled(selector: str) -> XPath:
    return XPath(rule_xpath(selector))
