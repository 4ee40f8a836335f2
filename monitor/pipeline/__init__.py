"""The program as four short functions.

    poll     fetch | 304 or same body? touch | parse | save entries
    tease    match title and teaser for urgent topics | save with alerts
    study    fetch page | clean | fingerprint | place in a story | match | save with alerts
    deliver  join due rows | send | mark

Each takes leased rows and is idempotent by their keys: after a crash the same rows are claimed again. Failures of the
world become values in the store; an article that raises is set aside and never stops its neighbours.
"""

from __future__ import annotations

from monitor.pipeline.addresses import MOVES_BELIEVED
from monitor.pipeline.context import Context, Watch
from monitor.pipeline.delivering import MESSAGES_A_CHANNEL, Delivered, deliver, pacing
from monitor.pipeline.polling import Polled, poll
from monitor.pipeline.studying import StudyTally, study
from monitor.pipeline.teasing import tease

__all__ = [
    "MESSAGES_A_CHANNEL",
    "MOVES_BELIEVED",
    "Context",
    "Delivered",
    "Polled",
    "StudyTally",
    "Watch",
    "deliver",
    "pacing",
    "poll",
    "study",
    "tease",
]
