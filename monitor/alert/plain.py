"""Makes any text safe to show: everything a feed says is hostile until it went through here.

Control characters and line separators become spaces; bidi and other invisible characters and lone surrogates go.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_JOINERS = "\u200c\u200d"  # Persian and Indic words, and many emoji, are spelled with these
_BLANKS = re.compile(r"\s+")
_MAX_LINK = 2_000
_LINK_BREAKERS = re.compile(r"[\s<>\"'`|\\^{}]")


def tidy(text: str) -> str:
    """Return `text` with every run of blanks as one space and without invisible characters; ends are kept."""
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return _BLANKS.sub(" ", text)


def one_line(text: str, limit: int = 1_000) -> str:
    """Return `text` as one line of at most `limit` characters, cut with …."""
    # What is far beyond the limit is not worth cleaning; blanks and invisible characters may take some of it.
    line = tidy(text[: limit * 4 + 1_000]).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def header(text: str, limit: int) -> str:
    """Return `text` as `one_line` that has no invisible character at all, as a subject needs."""
    return one_line(text.translate(dict.fromkeys(map(ord, _JOINERS))), limit)


def several_lines(text: str, limit: int = 10_000) -> str:
    """Return `text` cleaned line by line, at most `limit` characters, cut with …."""
    lines = (tidy(line).rstrip() for line in text[: limit * 2].splitlines())
    cleaned = "\n".join(lines).strip("\n")
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def web_link(url: str) -> str:
    """Return `url` if it is an http or https address that can be shown as a link, else nothing."""
    url = url.strip()
    if len(url) > _MAX_LINK or not url.isprintable() or _LINK_BREAKERS.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs") and character not in _JOINERS else character
