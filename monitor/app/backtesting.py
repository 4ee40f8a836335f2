"""Replays the stored articles: what a watchlist would have found and alerted, and what another one would not.

The code that matches and judges live does this too, over the documents it saw, by the stories they were placed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor import settings
from monitor.alert.evidence import pick_sentences, safe_sentence
from monitor.app.checking import WordCounts
from monitor.app.compose import Place, now
from monitor.app.kept import live_under
from monitor.app.retelling import Retelling
from monitor.clean import document
from monitor.errors import ConfigError, ConfigErrors, NotFound, QueryError
from monitor.match import Watchlist, compile_watchlist
from monitor.model import (
    Article,
    Match,
    Origin,
    QueryText,
    Sentence,
    Stage,
    TopicSpec,
    WatchlistSpec,
)
from monitor.ports import Store
from monitor.text import sentences

QUERY = "query"
_SAMPLES = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article that was found, with the sentence that shows it best."""

    article: str
    title: str
    sentence: Sentence | None

    def as_object(self) -> dict[str, str | None]:
        """Return it as the command prints it in JSON."""
        text = self.sentence.text if self.sentence else None
        return {"article": self.article, "title": self.title, "sentence": text}


@dataclass(slots=True, kw_only=True)
class Result:
    """What a topic would have found. `new` and `lost` are the ids of articles that only one watchlist finds.

    `alerts` is how many alerts and updates each of its recipients would have had. `is_compared`: the other watchlist's
    topic is right, or it has none.
    """

    topic: str
    hits: int = 0
    alerts: int = 0
    first: datetime | None = None
    last: datetime | None = None
    samples: list[Sample] = field(default_factory=list)
    is_compared: bool = True
    new: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What was replayed, over how many days, and what was found; `against` names the other watchlist, if any.

    `faults` is what is wrong with the other watchlist; those topics of it are not compared. `misspelt` warns of words
    that no article has, where one that is spelled nearly the same is in many.
    """

    articles: int
    days: float
    results: tuple[Result, ...]
    against: str = ""
    faults: tuple[ConfigError, ...] = ()
    misspelt: tuple[QueryError, ...] = ()

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield each topic's result as the command prints it in JSON."""
        for result in self.results:
            yield {
                "topic": result.topic,
                "articles": self.articles,
                "days": round(self.days, 2),
                "hits": result.hits,
                "alerts": result.alerts,
                "alerts_per_day": round(result.alerts / self.days, 2),
                "first": _time(result.first),
                "last": _time(result.last),
                "samples": [one.as_object() for one in result.samples],
                "against": self.against or None,
                "new": result.new if self.against and result.is_compared else None,
                "lost": result.lost if self.against and result.is_compared else None,
            }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A watchlist to replay, and the one to compare it with, if any."""

    spec: WatchlistSpec
    other: WatchlistSpec | None = None
    against: str = ""


def try_query(spec: WatchlistSpec, query: str, topic: str = "") -> Trial:
    """Return the trial of a query that is not saved yet, by the definitions of a watchlist; against one of its topics.

    Raises:
        NotFound: there is no such topic.
    """
    written = TopicSpec(id=topic or QUERY, name=QUERY, match=QueryText(text=query, file="--query", line=1, column=1))
    other = _only(spec, topic) if topic else None
    return Trial(spec=replace(spec, topics=(written,)), other=other, against=f"topic {topic}" if topic else "")


def try_topics(spec: WatchlistSpec, topic: str = "", *, other: WatchlistSpec | None = None, against: str = "") -> Trial:
    """Return the trial of a watchlist, or of one of its topics, against another watchlist.

    Raises:
        NotFound: there is no such topic.
    """
    spec = _only(spec, topic) if topic else spec
    if other is not None and topic:
        wanted = {topic, spec.topics[0].was}
        refused = tuple(one for one in other.refused if one.draft.id in wanted)
        other = replace(other, topics=tuple(one for one in other.topics if one.id in wanted), refused=refused)
    return Trial(spec=spec, other=other, against=against)


def last_loaded(store: Store, place: Place) -> tuple[WatchlistSpec, str] | None:
    """Return the last watchlist that was taken over and reads otherwise than the files now, and its name."""
    present = settings.watchlist_version(settings.watchlist_texts(place.config))
    for kept in store.watchlists():
        if kept.version != present and (spec := live_under(store, place, kept).spec).topics:
            return spec, f"version {kept.version}"
    return None


def read_other(file: Path) -> WatchlistSpec:
    """Read a watchlist file on its own.

    Raises:
        ConfigErrors: it cannot be read.
    """
    return settings.read_topics_file(file)


def run_backtest(store: Store, trial: Trial, *, days: float | None, progress: Callable[[int], None]) -> Backtest:
    """Replay the stored articles, or those of the last `days`; `progress` is told of each article.

    Raises:
        ConfigErrors: a query to be tried is wrong, or no topic of the other watchlist is right.
    """
    watchlist, _ = _compile(trial.spec)
    other, faults = _compile(trial.other) if trial.other is not None else (None, ())
    replay = _Replay(watchlist, other, _wrong_topics(trial.other, other))
    moment = now()
    since = moment - timedelta(days=days) if days is not None else None
    oldest = newest = None
    counts = WordCounts()
    for article in store.articles(newest_first=False, bodies=True):
        progress(1)
        if article.stage is not Stage.DONE:
            continue
        when = _when(article)
        if article.origin is not Origin.SEED:  # they are history: no rate is reckoned by them
            oldest, newest = min(oldest or when, when), max(newest or when, when)
        if since is None or when >= since:
            replay.add(article)
            counts.add(article)
    until = newest if days is None else moment
    span = max((until - oldest) / _DAY, 1.0) if until and oldest else 1.0
    return Backtest(
        articles=replay.count,
        days=min(days, span) if days is not None else span,
        results=tuple(replay.results.values()),
        against=trial.against,
        faults=faults,
        misspelt=tuple(counts.misspelt(trial.spec, watchlist)),
    )


class _Replay:
    """The articles so far, and what was found in them."""

    def __init__(self, watchlist: Watchlist, other: Watchlist | None, wrong: AbstractSet[str]) -> None:
        self._watchlist, self._other = watchlist, other
        self._specs = {topic.id: topic.spec for topic in watchlist.topics}
        self._retelling = Retelling()
        old = {topic.id for topic in other.topics} if other else set()
        renamed = {topic.spec.was: topic.id for topic in watchlist.topics if topic.id not in old}
        self._names = {name: renamed.get(name, name) for name in old}
        names = dict.fromkeys([*self._specs, *self._names.values()])
        incomparable = {topic.id for topic in watchlist.topics if not {topic.id, topic.spec.was}.isdisjoint(wrong)}
        self.results = {name: Result(topic=name, is_compared=name not in incomparable) for name in names}
        self.count = 0

    def add(self, article: Article) -> None:
        seen, when = document(article), _when(article)
        self.count += 1
        found = {match.topic: match for match in self._watchlist.match(seen)}
        for match in found.values():
            self._hit(article, match, when)
        self._retelling.pass_on(article)
        if self._other is not None:
            before = {self._names[match.topic] for match in self._other.match(seen)}
            for name in found.keys() - before:
                if self.results[name].is_compared:
                    self.results[name].new.append(article.ref)
            for name in before - found.keys():
                self.results[name].lost.append(article.ref)

    def _hit(self, article: Article, match: Match, when: datetime) -> None:
        result = self.results[match.topic]
        result.hits += 1
        result.first, result.last = min(result.first or when, when), max(result.last or when, when)
        if article.origin is not Origin.SEED:
            result.alerts += self._retelling.alerts(article, self._specs[match.topic], match)
        if len(result.samples) < _SAMPLES and article.duplicate_of is None:
            picked = pick_sentences(article, match, sentences(article.text))
            sentence = safe_sentence(picked[0]) if picked else None
            result.samples.append(Sample(article=article.ref, title=article.title, sentence=sentence))


def _only(spec: WatchlistSpec, topic: str) -> WatchlistSpec:
    found = tuple(one for one in spec.topics if one.id == topic)
    if not found:
        compile_watchlist(spec)[0].topic(topic)  # says which one may be meant
        raise NotFound(f"no topic {topic!r} in the watchlist")
    return replace(spec, topics=found)


def _compile(spec: WatchlistSpec) -> tuple[Watchlist, tuple[ConfigError, ...]]:
    """Return the topics that are right, and what is wrong with the others.

    Raises:
        ConfigErrors: all are wrong.
    """
    watchlist, errors = compile_watchlist(spec)
    faults = (*spec.errors, *errors)
    if faults and not watchlist.topics:
        raise ConfigErrors(faults)
    return watchlist, faults


def _wrong_topics(spec: WatchlistSpec | None, watchlist: Watchlist | None) -> AbstractSet[str]:
    """Return the ids of topics as written that are not in the watchlist."""
    if spec is None or watchlist is None:
        return frozenset()
    written = (*spec.topics, *(refused.draft for refused in spec.refused))
    return {topic.id for topic in written if topic.id} - {topic.id for topic in watchlist.topics}


def _when(article: Article) -> datetime:
    return article.time or article.first_seen


def _time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
