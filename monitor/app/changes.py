"""What changed between two watchlists: which topics are new, gone, or ask for something else."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.match import Topic, Watchlist, compile_watchlist
from monitor.model import WatchlistSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The ids of topics that were added, removed, or changed in what they match."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def compare(old: Watchlist, new: Watchlist) -> Changes:
    """Return what changed. A topic renamed by `was` is the same; where it is written and whom it tells do not count.

    So is one whose renaming was taken back.
    """
    before = {topic.id: topic for topic in old.topics}
    now = {topic.id for topic in new.topics}
    back = {topic.spec.was: topic.id for topic in old.topics if topic.spec.was and topic.id not in now}
    added, changed, followed = [], [], set()
    for topic in new.topics:
        was = topic.id
        if was not in before:
            was = topic.spec.was if topic.spec.was and topic.spec.was not in now else back.get(was, was)
        earlier = before.get(was)
        followed.add(was)
        if earlier is None:
            added.append(topic.id)
        elif _asks(earlier) != _asks(topic):
            changed.append(topic.id)
    removed = tuple(name for name in before if name not in followed)
    return Changes(added=tuple(added), removed=removed, changed=tuple(changed))


def nothing() -> Watchlist:
    """Return a watchlist without a topic."""
    return compile_watchlist(WatchlistSpec())[0]


def _asks(topic: Topic) -> tuple[object, ...]:
    return topic.query, topic.vetoes, topic.not_anywhere, topic.spec.where
