"""Puts the parts together: settings to ports and watchlist. The only reader of the clock and of randomness.

Libraries are imported where a part is made, so that a command that needs no network or store starts at once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random  # noqa: TID251  # the one place that makes randomness
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import TextIO

from monitor import __version__, resources, settings
from monitor.app.faults import clock_ahead, fault_point
from monitor.app.pacing import last_pace
from monitor.app.settling import Refusals, settle
from monitor.errors import ConfigErrors
from monitor.log import mask_secrets
from monitor.match import Watchlist
from monitor.model import Config, Document, Settings, Tell, TopicSpec, WatchlistSpec, agent_of
from monitor.pipeline import Context, Watch
from monitor.ports import Fetcher, Sandbox, Sender, Store

_AHEAD = clock_ahead(os.environ)


def now() -> datetime:
    """Return the present instant, aware UTC."""
    return datetime.now(UTC) + _AHEAD  # noqa: TID251  # the one reader of the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the program runs: the folder of its configuration, that of its state, and the environment."""

    config: Path
    state: Path
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration and its compiled watchlist. `broken`: it is the last good one; what is wrong with the newer.

    `refusals` tells of topics that are wrong: `config.watchlist` is without them, or has their last good versions.
    """

    config: Config
    watchlist: Watchlist
    broken: ConfigErrors | None = None
    refusals: Refusals | None = None


@dataclass(slots=True, kw_only=True)
class App:
    """The running program. `broken` holds what is wrong with the configuration on disk while an older one is used.

    `refusals` holds what is wrong with single topics; `retired` are the closings of fetchers that a change of the
    settings replaced; `rematched` is the version of the watchlist up to which stored articles were matched again.
    """

    place: Place
    config: Config
    store: Store
    context: Context
    broken: ConfigErrors | None = None
    refusals: Refusals | None = None
    retired: set[asyncio.Task[None]] = field(default_factory=set)
    rematched: str = ""


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


def own_folder() -> Path:
    """Return where a user's own configuration goes: `$MONITOR_CONFIG`, a checkout's `config/local`, or `config`."""
    if named := os.environ.get("MONITOR_CONFIG"):
        return Path(named)
    root = resources.checkout()
    return root / "config" / "local" if root == Path.cwd() else Path("config")


def load(
    place: Place, *, texts: Mapping[str, str] | None = None, earlier: Callable[[], Iterable[WatchlistSpec]] = tuple
) -> Loaded:
    """Read and check the configuration, queries and their examples included; a bad topic stops no other.

    Args:
        place: where it lies.
        texts: its files' texts by name, if not those in the folder.
        earlier: gives the watchlists, newest first, in which the last good version of a bad topic is looked for.

    Raises:
        ConfigErrors: everything that is wrong with it as a whole.
    """
    config = settings.load_config(place.config, place.environ, texts=texts)
    mask_secrets(config.settings.secrets)
    spec = config.watchlist
    settled = settle(spec, seeds_for(spec, place), earlier(), shares=settings.kept_shares(place.state))
    kept = frozenset(settled.refusals.kept if settled.refusals else ())
    topics = tuple(_told(one, config.settings) if one.id in kept else one for one in settled.spec.topics)
    live = replace(config, watchlist=replace(settled.spec, topics=topics))
    return Loaded(config=live, watchlist=settled.watchlist, refusals=settled.refusals)


def load_or_last_good(place: Place, *, earlier: Callable[[], Iterable[WatchlistSpec]] = tuple) -> Loaded:
    """Read the configuration, or the last good one with what is wrong with the present one; see `load`.

    Raises:
        ConfigErrors: it is wrong and there is no last good one.
    """
    try:
        return load(place, earlier=earlier)
    except ConfigErrors as errors:
        texts = settings.last_good(place.state)
        if texts is None:
            raise
        return replace(load(place, texts=texts, earlier=earlier), broken=errors)


def live_before(store: Store, place: Place, service: Settings) -> Iterator[WatchlistSpec]:
    """Yield the watchlists that were taken over before, newest first, as far as they can be read."""
    for kept in store.watchlists():
        with suppress(ConfigErrors):
            yield settings.read_topics(place.config, store.watchlist_files(kept.id), fallback=service.operator)


def load_live(store: Store, place: Place, loaded: Loaded) -> Loaded:
    """Read the configuration again if some of its topics are bad, now with the store to look for good versions in.

    If none is good, the last good configuration goes on.

    Raises:
        ConfigErrors: no topic is good, and none has a good version.
    """
    if loaded.refusals is None:
        return loaded
    earlier = partial(live_before, store, place, loaded.config.settings)
    loaded = load_or_last_good(place, earlier=earlier)
    if loaded.refusals is None or loaded.watchlist.topics:
        return loaded
    errors, texts = ConfigErrors(loaded.refusals.errors), settings.last_good(place.state)
    before = load(place, texts=texts, earlier=earlier) if texts is not None else loaded
    if not before.watchlist.topics:
        raise errors
    return replace(before, broken=loaded.broken or errors)


def _told(topic: TopicSpec, service: Settings) -> TopicSpec:
    """Return an earlier version of a topic that tells the channels there are; the operator's, if none of its own is."""
    to = tuple(name for name in topic.alert.to if service.channel(name)) or (topic.alert.to and service.operator)
    return replace(topic, alert=replace(topic.alert, to=to))


