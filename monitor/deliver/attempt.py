"""One try to send one message, which another thread can end."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Protocol

from monitor.model import Delivery, Message


class Attempt:
    """A try that ends when it is cut, so that a message given up on does not arrive after all.

    `cut` shuts the socket that the try holds, and whatever the try asks for afterwards is refused.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def hold(self, connection: socket.socket | None = None) -> None:
        """Go on, with this socket open.

        Raises:
            TimeoutError: the try was cut.
        """
        with self._lock:
            if self._is_cut:
                raise TimeoutError
            self._socket = connection

    def cut(self) -> None:
        """End the try at once."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)


class Channel(Protocol):
    """Where messages go. `send` blocks, and runs in a thread of its own."""

    def send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        """Send a message to one address of the channel; empty: the channel knows where to."""
