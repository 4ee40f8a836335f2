"""Two days of thirty feeds at speed; `python -m tests.bench month` lives through a month of three hundred."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.bench.month import Month


def test_whatever_is_published_on_a_topic_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    month = Month(feeds=30, days=2)
    with caplog.at_level(logging.ERROR):
        month.run(tmp_path)

    ledger = month.ledger
    assert len(ledger.words) > 10
    assert ledger.missing() == []
    assert ledger.repeated() == []
    assert ledger.strangers() == []
    assert caplog.messages == []
