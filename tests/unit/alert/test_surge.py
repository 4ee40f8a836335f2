"""Surges: how many outlets report one event within a time, copies and reports told of before left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert.surge import Report, find_surge, report_of
from monitor.model import Origin, Surge
from tests.unit.alert.samples import SEEN, article

NOON = datetime(2025, 10, 23, 12, tzinfo=UTC)
RULE = Surge(outlets=8, within=timedelta(hours=1))
SMALL = Surge(outlets=3, within=timedelta(minutes=10))

reports = st.lists(
    st.tuples(
        st.integers(0, 40).map(lambda minute: NOON + timedelta(minutes=minute)),
        st.sampled_from("abcdef"),
    ),
    max_size=12,
)


def spread(outlets: int, minutes: int) -> list[Report]:
    """Return reports of so many outlets, evenly over the time."""
    step = timedelta(minutes=minutes) / max(outlets - 1, 1)
    return [(NOON + step * number, f"outlet{number}.example") for number in range(outlets)]


def test_eight_outlets_within_the_hour_are_a_surge() -> None:
    *others, last = spread(8, 47)
    assert str(find_surge(RULE, last, others)) == "surge: 8 outlets within 47 minutes"


@pytest.mark.parametrize(("outlets", "minutes"), [(7, 30), (8, 61), (8, 120), (15, 240)])
def test_too_few_or_too_slow_is_none(outlets: int, minutes: int) -> None:
    every = spread(outlets, minutes)
    assert all(find_surge(RULE, own, every) is None for own in every)


def test_an_outlet_that_reports_fifteen_times_counts_once() -> None:
    every = [(at, "one.example") for at, _ in spread(15, 30)]
    assert find_surge(RULE, every[-1], every) is None


def test_what_came_out_between_is_told_of_too_when_it_is_read_late() -> None:
    first, middle, *others = spread(9, 40)
    assert str(find_surge(RULE, middle, [first, *others])) == "surge: 9 outlets within 40 minutes"


def test_a_surge_is_told_once_and_the_next_after_its_time() -> None:
    every = spread(8, 20)
    later = [(at + timedelta(minutes=90), outlet) for at, outlet in every]
    more = (NOON + timedelta(minutes=50), "more.example")
    assert find_surge(RULE, more, every, told=[NOON]) is None
    found = find_surge(RULE, later[-1], [*every, more, *later[:-1]], told=[NOON])
    assert found is not None
    assert (found.outlets, found.first) == (8, NOON + timedelta(minutes=90))


def test_all_at_one_moment_is_within_a_minute() -> None:
    every = [(NOON, f"outlet{number}.example") for number in range(8)]
    assert str(find_surge(RULE, every[0], every[1:])) == "surge: 8 outlets within a minute"


@given(reports, st.tuples(st.integers(0, 40).map(lambda minute: NOON + timedelta(minutes=minute)), st.just("own")))
def test_a_surge_is_found_if_and_only_if_a_window_with_the_report_has_enough(others: list[Report], own: Report) -> None:
    starts = [time for time, _ in (own, *others) if time <= own[0] <= time + SMALL.within]
    counts = [
        len({outlet for time, outlet in (own, *others) if start <= time <= start + SMALL.within}) for start in starts
    ]
    found = find_surge(SMALL, own, others)
    assert (found is not None) == (max(counts) >= SMALL.outlets)
    assert found is None or (found.outlets == max(counts) and found.last - found.first <= SMALL.within)


@pytest.mark.parametrize(
    ("published", "origin", "at"),
    [
        ("2025-10-23T09:30:00+00:00", Origin.FEED, "2025-10-23T09:30:00+00:00"),
        ("2025-10-23T00:00:00+00:00", Origin.FEED, SEEN.isoformat()),
        ("", Origin.FEED, SEEN.isoformat()),
        ("2025-10-23T09:30:00+00:00", Origin.INGEST, "2025-10-23T09:30:00+00:00"),
        ("2025-10-23T00:00:00+00:00", Origin.INGEST, None),
        ("", Origin.INGEST, None),
    ],
)
def test_of_a_day_the_time_it_was_seen_counts(published: str, origin: Origin, at: str | None) -> None:
    found = report_of(
        article(origin=origin, published=datetime.fromisoformat(published) if published else None, source="x.example")
    )
    assert (found[0].isoformat() if found else None) == at


def test_sites_of_one_registered_domain_are_one_outlet() -> None:
    found = [report_of(article(source=host)) for host in ("www.bbc.co.uk", "News.BBC.co.uk", "")]
    assert found == [(SEEN, "bbc.co.uk"), (SEEN, "bbc.co.uk"), None]
