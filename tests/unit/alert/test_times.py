"""When quiet hours end and digests go out, in two zones and across both changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert import describe, next_digest, quiet_until
from monitor.alert.times import hold_of
from monitor.model import AlertRule, DigestTimes, Quiet, Surge, Urgency

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NIGHT = Quiet(start=time(22), end=time(6, 30))
ZONES = {"Berlin": BERLIN, "New York": NEW_YORK}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


# The clocks of Berlin change on 2025-03-30 and 2025-10-26, those of New York on 2025-03-09 and 2025-11-02.
@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("Berlin", "2025-01-10T20:59", None),
        ("Berlin", "2025-01-10T21:00", "2025-01-11T05:30"),
        ("Berlin", "2025-01-11T05:29", "2025-01-11T05:30"),
        ("Berlin", "2025-01-11T05:30", None),
        ("Berlin", "2025-03-29T22:00", "2025-03-30T04:30"),  # a night of an hour less
        ("Berlin", "2025-10-25T21:00", "2025-10-26T05:30"),  # and of an hour more
        ("New York", "2025-03-09T04:00", "2025-03-09T10:30"),
        ("New York", "2025-11-02T03:00", "2025-11-02T11:30"),
        ("New York", "2025-11-02T01:59", None),
        ("New York", "2025-11-02T02:00", "2025-11-02T11:30"),
    ],
)
def test_quiet_hours_end_at_the_local_time(zone: str, now: str, end: str | None) -> None:
    assert quiet_until(NIGHT, utc(now), ZONES[zone]) == (utc(end) if end else None)


def test_an_hour_that_comes_twice_is_quiet_both_times() -> None:
    quiet = Quiet(start=time(1), end=time(2, 30))
    assert quiet_until(quiet, utc("2025-10-26T00:45"), BERLIN) == utc("2025-10-26T01:30")


def test_quiet_hours_that_end_in_a_skipped_hour_end_an_hour_later_on_the_clock() -> None:
    quiet = Quiet(start=time(1), end=time(2, 30))
    assert quiet_until(quiet, utc("2025-03-30T00:10"), BERLIN) == utc("2025-03-30T01:30")


def test_quiet_days_that_touch_are_one() -> None:
    weekend = Quiet(days=(5, 6))
    assert quiet_until(weekend, utc("2025-10-24T21:59"), BERLIN) is None
    assert quiet_until(weekend, utc("2025-10-24T22:00"), BERLIN) == utc("2025-10-26T23:00")


def test_days_are_those_on_which_the_quiet_hours_start() -> None:
    weeknights = Quiet(start=time(22), end=time(6), days=(0, 1, 2, 3, 4))
    assert quiet_until(weeknights, utc("2025-01-11T04:00"), BERLIN) == utc("2025-01-11T05:00")  # Saturday, 05:00
    assert quiet_until(weeknights, utc("2025-01-12T04:00"), BERLIN) is None  # Sunday, 05:00


def test_a_zone_of_the_topic_goes_before_that_of_the_service() -> None:
    quiet = Quiet(start=time(22), end=time(6, 30), timezone=NEW_YORK)
    assert quiet_until(quiet, utc("2025-01-11T05:00"), BERLIN) == utc("2025-01-11T11:30")


@pytest.mark.parametrize(
    ("digest", "zone", "now", "expected"),
    [
        (DigestTimes(times=(time(7),)), "Berlin", "2025-01-10T05:59", "2025-01-10T06:00"),
        (DigestTimes(times=(time(7),)), "Berlin", "2025-01-10T06:00", "2025-01-11T06:00"),
        (DigestTimes(times=(time(7),)), "Berlin", "2025-03-29T12:00", "2025-03-30T05:00"),
        (DigestTimes(times=(time(7),)), "New York", "2025-11-01T12:00", "2025-11-02T12:00"),
        (DigestTimes(times=(time(2, 30),)), "Berlin", "2025-03-29T12:00", "2025-03-30T01:30"),
        (DigestTimes(times=(time(2, 30),)), "Berlin", "2025-10-25T12:00", "2025-10-26T00:30"),
        (DigestTimes(times=(time(2, 30),)), "Berlin", "2025-10-26T00:30", "2025-10-27T01:30"),
        (DigestTimes(times=(time(7), time(18))), "Berlin", "2025-01-10T06:00", "2025-01-10T17:00"),
        (DigestTimes(times=(time(7),), days=(0,)), "New York", "2025-11-03T12:00", "2025-11-10T12:00"),
        (DigestTimes(times=tuple(map(time, range(24)))), "Berlin", "2025-01-10T06:20", "2025-01-10T07:00"),
    ],
)
def test_a_digest_goes_out_at_its_local_time(digest: DigestTimes, zone: str, now: str, expected: str) -> None:
    assert next_digest(digest, utc(now), ZONES[zone]) == utc(expected)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), st.sampled_from(list(ZONES)))
def test_a_daily_digest_goes_out_once_for_each_local_day(now: datetime, zone: str) -> None:
    daily = DigestTimes(times=(time(2, 30),))
    first = next_digest(daily, now, ZONES[zone])
    second = next_digest(daily, first, ZONES[zone])
    assert now < first < second
    days = [at.astimezone(ZONES[zone]).date() for at in (first, second)]
    assert days[1] - days[0] == timedelta(days=1)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), st.sampled_from(list(ZONES)))
def test_quiet_hours_that_ended_are_over(now: datetime, zone: str) -> None:
    end = quiet_until(NIGHT, now, ZONES[zone])
    local = now.astimezone(ZONES[zone]).time()
    assert (end is not None) == (local >= NIGHT.start or local < NIGHT.end)
    assert end is None or (now < end and quiet_until(NIGHT, end, ZONES[zone]) is None)


@pytest.mark.parametrize(
    ("rule", "bundle", "reason"),
    [
        (AlertRule(), "", ""),
        (AlertRule(quiet=NIGHT), "quiet:2025-01-11T06:30+0100", "quiet hours"),
        (AlertRule(quiet=NIGHT, urgency=Urgency.URGENT), "", ""),
        (AlertRule(quiet=NIGHT, digest=DigestTimes(times=(time(7),))), "digest:2025-01-11T07:00+0100", "the digest"),
        (AlertRule(digest=DigestTimes(times=(time(7),)), urgency=Urgency.URGENT), "", ""),
    ],
)
def test_a_rule_holds_its_alerts_back(rule: AlertRule, bundle: str, reason: str) -> None:
    hold = hold_of(rule, utc("2025-01-10T23:00"), BERLIN)
    assert (hold.bundle if hold else "", hold.reason if hold else "") == (bundle, reason)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (AlertRule(), "to nobody: its matches are only stored"),
        (AlertRule(to=("desk",)), "to desk, at once"),
        (
            AlertRule(to=("desk", "me"), quiet=NIGHT, per_hour=10, urgency=Urgency.LOW),
            "to desk, me, at once, held 22:00-06:30 (Europe/Berlin) then sent as one, at most 10 an hour, after others",
        ),
        (
            AlertRule(to=("desk",), digest=DigestTimes(times=(time(7),), days=(0,), timezone=NEW_YORK)),
            "to desk, in a digest at 07:00 on Mon (America/New_York)",
        ),
        (
            AlertRule(to=("desk",), urgency=Urgency.URGENT, quiet=NIGHT),
            "to desk, at once, before all others and whatever the hour",
        ),
        (
            AlertRule(
                to=("desk",),
                digest=DigestTimes(times=(time(7),)),
                surge=Surge(outlets=8, within=timedelta(hours=1), to=("me",)),
            ),
            "to desk, in a digest at 07:00 (Europe/Berlin), a surge of 8 outlets within 60 minutes at once to me",
        ),
    ],
)
def test_routing_is_told_in_a_line(rule: AlertRule, line: str) -> None:
    assert describe(rule, BERLIN) == line
