"""Whom an alert goes to: a channel's recipients, or those of its deputy while it is away, or of its fallback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from monitor.model import Away, ChannelSettings, Hold, OutboxDraft, OutboxRow, Settings, Urgency


def recipients_of(settings: Settings, names: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the recipients of these channels, with what is said to those who stand in for another; each once."""
    today = now.astimezone(settings.timezone).date()
    found: dict[str, str] = {}
    stand_ins: dict[str, str] = {}
    for name in names:
        channel = settings.channel(name)
        if channel is None:
            continue
        deputy, away = _deputy_of(settings, channel, today)
        words = f"For {name}, who is away until {away.last}." if away else ""
        for recipient in deputy.recipients:
            (stand_ins if away else found).setdefault(recipient, words)
    return found | {recipient: words for recipient, words in stand_ins.items() if recipient not in found}


def fall_back(settings: Settings, rows: Sequence[OutboxRow], now: datetime) -> tuple[OutboxDraft, ...]:
    """Return the rows that the fallback of a channel gets in place of these, which its recipient cannot have.

    Whoever was told the same already is not told again: the keys are those of the fallback's own alerts.
    """
    recipient = rows[0].recipient
    channel = settings.channel(recipient.partition("/")[0])
    targets = settings.recipients((channel.fallback,)) if channel and channel.fallback else ()
    return tuple(
        OutboxDraft(
            key=f"{row.key.removesuffix(recipient)}{target}",
            kind=row.kind,
            recipient=target,
            item=replace(row.item, instead_of=f"For {recipient}, which could not be reached."),
            topic_no=row.topic_no,
            story_id=row.story_id,
            article_id=row.article_id,
            due_at=now,
            urgency=list(Urgency)[row.rank],
            hold=Hold(until=now, bundle=row.bundle, reason=row.hold) if row.bundle else None,
        )
        for row in rows
        for target in targets
    )


def _deputy_of(settings: Settings, channel: ChannelSettings, today: date) -> tuple[ChannelSettings, Away | None]:
    """Return who stands in for a channel today, and for how long; itself if nobody does or all are away."""
    at, first = channel, None
    seen = {channel.name}
    while away := next((one for one in at.away if one.first <= today <= one.last), None):
        first = first or away
        deputy = settings.channel(away.deputy)
        if deputy is None or deputy.name in seen:
            return channel, None
        seen.add(deputy.name)
        at = deputy
    return at, first
