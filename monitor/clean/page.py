"""A web page to its article.

Decoded here, parsed once, and only the tree is handed to trafilatura: by itself it guesses encodings and dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import cchardet
from lxml.html import HtmlElement

from monitor.clean.gates import not_text
from monitor.clean.jsonld import Node
from monitor.clean.kinds import WITHOUT_TEXT, Seen, kind_of
from monitor.clean.metadata import read_metadata, read_sources
from monitor.clean.plain import clean_text
from monitor.clean.scripts import text_in_scripts
from monitor.clean.siterules import drop_parts, kept_text
from monitor.clean.tidy import tidy_lines
from monitor.clean.tree import lines_of, tree_of
from monitor.model import Failure, PageText, Problem, SiteRule
from monitor.text.charset import decode
from monitor.text.walls import has_challenge_mark, is_challenge_title

_MAX_CHARS = 5_000_000
_GUESS_BYTES = 1_000_000
_SHORT_WORDS = 250
_LONG_WORDS = 600
_PARAGRAPH_CHARS = 80
_MISSED_FACTOR = 1.5
_CHALLENGE_WORDS = 150
_META_BYTES = 4_096
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# What trafilatura drops too, after it has searched and copied it several times. Scripts and figures part its texts.
_NEVER_TEXT = (
    *(
        "aside",
        "audio",
        "button",
        "canvas",
        "dialog",
        "embed",
        "footer",
        "iframe",
        "label",
        "link",
        "map",
        "menu",
        "meta",
    ),
    *("noscript", "object", "option", "picture", "select", "source", "style", "svg", "template", "textarea", "video"),
)
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article)\b", re.IGNORECASE)


def clean_page(html: bytes | str, url: str = "", content_type: str = "", *, rule: SiteRule | None = None) -> PageText:
    """Find the article on a page, and what the page states about it. Any input gives a result.

    The paragraphs of its text are separated by single line breaks, without blank lines. Bytes may be in any encoding;
    text/plain goes the way of `clean_text`. What is no text, a bot check, a wall or a page without an article is a
    `problem`, without a text; a stub before a paywall, a live blog and a gallery are one, too, and keep theirs.
    `rule` is what the user wrote for the site.
    """
    if isinstance(html, bytes):
        if what := not_text(html, content_type):
            return PageText(problem=Failure(problem=Problem.NOT_TEXT, detail=what))
        html = decode_page(html, content_type)
    html = html[:_MAX_CHARS]
    if content_type.strip().lower().startswith("text/plain") and not _MARKUP.search(html[:_META_BYTES]):
        return clean_text(html)
    tree = tree_of(html)
    if tree is None:
        return PageText(problem=Failure(problem=Problem.NO_TEXT, detail="an empty page"))
    return _clean_tree(tree, html, url, rule or SiteRule(host=""))


def _clean_tree(tree: HtmlElement, html: str, url: str, rule: SiteRule) -> PageText:
    sources = read_sources(tree, url)
    if is_challenge_title(sources.head_title):
        return PageText(problem=Failure(problem=Problem.CHALLENGE, detail=sources.head_title[:100]))
    page = read_metadata(sources)
    dropped = drop_parts(tree, rule.drop)
    if text := kept_text(tree, rule.keep):
        step = "the parts that the site's rule keeps"
    else:
        text, step = _article_text(tree, sources.node, partial(_fresh_tree, html, rule))
    text = _without_title(text, page.title)
    if len(text.split()) < _CHALLENGE_WORDS and has_challenge_mark(html):
        return PageText(
            problem=Failure(problem=Problem.CHALLENGE, detail="a script that asks for proof of being human")
        )
    titles = tuple(title for title in (sources.head_title, page.title) if title)
    seen = Seen(tree=tree, node=sources.node, url=url, titles=titles, text=text, media=sources.meta("og:type"))
    kind = kind_of(seen)
    if (not text or (kind and kind.problem is Problem.SCRIPT)) and (hidden := text_in_scripts(tree)):
        kind, text, step = None, hidden, "JSON in a script"
    if kind and kind.problem in WITHOUT_TEXT:
        return PageText(title=page.title, site=page.site, language=page.language, problem=kind)
    if not text:
        return replace(page, problem=kind or Failure(problem=Problem.NO_TEXT))
    evidence = (("text", step), *_told(rule, dropped, step), *page.evidence)
    return replace(page, text=text, problem=kind, evidence=evidence)


def _fresh_tree(html: str, rule: SiteRule) -> HtmlElement:
    tree = tree_of(html)
    drop_parts(tree, rule.drop)
    return tree


def _told(rule: SiteRule, dropped: int, step: str) -> Iterator[tuple[str, str]]:
    if rule.drop:
        yield "dropped", f"{dropped} parts, by the site's rule"
    if rule.keep and "keeps" not in step:
        yield "kept", "nothing: what the site's rule keeps is not on the page"


def decode_page(body: bytes, content_type: str) -> str:
    """Return a page's text: by the header, by what the page says, by its bytes."""
    labels = [found.group(1) for found in [_CHARSET.search(content_type)] if found]
    labels += [
        found.group(1).decode("ascii", "replace") for found in [_META_CHARSET.search(body[:_META_BYTES])] if found
    ]
    return decode(body, labels, _guess)


