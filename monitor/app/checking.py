"""What `check` finds beyond what a start would refuse: all faults at once, and topics that are dear or misspelt."""

from __future__ import annotations

from collections.abc import Callable

from monitor import settings
from monitor.app.compose import Place, seeds_for
from monitor.app.settling import settle
from monitor.clean import document
from monitor.errors import ConfigError, ConfigErrors
from monitor.match import Watchlist
from monitor.model import Origin, Stage
from monitor.ports import Store

_SAMPLE_SIZE = 1_000
_FEWEST = 200
_TOO_MANY = 0.05


def all_faults(place: Place, broken: ConfigErrors) -> tuple[ConfigError, ...]:
    """Return what is wrong with the configuration as a whole, and with each topic as far as it can be read."""
    spec = settings.readable_topics(place.config)
    refusals = settle(spec, seeds_for(spec, place)).refusals
    found = {(error.where, error.what): error for error in broken.errors}
    for error in refusals.errors if refusals else ():
        found.setdefault((error.where, error.what), error)
    return tuple(found.values())


def greedy_topics(store: Store, watchlist: Watchlist, progress: Callable[[int], None]) -> list[str]:
    """Return a warning for each topic that matches over 5 % of the newest articles, if there are enough to tell."""
    hits: dict[str, int] = {}
    seen = 0
    for article in store.articles(limit=_SAMPLE_SIZE, bodies=True):
        progress(1)
        if article.stage is Stage.DONE and article.origin is not Origin.SEED:
            seen += 1
            for match in watchlist.match(document(article)):
                hits[match.topic] = hits.get(match.topic, 0) + 1
    if seen < _FEWEST:
        return []
    return [
        f"topic {topic} would match {100 * count / seen:.0f} % of your archive ({count} of the newest {seen} articles)"
        for topic, count in hits.items()
        if count > _TOO_MANY * seen
    ]
