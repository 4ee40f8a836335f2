"""What tests ask of a process by its environment: to crash between two steps, to have another time. Else nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from datetime import timedelta


def fault_point(environ: Mapping[str, str]) -> Callable[[str], None]:
    """Return the function that kills this process at the nth passing of a point: `MONITOR_FAULT=point:n`, for tests."""
    wanted, _, nth = environ.get("MONITOR_FAULT", "").partition(":")
    left = int(nth or 1)

    def reach(point: str) -> None:
        nonlocal left
        if point == wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return reach if wanted else lambda _point: None


def clock_ahead(environ: Mapping[str, str]) -> timedelta:
    """Return by how much this process takes the time for later than it is: `MONITOR_CLOCK_AHEAD_S`, for tests."""
    return timedelta(seconds=float(environ.get("MONITOR_CLOCK_AHEAD_S") or 0))
