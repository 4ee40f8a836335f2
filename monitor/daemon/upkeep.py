"""The store's upkeep: what is old is forgotten, and a copy is written every day.

The store remembers when each was done last, so that a machine that is switched off every night gets both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from monitor.app import App, now
from monitor.log import Log

_log = Log(__name__)

# A quarter of an hour short, so that the hourly look a day later finds it due.
_BACKUP_EVERY = timedelta(hours=23, minutes=45)
_RETENTION_EVERY = timedelta(hours=5, minutes=45)
_BACKUPS_KEPT = 7


async def forget_if_due(app: App) -> None:
    """Forget what is older than the settings say, four times a day.

    Raises:
        StoreError: the store cannot be written; it stays due.
    """
    await _do_if_due(app, "retention-done", _RETENTION_EVERY, _forget)


async def back_up_if_due(app: App) -> None:
    """Write the daily backup of a SQLite store; the last seven are kept.

    Raises:
        StoreError: it could not be written; it stays due.
    """
    if app.config.settings.database.startswith("sqlite"):
        await _do_if_due(app, "backup-done", _BACKUP_EVERY, _back_up)


async def _do_if_due(app: App, note: str, every: timedelta, work: Callable[[App], Awaitable[None]]) -> None:
    last, moment = await asyncio.to_thread(app.store.note, note), now()
    # A time to come was written by a clock that has been set back since.
    if last and timedelta() <= moment - datetime.fromisoformat(last) < every:
        return
    await work(app)
    await asyncio.to_thread(app.store.note, note, moment.isoformat())


async def _forget(app: App) -> None:
    kept, moment = app.context.watch.settings.retention, now()
    forgotten = await asyncio.to_thread(
        app.store.forget,
        moment,
        articles_before=moment - timedelta(seconds=kept.articles_s),
        log_before=moment - timedelta(seconds=kept.fetch_log_s),
    )
    if forgotten:
        _log.info("old articles forgotten", articles=forgotten)


async def _back_up(app: App) -> None:
    folder = app.place.state / "backup"
    target = folder / f"monitor-{now():%Y%m%d}.db"
    await asyncio.to_thread(app.store.backup, target)
    _log.info("backup written", file=target)
    for old in sorted(folder.glob("monitor-*.db"))[:-_BACKUPS_KEPT]:
        try:
            old.unlink()
        except OSError as error:
            _log.error("an old backup cannot be deleted", file=old, error=error)
