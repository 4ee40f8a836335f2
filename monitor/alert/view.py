"""What a message shows, before it is text or HTML: outbox rows grouped by article, with every fact as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from monitor.alert.plain import one_line
from monitor.model import AlertItem, Completeness, OutboxRow, Phase, Problem

MAX_TOPICS = 20
_LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article with the topics it hit. `facts` are source and times; `warnings` what a reader must allow for.

    `further` names the topics that no longer fit in. `news` is what is new in it of a story that was told.
    """

    title: str
    url: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    topics: tuple[AlertItem, ...]
    further: tuple[str, ...] = ()
    news: tuple[str, ...] = ()


def view_articles(rows: Sequence[OutboxRow], now: datetime, timezone: tzinfo) -> tuple[ArticleView, ...]:
    """Return the articles of these rows in the order of the rows, with at most `MAX_TOPICS` topics shown in full."""
    items: dict[int, list[AlertItem]] = {}
    for row in rows:
        items.setdefault(row.item.article_id, []).append(row.item)
    views: list[ArticleView] = []
    room = MAX_TOPICS
    for group in map(_latest, items.values()):
        views.append(_view(group, room, now, timezone))
        room -= len(views[-1].topics)
    return tuple(views)


def view_item(item: AlertItem, now: datetime, timezone: tzinfo) -> ArticleView:
    """Return one article with its one topic."""
    return _view((item,), 1, now, timezone)


def topic_names(items: Sequence[AlertItem]) -> tuple[str, ...]:
    """Return the names of the topics, each once, in order."""
    return tuple(dict.fromkeys(item.topic_name for item in items))


def show_time(value: str, timezone: tzinfo) -> str:
    """Return an RFC 3339 time in the reader's time zone; one that is shortened, or not a time, stays as it is."""
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return one_line(value, 40)
    if len(value) <= len("2025-10-23") or time.tzinfo is None:
        return value
    try:
        return time.astimezone(timezone).strftime("%Y-%m-%d %H:%M %Z")
    except OverflowError:  # the year 1 or 9999, at the wrong side of the world
        return value


def _view(items: Sequence[AlertItem], room: int, now: datetime, timezone: tzinfo) -> ArticleView:
    first = items[0]
    return ArticleView(
        title=first.title or first.url or "(no title)",
        url=first.url,
        facts=tuple(_facts(first, now, timezone)),
        warnings=tuple(_warnings(first)),
        topics=tuple(_with_deadline(item, now, timezone) for item in items[: max(room, 0)]),
        further=topic_names(items[max(room, 0) :]),
        news=tuple(dict.fromkeys(reason for item in items for reason in item.reasons)),
    )


def _latest(items: Sequence[AlertItem]) -> list[AlertItem]:
    """Return the items of an article but those of its teaser whose topic's full text is there, or that say no more."""
    read = {item.topic for item in items if item.phase is Phase.FULL}
    found = [item for item in items if item.phase is Phase.FULL or item.topic not in read]
    return [item for at, item in enumerate(found) if not any(_says_all(other, item) for other in found[at + 1 :])]


def _says_all(item: AlertItem, other: AlertItem) -> bool:
    is_more = set(other.reasons) <= set(item.reasons) and set(other.sentences) <= set(item.sentences)
    return item.topic == other.topic and is_more


def _with_deadline(item: AlertItem, now: datetime, timezone: tzinfo) -> AlertItem:
    try:
        left = (date.fromisoformat(item.deadline) - now.astimezone(timezone).date()).days
    except ValueError:
        return replace(item, deadline="")
    return replace(item, deadline=f"{item.deadline} ({days_left(left)})")


def days_left(days: int) -> str:
    """Return in words how far a day is from today."""
    if days in {0, 1}:
        return "tomorrow, 1 day left" if days else "today"
    return f"{days} days left" if days > 0 else f"passed {-days} day{'s' if days < -1 else ''} ago"


def _facts(item: AlertItem, now: datetime, timezone: tzinfo) -> list[str]:
    facts = [item.source or "unknown source"]
    if item.published:
        facts.append(f"published {show_time(item.published, timezone)}")
    if item.first_seen:
        facts.append(f"first seen {show_time(item.first_seen, timezone)}{_delay(item.first_seen, now)}")
    return facts


def _delay(first_seen: str, now: datetime) -> str:
    """Say how late the message is, if it is: after an outage a reader must not take old for new."""
    try:
        late = now - datetime.fromisoformat(first_seen)
    except (ValueError, TypeError):
        return ""
    if late < _LATE:
        return ""
    minutes = int(late.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    ago = f"{hours // 24} days" if hours >= 48 else f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f" ({ago} before this message)"


def _warnings(item: AlertItem) -> list[str]:
    warnings: list[str] = []
    reason = f" ({item.problem})" if item.problem else ""
    if item.phase is Phase.TEASER:
        warnings.append("Teaser only so far: the full text follows if its page can be had.")
    elif item.completeness is Completeness.BLOCKED:
        warnings.append(f"The page could not be had{reason}: only the feed's own words were matched.")
    elif item.completeness is Completeness.TEASER and item.problem.startswith(Problem.PAYWALL.value):
        warnings.append(f"Only the start of the article was matched{reason}.")
    elif item.completeness is Completeness.TEASER:
        warnings.append(f"Only the feed's teaser was matched{reason}, not the whole article.")
    elif item.problem:
        warnings.append(f"Of its page: {item.problem}.")
    if item.instead_of:
        warnings.append(item.instead_of)
    if item.is_late:
        warnings.append("Found afterwards: the topic was added or changed when this article was there already.")
    if item.is_copy:
        warnings.append("This is a copy of an earlier article; the earlier one did not raise this alert.")
    return warnings
