"""Takes a changed configuration over while the program runs, and tells the operator of a broken one.

A configuration that can be read is remembered in the state folder; one that cannot is refused as a whole, and the last
good one goes on, also over a restart. A topic that is wrong by itself is refused by itself, and its last good version
goes on. The operator hears of each break once, and of the repair.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator

from monitor import alert, settings
from monitor.app.compose import App, Loaded, freeze_again, live_before, load, new_fetcher, new_sender, new_watch, now
from monitor.errors import ConfigErrors
from monitor.log import Log
from monitor.model import WatchlistSpec

_log = Log(__name__)

_TOLD = "config-broken"


async def reload(app: App) -> bool:
    """Read the configuration again and swap it in; returns whether it was taken.

    Raises:
        MonitorError: it is good, but the store or the state folder cannot be written; try again.
    """
    try:
        loaded = await asyncio.to_thread(_load, app)
    except ConfigErrors as errors:
        app.broken = errors
        await asyncio.to_thread(tell_if_broken, app)
        return False
    config = loaded.config
    was_refused, app.refusals = app.refusals, loaded.refusals
    if app.broken is None and config == app.config:
        if was_refused != app.refusals:
            await asyncio.to_thread(tell_if_broken, app)
        return False
    # First, so that a failure here is met again at the next try, which the swap would make a look at the same files.
    await asyncio.to_thread(settings.keep_last_good, app.place.state, config.files)
    await _swap(app, loaded)
    freeze_again()
    version, files = config.watchlist.version, settings.watchlist_part(config.files)
    await asyncio.to_thread(app.store.keep_watchlist, version, files, now())
    app.broken = None
    _log.info("configuration taken", watchlist=config.watchlist.version, topics=len(config.watchlist.topics))
    await asyncio.to_thread(tell_if_broken, app)
    return True


def tell_if_broken(app: App) -> None:
    """Tell the operator that the configuration or a topic is broken, or in order again, unless he was told already."""
    if app.broken is not None:
        title, message = "The configuration is broken", f"The last good one goes on:\n{app.broken.message}"
    elif app.refusals is not None:
        title, message = app.refusals.title, app.refusals.message
    else:
        title = message = ""
    state = hashlib.sha256(message.encode()).hexdigest()[:12] if message else ""
    if app.store.note(_TOLD) == state:
        return
    if app.broken is not None:
        _log.error("configuration refused, the last good one goes on", error=app.broken.message)
    elif app.refusals is not None:
        _log.error("topics refused, the others go on", error=message)
    else:
        _log.info("configuration in order again")
    if message:
        _notice(app, f"broken-{state}", title, message)
    else:
        _notice(app, "repaired", "The configuration is in order again", "It has been taken over.")
    app.store.note(_TOLD, state)


def _notice(app: App, event: str, title: str, body: str) -> None:
    moment, operator = now(), app.context.watch.settings
    recipients = operator.recipients(operator.operator)
    app.store.put_outbox(alert.notice(f"config-{event}-{moment:%Y%m%dT%H%M%S}", title, body, recipients), moment)


def _load(app: App) -> Loaded:
    """Read the configuration; what is live now goes before all that was.

    Raises:
        ConfigErrors: it is wrong as a whole, or no topic of it is good.
    """

    def earlier() -> Iterator[WatchlistSpec]:
        yield app.config.watchlist
        yield from live_before(app.store, app.place, app.config.settings)

    loaded = load(app.place, earlier=earlier)
    if loaded.refusals is not None and not loaded.watchlist.topics:
        raise ConfigErrors(loaded.refusals.errors)
    return loaded


async def _swap(app: App, loaded: Loaded) -> None:
    context, old, new = app.context, app.config.settings, loaded.config.settings
    watch = await asyncio.to_thread(new_watch, loaded, app.store)
    await asyncio.to_thread(app.store.sync_feeds, loaded.config.feeds, now())
    if (new.poll, new.allow_networks, new.allow_ports) != (old.poll, old.allow_networks, old.allow_ports):
        # What is being fetched goes on by the old one.
        closing = asyncio.create_task(context.fetcher.close())
        app.retired.add(closing)
        closing.add_done_callback(app.retired.discard)
        context.fetcher = new_fetcher(new)
    if new.channels != old.channels:
        context.sender = new_sender(new)
    if new.database != old.database:
        _log.warning("a change of `database` needs a restart")
    context.feeds.clear()
    context.watch = watch
    app.config = loaded.config
