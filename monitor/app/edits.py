"""What the edits of an article changed, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TypedDict

from monitor.model import Article
from monitor.ports import EarlierText
from monitor.text import sentences


class Edit(TypedDict):
    """An earlier revision, until when it stood, and what the next one took away (`- `) and added (`+ `)."""

    revision: int
    until: str
    lines: list[str]


def edits(article: Article, earlier: Sequence[EarlierText]) -> list[Edit]:
    """Return what each edit changed, oldest first; edits that changed no word are left out."""
    said = [(one.title, one.text) for one in earlier] + [(article.title, article.text)]
    changes = (_lines(_sentences(*before), _sentences(*after)) for before, after in pairwise(said))
    return [
        Edit(revision=one.revision, until=one.until.isoformat(timespec="seconds"), lines=lines)
        for one, lines in zip(earlier, changes, strict=True)
        if lines
    ]


def _sentences(title: str, text: str) -> list[str]:
    return [title, *(" ".join(text[start:end].split()) for start, end in sentences(text))]


def _lines(before: list[str], after: list[str]) -> list[str]:
    lines: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            lines += (f"- {sentence}" for sentence in before[a:b])
            lines += (f"+ {sentence}" for sentence in after[c:d])
    return lines
