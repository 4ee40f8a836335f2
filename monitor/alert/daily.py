"""The line of the day: that all is well, or how much is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from monitor.alert.times import instant
from monitor.alert.troubles import Words, at, name_of
from monitor.model import Feed
from monitor.ports import Lately

_SEEN = timedelta(hours=25)  # a feed may be asked once a day, and a little later
_DAY = timedelta(days=1)
_NAMED = 20


def day_of(daily_at: time, now: datetime, timezone: tzinfo) -> date | None:
    """Return the day whose line is due at `now`, None before its time; a time that is skipped is an hour later."""
    today = now.astimezone(timezone).date()
    return today if now >= instant(today, daily_at, timezone) else None


def day_line(feeds: Sequence[Feed], lately: Lately, needs: int, now: datetime) -> str:
    """Return what the last 24 hours came to, in one line. `needs` is how many things need a person."""
    seen = len(feeds) - len(_unseen(feeds, now))
    things = f"{needs} thing{'s' if needs > 1 else ''} need{'' if needs > 1 else 's'} you"
    return (
        f"{things if needs else 'all is well'}: {seen:,} of {len(feeds):,} feeds seen in the last 24 h, "
        f"{lately.articles:,} articles, {lately.alerts:,} alerts sent, {lately.waiting:,} waiting"
    )


def words_of_the_day(
    line: str, feeds: Sequence[Feed], needs: Sequence[str], gaps: Sequence[tuple[float, float]], now: datetime
) -> Words:
    """Return the notice of the day: the line, and below it what needs a person, and what was not seen.

    `gaps` are the times of the last week in which the monitor did not run.
    """
    lines = [f"- {need}" for need in needs[:_NAMED]]
    lines += [f"and {len(needs) - _NAMED} more: monitor status"] if len(needs) > _NAMED else []
    unseen = [name_of(feed) for feed in _unseen(feeds, now)]
    if unseen and not needs:
        more = f" and {len(unseen) - _NAMED} more" if len(unseen) > _NAMED else ""
        lines.append(f"Not seen: {', '.join(unseen[:_NAMED])}{more}")
    zone = now.tzinfo
    assert zone is not None, "times are aware"
    lines += [
        f"From {at(start, zone)} to {at(end, zone)} the monitor did not run, or its machine slept."
        for start, end in gaps
        if end > (now - _DAY).timestamp()
    ]
    return Words(title=line[:1].upper() + line[1:], body="\n".join(lines) or "Nothing needs to be done.")


def _unseen(feeds: Sequence[Feed], now: datetime) -> list[Feed]:
    return [feed for feed in feeds if feed.succeeded_at is None or feed.succeeded_at < now - _SEEN]
