"""Tells the stored articles again, one by one: which would have alerted, and which would have been an update."""

from __future__ import annotations

from collections import defaultdict

from monitor.alert.items import safe_item
from monitor.alert.material import count_outlets, facts_of, reasons_for
from monitor.alert.said import Passages, say
from monitor.model import AlertGroup, AlertItem, Article, Match, TopicSpec
from monitor.text import sentences


class Retelling:
    """What a recipient of all topics would have been told so far."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, int], list[AlertItem]] = defaultdict(list)
        self._keys: set[tuple[str, int, str]] = set()
        self._sources: dict[int, dict[str, None]] = defaultdict(dict)

    def alerts(self, article: Article, topic: TopicSpec, match: Match) -> bool:
        """Return whether an article alerts on a topic that it matches."""
        story = article.story_id or article.id
        if topic.alert.group is AlertGroup.ARTICLE:
            return self._is_new(topic.id, story, str(article.duplicate_of or article.id))
        said = say(Passages(article, sentences(article.text)), match)
        outlets = count_outlets((*self._sources[story], *(() if article.duplicate_of else (article.source,))))
        told, cause = self._told[topic.id, story], "first"
        if told:
            reasons = reasons_for(said, told, topic.alert, outlets=outlets, original_id=article.duplicate_of)
            if not reasons:
                return False
            cause = reasons[0].cause
        if not self._is_new(topic.id, story, cause):
            return False
        facts = facts_of(said, topic.alert, outlets=outlets)
        kept = AlertItem(article_id=article.id, facts=facts, vocabulary=said.passages.vocabulary)
        told.append(safe_item(kept))
        return True

    def pass_on(self, article: Article) -> None:
        """Count an article among those of its story, after its topics were asked for."""
        if article.duplicate_of is None:
            self._sources[article.story_id or article.id][article.source] = None

    def _is_new(self, topic: str, story: int, cause: str) -> bool:
        key = (topic, story, cause)
        is_new = key not in self._keys
        self._keys.add(key)
        return is_new
