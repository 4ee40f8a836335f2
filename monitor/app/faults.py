"""Points between two steps at which tests crash the process; nothing happens unless the environment asks for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping


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
