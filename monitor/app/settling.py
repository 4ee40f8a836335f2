"""One bad topic never stops the others: its last good version goes on in its place, or it is left out.

A topic is bad if it cannot be read, its query is wrong, or one of its own examples fails. Its last good version brings
the definitions it was written with; those that read otherwise now are kept for it under names of their own,
`$name__VERSION`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from monitor.errors import ConfigError, ConfigErrors, QueryError
from monitor.match import Frequencies, Watchlist, check_examples, compile_watchlist, failed_examples
from monitor.model import Document, QueryText, ScoreSpec, TopicSpec, WatchlistSpec

_WHERE = re.compile(r"(.*?)(?::(\d+))?(?::(\d+))?", re.DOTALL)
_TOPIC = re.compile(r"topic (\S+?):? ")
_REFERENCE = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """What is wrong with topics of a watchlist; `kept` go on in their last good version, `left_out` have none.

    `reasons` has the first of what is wrong with each of these topics.
    """

    errors: tuple[ConfigError, ...]
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    reasons: tuple[tuple[str, ConfigError], ...] = ()

    def reason(self, topic: str) -> ConfigError | None:
        """Return what is wrong with a topic, the first of it; None if it is not refused."""
        return dict(self.reasons).get(topic)

    @property
    def message(self) -> str:
        """All of it, a line each."""
        lines = [ConfigErrors(self.errors).message]
        if self.kept:
            lines.append(f"The last good version goes on: {', '.join(self.kept)}")
        if self.left_out:
            lines.append(f"Left out until it is mended: {', '.join(self.left_out)}")
        return "\n".join(lines)

    @property
    def title(self) -> str:
        """How many topics are refused."""
        count = len(self.kept) + len(self.left_out)
        return f"{count} topic{'s are' if count != 1 else ' is'} refused" if count else "A definition is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What of a watchlist is live: as written, and compiled."""

    spec: WatchlistSpec
    watchlist: Watchlist
    refusals: Refusals | None = None


def settle(
    spec: WatchlistSpec,
    seeds: Mapping[str, Document],
    earlier: Iterable[WatchlistSpec] = (),
    *,
    shares: Mapping[str, float] | None = None,
) -> Settled:
    """Return the topics that are good, and the last good version of the others as far as `earlier` has one.

    Args:
        spec: the watchlist as written.
        seeds: the articles that examples may name, by file name.
        earlier: watchlists that were live before, newest first; looked at only if there is need.
        shares: in what share of the articles each word is, if known.
    """
    costs = Frequencies(shares)
    watchlist, errors = compile_watchlist(spec, costs=costs)
    failed = failed_examples(watchlist, seeds)
    good = {topic.id for topic in watchlist.topics} - failed.keys()
    if not (errors or failed or spec.errors):
        return Settled(spec=spec, watchlist=watchlist)
    drafts = [refused.draft for refused in spec.refused]
    written = sorted((*spec.topics, *drafts), key=lambda topic: _place(topic.where_written))
    bad = {topic.id: topic for topic in written if topic.id and topic.id not in good}
    kept = _last_good(bad, seeds, earlier) if bad else {}
    live, defines = [topic for topic in spec.topics if topic.id in good], dict(spec.defines)
    for name in bad:
        if name in kept:
            adopted, needed = _adopt(kept[name], spec)
            live.append(adopted)
            defines |= needed
    order = {topic.id: number for number, topic in enumerate(spec.topics)}
    live.sort(key=lambda topic: order.get(topic.id, len(order)))
    settled = WatchlistSpec(
        topics=tuple(live), defines=tuple(defines.items()), version=spec.version, rematch_s=spec.rematch_s
    )
    wrong = [*spec.errors, *errors, *(error for found in failed.values() for error in found)]
    refusals = Refusals(
        errors=_ordered([*wrong, *_faults_of_drafts(spec, seeds)]),
        kept=tuple(name for name in bad if name in kept),
        left_out=(
            *(name for name in bad if name not in kept),
            # Without an id, or with that of a good one.
            *(draft.where_written for draft in drafts if draft.id not in bad),
        ),
        reasons=tuple(_reasons(spec, bad, [*errors, *(error for found in failed.values() for error in found)])),
    )
    return Settled(spec=settled, watchlist=compile_watchlist(settled, costs=costs)[0], refusals=refusals)


def _reasons(
    spec: WatchlistSpec, bad: Iterable[str], errors: Iterable[QueryError]
) -> Iterator[tuple[str, ConfigError]]:
    unread = {refused.draft.id: refused.errors[0] for refused in spec.refused}
    wrong = {name: error for error in reversed(list(errors)) if (name := _topic_of(error))}
    for name in bad:
        if reason := unread.get(name) or wrong.get(name):
            yield name, reason


