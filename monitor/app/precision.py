"""How well topics do: what they alerted, what of it was of use, and what might be excluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.app.compose import Loaded, now
from monitor.clean import document
from monitor.match import Suggestion, suggest_exclusions
from monitor.model import AlertGroup, Document, Judgement
from monitor.ports import Store, TopicTally

_MOST = 1_000  # articles looked at, on each side
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicStats:
    """What came of a topic in some days. `irrelevant` and `relevant` of its `alerts` were called so; the rest is right.

    `compared` is how many irrelevant and other articles the suggestions rest on, copies left out.
    """

    tally: TopicTally
    days: float
    irrelevant: int = 0
    relevant: int = 0
    compared: tuple[int, int] = (0, 0)
    suggestions: tuple[Suggestion, ...] = ()
    updates: int | None = None

    @property
    def precision(self) -> float | None:
        """The share of its alerts that nobody called irrelevant, 0 to 1; None without alerts."""
        return 1 - self.irrelevant / self.tally.alerts if self.tally.alerts else None

    def as_object(self) -> dict[str, Any]:
        """Return it as the command prints it in JSON."""
        tally, judged = self.tally, self.irrelevant + self.relevant
        return {
            "topic": tally.topic,
            "days": round(self.days, 2),
            "alerts": tally.alerts,
            "updates": self.updates,
            "muted": tally.muted,
            "articles": tally.articles,
            "stories": tally.stories,
            "hits_per_day": round(tally.articles / self.days, 2),
            "last_hit": tally.last_hit.strftime("%Y-%m-%dT%H:%M:%SZ") if tally.last_hit else None,
            "irrelevant": self.irrelevant,
            "relevant": self.relevant,
            "judged": judged,
            "precision": None if self.precision is None else round(self.precision, 4),
            "precision_of_judged": round(self.relevant / judged, 4) if judged else None,
            "suggestions": [
                {
                    "not": one.item,
                    "irrelevant": one.irrelevant,
                    "of_irrelevant": self.compared[0],
                    "others": one.others,
                    "of_others": self.compared[1],
                    "narrower": one.narrower or None,
                }
                for one in self.suggestions
            ],
        }


def topic_stats(
    store: Store, loaded: Loaded, topics: Sequence[str], *, days: float, progress: Callable[[int], None]
) -> Iterator[TopicStats]:
    """Yield what came of these topics in the last `days`, or since they were added if that is later."""
    moment = now()
    since = moment - timedelta(days=days)
    judged: dict[int, dict[int, Judgement]] = {}
    for one in store.judgements():
        judged.setdefault(one.topic_no, {})[one.article_id] = one
    tallies = {tally.topic: tally for tally in store.tally_topics(since)}
    for name in topics:
        progress(1)
        tally = tallies.get(name) or TopicTally(topic_no=0, topic=name, added_at=moment)
        yield _stats(store, loaded, tally, judged.get(tally.topic_no, {}), (since, moment))


def _stats(
    store: Store, loaded: Loaded, tally: TopicTally, judged: dict[int, Judgement], span: tuple[datetime, datetime]
) -> TopicStats:
    since, until = span
    topic = loaded.watchlist.topic(tally.topic)
    days = max((until - max(since, tally.added_at)) / _DAY, 1.0)
    is_by_story = topic.spec.alert.group is AlertGroup.STORY
    plain = TopicStats(tally=tally, days=days, updates=tally.updates if is_by_story else None)
    if not judged:
        return plain
    told = store.told_articles(tally.topic_no, since)
    wrong = [one for one in told if one in judged and not judged[one].is_relevant]
    right = [one for one in told if one in judged and judged[one].is_relevant]
    others = [one for one in told if one not in judged or judged[one].is_relevant]
    # What was named in a digest only, or held back, tells of words as well.
    unsent = [article for article, one in judged.items() if not one.is_relevant and one.at >= since]
    texts = (_documents(store, list(dict.fromkeys([*wrong, *unsent]))), _documents(store, others))
    return TopicStats(
        tally=tally,
        days=days,
        updates=plain.updates,
        irrelevant=len(wrong),
        relevant=len(right),
        compared=(len(texts[0]), len(texts[1])),
        suggestions=suggest_exclusions(topic, *texts),
    )


def _documents(store: Store, article_ids: Sequence[int]) -> list[Document]:
    """Return the articles, one for each text and its copies: ten copies of an advert are one."""
    found: dict[int, Document] = {}
    for article_id in article_ids[:_MOST]:
        article = store.article(article_id)
        if article is not None:
            found.setdefault(article.duplicate_of or article.id, document(article))
    return list(found.values())
