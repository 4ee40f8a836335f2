"""Says in one line to whom a topic's alerts go, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from monitor.model import EVERY_DAY, AlertGroup, AlertRule, Quiet, Surge, Updates, Urgency

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURLY = 24


def describe(rule: AlertRule, timezone: tzinfo) -> str:
    """Return what a topic's routing means, in one line. `timezone` is the service's."""
    if not rule.to:
        return "to nobody: its matches are only stored"
    parts = [f"to {', '.join(rule.to)}"]
    if rule.urgency is Urgency.URGENT:
        parts.append("at once, before all others and whatever the hour")
    elif rule.digest is not None:
        zone = _zone(rule.digest.timezone, timezone)
        parts.append(f"in a digest {_times([f'{at:%H:%M}' for at in rule.digest.times])}{_on(rule.digest.days)}{zone}")
    else:
        parts.append("at once")
        parts += [_quiet(rule.quiet, timezone)] if rule.quiet else []
        parts += [f"at most {rule.per_hour} an hour"] if rule.per_hour else []
    parts += ["after others"] if rule.urgency is Urgency.LOW else []
    parts += [_surge(rule.surge)] if rule.surge else []
    return ", ".join(parts)


def describe_updates(rule: AlertRule) -> str:
    """Return which articles of a story alert, in one line."""
    if rule.group is AlertGroup.ARTICLE:
        return "each article by itself, but copies"
    also = [f"the first from {', '.join(rule.trusted)}"] if rule.trusted else []
    also += [f"{', '.join(map(str, rule.outlets))} outlets"] if rule.outlets else []
    trusted = "".join(f", {one}" for one in also)
    return {
        Updates.NONE: "once a story",
        Updates.MATERIAL: f"once a story, then what is materially new{trusted}",
        Updates.ALL: "once a story, then each later article but copies",
    }[rule.updates]


def _surge(surge: Surge) -> str:
    to = f" to {', '.join(surge.to)}" if surge.to else ""
    return f"a surge of {surge.outlets} outlets within {surge.within / timedelta(minutes=1):g} minutes at once{to}"


def _quiet(quiet: Quiet, timezone: tzinfo) -> str:
    span = "all day" if quiet.start == quiet.end else f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
    return f"held {span}{_on(quiet.days)}{_zone(quiet.timezone, timezone)} then sent as one"


def _times(times: Sequence[str]) -> str:
    return "every hour" if len(times) == _HOURLY else f"at {', '.join(times)}"


def _on(days: Sequence[int]) -> str:
    return "" if len(days) == len(EVERY_DAY) else f" on {', '.join(_DAYS[day] for day in days)}"


def _zone(own: tzinfo | None, service: tzinfo) -> str:
    return f" ({own or service})"
