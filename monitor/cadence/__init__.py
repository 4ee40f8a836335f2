"""When is a feed due again: as often as it is worth, later when it fails or asks for it, never given up.

Pure: the time and the jitter are given.
"""

from __future__ import annotations

from monitor.cadence.hiding import count_hidden, is_distrusted
from monitor.cadence.pace import START_PACE, tune
from monitor.cadence.rate import DAY_S, is_abandoned, rate_of, remember
from monitor.cadence.readings import reading_of, remember_readings
from monitor.cadence.silence import Silence, find_silent, remember_gap
from monitor.cadence.troubles import FeedsView, view_feeds
from monitor.cadence.waits import Answer, next_poll, plan, usual_wait

__all__ = [
    "DAY_S",
    "START_PACE",
    "Answer",
    "FeedsView",
    "Silence",
    "count_hidden",
    "find_silent",
    "is_abandoned",
    "is_distrusted",
    "next_poll",
    "plan",
    "rate_of",
    "reading_of",
    "remember",
    "remember_gap",
    "remember_readings",
    "tune",
    "usual_wait",
    "view_feeds",
]
