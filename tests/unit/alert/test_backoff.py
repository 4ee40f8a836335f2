"""When an unsent message is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert import retry_at
from monitor.model import DeliverySettings
from tests.unit.alert.samples import NOW

SETTINGS = DeliverySettings(retry_min_s=30, retry_max_s=3600, give_up_s=5 * 86_400)


@pytest.mark.parametrize(
    ("attempts", "jitter", "wait_s"),
    [
        (0, 0, 30),
        (1, 0, 30),
        (2, 0, 60),
        (3, 0, 120),
        (7, 0, 1920),
        (8, 0, 3600),
        (10_000, 0, 3600),
        (1, 1, 36),
        (1, -1, 24),
    ],
)
def test_the_wait_doubles_up_to_its_limit(attempts: int, jitter: float, wait_s: float) -> None:
    assert retry_at(attempts, NOW, NOW, SETTINGS, jitter, None) == NOW + timedelta(seconds=wait_s)


def test_a_message_is_given_up_when_its_time_is_over() -> None:
    end = NOW + timedelta(days=5)
    assert retry_at(200, NOW, end - timedelta(seconds=1), SETTINGS, 0, None) is not None
    assert retry_at(200, NOW, end, SETTINGS, 0, None) is None


def test_a_clock_that_went_back_gives_up_nothing() -> None:
    assert retry_at(1, NOW, NOW - timedelta(days=400), SETTINGS, 0, None) == NOW - timedelta(days=400, seconds=-30)


@given(attempts=st.integers(0, 5_000), jitter=st.floats(-1, 1), retry_after_s=st.none() | st.floats(0, 86_400))
def test_the_servers_wish_is_never_undercut_and_the_wait_is_bounded(
    attempts: int, jitter: float, retry_after_s: float | None
) -> None:
    at = retry_at(attempts, NOW, NOW, SETTINGS, jitter, retry_after_s)
    assert at is not None
    wait_s = (at - NOW).total_seconds()
    assert wait_s >= (retry_after_s or 0) - 1e-6
    assert 24 <= wait_s <= max(3600 * 1.2, retry_after_s or 0) + 1e-6
