"""When quiet hours end and the next digest goes out: wall clock times of a zone, across both changes of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.model import AlertRule, DigestTimes, Hold, Quiet, Urgency

# Where a topic names no time, what was folded under its stories is told of at this one.
FOLDED = DigestTimes(times=(time(8),))

_DAY = timedelta(days=1)


def hold_of(rule: AlertRule, now: datetime, timezone: tzinfo) -> Hold | None:
    """Return what holds an alert back that is made `now`; None: nothing. `timezone` is the service's.

    Urgent alerts go at once; others wait for the topic's digest, or without one for the end of its quiet hours.
    """
    if rule.urgency is Urgency.URGENT:
        return None
    if rule.digest is not None:
        return digest_hold(rule.digest, now, timezone)
    if rule.quiet is not None and (end := quiet_until(rule.quiet, now, timezone)) is not None:
        return Hold(until=end, bundle=f"quiet:{_stamp(end, rule.quiet.timezone or timezone)}", reason="quiet hours")
    return None


def digest_hold(digest: DigestTimes, now: datetime, timezone: tzinfo) -> Hold:
    """Return the wait for the first digest after `now`."""
    zone = digest.timezone or timezone
    at = next_digest(digest, now, zone)
    return Hold(until=at, bundle=f"digest:{_stamp(at, zone)}", reason="the digest")


def quiet_until(quiet: Quiet, now: datetime, timezone: tzinfo) -> datetime | None:
    """Return when the quiet hours that hold at `now` end, or None if none do. Those that touch are one.

    An hour that comes twice belongs to the quiet hours both times if they end in it; a time that is skipped is the
    one an hour later.
    """
    zone = quiet.timezone or timezone
    end: datetime | None = None
    at = now
    for _ in range(8):  # a week of whole days, and then no more
        found = next((until for start, until in _windows(quiet, at, zone) if start <= at < until), None)
        if found is None:
            break
        end = at = found
    return end


def next_digest(digest: DigestTimes, now: datetime, timezone: tzinfo) -> datetime:
    """Return the first time after `now` at which a digest goes out; one in an hour that comes twice: the first."""
    today = now.astimezone(timezone).date()
    times = (
        instant(day, at, timezone)
        for day in (today + _DAY * ahead for ahead in range(-1, 9))
        if day.weekday() in digest.days
        for at in digest.times
    )
    return min(at for at in times if at > now)


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """Return a time of the day in a zone; one that comes twice: the first, one that is skipped: an hour later."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _windows(quiet: Quiet, now: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        if day.weekday() in quiet.days:
            last = day if quiet.start < quiet.end else day + _DAY
            ends = (instant(last, quiet.end.replace(fold=fold), zone) for fold in (0, 1))
            yield instant(day, quiet.start, zone), max(ends)


def _stamp(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M%z")
