"""What `check` finds beyond what a start would refuse: all faults at once, and topics that are dear or misspelt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from monitor import alert, settings
from monitor.app.compose import Loaded, Place, seeds_for
from monitor.app.settling import settle
from monitor.clean import document
from monitor.errors import ConfigError, ConfigErrors, QueryError
from monitor.match import Watchlist, misspelt_words
from monitor.model import Article, Origin, Stage, TopicMode, TopicSpec, WatchlistSpec
from monitor.ports import Store
from monitor.text import fold

_SAMPLE_SIZE = 1_000
_FEWEST = 200
_TOO_MANY = 0.05
_FEWEST_FOR_WORDS = 50
_NAMED = 5
_WORD = re.compile(r"[^\W\d_]{5,}")


def all_faults(place: Place, broken: ConfigErrors) -> tuple[ConfigError, ...]:
    """Return what is wrong with the configuration as a whole, and with each topic as far as it can be read."""
    spec = settings.readable_topics(place.config)
    refusals = settle(spec, seeds_for(spec, place)).refusals
    found = {(error.where, error.what): error for error in broken.errors}
    for error in refusals.errors if refusals else ():
        found.setdefault((error.where, error.what), error)
    return tuple(found.values())


def routing_of(loaded: Loaded, topic: TopicSpec) -> str:
    """Return in a line to whom a topic's alerts go, and when."""
    return alert.describe(topic.alert, loaded.config.settings.timezone)


def updates_of(topic: TopicSpec) -> str:
    """Return which articles of a story a topic alerts on, in one line."""
    return alert.describe_updates(topic.alert)


def routings(loaded: Loaded) -> list[str]:
    """Return a line for each way that topics' alerts take, with the topics that take it."""
    ways: dict[str, list[str]] = {}
    for topic in loaded.config.watchlist.topics:
        if topic.mode is not TopicMode.SHADOW:
            ways.setdefault(routing_of(loaded, topic), []).append(topic.id)
    return [f"{', '.join(names[:_NAMED])}{_more(len(names) - _NAMED)}: {way}" for way, names in ways.items()]


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


class WordCounts:
    """In how many articles each word of five letters and more is."""

    def __init__(self) -> None:
        self.articles = 0
        self._counts: Counter[str] = Counter()

    def add(self, article: Article) -> None:
        """Count an article's words."""
        self.articles += 1
        self._counts.update(set(_WORD.findall(f"{article.title}\n{article.text}".casefold())))

    def misspelt(self, spec: WatchlistSpec, watchlist: Watchlist) -> list[QueryError]:
        """Return a warning for each word of the topics that is probably misspelt, if there are articles to tell."""
        if self.articles < _FEWEST_FOR_WORDS:
            return []
        folded: Counter[str] = Counter()
        for word, count in self._counts.items():
            folded[fold(word)] += count
        return list(misspelt_words(watchlist.topics, dict(spec.defines), folded, self.articles))


def try_on_archive(
    store: Store, spec: WatchlistSpec, watchlist: Watchlist, progress: Callable[[int], None]
) -> list[str]:
    """Return a warning for each topic that matches over 5 % of the newest articles, and for each word misspelt."""
    hits: dict[str, int] = {}
    counts = WordCounts()
    for article in store.articles(limit=_SAMPLE_SIZE, bodies=True):
        progress(1)
        if article.stage is Stage.DONE and article.origin is not Origin.SEED:
            counts.add(article)
            for match in watchlist.match(document(article)):
                hits[match.topic] = hits.get(match.topic, 0) + 1
    return [
        *_greedy(hits, counts.articles),
        *(f"{one.message}; {one.hint}" for one in counts.misspelt(spec, watchlist)),
    ]


def _greedy(hits: Mapping[str, int], seen: int) -> list[str]:
    if seen < _FEWEST:
        return []
    return [
        f"topic {topic} would match {100 * count / seen:.0f} % of your archive ({count} of the newest {seen} articles)"
        for topic, count in hits.items()
        if count > _TOO_MANY * seen
    ]
