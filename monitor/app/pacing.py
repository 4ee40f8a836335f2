"""Keeps the requests a feed and day at what the user wants: the pace is tuned hourly, and kept in the store."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor import cadence
from monitor.pipeline import Context
from monitor.ports import Store

_NOTE = "pace"
# A little short, so that an hourly look finds it due.
_EVERY = timedelta(minutes=55)


def last_pace(store: Store) -> float:
    """Return the pace as it was tuned last."""
    return _read(store)[0]


def tune_if_due(context: Context) -> None:
    """Tune the pace of all polls to the feeds there are and what they publish, once an hour.

    Raises:
        StoreError: the store cannot be used; it stays due.
    """
    (pace, tuned_at), moment = _read(context.store), context.clock()
    # A time to come was written by a clock that has been set back since.
    if tuned_at and timedelta() <= moment - tuned_at < _EVERY:
        return
    feeds = context.store.feeds(enabled_only=True)
    context.pace = cadence.tune(feeds, context.watch.settings.poll, pace)
    context.store.note(_NOTE, f"{context.pace:.1f} {moment.isoformat()}")


def _read(store: Store) -> tuple[float, datetime | None]:
    pace, _, tuned_at = store.note(_NOTE).partition(" ")
    return (float(pace), datetime.fromisoformat(tuned_at)) if tuned_at else (cadence.START_PACE, None)
