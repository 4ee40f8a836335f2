"""A topic's own examples: what it must match and what it must reject, tried with the live code."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from monitor.errors import QueryError
from monitor.match.compile import Topic
from monitor.match.conditions import InZone
from monitor.match.explain import decisive, shorten
from monitor.match.nodes import walk
from monitor.match.watchlist import Watchlist
from monitor.model import Document, Example

SEED = "seed:"


def check_examples(watchlist: Watchlist, seeds: Mapping[str, Document]) -> list[QueryError]:
    """Return which examples a watchlist fails, each with its position and the clause that decided.

    An example is a title, or `seed:FILE` for one of `seeds`; conditions on language and source are left out.
    """
    return [error for errors in failed_examples(watchlist, seeds).values() for error in errors]


def failed_examples(watchlist: Watchlist, seeds: Mapping[str, Document]) -> dict[str, list[QueryError]]:
    """Return the same by the ids of the topics that fail."""
    found: dict[str, list[QueryError]] = {}
    for topic in watchlist.topics:
        for example in topic.spec.examples:
            if error := _check(watchlist, topic, example, seeds):
                found.setdefault(topic.spec.id, []).append(error)
    return found


def _check(watchlist: Watchlist, topic: Topic, example: Example, seeds: Mapping[str, Document]) -> QueryError | None:
    text = example.text.text
    if text.startswith(SEED) and text.removeprefix(SEED) not in seeds:
        near = difflib.get_close_matches(text.removeprefix(SEED), list(seeds), 1, 0.3)
        hint = f"did you mean {SEED}{near[0]}?" if near else "`monitor seeds list` shows the seeds"
        return QueryError(
            f"topic {topic.id}: there is no seed {text.removeprefix(SEED)!r}", where=example.text.where, hint=hint
        )
    document = seeds[text.removeprefix(SEED)] if text.startswith(SEED) else _document(text, topic)
    match = watchlist.match_one(topic.id, document, ignore_where=True)
    if (match is not None) == example.must_match:
        return None
    shown = shorten(text)
    if match is None:
        parts = tuple(
            part for part in watchlist.explain(topic.id, document).children if not part.clause.startswith("where:")
        )
        return QueryError(
            f"topic {topic.id} does not match its example “{shown}”: {decisive(parts)}",
            where=example.text.where,
            hint="widen the query, or move the example to reject",
        )
    found = ", ".join(dict.fromkeys(f"{span.clause} (“{span.text}”)" for span in match.spans[:4]))
    return QueryError(
        f"topic {topic.id} matches an example it must reject, “{shown}”: found {found}",
        where=example.text.where,
        hint="narrow the query, or add to not:",
    )


def _document(text: str, topic: Topic) -> Document:
    has_body = any(isinstance(node, InZone) and node.zone != "title" for node in walk(topic.query))
    return Document(title=text, text=text if has_body else "")
