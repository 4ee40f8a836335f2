"""Finds surges: many outlets that report one event within a short time. Copies are no reports of their own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil

from monitor.alert.items import safe_item
from monitor.alert.recipients import recipients_of
from monitor.alert.times import hold_of
from monitor.model import Article, Hold, OutboxDraft, OutboxKind, OutboxRow, Settings, Surge, TopicSpec
from monitor.text.domains import outlet

Report = tuple[datetime, str]

_STAMP = "%Y%m%dT%H%M%S"
_NAME = "surge-"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSurge:
    """How many outlets reported between two times."""

    outlets: int
    first: datetime
    last: datetime

    def __str__(self) -> str:
        minutes = ceil(int((self.last - self.first).total_seconds()) / 60)
        span = f"{minutes} minute{'' if minutes == 1 else 's'}"
        return f"surge: {self.outlets} outlets within {span if minutes else 'a minute'}"


def find_surge(rule: Surge, own: Report, others: Iterable[Report], told: Sequence[datetime] = ()) -> FoundSurge | None:
    """Return the surge that a report is part of: the most outlets within the rule's time, if they are enough.

    Of windows with as many outlets it is the first. Reports that a surge was told of before are not counted again.

    Args:
        rule: how many outlets, and within what time.
        own: when the report came out, and its outlet.
        others: the story's other reports.
        told: when the surges began that were told before.
    """
    at, _ = own
    near = sorted(
        report
        for report in (own, *others)
        if abs(report[0] - at) <= rule.within and not any(start <= report[0] <= start + rule.within for start in told)
    )
    if own not in near:
        return None
    times = [time for time, _ in near]
    best: FoundSurge | None = None
    for begin in dict.fromkeys(times[: bisect_right(times, at)]):
        window = near[bisect_left(times, begin) : bisect_right(times, begin + rule.within)]
        outlets = len({outlet for _, outlet in window})
        if outlets >= rule.outlets and (best is None or outlets > best.outlets):
            best = FoundSurge(outlets=outlets, first=begin, last=window[-1][0])
    return best


def report_of(article: Article) -> Report | None:
    """Return when an article came out, and its outlet by its registered domain; None: one is not known."""
    name = outlet(article.source.casefold(), article.site)
    return (article.moment, name) if name and article.moment is not None else None


def add_surge(  # noqa: PLR0913 - what the article makes, what the story has, and what the user wants
    drafts: Sequence[OutboxDraft],
    article: Article,
    others: Sequence[Article],
    told: Sequence[OutboxRow],
    *,
    rule: TopicSpec,
    settings: Settings,
    now: datetime,
) -> tuple[OutboxDraft, ...]:
    """Return the rows of an article with those that tell of a surge of its story on a topic, if there is one.

    A surge passes the topic's digest, and its quiet hours only if the topic is urgent. Its row stands in for that of
    who was told of the story before, and would have the article named in the next digest.

    Args:
        drafts: the rows that the article makes, of all topics.
        article: no copy.
        others: the story's other articles on the topic, without copies.
        told: the story's alerts and updates on the topic.
        rule: the topic; it has a surge.
        settings: who the recipients of a channel are, and the time zone.
        now: when the rows are due, if nothing holds them back.
    """
    own_rows = {draft.recipient: draft for draft in drafts if draft.item.topic == rule.id}
    own, surge = report_of(article), rule.alert.surge
    if not own_rows or own is None or surge is None:
        return tuple(drafts)
    reports = [report for other in others if (report := report_of(other)) is not None]
    found = find_surge(surge, own, reports, [start for row in told if (start := _start_of(row)) is not None])
    if found is None:
        return tuple(drafts)
    hold = hold_of(replace(rule.alert, digest=None), now, settings.timezone)
    base = next(iter(own_rows.values()))
    rows = {
        recipient: _surging(own_rows.get(recipient, base), found, recipient, instead_of, hold)
        for recipient, instead_of in recipients_of(settings, surge.to or rule.alert.to, now).items()
    }
    knowing = {row.recipient for row in told if row.kind is OutboxKind.FIRST and row.article_id != article.id}
    is_named = {(rule.id, recipient) for recipient in knowing & rows.keys()}
    kept = [draft for draft in drafts if not (draft.kind is OutboxKind.FIRST and _slot(draft) in is_named)]
    return (*kept, *rows.values())


def _slot(draft: OutboxDraft) -> tuple[str, str]:
    return draft.item.topic, draft.recipient


def _surging(draft: OutboxDraft, found: FoundSurge, recipient: str, instead_of: str, hold: Hold | None) -> OutboxDraft:
    start = f"{found.first.astimezone(UTC):{_STAMP}}"
    reasons = (*draft.item.reasons, str(found))
    return replace(
        draft,
        key=f"update:{draft.topic_no}:{draft.story_id}:{_NAME}{start}:{recipient}",
        kind=OutboxKind.UPDATE,
        recipient=recipient,
        item=safe_item(replace(draft.item, instead_of=instead_of, reasons=reasons)),
        hold=hold,
        folded=None,
    )


def _start_of(row: OutboxRow) -> datetime | None:
    """Return when a surge began that a row tells of."""
    _, _, name = row.key.partition(f":{_NAME}")
    return datetime.strptime(name.partition(":")[0], _STAMP).replace(tzinfo=UTC) if name else None
