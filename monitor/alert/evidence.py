"""Picks the sentences that show why an article matched, with the words marked.

The sentences chosen together show as many of the match's clauses as they can; the best one comes first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.alert.plain import tidy
from monitor.model import Article, Match, Sentence, Span, Zone

MAX_SENTENCES = 3
MAX_CHARACTERS = 400
_MAX_ANCHORS = 200  # a text without full stops may be one sentence with thousands of marks
_CONTEXT = 120  # characters before the first mark of a sentence that is cut

Marks = list[tuple[int, int]]


@dataclass(slots=True)
class _Place:
    position: int
    start: int
    end: int
    spans: list[Span] = field(default_factory=list)

    @property
    def clauses(self) -> set[str]:
        return {span.clause for span in self.spans}


def pick_sentences(article: Article, match: Match, bounds: Sequence[tuple[int, int]]) -> tuple[Sentence, ...]:
    """Return the at most three sentences that show the most clauses, best first.

    `bounds` are the half-open code point offsets of the sentences of `article.text`, in order. The text is still as the
    article has it: see `safe_sentence`.
    """
    places = _places(article, match, bounds)
    chosen: list[_Place] = []
    shown: set[str] = set()
    while places and len(chosen) < MAX_SENTENCES:
        best = max(places, key=lambda place: (len(place.clauses - shown), len(place.clauses), -place.position))
        places.remove(best)
        chosen.append(best)
        shown |= best.clauses
    return tuple(_sentence(article, place) for place in chosen)


def sentences_at(
    article: Article, match: Match, bounds: Sequence[tuple[int, int]], positions: Sequence[int]
) -> tuple[Sentence, ...]:
    """Return the sentences at these numbers (-1: the title), three at most, with what matched in them marked."""
    found = {place.position: place for place in _places(article, match, bounds)}
    for position in positions:
        start, end = bounds[position] if 0 <= position < len(bounds) else (0, len(article.title))
        found.setdefault(position, _Place(position, start, end))
    chosen = list(dict.fromkeys(positions))[:MAX_SENTENCES]
    return tuple(_sentence(article, found[position]) for position in chosen)


def place_of(span: Span, starts: Sequence[int]) -> int:
    """Return the number of the sentence in which a span starts, -1 for the title; `starts` are those of the text's."""
    return -1 if span.zone is Zone.TITLE else max(bisect_right(starts, span.start) - 1, 0)


def _places(article: Article, match: Match, bounds: Sequence[tuple[int, int]]) -> list[_Place]:
    starts = [start for start, _ in bounds]
    places: dict[int, _Place] = {}
    for span in match.spans:
        position = place_of(span, starts)
        if position < 0:
            place = places.setdefault(-1, _Place(-1, 0, len(article.title)))
        elif bounds:
            place = places.setdefault(position, _Place(position, *bounds[position]))
            place.start, place.end = min(place.start, span.start), max(place.end, span.end)
        else:
            place = places.setdefault(0, _Place(0, 0, len(article.text)))
        place.spans.append(span)
    return list(places.values())


def _sentence(article: Article, place: _Place) -> Sentence:
    is_title = place.position < 0
    whole = article.title if is_title else article.text
    return Sentence(text=whole[place.start : place.end], marks=tuple(_merge(place)), is_title=is_title)


def safe_sentence(sentence: Sentence) -> Sentence:
    """Return a sentence that can be shown: cleaned, and cut to 400 characters around its marks."""
    text, marks = _cut(*_clean(sentence.text, sentence.marks))
    return Sentence(text=text, marks=tuple(marks), is_title=sentence.is_title)


def _merge(place: _Place) -> Marks:
    """Return the places of the spans within the sentence, sorted, with those that touch or overlap as one."""
    merged: Marks = []
    for start, end in sorted((span.start - place.start, span.end - place.start) for span in place.spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _clean(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, Marks]:
    """Clean a marked text piece by piece, so that the marks stay on their words."""
    pieces: list[str] = []
    cleaned: Marks = []
    at = size = 0
    for start, end in marks:
        before, word = tidy(text[at:start]), tidy(text[start:end])
        if not word.strip():
            continue
        before = before.lstrip() if not size else before
        size += len(before) + len(word)
        pieces += [before, word]
        cleaned.append((size - len(word), size))
        at = end
    tail = tidy(text[at:])
    return "".join([*pieces, tail if size else tail.lstrip()]).rstrip(), cleaned


def _cut(text: str, marks: Marks) -> tuple[str, Marks]:
    """Cut a long sentence around as many of its marks as fit."""
    if len(text) <= MAX_CHARACTERS:
        return text, _within(marks, 0, len(text))
    room = MAX_CHARACTERS - 2  # for the two …
    anchors = [start for start, _ in marks[:_MAX_ANCHORS]] or [0]
    reach = room - _CONTEXT
    first = max(anchors, key=lambda anchor: (sum(anchor <= other < anchor + reach for other in anchors), -anchor))
    start = max(0, min(first - _CONTEXT, len(text) - room))
    end = min(len(text), start + room)
    start, end = _at_words(text, start, end, first)
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(lead) - start
    return lead + text[start:end] + tail, [(a + shift, b + shift) for a, b in _within(marks, start, end)]


def _at_words(text: str, start: int, end: int, first: int) -> tuple[int, int]:
    """Move the ends of a cut to the nearest blanks inside it, if there are any near."""
    if start and (blank := text.find(" ", start, min(start + 30, first))) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", max(end - 30, first + 1), end)) >= 0:
        end = blank
    return start, end


def _within(marks: Marks, start: int, end: int) -> Marks:
    return [(max(a, start), min(b, end)) for a, b in marks if a < end and b > start]
