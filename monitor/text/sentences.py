"""Sentences and paragraphs, as half-open code point ranges of the text as given."""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_END = re.compile(r"[.!?…؟।۔]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”’）]*")
_ABBREVIATIONS_TEXT = """
mr mrs ms dr prof gen sen rep gov lt col sgt capt st hon pres messrs mme mlle vs no nr fig art cf al approx dept est
inc corp co ltd etc bzw ca usw jan feb mar apr jun jul aug sep sept oct nov dec janv févr avr juil déc mär okt dez
ene abr ago set dic
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_TEXT.split())
# After these an abbreviation still ends a sentence when a capital follows.
_MAY_END = frozenset(["inc", "corp", "co", "ltd", "etc", "al", "est"])
_OPENERS_TEXT = """
The A An And But In On At It He She They We This That These Those There Its His Her Their If As For While When After
Officials
"""
_OPENERS = frozenset(_OPENERS_TEXT.split())
_LONGEST_WORD = 40
_LAST_WORD = re.compile(r"[^\s(\"'“‘«\[]*$")
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[]*(\S+)")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the paragraphs of a text: its lines that are not blank, without the space around them."""
    return [bounds for match in _LINE.finditer(text) if (bounds := _trim(text, *match.span()))]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text. A line break ends one; the dot of `U.S.`, `Mr.` or `Nov.` does not."""
    return [bounds for start, end in paragraphs(text) for bounds in _sentences_of(text, start, end)]


def _sentences_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.end() < end and _is_end(text, begin, match, end):
            found.append(_trim(text, begin, match.end()))
            begin = match.end()
    found.append(_trim(text, begin, end))
    return [bounds for bounds in found if bounds]


def _is_end(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    if match[0][0] in "。！？":
        return True
    following = _NEXT_WORD.match(text, match.end(), end)
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if match[0] != ".":
        return True
    last = _LAST_WORD.search(text, max(begin, match.start() - _LONGEST_WORD), match.start())
    before = last[0] if last else ""
    if before.casefold() in _ABBREVIATIONS:
        return before.casefold() in _MAY_END and word in _OPENERS
    if _DOTTED.fullmatch(before):
        return "." in before and word.rstrip(",") in _OPENERS
    return not (before.isdecimal() and len(before) <= 2 and _is_month_like(word))


def _is_month_like(word: str) -> bool:
    """Return whether `1. November` goes on: an ordinal day before a word of letters only in one language's style."""
    from monitor.text.months import month_names

    return word.rstrip(".,;").casefold() in month_names("de")


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
