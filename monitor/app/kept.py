"""What was live under an earlier version of the watchlist, its bad topics in their last good version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from monitor import settings
from monitor.app.changes import nothing
from monitor.app.compose import Place, seeds_for
from monitor.app.settling import Settled, settle
from monitor.errors import ConfigErrors
from monitor.model import WatchlistSpec
from monitor.ports import KeptWatchlist, Store


def live_under(store: Store, place: Place, kept: KeptWatchlist) -> Settled:
    """Return what was live under a version; nothing of one that an older program read and this one cannot."""
    try:
        spec = settings.read_topics(place.config, store.watchlist_files(kept.id))
    except ConfigErrors:
        return Settled(spec=WatchlistSpec(version=kept.version), watchlist=nothing())
    return settle(spec, seeds_for(spec, place), _before(store, place, kept))


def _before(store: Store, place: Place, kept: KeptWatchlist) -> Iterator[WatchlistSpec]:
    for older in store.watchlists():
        if older.id < kept.id:
            with suppress(ConfigErrors):
                yield settings.read_topics(place.config, store.watchlist_files(older.id))
