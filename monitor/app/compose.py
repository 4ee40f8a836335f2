"""Puts the parts together: settings to ports and watchlist. The only reader of the clock and of randomness.

A configuration that loads without an error is remembered in the state folder; one that does not is refused as a
whole, and the last good one goes on, also over a restart.
"""

from __future__ import annotations

import asyncio
import os
import random  # noqa: TID251  # the one place that makes randomness
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from monitor import __version__, alert, resources, settings
from monitor.deliver import ChannelSender
from monitor.errors import ConfigErrors
from monitor.fetch import HttpFetcher
from monitor.log import Log, mask_secrets
from monitor.match import Watchlist, compile_watchlist
from monitor.model import Config, Settings
from monitor.pipeline import Context, Watch
from monitor.ports import Fetcher, Store
from monitor.sandbox import ProcessSandbox

_log = Log(__name__)

USER_AGENT = f"monitor/{__version__} (feed reader; +https://github.com/monitor-daemon/monitor)"


def now() -> datetime:
    """Return the present instant, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one reader of the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the program runs: the folder of its configuration, that of its state, and the environment."""

    config: Path
    state: Path
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration and its compiled watchlist. `broken`: it is the last good one; what is wrong with the newer."""

    config: Config
    watchlist: Watchlist
    broken: ConfigErrors | None = None


@dataclass(slots=True, kw_only=True)
class App:
    """The running program. `broken` holds what is wrong with the configuration on disk while an older one is used.

    `retired` are fetchers that a change of the settings replaced.
    """

    place: Place
    config: Config
    store: Store
    context: Context
    broken: ConfigErrors | None = None
    retired: list[Fetcher] = field(default_factory=list)


def find_place(config: Path | None = None, *, copy: bool = False) -> Place:
    """Find the folders the program works in.

    With `copy`, a checkout's packaged configuration is first copied to `config/local`, which is the user's to edit.
    """
    environ = os.environ
    folder = settings.find_folder(config, environ)
    root = resources.checkout()
    if copy and root and folder.resolve() == root / "config":
        settings.write_config(root / "config" / "local")
        folder = root / "config" / "local"
    return Place(config=folder, state=settings.state_folder(environ), environ=environ)


def load(place: Place, *, texts: Mapping[str, str] | None = None) -> Loaded:
    """Read and check the configuration, queries included; from `texts` by file name instead of the folder, if given.

    Raises:
        ConfigErrors: everything that is wrong with it.
    """
    config = settings.load_config(place.config, place.environ, texts=texts)
    mask_secrets(config.settings.secrets)
    watchlist, errors = compile_watchlist(config.watchlist)
    if errors:
        raise ConfigErrors(tuple(errors))
    return Loaded(config=config, watchlist=watchlist)


def load_or_last_good(place: Place) -> Loaded:
    """Read the configuration, or the last good one with what is wrong with the present one.

    Raises:
        ConfigErrors: it is wrong and there is no last good one.
    """
    try:
        return load(place)
    except ConfigErrors as errors:
        texts = settings.last_good(place.state)
        if texts is None:
            raise
        return replace(load(place, texts=texts), broken=errors)


@contextmanager
def open_app(place: Place) -> Iterator[App]:
    """Open the store and put the program together; closes what it opened.

    Raises:
        ConfigErrors: the configuration is wrong and there is no last good one.
        StoreError: the store cannot be used.
    """
    loaded = load_or_last_good(place)
    config = loaded.config
    with open_store(config, place) as store:
        app = App(
            place=place,
            config=config,
            store=store,
            context=Context(
                store=store,
                fetcher=new_fetcher(config.settings),
                sandbox=ProcessSandbox(),
                sender=ChannelSender(config.settings),
                clock=now,
                jitter=lambda: random.uniform(-1, 1),  # noqa: S311  # spreads load, guards nothing
                watch=_watch(loaded, store),
                reach=_fault_point(place.environ),
            ),
            broken=loaded.broken,
        )
        store.sync_feeds(config.feeds, now())
        if loaded.broken is None:
            settings.keep_last_good(place.state, config.files)
        yield app


@contextmanager
def open_store(config: Config, place: Place) -> Iterator[Store]:
    """Open the store alone, at its newest schema."""
    import storage

    store = storage.open_store(config.settings.database, state=place.state, clock=now)
    try:
        yield store
    finally:
        store.close()


async def close(app: App) -> None:
    """Let go of connections and workers."""
    await app.context.sandbox.close()
    for fetcher in (app.context.fetcher, *app.retired):
        await fetcher.close()


async def reload(app: App) -> bool:
    """Read the configuration again and swap it in; returns whether it was taken.

    A configuration with an error changes nothing, and the operator hears of it once; so he does of the repair.
    """
    try:
        loaded = await asyncio.to_thread(load, app.place)
    except ConfigErrors as errors:
        if app.broken is None or app.broken.message != errors.message:
            app.broken = errors
            _log.error("configuration refused, the last good one goes on", error=errors.message)
            _tell_operator(app, "config-broken", "The configuration is broken", _broken_text(errors))
        return False
    was_broken = app.broken is not None
    config = loaded.config
    if config.files == app.config.files and not was_broken:
        return False
    await _swap(app, loaded)
    settings.keep_last_good(app.place.state, config.files)
    app.broken = None
    _log.info("configuration taken", watchlist=config.watchlist.version, topics=len(config.watchlist.topics))
    if was_broken:
        _tell_operator(app, "config-repaired", "The configuration is in order again", "It has been taken over.")
    return True


def tell_if_broken(app: App) -> None:
    """Tell the operator when the program had to start on its last good configuration."""
    if app.broken is not None:
        _log.error("configuration refused, the last good one is used", error=app.broken.message)
        _tell_operator(app, "config-broken", "The configuration is broken", _broken_text(app.broken))


async def _swap(app: App, loaded: Loaded) -> None:
    context, old, new = app.context, app.config.settings, loaded.config.settings
    watch = await asyncio.to_thread(_watch, loaded, app.store)
    await asyncio.to_thread(app.store.sync_feeds, loaded.config.feeds, now())
    if (new.poll, new.allow_networks, new.allow_ports) != (old.poll, old.allow_networks, old.allow_ports):
        # What is being fetched goes on by the old one; its idle connections close by themselves.
        app.retired.append(context.fetcher)
        context.fetcher = new_fetcher(new)
    if new.channels != old.channels:
        context.sender = ChannelSender(new)
    if new.database != old.database:
        _log.warning("a change of `database` needs a restart")
    context.feeds.clear()
    context.watch = watch
    app.config = loaded.config


def _watch(loaded: Loaded, store: Store) -> Watch:
    topics = loaded.config.watchlist.topics
    return Watch(
        settings=loaded.config.settings,
        watchlist=loaded.watchlist,
        numbers=store.sync_topics([(topic.id, topic.was) for topic in topics], now()),
        rules={topic.id: topic for topic in topics},
    )


def new_fetcher(service: Settings) -> HttpFetcher:
    """Return a fetcher as these settings want it."""
    return HttpFetcher(
        service.poll,
        allow_networks=service.allow_networks,
        allow_ports=service.allow_ports,
        user_agent=USER_AGENT,
    )


def _tell_operator(app: App, event: str, title: str, body: str) -> None:
    moment = now()
    operator = app.context.watch.settings
    drafts = alert.notice(f"{event}-{moment:%Y%m%dT%H%M%S}", title, body, operator.recipients(operator.operator))
    app.store.put_outbox(drafts, moment)


def _broken_text(errors: ConfigErrors) -> str:
    return f"The last good one goes on until this is mended:\n{errors.message}"


def _fault_point(environ: Mapping[str, str]) -> Callable[[str], None]:
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
