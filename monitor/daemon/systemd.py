"""Tells systemd how the daemon is."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path


def notifier(address: str) -> Callable[[str], None]:
    """Return a function that sends a state to systemd's notify socket at `address` (empty: nowhere).

    Source: sd_notify(3).
    """
    if not address:
        return lambda _state: None
    path = f"\0{address[1:]}" if address.startswith("@") else str(Path(address))

    def notify(state: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.connect(path)
            channel.sendall(state.encode())

    return notify
