"""The parts that the pipeline runs on, and what the user edits in its compiled form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.cadence import START_PACE
from monitor.match import Watchlist
from monitor.model import Feed, PageReading, Settings, TopicMode, TopicSpec, Urgency
from monitor.pipeline.places import Places
from monitor.pipeline.saving import PollSaver
from monitor.ports import Clock, Fetcher, Sandbox, Sender, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the user edits, compiled: swapped as a whole when a file changes. `numbers` are the topics' numbers.

    `has_urgent`: a topic alerts before the page of an article is read.
    """

    settings: Settings
    watchlist: Watchlist
    numbers: dict[str, int]
    rules: dict[str, TopicSpec]
    has_urgent: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_urgent", any(map(is_told_at_once, self.rules.values())))


def is_told_at_once(topic: TopicSpec) -> bool:
    """Return whether a topic alerts on the teaser of an article, before its page is read."""
    rule = topic.alert
    return rule.urgency is Urgency.URGENT and topic.mode is TopicMode.LIVE and bool(rule.to)


@dataclass(slots=True, kw_only=True)
class Context:
    """The parts the pipeline runs on. Only `watch` and `pace` change, each in one assignment.

    `jitter` gives numbers in -1…1. `reach` is told each point between two steps; tests crash the process there.
    `feeds` remembers what the last polls knew of their feeds. `pace` is that of the cadence, tuned now and then.
    `saver` groups what polls save, `places` bound how many of them hold what they fetched.
    `harmful_pages` are those, by feed, that had a worker killed since the feed's last poll, which takes them down, and
    `readings` how its pages were read since then.
    `unmarked` are the messages, by outbox row, that were sent while the store could not be written.
    """

    store: Store
    fetcher: Fetcher
    sandbox: Sandbox
    sender: Sender
    clock: Clock
    jitter: Callable[[], float]
    watch: Watch
    reach: Callable[[str], None] = lambda _point: None
    feeds: dict[int, Feed] = field(default_factory=dict)
    pace: float = START_PACE
    saver: PollSaver = field(default_factory=PollSaver)
    places: Places = field(default_factory=Places)
    harmful_pages: dict[int, list[str]] = field(default_factory=dict)
    unmarked: dict[int, str] = field(default_factory=dict)
    readings: dict[int, list[PageReading]] = field(default_factory=dict)
