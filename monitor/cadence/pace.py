"""The pace of all feeds together: what keeps the requests a feed and day, on average, at what the user wants.

`pace / per_day` is the wait in seconds of a feed with one entry a day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from monitor.cadence.rate import DAY_S, PRIOR_DAYS, PRIOR_ENTRIES
from monitor.cadence.waits import usual_wait
from monitor.model import Feed, PollSettings

# By it a feed that nothing is known of is asked `per_day` times a day.
START_PACE = DAY_S * math.sqrt(PRIOR_ENTRIES / PRIOR_DAYS)

_BOUND = 1_000.0
_ROUNDS = 30
_CLOSE = 0.002


def tune(feeds: Sequence[Feed], poll: PollSettings, pace: float = START_PACE) -> float:
    """Return the pace by which these feeds take `poll.per_day` requests a day on average; `pace` is a first guess.

    Feeds with an `every` of their own, switched-off and failing ones are not part of the bargain: what they do not
    spend is not given to the others. Bounds, priorities and caches are. No feed left: the pace stays.
    """
    counted = [one for one in feeds if one.is_enabled and not one.every_s and one.failing_since is None]
    for _ in range(_ROUNDS if counted else 0):
        excess = fmean(DAY_S / usual_wait(one, poll, pace) for one in counted) / poll.per_day
        pace = min(max(pace * excess, START_PACE / _BOUND), START_PACE * _BOUND)
        if abs(excess - 1) < _CLOSE:
            break
    return pace
