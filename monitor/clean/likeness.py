"""How much of one text's words another one holds: tells whether a page is the article that an entry announces."""

from __future__ import annotations

import re

# Scripts without spaces are compared by pairs of characters: single ones meet by chance.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_SHORTEST = 4
_FEWEST = 2
_WORDS_PER_CHARACTER = 0.6


def share_held(part: str, whole: str) -> float | None:
    """Return which share (0-1) of the telling words of `part` stands in `whole`; None: it has fewer than two."""
    words = _telling(part)
    return len(words & _telling(whole)) / len(words) if len(words) >= _FEWEST else None


def is_same_line(first: str, second: str) -> bool:
    """Tell whether two titles are the same words."""
    return bool(first) and _RUN.findall(first.casefold()) == _RUN.findall(second.casefold())


def count_words(text: str) -> float:
    """Return the length of a text in words; a character of a script without spaces counts 0.6."""
    runs = _RUN.findall(text)
    return sum(_WORDS_PER_CHARACTER * len(run) if _IS_UNSPACED.match(run) else 1 for run in runs)


def _telling(text: str) -> set[str]:
    """Return what tells a text from others: words of 4 letters or more, numbers, pairs of unspaced characters."""
    found: set[str] = set()
    for run in _RUN.findall(text.casefold()):
        if _IS_UNSPACED.match(run):
            found.update(run[at : at + 2] for at in range(max(1, len(run) - 1)))
        elif len(run) >= _SHORTEST or (run.isdigit() and len(run) > 1):
            found.add(run)
    return found
