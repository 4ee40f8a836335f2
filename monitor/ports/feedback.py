"""The part of the store's port for what people say of alerts, and for looking through the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.model import Judgement, Mute, MuteKind, OutboxDraft, OutboxRow, OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows of the outbox; what is empty or None is no condition.

    `channel` may be a recipient, too; `since` and `until` (not included) bound when it was sent, else when written.
    """

    states: tuple[OutboxState, ...] = ()
    channel: str = ""
    topic_no: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    message_id: str = ""
    mute_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteSaved:
    """A mute as it is stored; how many unsent rows it took with it, and how many are just being sent."""

    mute: Mute
    muted: int
    being_sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTally:
    """What came of a topic since a time, in articles but for `stories`; an article sent to several counts once.

    `alerts` were sent, updates included; `updates` of them are such. `last_hit` is of all times.
    """

    topic_no: int
    topic: str
    added_at: datetime
    articles: int = 0
    stories: int = 0
    last_hit: datetime | None = None
    alerts: int = 0
    updates: int = 0
    muted: int = 0


class FeedbackStore(Protocol):
    """Judgements of alerts, mutes, and the outbox by what a person asks for."""

    def judge(self, judgements: Sequence[Judgement]) -> None:
        """Store judgements; one takes the place of an earlier one on the same article and topic."""

    def withdraw(self, judged: Sequence[tuple[int, int]]) -> int:
        """Forget the judgements of these articles by these topics; returns how many there were."""

    def judgements(self, *, article_ids: Sequence[int] = ()) -> list[Judgement]:
        """Return judgements, oldest first; of these articles only, if any are given."""

    def mute(self, mute: Mute, now: datetime) -> MuteSaved:
        """Store a mute, in place of a live one of the same target; unsent rows it covers are muted with it.

        From then on a row that it covers is stored as muted under a key of its own, whatever makes it, in the
        transaction that would store it. Rows that are held beyond its end stay as they are.
        """

    def unmute(self, kind: MuteKind, target: str, now: datetime) -> Mute | None:
        """End the live mute of a target now; returns it as it is then, None if there is none."""

    def mutes(self, now: datetime) -> list[Mute]:
        """Return the mutes that are live, the first to end first."""

    def ended_mutes(self, now: datetime) -> list[Mute]:
        """Return the mutes that are over and were not told of yet."""

    def tell_mutes_ended(self, mutes: Sequence[Mute], drafts: Sequence[OutboxDraft], now: datetime) -> None:
        """Remember that it was told that these are over, and store the notices, in one transaction."""

    def muted_counts(self, mutes: Sequence[Mute]) -> dict[int, tuple[int, int]]:
        """Return, by mute, how many articles on how many stories were not sent for it so far."""

    def tally_topics(self, since: datetime) -> list[TopicTally]:
        """Return what came of each topic since then, by the topics' numbers."""

    def told_articles(self, topic_no: int, since: datetime) -> Sequence[int]:
        """Return the articles that a topic alerted since then, newest first."""

    def topic_numbers(self) -> dict[str, int]:
        """Return the numbers of all topics that ever were taken over, by their ids and those they had before."""

    def find_outbox(self, wanted: Wanted, *, limit: int | None = None) -> list[OutboxRow]:
        """Return the rows that are wanted, newest first."""
