"""What the fields of a feed become: plain titles, absolute http links, capped HTML.

The same rules for every format. Nothing here trusts that a field has the type or the size its format promises.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

TITLE_CHARS = 1_000
HTML_CHARS = 256_000
_URL_CHARS = 4_000
_NAME_CHARS = 200
_NAMES = 10

# Tags that titles carry by mistake. Others stay: "The <T> in Rust" is a title.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s"
    r"|small|span|strike|strong|sub|sup|svg|tt|u|ul|var|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
# What is nearly every link: nothing about it is to be resolved.
_WHOLE_URL = re.compile(
    r"https?://[a-z0-9.-]*[a-z0-9](?:/[\w/.,~%+=@!*-]{0,1000})?(?:\?[\w/.,~%+=&@!*-]{1,1000})?", re.ASCII
)
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][\w-]*)?\s*$")
_EMAIL = re.compile(r"[^\s@()<>]+@[^\s@()<>]+")


def without_control(text: str) -> str:
    """Return `text` without control and zero-width characters and lone surrogates, which no store takes."""
    return _CONTROL.sub("", text)


def plain_title(text: object) -> str:
    """Return a title as one line of plain text of at most `TITLE_CHARS`: entities decoded, tags out."""
    if not isinstance(text, str):
        return ""
    text = text[: 16 * TITLE_CHARS]
    text = html.unescape(_untagged(text))
    text = " ".join(_untagged(without_control(text)).split())
    return text if len(text) <= TITLE_CHARS else text[: TITLE_CHARS - 1].rstrip() + "…"


def http_url(link: object, base: str) -> str:
    """Return `link` resolved against `base`, or empty if that is no http or https address."""
    if not isinstance(link, str):
        return ""
    link = without_control(link).strip().replace("\n", "").replace("\r", "").replace("\t", "").replace(" ", "%20")
    if not link:
        return ""
    if _WHOLE_URL.fullmatch(link):
        return link
    try:
        url = urljoin(base, link)
        parts = urlsplit(url)
        has_host = bool(parts.hostname)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and has_host and len(url) <= _URL_CHARS else ""


def capped_html(text: object) -> str:
    """Return HTML as the feed gave it, at most `HTML_CHARS` of it, without control characters."""
    return without_control(text[:HTML_CHARS]).strip() if isinstance(text, str) else ""


def names(found: Iterable[object]) -> tuple[str, ...]:
    """Return people's names, each once, at most 10: e-mail addresses beside them are left out."""
    cleaned = (_name(plain_title(name)) for name in found)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:_NAMES]


def _name(text: str) -> str:
    text = _EMAIL.sub("", text)
    if text.count("(") > text.count(")"):
        text = text.rpartition("(")[2]  # feedparser cuts `a@b.media (Jane Doe)` after the fourth letter of `media`
    return text.strip(" ()<>,;")[:_NAME_CHARS]


def language_of(tag: object) -> str:
    """Return the language of a tag in lower case, without script or region: `en` of `en-US`; empty if it is none."""
    found = _LANGUAGE.match(tag) if isinstance(tag, str) else None
    return found.group(1).lower() if found else ""


def _untagged(text: str) -> str:
    return _TAG.sub(" ", _BLOCK.sub(" ", text)) if "<" in text else text
