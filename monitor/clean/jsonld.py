"""JSON-LD: the article that a page describes for search engines. Source: https://schema.org/Article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

from monitor.clean.tidy import tidy_line

Node = dict[str, Any]

_MAX_CHARS = 512_000
_MAX_NODES = 2_000
_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|\w*NewsArticle)$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_CLOSINGS = ("-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", ";")
_WEIGHTS = {
    "headline": 2,
    "datePublished": 2,
    "author": 1,
    "articleBody": 1,
    "image": 1,
    "publisher": 1,
    "mainEntityOfPage": 1,
}


def article_node(tree: HtmlElement, title: str) -> Node:
    """Return the node of the page's own article: the fullest one, above all one whose headline is like `title`."""
    best, best_score = {}, 0.0
    title_words = set(re.findall(r"\w+", title.casefold()))
    for node in _nodes(tree):
        if not _is_article(node):
            continue
        words = set(re.findall(r"\w+", text_of(node.get("headline")).casefold()))
        likeness = len(words & title_words) / len(words) if words else 0.0
        score = 1 + 4 * likeness + sum(weight for name, weight in _WEIGHTS.items() if node.get(name))
        if score > best_score:
            best, best_score = node, score
    return best


def text_of(value: object) -> str:
    """Return a property's text: itself, its `name`, or the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return tidy_line(html.unescape(value)) if isinstance(value, str) else ""


def texts_of(value: object) -> list[str]:
    """Return the texts of a property that may have several values."""
    return [text for item in (value if isinstance(value, list) else [value]) if (text := text_of(item))]


def url_of(value: object) -> str:
    """Return a property's address: itself, its `url` or its `@id`."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id") or ""
    return value.strip() if isinstance(value, str) else ""


def is_free(node: Node) -> bool | None:
    """Return whether a page says that its text is free; None if it does not say."""
    stated = node.get("isAccessibleForFree")
    if isinstance(stated, bool):
        return stated
    return {"true": True, "false": False}.get(text_of(stated).rpartition("/")[2].lower())


def _is_article(node: Node) -> bool:
    types = node.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE.search(kind) for kind in (types if isinstance(types, list) else [types])
    )


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    scripts = (script.text for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower())
    waiting: list[object] = [_load(text) for text in scripts if text and len(text) <= _MAX_CHARS]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
        waiting.extend(_children(value))


def _children(value: object) -> Iterable[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [
            value[name]
            for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item")
            if name in value
        ]
    return ()


def _load(text: str) -> object:
    text = text.strip()
    for opening in _OPENINGS:
        text = text.removeprefix(opening).lstrip()
    for closing in reversed(_CLOSINGS):
        text = text.removesuffix(closing).rstrip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None
