"""What a digest shows: outbox rows grouped by topic, then by story, with what was not covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.alert.view import ArticleView, show_time, view_item
from monitor.model import OutboxRow

_INTRODUCTIONS = {
    "digest": "Digest: {count}",
    "quiet": "While it was quiet: {count}",
    "limit": "Beyond the limit: {count}",
    "flood": "Very many at once, so they come together: {count}",
    "late": "Found afterwards: {count}",
    "muted": "Matched while it was muted: {count}",
    "replay": "Sent again: {count}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story's articles: the one shown in full, if it was not told of before, and the others.

    `about` is the title under which it was told of, if that is known.
    """

    first: ArticleView | None
    also: tuple[ArticleView, ...] = ()
    about: str = ""

    @property
    def label(self) -> str:
        """What stands before the others."""
        if self.first:
            return "Also on this story"
        return f"Also on “{self.about}”" if self.about else "Also on a story told of before"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """A topic with its stories in the order of their first row; `count` is how many articles they have."""

    name: str
    count: str
    note: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that a digest shows. `uncovered` are lines on what may be missing."""

    title: str
    when: str
    topics: tuple[TopicView, ...]
    uncovered: tuple[str, ...] = ()


def digest_of(rows: Sequence[OutboxRow], now: datetime, timezone: tzinfo, uncovered: Sequence[str]) -> Digest:
    """Return what a digest of these rows, all of one bundle, shows; rows of it count once for each topic."""
    by_topic: dict[int, list[OutboxRow]] = {}
    for row in rows:
        by_topic.setdefault(row.topic_no, []).append(row)
    first = rows[0]
    kind = first.bundle.partition(":")[0]
    count = counted(len({row.article_id for row in rows}), len({row.story_id for row in rows}))
    until = f"held until {show_time(first.held_until.isoformat(), timezone)}" if first.held_until and first.hold else ""
    return Digest(
        title=_INTRODUCTIONS.get(kind, "Together: {count}").format(count=count),
        when={"flood": "", "replay": first.hold}.get(kind, until),
        topics=tuple(_topic(group, now, timezone) for group in by_topic.values()),
        uncovered=tuple(uncovered),
    )


def _topic(rows: Sequence[OutboxRow], now: datetime, timezone: tzinfo) -> TopicView:
    stories: dict[int, list[OutboxRow]] = {}
    for row in rows:
        stories.setdefault(row.story_id, []).append(row)
    return TopicView(
        name=rows[0].item.topic_name,
        count=counted(len({row.article_id for row in rows}), len(stories)),
        note=rows[0].item.note,
        stories=tuple(_story(group, now, timezone) for group in stories.values()),
    )


def _story(rows: Sequence[OutboxRow], now: datetime, timezone: tzinfo) -> StoryView:
    lead = next((row for row in rows if not row.item.is_folded), None)
    return StoryView(
        first=view_item(lead.item, now, timezone) if lead else None,
        also=tuple(view_item(row.item, now, timezone) for row in rows if row is not lead),
        about=next((row.item.about for row in rows if row.item.about), ""),
    )


def counted(articles: int, stories: int) -> str:
    """Return in words how many articles on how many stories."""
    in_stories = f" on {stories} {'story' if stories == 1 else 'stories'}"
    return f"{articles} article{'' if articles == 1 else 's'}{'' if stories == articles else in_stories}"
