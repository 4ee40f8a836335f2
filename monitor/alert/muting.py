"""What is said of mutes: that one is over and what it held back, and which are live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from monitor.alert.digest import counted
from monitor.alert.plain import one_line
from monitor.alert.policy import notice
from monitor.alert.view import show_time
from monitor.model import Mute, OutboxDraft, OutboxRow

_MOST = 20  # stories named
_LINE = 200


def mute_ended(mute: Mute, rows: Sequence[OutboxRow]) -> tuple[OutboxDraft, ...]:
    """Return a notice for each recipient of these rows, which a mute that is over kept from being sent."""
    by_recipient: dict[str, list[OutboxRow]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        by_recipient.setdefault(row.recipient, []).append(row)
    return tuple(
        draft
        for recipient, own in by_recipient.items()
        for draft in notice(f"mute-ended-{mute.id}", _title(mute, own), _body(mute, own), (recipient,))
    )


def live_mute_lines(mutes: Sequence[Mute], timezone: tzinfo) -> Iterator[str]:
    """Yield a line for each mute that is live."""
    for mute in mutes:
        because = f" ({one_line(mute.because, _LINE)})" if mute.because else ""
        yield f"{one_line(mute.label, _LINE)}: muted until {show_time(mute.until.isoformat(), timezone)}{because}"


def _title(mute: Mute, rows: Sequence[OutboxRow]) -> str:
    count = counted(len({row.article_id for row in rows}), len({row.story_id for row in rows}))
    return f"Mute of {one_line(mute.label, _LINE)} ended: {count} matched meanwhile"


def _body(mute: Mute, rows: Sequence[OutboxRow]) -> str:
    stories: dict[int, list[OutboxRow]] = {}
    for row in rows:
        stories.setdefault(row.story_id, []).append(row)
    lines = [_line(group) for group in list(stories.values())[:_MOST]]
    if more := len(stories) - _MOST:
        lines += [f"and {more} more"] if more > 0 else []
    return "\n".join(
        [
            *lines,
            f"To see them: monitor alerts list --state muted --mute {mute.id}",
            f"To have them sent after all, as one message: monitor alerts retry --mute {mute.id}",
        ]
    )


def _line(rows: Sequence[OutboxRow]) -> str:
    item = rows[0].item
    others = len({row.article_id for row in rows}) - 1
    more = f" (and {others} more on this story)" if others else ""
    topics = ", ".join(dict.fromkeys(row.item.topic for row in rows))
    return one_line(f"- {topics}: {item.title or item.url}{more} {item.url}", 500)
