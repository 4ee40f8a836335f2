"""The watchlist as written, what a topic asks, and what a match shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from monitor.errors import ConfigError
from monitor.model.routing import DigestTimes, Quiet, Surge, Urgency


class Phase(StrEnum):
    """What an article was matched on: the feed's teaser, or its text as far as it can be had."""

    TEASER = "teaser"
    FULL = "full"


class Zone(StrEnum):
    """A part of an article. `lead` is the first paragraph of the body, at most 60 words."""

    TITLE = "title"
    BODY = "body"


class AlertGroup(StrEnum):
    """Whether the write-ups of one event make one alert, or each its own."""

    STORY = "story"
    ARTICLE = "article"


class Updates(StrEnum):
    """Which later articles of a story that was told alert again: none, those with something new, or all but copies."""

    NONE = "none"
    MATERIAL = "material"
    ALL = "all"


class TopicMode(StrEnum):
    """Whether a topic alerts, or only stores its matches."""

    LIVE = "live"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryText:
    """A query as typed, with the position of its first character: `file`, and 1-based `line` and `column`.

    `is_phrase`: it came from a list of terms, or was quoted as a whole, so several words are one phrase.
    """

    text: str
    file: str = ""
    line: int = 0
    column: int = 0
    is_phrase: bool = False

    @property
    def where(self) -> str:
        """`file:line:column`, or empty."""
        return f"{self.file}:{self.line}:{self.column}" if self.file else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """To whom a topic's alerts go, and when. `to` names channels; `per_hour` 0: no limit.

    `trusted` are sources (a domain and what is below it, a pattern with `*`) whose first article on a story is news;
    so it is that as many report on it by themselves as one of `outlets`.
    """

    to: tuple[str, ...] = ()
    group: AlertGroup = AlertGroup.STORY
    urgency: Urgency = Urgency.NORMAL
    quiet: Quiet | None = None
    per_hour: int = 0
    digest: DigestTimes | None = None
    surge: Surge | None = None
    updates: Updates = Updates.MATERIAL
    trusted: tuple[str, ...] = ()
    outlets: tuple[int, ...] = (3, 10, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Conditions on what an article is. Empty: no condition. Unknown language passes, unknown source fails."""

    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSpec:
    """A weighted list: matches when the weights of its found terms, each `cap` times at most, reach `threshold`."""

    threshold: float
    terms: tuple[tuple[QueryText, float], ...]
    cap: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text (or `seed:FILE`) that a topic must match, or must reject."""

    text: QueryText
    must_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """A topic as written. Exactly one of `match` and `score` is set; `where_written` is `file:line`.

    `vetoes` forbid in title and lead, `not_anywhere` in the whole article. `material`: what makes a later article of a
    story an update, beside what does so anyway.
    """

    id: str
    name: str
    match: QueryText | None = None
    score: ScoreSpec | None = None
    vetoes: tuple[QueryText, ...] = ()
    not_anywhere: tuple[QueryText, ...] = ()
    material: tuple[QueryText, ...] = ()
    where: Where = Where()
    alert: AlertRule = AlertRule()
    owner: str = ""
    note: str = ""
    was: str = ""
    mode: TopicMode = TopicMode.LIVE
    expires: date | None = None
    deadline: date | None = None
    examples: tuple[Example, ...] = ()
    where_written: str = ""

    def is_expired(self, today: date) -> bool:
        """Return whether the last day on which it matches, `expires`, is over."""
        return self.expires is not None and today > self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedTopic:
    """A topic that cannot be read, and why. `draft` is what can be read of it; its id may be empty."""

    draft: TopicSpec
    errors: tuple[ConfigError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDefine:
    """A definition that cannot be read, and why."""

    name: str
    errors: tuple[ConfigError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistSpec:
    """A watchlist as written: its definitions (`$name` to alternatives) and topics. `version` names this text of it.

    `rematch_s`: after a change, articles that came within so many seconds are matched again; 0: none.
    """

    topics: tuple[TopicSpec, ...] = ()
    defines: tuple[tuple[str, tuple[QueryText, ...]], ...] = ()
    version: str = ""
    rematch_s: float = 86_400
    refused: tuple[RefusedTopic, ...] = ()
    refused_defines: tuple[RefusedDefine, ...] = ()

    @property
    def errors(self) -> tuple[ConfigError, ...]:
        """What is wrong with its definitions and topics as they are written."""
        definitions = (error for define in self.refused_defines for error in define.errors)
        return (*definitions, *(error for topic in self.refused for error in topic.errors))


class Span(NamedTuple):
    """Words that a clause found: half-open code point offsets into the zone's text, the text, and the clause.

    A tuple, which is made in a third of the time: an article has a hundred with thousands of topics.
    """

    zone: Zone
    start: int
    end: int
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic found in a document. `spans` are sorted and never empty unless only metadata matched.

    `material` are the places of the words that the topic's `material` asks for.
    """

    topic: str
    spans: tuple[Span, ...]
    phase: Phase = Phase.FULL
    material: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMatch:
    """A match in the store, with the topic's number and its article."""

    article_id: int
    article_ref: str
    story_id: int | None
    topic: str
    topic_no: int
    phase: Phase
    spans: tuple[Span, ...]
    watchlist_version: str
    alerted_at: str = ""
