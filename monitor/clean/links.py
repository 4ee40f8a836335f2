"""The links of a page that has no feed: what a user's selectors find, with the title and the date beside each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement

from monitor.clean.page import decode_page
from monitor.clean.selectors import xpath_of
from monitor.clean.tidy import tidy_line
from monitor.clean.tree import tree_of
from monitor.model import Picks

_MAX_LINKS = 2_000
_IN_ITSELF = "descendant-or-self::*[self::a or self::area][@href]"


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedLink:
    """A link with what stands beside it, as the page has it; `url` is absolute, `date` a text."""

    url: str
    title: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedLinks:
    """What selectors found on a page, in its order; `all_links` is how many links there are in all."""

    title: str = ""
    links: tuple[PickedLink, ...] = ()
    all_links: int = 0


def pick_links(body: bytes, url: str, content_type: str, picks: Picks) -> PickedLinks:
    """Find the links that `picks` names. What it names is a link, or holds one: its first counts.

    A title or date is looked for in the largest part of the page that holds this link and no other found. Without a
    selector for it, the date is the only `<time datetime>` there, the title the link's text.
    """
    tree = tree_of(decode_page(body, content_type))
    if tree is None:
        return PickedLinks()
    base = urljoin(url, next((str(found) for found in tree.xpath("//base/@href")), ""))
    found = [element for element in _find(tree, picks.links) if element.xpath(_IN_ITSELF)][:_MAX_LINKS]
    holders = Counter(ancestor for element in found for ancestor in (element, *element.iterancestors()))
    return PickedLinks(
        title=tidy_line(tree.findtext(".//title") or ""),
        links=tuple(_link(element, _item_of(element, holders), base, picks) for element in found),
        all_links=len(tree.xpath("//a[@href]")),
    )


@lru_cache(maxsize=256)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(xpath_of(selector), smart_strings=False)


def _find(element: HtmlElement, selector: str) -> list[HtmlElement]:
    return cast("list[HtmlElement]", _compiled(selector)(element))


def _item_of(element: HtmlElement, holders: Counter[HtmlElement]) -> HtmlElement:
    item = element
    while (parent := item.getparent()) is not None and holders[parent] == 1:
        item = parent
    return item


def _link(element: HtmlElement, item: HtmlElement, base: str, picks: Picks) -> PickedLink:
    anchor = element.xpath(_IN_ITSELF)[0]
    titles = _find(item, picks.title) if picks.title else [anchor]
    dates = _find(item, picks.date) if picks.date else item.xpath("descendant-or-self::time[@datetime]")
    is_sure = bool(picks.date) or len(dates) == 1
    try:
        address = urljoin(base, (anchor.get("href") or "").strip())
    except ValueError:
        address = ""
    return PickedLink(
        url=address,
        title=next((text for text in map(_text, titles) if text), "") or _text(anchor),
        date=next((text for text in map(_date, dates) if text), "") if is_sure else "",
    )


def _text(element: HtmlElement) -> str:
    """Return the text of an element; of a picture alone, what it says it shows."""
    text = tidy_line(" ".join(str(element.text_content()).split()))
    if text:
        return text
    named = [element.get("title"), element.get("aria-label"), *element.xpath(".//img/@alt")]
    return tidy_line(next((str(name) for name in named if name and str(name).strip()), ""))


def _date(element: HtmlElement) -> str:
    stated = element.xpath("@datetime | @content | .//time/@datetime")
    return tidy_line(str(stated[0]) if stated else str(element.text_content()))
