"""When is a feed due again: as often as it is worth, later when it fails or asks for it, never given up.

Pure: the time and the jitter are given.
"""

from __future__ import annotations

from monitor.cadence.pace import START_PACE, tune
from monitor.cadence.rate import DAY_S, is_abandoned, rate_of, remember
from monitor.cadence.silence import Silence, find_silent, remember_gap
from monitor.cadence.waits import Answer, next_poll, plan, usual_wait

__all__ = [
    "DAY_S",
    "START_PACE",
    "Answer",
    "Silence",
    "find_silent",
    "is_abandoned",
    "next_poll",
    "plan",
    "rate_of",
    "remember",
    "remember_gap",
    "tune",
    "usual_wait",
]
