"""Why a topic matches a document, or why not: its query as a tree, each clause with its hits or its nearest miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.match.compile import Topic
from monitor.match.logic import Not
from monitor.match.nodes import Marks, Node, View, walk
from monitor.match.reading import Reading
from monitor.match.terms import Form, Term, Word
from monitor.match.values import DateIn
from monitor.model import Document, Span, Where, Zone
from monitor.text import base_language, is_of_source

_MOST_SHOWN = 3
_LONGEST = 80
_AROUND = 30  # characters


class Kind(StrEnum):
    """What a clause is of: the query, the conditions on where the article is from, or the vetoes."""

    QUERY = "query"
    WHERE = "where"
    VETO = "veto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A clause: whether it held, where it was found, and if it did not hold, how near it came."""

    clause: str
    holds: bool
    note: str = ""
    hits: tuple[Span, ...] = ()
    children: tuple[Explanation, ...] = ()
    kind: Kind = Kind.QUERY

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield it as indented lines: `+` held, `-` did not."""
        hits = [f"{hit.zone} {hit.start}–{hit.end} “{' '.join(hit.text.split())}”" for hit in self.hits[:_MOST_SHOWN]]
        if len(self.hits) > _MOST_SHOWN:
            hits.append(f"{len(self.hits) - _MOST_SHOWN} more")
        details = "; ".join([*hits, *([self.note] if self.note else [])])
        yield f"{'  ' * depth}{'+' if self.holds else '-'} {self.clause}{': ' if details else ''}{details}"
        for child in self.children:
            yield from child.lines(depth + 1)

    def __str__(self) -> str:
        return "\n".join(self.lines())


def passes_where(where: Where, document: Document) -> bool:
    """Return whether a document is of the languages and sources a topic asks for."""
    language = base_language(document.language)
    is_language = not where.languages or not language or language in {base_language(code) for code in where.languages}
    return is_language and (
        not where.sources or any(is_of_source(document.source, pattern) for pattern in where.sources)
    )


def explain_topic(topic: Topic, reading: Reading) -> Explanation:
    """Return why a topic matches a document, or why not."""
    where = _explain_where(topic.spec.where, reading.document)
    query = _explain(topic.query, reading, reading)
    opening = reading.narrowed("opening")
    vetoes = (
        *(_explain_veto("not", veto, opening, reading) for veto in topic.vetoes),
        *(_explain_veto("not_anywhere", veto, reading, reading) for veto in topic.not_anywhere),
    )
    parts = (*where, query, *vetoes)
    holds = all(part.holds for part in parts)
    note = "matches" if holds else f"does not match: {decisive(parts)}"
    if reading.document.time is None and any(isinstance(node, DateIn) for node in walk(topic.query)):
        note += "; the article's time is not known, so a day without a year fits any year"
    return Explanation(clause=topic.id, holds=holds, note=note, children=parts)


def decisive(parts: tuple[Explanation, ...]) -> str:
    """Return the clause that decided against a match, with its reason: the deepest that failed first."""
    failed = next((part for part in parts if not part.holds), None)
    if failed is None:
        return ""
    below = "" if failed.note else decisive(failed.children)
    return below or f"{shorten(failed.clause)}: {failed.note or 'does not hold'}"


def shorten(text: str) -> str:
    """Return a text of at most 80 characters, cut with a mark."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _explain(node: Node, view: View, reading: Reading) -> Explanation:
    holds = node.holds(view)
    inner = node.within(view)
    children = () if isinstance(node, Not) and holds else node.explained(view)
    hits = _spans(node, view, reading) if isinstance(node, Term) else ()
    notes = (node.closeness(view) if holds else node.miss(view), _doubt(node, hits, reading.document))
    return Explanation(
        clause=node.text(),
        holds=holds,
        note="; ".join(filter(None, notes)),
        hits=hits,
        children=tuple(_explain(child, inner, reading) for child in children),
    )


def _spans(node: Node, view: View, reading: Reading) -> tuple[Span, ...]:
    marks = Marks(reading)
    node.mark(view, marks)
    return marks.spans()


def _doubt(node: Node, hits: tuple[Span, ...], document: Document) -> str:
    """Return that the case of a word tells nothing where all around it is in capitals; empty elsewhere."""
    if not (isinstance(node, Word) and node.form is Form.CASED and node.written.isupper()):
        return ""
    for hit in hits:
        text = document.title if hit.zone is Zone.TITLE else document.text
        before, after = text[max(0, hit.start - _AROUND) : hit.start], text[hit.end : hit.end + _AROUND]
        if not (before + after).isupper():
            return ""
    return "it stands among capitals, so its case tells nothing" if hits else ""


def _explain_veto(key: str, veto: Node, view: View, reading: Reading) -> Explanation:
    is_found = veto.holds(view)
    hits = _spans(veto, view, reading) if is_found else ()
    where = "in title or lead" if key == "not" else "in the article"
    return Explanation(
        clause=f"{key}: {veto.text()}",
        holds=not is_found,
        note=f"vetoed: found {where}" if is_found else "",
        hits=hits,
        kind=Kind.VETO,
    )


def _explain_where(where: Where, document: Document) -> tuple[Explanation, ...]:
    parts = []
    if where.languages:
        holds = passes_where(Where(languages=where.languages), document)
        parts.append(
            Explanation(
                clause=f"where: lang {', '.join(where.languages)}",
                holds=holds,
                note=f"it is {document.language or 'unknown'}",
                kind=Kind.WHERE,
            )
        )
    if where.sources:
        holds = passes_where(Where(sources=where.sources), document)
        parts.append(
            Explanation(
                clause=f"where: source {', '.join(where.sources)}",
                holds=holds,
                note=f"it is {document.source or 'unknown'}",
                kind=Kind.WHERE,
            )
        )
    return tuple(parts)
