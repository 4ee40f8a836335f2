"""The exceptions of the program, in one tree.

Failures of the world (a feed is down, a mail was refused) are values, never exceptions (`monitor.model.Failure`).

    MonitorError              exit 1
    ├── UsageError            exit 2   a command was called with something it cannot take
    ├── ConfigError           exit 2   a file the user edits is wrong; carries its position
    │   ├── QueryError                 a topic's query is wrong
    │   └── ConfigErrors               all that is wrong, together
    ├── StoreError            exit 1   the store cannot be used
    │   ├── StoreLocked                another process holds it
    │   ├── StoreTooNew                it was written by a newer program
    │   └── StoreFull                  no space is left on its disk
    └── NotFound              exit 1   no article, topic, feed or alert by that name
"""

from __future__ import annotations


class MonitorError(Exception):
    """Anything the user should read in one or two lines instead of a stack trace.

    Args:
        message: where: what, with the value.
        hint: the next action, without a full stop; empty if there is none.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MonitorError):
    """A command was called with something it cannot take."""

    exit_code = 2


class ConfigError(MonitorError):
    """A file the user edits is wrong.

    Args:
        message: what is wrong, with the value, without the position.
        where: `file:line:col`, or the file alone; empty if it is not known yet.
        hint: the next action.
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, hint=hint)
        self.what = message
        self.where = where


class QueryError(ConfigError):
    """A topic's query is wrong."""


class StoreError(MonitorError):
    """The store cannot be used."""


class StoreLocked(StoreError):
    """Another process holds the store."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of the program."""


class StoreFull(StoreError):
    """No space is left on the store's disk."""


class NotFound(MonitorError):
    """No article, topic, feed or alert by that name."""


class ConfigErrors(ConfigError):
    """Everything that is wrong with the configuration, in the order of its files and lines."""

    def __init__(self, errors: tuple[ConfigError, ...]) -> None:
        super().__init__("\n".join(_with_hint(error) for error in errors))
        self.errors = errors


def _with_hint(error: MonitorError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message
