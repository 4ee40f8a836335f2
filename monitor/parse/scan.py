"""A look at a feed's bytes before they are parsed: readable, bounded, and a feed at all.

feedparser is quadratic in an element's attributes and in an author's name, and takes 17 s for 100,000 items: such
bodies are refused or cut here. What slips through is the business of the killable worker that parsing runs in.
"""

from __future__ import annotations

import re

from monitor.text.charset import codec_of, decode_sure

MAX_ENTRIES = 2_000
_MAX_ATTRIBUTES = 1_000
_MAX_DEPTH = 10_000
_HEAD_BYTES = 4_096

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>\s*", re.IGNORECASE)
_DECLARED = re.compile(rb"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])([^"'>]*)(["'])""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")
_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!#?\w{1,32};)", re.DOTALL)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r"))
_HTML = re.compile(rb"(?>\s+|<\?[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)
_OPML = re.compile(rb"(?>\s+|<\?[^>]*>|<!--.*?-->|<!doctype[^>]*>)*+<opml[\s>]", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_LONG_RUN = re.compile(rb"<[A-Za-z][^<]{4000,}")
_TAG = re.compile(rb"""<[A-Za-z](?:[^>"']|"[^"]*+"|'[^']*+')*+""")
_VALUE = re.compile(rb""""[^"]*+"|'[^']*+'""")
_ATTRIBUTE = re.compile(rb"\s[\w:.-]+(?=[\s=/>]|\Z)")
_NESTING = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/)?[A-Za-z][^<>]*?(/)?>", re.DOTALL)
_LONG_NAME = re.compile(
    rb"<[\w:.-]*(?:author|creator|editor|master|publisher|contributor|owner|name)\b[^<>]{0,500}>\s*(?:<!\[CDATA\[)?[^\s<]{4000}",
    re.IGNORECASE,
)
_ITEM = re.compile(rb"<(?:\w+:)?(item|entry)[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_EMPTY_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)(?:\s[^<>]*)?/>", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)


def readable(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return `body` as feedparser should get it, with the content type that goes with it.

    UTF-8 where the bytes prove an encoding; else as it came, with only such labels as name an encoding of documents.
    Blank lines before the declaration and characters that XML forbids are gone; a bare `&` is escaped, which feedparser
    reads as `&name;`.
    """
    labels = [found.group(1) for found in [_CHARSET.search(content_type)] if found]
    if declared := _DECLARED.match(body[:_HEAD_BYTES]):
        labels.append(declared.group(2).decode("ascii", "replace"))
    text = decode_sure(body, labels)
    if text is not None:
        start = _DECLARATION.match(text)
        text = text[start.end() if start else 0 :].lstrip()
        return _mended(text.encode("utf-8", "replace")), "application/xml; charset=utf-8"
    if declared and not codec_of(labels[-1]):
        body = body[: declared.start(2)] + b"utf-8" + body[declared.end(2) :]
    charset = next((label for label in labels[:1] if codec_of(label)), "")
    return _mended(body).lstrip(), "application/xml" + (f"; charset={charset}" if charset else "")


def _mended(body: bytes) -> bytes:
    body = body.translate(None, _CONTROL)
    if not _BARE_AMPERSAND.search(body):
        return body
    return _AMPERSAND.sub(lambda found: b"&amp;" if found.group() == b"&" else found.group(), body)


def name_encoding(body: bytes, content_type: str) -> str:
    """Return how a document is decoded, and what header and declaration say, for a person who looks on."""
    header, document = _CHARSET.search(content_type), _DECLARED.match(body[:_HEAD_BYTES])
    labels = [header[1]] if header else []
    labels += [document[2].decode("ascii", "replace")] if document else []
    known = next((label for label in labels if codec_of(label)), "")
    used = "as its bytes prove" if decode_sure(body, labels) is not None else f"as {known or 'guessed'}"
    said = f"the header says {header[1] if header else 'nothing'}, the document {labels[-1] if document else 'nothing'}"
    return f"decoded {used}; {said}"


def is_page(body: bytes) -> bool:
    """Tell whether `body` is a web page instead of a feed."""
    return bool(_HTML.match(body[:_HEAD_BYTES])) and not _FEED.search(body[:_HEAD_BYTES])


def is_list(body: bytes) -> bool:
    """Tell whether `body` is OPML: a list of feeds."""
    return bool(_OPML.match(body[:_HEAD_BYTES]))


def harm_in(body: bytes) -> str:
    """Return what in `body` would make parsing take minutes; empty: nothing that shows."""
    for run in _LONG_RUN.finditer(body):
        tag = _TAG.match(run.group())  # a `>` inside quotes does not end it
        if tag and len(_ATTRIBUTE.findall(_VALUE.sub(b"", tag.group()))) > _MAX_ATTRIBUTES:
            return f"an element has more than {_MAX_ATTRIBUTES} attributes"
    if _LONG_NAME.search(body):
        return "an author's name has more than 4000 characters"
    if body.count(b"<") > _MAX_DEPTH and _is_deep(body):
        return f"elements are nested more than {_MAX_DEPTH} deep"
    return ""


def _is_deep(body: bytes) -> bool:
    depth = 0
    for tag in _NESTING.finditer(body):
        if tag[1]:
            depth -= depth > 0
        elif tag.group()[1:2].isalpha() and not tag[2]:
            depth += 1
            if depth > _MAX_DEPTH:
                return True
    return False


def bounded(body: bytes, entries: int = MAX_ENTRIES) -> bytes:
    """Return `body` with at most so many entries, an even number: of a longer one the middle is cut out.

    Feeds are newest first, archives often oldest first: whichever end is new stays.
    """
    starts = [item.start() for item in _ITEM.finditer(body)]
    if len(starts) <= entries:
        return body
    half = entries // 2
    return body[: starts[half]] + body[starts[-half] :]


def is_cut_in_entry(body: bytes) -> bool:
    """Tell whether `body` ends inside an entry: an entry is open and the document is not closed."""
    opened = max((item.start() for item in _ITEM.finditer(body)), default=-1)
    return opened >= 0 and not _ITEM_END.search(body, opened) and not _ROOT_END.search(body, opened)


def is_cut(body: bytes) -> bool:
    """Tell whether a feed ends before its end: nothing closes the document after its last entry began."""
    if not _FEED.search(body[:_HEAD_BYTES]) or _EMPTY_ROOT.search(body[:_HEAD_BYTES]):
        return False
    opened = max((item.start() for item in _ITEM.finditer(body)), default=0)
    return not _ROOT_END.search(body, opened)
