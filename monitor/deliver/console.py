"""The console as a channel: the text part of each message, on standard output."""

from __future__ import annotations

import sys
import threading
from typing import TextIO

from monitor.deliver.attempt import Attempt
from monitor.model import Delivery, Message

_RULE = "─" * 72


class Console:
    """Prints messages, each in one piece. Output that cannot show a character gets a question mark."""

    def __init__(self, output: TextIO | None) -> None:
        self._output = output
        self._lock = threading.Lock()

    def send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        """Print a message. Fails when the output is closed or its disk is full."""
        del address
        output = self._output or sys.stdout
        text = f"{_RULE}\n{message.subject}\n{_RULE}\n{message.text}\n"
        encoding = getattr(output, "encoding", None) or "utf-8"
        printable = text.encode(encoding, "replace").decode(encoding)
        attempt.hold()
        try:
            with self._lock:
                output.write(printable)
                output.flush()
        except (OSError, ValueError) as error:  # ValueError: the output was closed
            return Delivery(error=f"the console cannot be written: {error}", hint="check where standard output goes")
        return Delivery()
