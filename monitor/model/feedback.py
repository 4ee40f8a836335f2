"""What people say of alerts: that one was of no use, and that of something nothing shall be sent for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from monitor.model.messages import OutboxDraft, OutboxKind, OutboxRow

_NEVER_MUTED = (OutboxKind.OPERATOR, OutboxKind.MUTED, OutboxKind.REPLAY)


class MuteKind(StrEnum):
    """What a mute is of."""

    STORY = "story"
    TOPIC = "topic"
    SOURCE = "source"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Nothing is sent of its target from `since` to `until`, and then it is told what matched.

    `target` is the number of a story or topic, or a source's host or name in lower case; `name` is what people call it.
    `told_at` is when it was told that it is over.
    """

    id: int = 0
    kind: MuteKind
    target: str = ""
    name: str = ""
    since: datetime
    until: datetime
    because: str = ""
    told_at: datetime | None = None

    @property
    def label(self) -> str:
        """What it is of, in words."""
        return "everything" if self.kind is MuteKind.ALL else f"{self.kind} {self.name or self.target}"

    @property
    def ref(self) -> str:
        """What it is of, as `monitor mute` takes it."""
        return str(self.kind) if self.kind is MuteKind.ALL else f"{self.kind}:{self._short}"

    @property
    def reason(self) -> str:
        """Why its rows are not sent, for a person."""
        because = f": {self.because}" if self.because else ""
        return f"muted until {self.until:%Y-%m-%d %H:%M} UTC by monitor mute {self.ref}{because}"

    @property
    def _short(self) -> str:
        return self.name if self.kind is MuteKind.TOPIC and self.name else self.target

    @property
    def bundle(self) -> str:
        """What all its rows have in common: if they are sent after all, they are one message."""
        return f"muted:{self.id}"

    def key_of(self, row: OutboxDraft | OutboxRow) -> str:
        """Return the key of a row that it covers; the row's own stays free, so that others may still tell the story."""
        return f"{self.bundle}:{row.article_id}:{row.key}"

    def covers(self, row: OutboxDraft | OutboxRow) -> bool:
        """Return whether a row is of its target; what was asked for by a person, and notices, never are."""
        if row.kind in _NEVER_MUTED:
            return False
        match self.kind:
            case MuteKind.STORY:
                return self.target == str(row.story_id)
            case MuteKind.TOPIC:
                return self.target == str(row.topic_no)
            case MuteKind.SOURCE:
                return any(_is_below(name, self.target) for name in (row.item.source, _host(row.item.url)))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person says of the alert on an article by a topic, whoever received it."""

    article_id: int
    topic_no: int
    is_relevant: bool
    because: str = ""
    at: datetime


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_below(name: str, target: str) -> bool:
    name = name.casefold().strip().rstrip(".")
    return name == target or name.endswith(f".{target}")