def seeds_for(spec: WatchlistSpec, place: Place) -> Mapping[str, Document]:
    """Return the seeds by file name, if an example names one."""
    if not any(example.text.text.startswith("seed:") for topic in spec.topics for example in topic.examples):
        return {}
    from monitor.app.seeds import documents_of, load_seeds, seed_articles

    return documents_of(seed_articles(load_seeds(place.state), now()))


def stored_config(place: Place) -> Config:
    """Read the configuration, or the last good one, without its queries: for commands that only need the store.

    Raises:
        ConfigErrors: it is wrong and there is no last good one.
    """
    try:
        return settings.load_config(place.config, place.environ)
    except ConfigErrors:
        texts = settings.last_good(place.state)
        if texts is None:
            raise
        return settings.load_config(place.config, place.environ, texts=texts)


@contextmanager
def open_app(place: Place, *, console: TextIO | None = None) -> Iterator[App]:
    """Open the store, hold it, and put the program together; closes what it opened.

    Messages of `console:` channels go to `console`, by default to stdout.

    Raises:
        ConfigErrors: the configuration is wrong and there is no last good one.
        StoreLocked: another process holds the store; nothing was changed in it.
        StoreError: the store cannot be used.
    """
    loaded = load_or_last_good(place)
    with open_store(loaded.config, place) as store, store.hold_lock():
        loaded = load_live(store, place, loaded)
        config = loaded.config
        app = App(
            place=place,
            config=config,
            store=store,
            context=Context(
                store=store,
                fetcher=new_fetcher(config.settings),
                sandbox=new_sandbox(),
                sender=new_sender(config.settings, console),
                clock=now,
                jitter=lambda: random.uniform(-1, 1),  # noqa: S311  # spreads load, guards nothing
                watch=new_watch(loaded, store),
                reach=fault_point(place.environ),
                pace=last_pace(store),
            ),
            broken=loaded.broken,
            refusals=loaded.refusals,
        )
        store.sync_feeds(config.feeds, now())
        _study_again(store)
        if loaded.broken is None:
            settings.keep_last_good(place.state, config.files)
            store.keep_watchlist(config.watchlist.version, settings.watchlist_part(config.files), now())
        with _without_search_of_what_stays():
            yield app


@contextmanager
def _without_search_of_what_stays() -> Iterator[None]:
    """Have no search for garbage go through what was loaded: with thousands of topics it takes a tenth of matching."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def freeze_again() -> None:
    """Give back the watchlist that another took the place of, and keep the search for garbage from the new one."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@contextmanager
def open_store(config: Config, place: Place) -> Iterator[Store]:
    """Open the store alone, at its newest schema."""
    import storage

    store = storage.open_store(config.settings.database, state=place.state, clock=now)
    try:
        yield store
    finally:
        store.close()


def _study_again(store: Store) -> None:
    """Give articles that were set aside another try, once by each version: it may have mended what they failed by."""
    if store.note("studied-by") != __version__:
        store.retry_set_aside()
        store.note("studied-by", __version__)


def has_store(config: Config, place: Place) -> bool:
    """Return whether there is a store to open, so that looking at it makes none."""
    import storage

    return storage.has_store(config.settings.database, state=place.state)


async def close(app: App) -> None:
    """Let go of connections and workers."""
    await app.context.sandbox.close()
    await asyncio.gather(app.context.fetcher.close(), *app.retired)


def new_watch(loaded: Loaded, store: Store) -> Watch:
    """Return what the user edits in its compiled form; topics get their numbers."""
    topics = loaded.config.watchlist.topics
    return Watch(
        settings=loaded.config.settings,
        watchlist=loaded.watchlist,
        numbers=store.sync_topics([(topic.id, topic.was) for topic in topics], now()),
        rules={topic.id: topic for topic in topics},
    )


def new_fetcher(service: Settings, tell: Tell | None = None) -> Fetcher:
    """Return a fetcher as these settings want it; `tell` is told each step of each fetch."""
    from monitor.fetch import HttpFetcher

    fetcher = HttpFetcher(
        service.poll,
        allow_networks=service.allow_networks,
        allow_ports=service.allow_ports,
        user_agent=agent_of(service.poll.contact),
    )
    fetcher.tell = tell
    return fetcher


def new_heartbeat_fetcher(service: Settings) -> Fetcher:
    """Return a fetcher for an address that the operator wrote: it may be in any network, on any port."""
    everywhere = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    return new_fetcher(replace(service, allow_networks=everywhere, allow_ports=((1, 65_535),)))


def new_sandbox(workers: int = 2) -> Sandbox:
    """Return a sandbox; its workers start with its first task."""
    from monitor.sandbox import ProcessSandbox

    return ProcessSandbox(workers=workers)


def new_sender(service: Settings, console: TextIO | None = None) -> Sender:
    """Return a sender to these settings' channels; messages of `console:` go to `console`, by default to stdout."""
    from monitor.deliver import ChannelSender

    return ChannelSender(service, output=console)
