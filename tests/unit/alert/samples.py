"""Articles, matches and settings for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.model import (
    AlertGroup,
    AlertItem,
    AlertRule,
    Article,
    ChannelSettings,
    Fingerprint,
    Match,
    Origin,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Settings,
    Span,
    TopicSpec,
    Zone,
)
from monitor.ports import Studied

NOW = datetime(2025, 10, 23, 12, 7, tzinfo=UTC)
SEEN = datetime(2025, 10, 23, 12, 5, tzinfo=UTC)
TITLE = "China tightens rare-earth export controls"
TEXT = (
    "Beijing said on Thursday that it would act.\n"
    "The ministry widened its controls on rare earths and on magnets.\n"
    "Shares fell. A tariff of 100% is to start on November 1."
)
SETTINGS = Settings(
    channels=(
        ChannelSettings(name="desk", url="console:", recipients=("desk",)),
        ChannelSettings(name="me", recipients=("me/a@example.org", "me/b@example.org")),
    )
)


def span(text: str, word: str, clause: str = "", zone: Zone = Zone.BODY) -> Span:
    start = text.index(word)
    return Span(zone=zone, start=start, end=start + len(word), text=word, clause=clause or word)


def article(**changes: object) -> Article:
    fields: dict[str, object] = {
        "id": 7,
        "origin": Origin.FEED,
        "title": TITLE,
        "text": TEXT,
        "url": "https://example.org/a?b=1&c=2",
        "source": "example.org",
        "published_text": "2025-10-23",
        "first_seen": SEEN,
    }
    return Article(**{**fields, **changes})  # type: ignore[arg-type]


def rule(topic: str, *, to: tuple[str, ...] = ("desk",), group: AlertGroup = AlertGroup.STORY) -> TopicSpec:
    return TopicSpec(
        id=topic,
        name=topic.replace("-", " ").title(),
        alert=AlertRule(to=to, group=group),
        owner="trade desk",
        note="Call them",
    )


def studied(*matches: Match, of: Article | None = None) -> Studied:
    return Studied(
        article=of or article(),
        fingerprint=Fingerprint(),
        matches=matches,
        topics=tuple((match.topic, 11 + number) for number, match in enumerate(matches)),
        watchlist_version="0123456789abcdef",
    )


def row(row_id: int, item: AlertItem, **changes: object) -> OutboxRow:
    fields: dict[str, object] = {
        "id": row_id,
        "key": f"first:{row_id}:5:desk",
        "kind": OutboxKind.FIRST,
        "recipient": "desk",
        "item": item,
        "topic_no": row_id,
        "story_id": 5,
        "article_id": item.article_id,
        "state": OutboxState.PENDING,
        "attempts": 0,
        "created_at": NOW,
        "next_at": NOW,
    }
    return OutboxRow(**{**fields, **changes})  # type: ignore[arg-type]
