"""Some days at speed, on which clocks change; `python -m tests.bench month` lives through a month of 300 feeds."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bench.month import Month

HOUR = timedelta(hours=1)
# Steps of ten minutes: an hour back in the morning, a day ahead at noon, and back again in the evening.
JUMPS = {40: -HOUR, 72: timedelta(days=1), 110: -timedelta(days=1)}


def live(folder: Path, caplog: pytest.LogCaptureFixture, month: Month) -> Month:
    """Live through a month, and see that whatever was published on a topic was told of once."""
    with caplog.at_level(logging.ERROR):
        month.run(folder)
    ledger = month.ledger
    assert ledger.missing() == []
    assert ledger.repeated() == []
    assert ledger.strangers() == []
    assert caplog.messages == []
    return month


@pytest.mark.parametrize(
    ("start", "feeds"),
    [(datetime(2025, 10, 25, tzinfo=UTC), 15), (datetime(2025, 11, 1, tzinfo=UTC), 15)],
    ids=["Berlin", "New York"],
)
def test_over_a_change_of_the_clock_all_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, start: datetime, feeds: int
) -> None:
    month = live(tmp_path, caplog, Month(feeds, days=2, start=start, on_topic=0.5))
    assert len(month.ledger.words) > feeds


def test_a_clock_that_is_set_wrong_and_right_again_loses_nothing_and_asks_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    month = live(tmp_path, caplog, Month(20, days=2, on_topic=0.5, jumps=JUMPS))
    asked = defaultdict(int)
    for _, url in month.web.asked:
        asked[url] += 1
    days = month.days + 1.5
    # Twelve a day; each change may cost a poll.
    assert max(asked[url] for url in month.web.sources) <= 24 * days
    assert sum(asked[url] for url in month.web.sources) <= (12 * days + len(JUMPS)) * len(month.web.sources) * 1.25
    assert min(asked[url] for url in month.web.sources) >= days