def _topic_of(error: QueryError) -> str:
    """Return the topic that an error of a query or example names first: `topic ID: …`."""
    found = _TOPIC.match(error.what)
    return found[1] if found else ""


def _faults_of_drafts(spec: WatchlistSpec, seeds: Mapping[str, Document]) -> list[QueryError]:
    """Return what else is wrong with topics that cannot be read whole, as far as they can."""
    drafts = {one.draft.id: one.draft for one in spec.refused if one.draft.match or one.draft.score}
    if not drafts:
        return []
    watchlist, errors = compile_watchlist(replace(spec, topics=tuple(drafts.values())))
    return [*errors, *check_examples(watchlist, seeds)]


def _ordered(errors: Iterable[ConfigError]) -> tuple[ConfigError, ...]:
    """Return each once, by file, line and column."""
    found = {(error.where, error.what): error for error in errors}
    return tuple(sorted(found.values(), key=lambda error: _place(error.where)))


def _place(where: str) -> tuple[str, int, int]:
    found = _WHERE.fullmatch(where)
    return (found[1], int(found[2] or 0), int(found[3] or 0)) if found else (where, 0, 0)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A good version of a topic, with the watchlist it stood in."""

    topic: TopicSpec
    spec: WatchlistSpec


def _last_good(
    bad: Mapping[str, TopicSpec], seeds: Mapping[str, Document], earlier: Iterable[WatchlistSpec]
) -> dict[str, _Kept]:
    found: dict[str, _Kept] = {}
    for spec in earlier:
        topics = {topic.id: topic for topic in spec.topics}
        for name, wanted in bad.items():
            topic = topics.get(name) or topics.get(wanted.was)
            if name not in found and topic is not None and _is_good(topic, spec, seeds):
                found[name] = _Kept(replace(topic, id=name, was=wanted.was), spec)
        if len(found) == len(bad):
            break
    return found


def _is_good(topic: TopicSpec, spec: WatchlistSpec, seeds: Mapping[str, Document]) -> bool:
    watchlist, _ = compile_watchlist(replace(spec, topics=(topic,)))
    return bool(watchlist.topics) and not failed_examples(watchlist, seeds)


def _adopt(kept: _Kept, into: WatchlistSpec) -> tuple[TopicSpec, dict[str, tuple[QueryText, ...]]]:
    """Return a topic for another watchlist, and the definitions that it brings along."""
    defines, present = dict(kept.spec.defines), dict(into.defines)
    needed = dict.fromkeys(_needed(_queries(kept.topic), defines))
    if all(name not in present or _words(present[name]) == _words(defines[name]) for name in needed):
        return kept.topic, {name: defines[name] for name in needed if name not in present}
    names = {name: f"{name}__{kept.spec.version[:6]}" for name in needed}
    renamed = {names[name]: tuple(_rename(text, names) for text in defines[name]) for name in needed}
    return _renamed(kept.topic, names), renamed


def _needed(queries: Iterable[QueryText], defines: Mapping[str, tuple[QueryText, ...]]) -> Iterator[str]:
    """Yield the definitions that queries ask for, those within each other too, each once."""
    seen: set[str] = set()
    waiting = [name for query in queries for name in _REFERENCE.findall(query.text)]
    while waiting:
        name = waiting.pop()
        if name in defines and name not in seen:
            seen.add(name)
            yield name
            waiting += [inner for text in defines[name] for inner in _REFERENCE.findall(text.text)]


def _words(texts: tuple[QueryText, ...]) -> list[str]:
    return [text.text for text in texts]


def _queries(topic: TopicSpec) -> Iterator[QueryText]:
    for field in fields(topic):
        value = getattr(topic, field.name)
        if isinstance(value, ScoreSpec):
            yield from (text for text, _ in value.terms)
        elif isinstance(value, QueryText):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, QueryText))


def _renamed(topic: TopicSpec, names: Mapping[str, str]) -> TopicSpec:
    changes: dict[str, Any] = {}
    for field in fields(topic):
        value = getattr(topic, field.name)
        if isinstance(value, ScoreSpec):
            changes[field.name] = replace(value, terms=tuple((_rename(text, names), n) for text, n in value.terms))
        elif isinstance(value, QueryText):
            changes[field.name] = _rename(value, names)
        elif isinstance(value, tuple) and value and isinstance(value[0], QueryText):
            changes[field.name] = tuple(_rename(text, names) for text in value)
    return replace(topic, **changes)


def _rename(query: QueryText, names: Mapping[str, str]) -> QueryText:
    return replace(query, text=_REFERENCE.sub(lambda found: f"${names.get(found[1], found[1])}", query.text))
