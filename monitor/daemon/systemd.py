"""Tells systemd how the daemon is."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path


def notifier(address: str) -> Callable[[str], None]:
    """Return a function that sends a state to systemd's notify socket at `address` (empty: nowhere).

    A socket that nobody listens at is no reason to end: the state is then told to nobody.

    Source: sd_notify(3).
    """
    if not address:
        return lambda _state: None
    path = f"\0{address[1:]}" if address.startswith("@") else str(Path(address))

    def notify(state: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.connect(path)
            channel.sendall(state.encode())

    return notify


def health_every_s(environ: Mapping[str, str]) -> float:
    """Return how often, in seconds, to tell systemd that all is well: thrice within its watchdog's time, or every 10 s.

    Source: sd_watchdog_enabled(3).
    """
    time_us = environ.get("WATCHDOG_USEC", "")
    is_ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return min(10.0, int(time_us) / 3e6) if is_ours and time_us.isdecimal() and int(time_us) else 10.0
