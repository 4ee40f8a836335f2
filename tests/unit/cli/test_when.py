"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.when import read_when
from monitor.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2025, 10, 24, 12, 0, tzinfo=UTC)  # 14:00 in Berlin; the clock goes back on Sunday


def read(text: str, *, is_ahead: bool, is_end: bool) -> str:
    found = read_when("--until", text, FRIDAY, BERLIN, is_ahead=is_ahead, is_end=is_end)
    assert found.tzinfo is UTC
    return found.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2d", "2025-10-26 13:00"),  # two whole days, of which one has 25 hours
        ("1h30m", "2025-10-24 15:30"),
        ("now", "2025-10-24 14:00"),
        ("22:00", "2025-10-24 22:00"),
        ("13:59", "2025-10-25 13:59"),
        ("9:30", "2025-10-25 09:30"),
        ("today", "2025-10-25 00:00"),
        ("tomorrow", "2025-10-26 00:00"),
        ("tomorrow 08:00", "2025-10-25 08:00"),
        ("Tomorrow  8:00", "2025-10-25 08:00"),
        ("friday", "2025-11-01 00:00"),
        ("sat 07:00", "2025-10-25 07:00"),
        ("2025-11-03", "2025-11-04 00:00"),
        ("2025-11-03 08:00", "2025-11-03 08:00"),
        ("2025-11-03T08:00", "2025-11-03 08:00"),
        ("2025-11-03T08:00:00Z", "2025-11-03 09:00"),
        ("2025-11-03 08:00-05:00", "2025-11-03 14:00"),
    ],
)
def test_an_end_ahead_is_read_in_the_users_zone(text: str, meant: str) -> None:
    assert read(text, is_ahead=True, is_end=True) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2d", "2025-10-22 14:00"),
        ("22:00", "2025-10-23 22:00"),
        ("13:59", "2025-10-24 13:59"),
        ("today", "2025-10-24 00:00"),
        ("yesterday", "2025-10-23 00:00"),
        ("yesterday 08:00", "2025-10-23 08:00"),
        ("friday", "2025-10-24 00:00"),
        ("monday", "2025-10-20 00:00"),
        ("2025-10-01", "2025-10-01 00:00"),
    ],
)
def test_a_beginning_lies_in_the_past(text: str, meant: str) -> None:
    assert read(text, is_ahead=False, is_end=False) == meant


@pytest.mark.parametrize(
    "text", ["", "soon", "5", "2025-13-01", "2025-10-24 25:00", "tomorrow at 8", "9" * 30 + "d", "2"]
)
def test_what_is_no_time_is_told_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="is no time") as caught:
        read(text, is_ahead=True, is_end=True)
    assert "tomorrow 08:00" in caught.value.hint


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_told_error(text: str) -> None:
    try:
        found = read_when("--since", text, FRIDAY, BERLIN, is_ahead=False, is_end=False)
    except UsageError:
        return
    assert found.tzinfo is UTC
