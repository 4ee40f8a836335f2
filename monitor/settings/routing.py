"""Reads when alerts go out: quiet hours, limits, digests and surges."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import chain

from monitor.model import EVERY_DAY, AlertGroup, AlertRule, DigestTimes, Quiet, Surge, Updates, Urgency
from monitor.settings.channels import channel_names
from monitor.settings.clock import clock, read_timezone, weekdays
from monitor.settings.schema import Keys, Reader, T, choice, duration, listed, text, whole
from monitor.settings.tree import Node, Scalar

_MINUTE_S = 60
_HOUR_S = 3600
_DAY_S = 86_400


def read_alert(node: Node, rule: AlertRule, channels: frozenset[str] | None) -> AlertRule:
    """Read to whom alerts go, and when; what is not written is as in `rule`.

    `channels` are those there are, if known. `none` takes off what the defaults have.
    """
    keys = Keys(node, "alert")
    alert = AlertRule(
        to=keys.take("to", channel_names(channels), rule.to),
        group=keys.take("group", choice(AlertGroup), rule.group),
        urgency=keys.take("priority", choice(Urgency), rule.urgency),
        quiet=keys.take("quiet", _or_none(_quiet), (rule.quiet,))[0],
        per_hour=keys.take("limit", _or_none(_limit), (rule.per_hour,))[0] or 0,
        digest=keys.take("digest", _or_none(_digest), (rule.digest,))[0],
        updates=keys.take("updates", choice(Updates), rule.updates),
        trusted=keys.take("trusted", listed(text), rule.trusted),
        outlets=keys.take("outlets", _outlets, rule.outlets),
        surge=keys.take("surge", _or_none(_surge(channels)), (rule.surge,))[0],
    )
    keys.end()
    return alert


def _outlets(node: Node) -> tuple[int, ...]:
    return tuple(sorted(set(listed(whole(2, 1000))(node))))


def _or_none(read: Reader[T]) -> Reader[tuple[T | None]]:
    return lambda node: (None if isinstance(node, Scalar) and node.text == "none" else read(node),)


def _quiet(node: Node) -> Quiet:
    keys = Keys(node, "quiet")
    quiet = Quiet(
        start=keys.take("from", clock, time(0)),
        end=keys.take("to", clock, time(0)),
        days=_days(keys, "days"),
        timezone=keys.take("timezone", read_timezone, None),
    )
    keys.end()
    if quiet.start == quiet.end and len(quiet.days) == len(EVERY_DAY):
        raise node.error("these quiet hours never end", 'give them an end: {from: "22:00", to: "06:30"}')
    return quiet


def _days(keys: Keys, key: str) -> tuple[int, ...]:
    found = keys.take(key, listed(weekdays), ())
    return tuple(sorted(set(chain.from_iterable(found)))) or EVERY_DAY


def _limit(node: Node) -> int:
    keys = Keys(node, "limit")
    per_hour = keys.need("per_hour", whole(1, 1000))
    keys.end()
    return per_hour


def _digest(node: Node) -> DigestTimes:
    keys = Keys(node, "digest")
    every = keys.take("every", _every, 0)
    times = keys.take("at", listed(clock), ())
    days = _days(keys, "on")
    timezone = keys.take("timezone", read_timezone, None)
    keys.end()
    if bool(every) == bool(times):
        hint = 'for example {at: "07:00"}, {at: "07:00", on: monday} or {every: 1h}'
        raise node.error("a digest has either `at` or `every`", hint)
    if every:
        times = tuple(time(second // _HOUR_S) for second in range(0, _DAY_S, every))
    return DigestTimes(times=tuple(sorted(set(times))), days=days, timezone=timezone)


def _surge(channels: frozenset[str] | None) -> Reader[Surge]:
    def read(node: Node) -> Surge:
        keys = Keys(node, "surge")
        outlets = keys.need("outlets", whole(2, 200))
        within_s = keys.need("within", duration(_MINUTE_S))
        to = keys.take("to", channel_names(channels), ())
        keys.end()
        if within_s > _DAY_S and (written := keys.node("within")):
            raise written.error(f"{within_s:g} s is too long for a surge", "it must be at most 24h")
        return Surge(outlets=outlets, within=timedelta(seconds=within_s), to=to)

    return read


def _every(node: Node) -> int:
    seconds = {"hour": _HOUR_S, "day": _DAY_S}.get(text(node)) or duration(_HOUR_S)(node)
    if seconds % _HOUR_S or _DAY_S % seconds:
        raise node.error(f"{seconds:g} s does not divide a day into hours", "1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h")
    return int(seconds)