def _guess(body: bytes) -> str:
    return cchardet.detect(body[:_GUESS_BYTES])["encoding"] or ""


def _article_text(tree: HtmlElement, node: Node, again: Callable[[], HtmlElement]) -> tuple[str, str]:
    """Return the text of a page's article, and which step found it; `again` makes its tree anew, as this one is cut."""
    around = _paragraph_chars(tree)
    for part in list(tree.iter(*_NEVER_TEXT)):
        if part.getparent() is not None:
            part.drop_tree()
    text, step = _extracted(tree, is_fast=True), "trafilatura, fast"
    if _may_be_cut(text, around):
        longer = _extracted(again(), is_fast=False)
        if len(longer) >= 1.2 * len(text):
            text, step = longer, "trafilatura, in full"
    stated = _stated_body(node)
    return (stated, "JSON-LD articleBody") if _is_better(stated, text) else (text, step)


def _may_be_cut(text: str, around: int) -> bool:
    """Tell whether the page holds far more paragraphs than the fast mode took, or none by which to tell."""
    words = len(text.split())
    if words >= _LONG_WORDS:
        return False
    return around > _MISSED_FACTOR * len(text) or (words < _SHORT_WORDS and around < _PARAGRAPH_CHARS)


def _without_title(text: str, title: str) -> str:
    """Return `text` without the title at its start: the first paragraph should be the article's."""
    first, _, rest = text.partition("\n")
    return rest if rest and first.casefold() == title.casefold() else text


def _paragraph_chars(tree: HtmlElement) -> int:
    """Return how much text stands in real paragraphs: the fast mode now and then stops after a few of them."""
    lengths = (len(paragraph.text_content()) for paragraph in tree.iter("p"))
    return sum(length for length in lengths if length >= _PARAGRAPH_CHARS)


def _extracted(tree: HtmlElement, *, is_fast: bool) -> str:
    from trafilatura import bare_extraction  # late: 0.2 s, and most commands clean nothing

    found = bare_extraction(tree, fast=is_fast, with_metadata=False, include_comments=False)
    text = getattr(found, "text", None)  # None, or a document: its type says a dict too
    return "\n".join(tidy_lines(text)) if text else ""


def _stated_body(node: Node) -> str:
    body = node.get("articleBody")
    if not isinstance(body, str) or not body.strip():
        return ""
    if not _MARKUP.search(body):
        return "\n".join(tidy_lines(body))
    tree = tree_of(body)
    return "" if tree is None else "\n".join(lines_of(tree))


def _is_better(stated: str, text: str) -> bool:
    """Tell whether JSON-LD's body should replace the text: far longer and holding most of it, or the same words."""
    words, others = text.split(), set(stated.split())
    if words == stated.split():
        return True  # it has its line breaks, which trafilatura loses
    return len(stated) > 2 * len(text) and sum(word in others for word in words) >= 0.6 * len(words)
