"""Alerts on their way: outbox rows, the message they are joined into, and what came of sending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.model.articles import Completeness
from monitor.model.routing import Hold, Urgency
from monitor.model.watch import Phase


class OutboxState(StrEnum):
    """What became of an outbox row. A dropped row is one a person gave up; a muted one was never to be sent."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    MUTED = "muted"


class OutboxKind(StrEnum):
    """The first word of an outbox key."""

    FIRST = "first"
    UPDATE = "update"
    OPERATOR = "operator"
    ALSO = "also"
    MUTED = "muted"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that matched; `marks` are half-open code point offsets of the words within `text`."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    is_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertItem:
    """What one outbox row has to say: one topic, one article. Times are RFC 3339, shortened to what is known.

    `is_late`: the topic came, or changed, after the article. `deadline` is the topic's, and in a view, how far it is.
    `instead_of` says for whom it is, if not for its recipient. `is_folded`: its story was told of before, first
    by an article titled `about`. `reasons` say what is new of a story that was told; `facts` and `vocabulary` are what
    later articles are compared with.
    """

    topic: str = ""
    topic_name: str = ""
    note: str = ""
    owner: str = ""
    article_id: int = 0
    title: str = ""
    url: str = ""
    source: str = ""
    published: str = ""
    first_seen: str = ""
    sentences: tuple[Sentence, ...] = ()
    clauses: tuple[str, ...] = ()
    completeness: Completeness = Completeness.FULL
    problem: str = ""
    phase: Phase = Phase.FULL
    watchlist_version: str = ""
    is_copy: bool = False
    is_late: bool = False
    is_folded: bool = False
    about: str = ""
    deadline: str = ""
    instead_of: str = ""
    body: str = ""
    reasons: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    vocabulary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxDraft:
    """A row to be written. `key` is unique; `story_id` is 0 for operator notices; `item.body` is a notice's text.

    `hold`: it waits, whatever `due_at` says. `folded` is written instead if another article has the key already.
    """

    key: str
    kind: OutboxKind
    recipient: str
    item: AlertItem
    topic_no: int = 0
    story_id: int = 0
    article_id: int = 0
    due_at: datetime | None = None
    urgency: Urgency = Urgency.NORMAL
    hold: Hold | None = None
    folded: OutboxDraft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A row of the outbox. `recipient` is `channel` or `channel/address`, never a secret URL; `error` the last one.

    `thread` is what the service calls the message that it was sent in. `hold` says why it was held until `held_until`;
    rows of one recipient and `bundle` are one message. `rank` 0 is sent first.
    """

    id: int
    key: str
    kind: OutboxKind
    recipient: str
    item: AlertItem
    topic_no: int
    story_id: int
    article_id: int
    state: OutboxState
    attempts: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None = None
    message_id: str = ""
    error: str = ""
    lease_token: int = 0
    rank: int = Urgency.NORMAL.rank
    bundle: str = ""
    hold: str = ""
    held_until: datetime | None = None
    thread: str = ""

    @property
    def is_held(self) -> bool:
        """True while it waits for `held_until`; without a reason it is not held, but was asked for again then."""
        return self.state is OutboxState.PENDING and bool(self.hold) and self.next_at == self.held_until

    @property
    def waits_since(self) -> datetime:
        """When it could first have been sent."""
        return max(self.created_at, self.held_until or self.created_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one recipient, joined from `row_ids`. `id` is the same at every try: `alert-ROW`.

    `text` and `html` are whole bodies, `blocks` the same in Slack's Block Kit; `subject` is one line of at most 200
    characters without control characters. `thread` is what `Delivery.thread` said of the message that this one answers.
    `in_reply_to` is the id of the first message that the recipient had on the story.
    """

    id: str
    recipient: str
    subject: str
    text: str
    html: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    thread: str = ""
    row_ids: tuple[int, ...] = ()
    story_id: int = 0
    topics: tuple[str, ...] = ()
    is_operator: bool = False
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of one try. `error` is empty on success, and never holds a secret.

    `is_permanent`: the recipient was refused for good; it is still retried, but the operator may be told sooner.
    `thread` is the service's name for the message, if others can be put below it.
    """

    error: str = ""
    hint: str = ""
    is_permanent: bool = False
    retry_after_s: float | None = None
    thread: str = ""

    @property
    def is_sent(self) -> bool:
        """True when the recipient's server took the message."""
        return not self.error
