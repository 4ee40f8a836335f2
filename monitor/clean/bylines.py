"""Author names out of bylines: `By JANE DOE, Trade Correspondent` names Jane Doe."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.clean.tidy import tidy_line

_LEAD = re.compile(
    r"^(?:(?:written|posted|published|reported|words|text|story)\s+by|by|von|por|par|di|da|door|av|af|autor(?:en|in)?:|author:?|text:)\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:;|\||\s/\s|\s+(?:and|und|et|y|e|&|og|och|en)\s+)\s*")
_JUNK = re.compile(
    r"https?://|www\.|@|\d|^by$|\b(?:image|e-?mail|follow|author|staff|editors?|admin|newsroom|redaktion|reporters?|correspondent|updated|published|contributor)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\s*\([^()]*\)$")  # an author's initials, or a job
_MAX_NAMES = 5
_MAX_WORDS = 5


def clean_names(found: Iterable[str]) -> tuple[str, ...]:
    """Return the people named in bylines, each once, at most 5: roles, addresses and links are left out."""
    names = (name for text in found for name in _split(tidy_line(text)[:300]))
    return tuple(dict.fromkeys(names))[:_MAX_NAMES]


def _split(text: str) -> Iterable[str]:
    for part in _BETWEEN.split(_LEAD.sub("", text)):
        pieces = [piece.strip() for piece in part.split(",")]
        # `Doe, Jane` is one name; `Jane Doe, John Roe` are two; `Jane Doe, Editor` is one and a role.
        whole = [piece for piece in pieces if " " in piece] or [part.strip()]
        for piece in whole:
            name = _NOTE.sub("", _LEAD.sub("", piece)).strip(" .,-–—:()")
            if name and len(name.split()) <= _MAX_WORDS and not _JUNK.search(name):
                yield name
