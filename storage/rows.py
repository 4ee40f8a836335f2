"""From rows to the values of `monitor.model`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from monitor.model import (
    AlertItem,
    Article,
    Backfill,
    Completeness,
    CopyKind,
    Failure,
    Feed,
    FeedMemory,
    FeedSpec,
    Origin,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Phase,
    Problem,
    Sentence,
    Span,
    Stage,
    TimeSource,
    Zone,
)
from storage.columns import unpacked
from storage.tables import articles, bodies, feeds

_SAME_IN_FEED = (
    *("id", "url", "name", "every_s", "full_text", "language", "is_enabled", "title", "site", "etag", "last_modified"),
    *("body_hash", "added_at", "baseline_at", "next_at", "polled_at", "succeeded_at", "newest_at", "failing_since"),
    *("fail_streak", "kill_streak", "entry_count", "lease_token"),
)
_SAME_IN_ARTICLE = (
    *("id", "feed_id", "key", "guid", "url", "url_key", "title", "language", "source", "site", "image", "dateline"),
    *("agency", "note", "published", "published_text", "first_seen", "is_silent", "duplicate_of", "story_id"),
    *("revision", "lease_token"),
)
_SAME_IN_OUTBOX = (
    *("id", "key", "recipient", "topic_no", "story_id", "article_id", "attempts", "created_at", "next_at", "sent_at"),
    *("message_id", "error", "lease_token", "rank", "bundle", "hold", "held_until", "thread"),
)

Row = Mapping[Any, Any]


def select_articles(*, with_bodies: bool) -> Select[Any]:
    """Return the query whose rows `article_of` reads."""
    label: ColumnElement[str] = func.coalesce(
        func.nullif(feeds.c.name, ""), func.nullif(feeds.c.title, ""), feeds.c.url
    )
    query = select(articles, label.label("feed_name")).outerjoin(feeds, feeds.c.id == articles.c.feed_id)
    if with_bodies:
        query = query.add_columns(bodies.c.text_z, bodies.c.html_z, bodies.c.teaser_z)
        query = query.outerjoin(bodies, bodies.c.article_id == articles.c.id)
    return query


def article_of(row: Row) -> Article:
    """Read a row of `select_articles`."""
    origin = Origin(row["origin"])
    return Article(
        **{name: row[name] for name in _SAME_IN_ARTICLE},
        origin=origin,
        external_id=external_id(origin, row["key"]),
        feed_name=row["feed_name"] or "",
        text=unpacked(row.get("text_z")),
        html=unpacked(row.get("html_z")),
        teaser=unpacked(row.get("teaser_z")),
        authors=tuple(row["authors"]),
        published_from=TimeSource(row["published_from"]),
        stage=Stage(row["stage"]),
        completeness=Completeness(row["completeness"]),
        failure=_failure_of(row),
        copy_kind=CopyKind(row["copy_kind"]),
        text_hash=row["text_hash"] or b"",
    )


def external_id(origin: Origin, key: str) -> str:
    """Return the id a user gave an article: an ingested one's, `seed:FILE` of a seed, else empty."""
    return {Origin.INGEST: key, Origin.SEED: f"seed:{key}", Origin.FEED: ""}[origin]


def article_ref(row: Row) -> str:
    """Return the id a user knows an article by, from its id, origin and key."""
    return external_id(Origin(row["origin"]), row["key"]) or str(row["id"])


def feed_of(row: Row, specs: Mapping[str, FeedSpec]) -> Feed:
    """Read a row of `feed`; what its columns do not hold of the user's words comes from `specs`, by address."""
    spec = specs.get(row["url"]) or FeedSpec(url=row["url"])
    return Feed(
        **{name: row[name] for name in _SAME_IN_FEED},
        tags=tuple(row["tags"]),
        memory=memory_of(row["memory"]),
        access=spec.access,
        every_min_s=spec.every_min_s,
        every_max_s=spec.every_max_s,
        priority=spec.priority,
        backfill=Backfill(row["backfill"]),
        failure=_failure_of(row),
    )


def memory_of(value: dict[str, Any]) -> FeedMemory:
    """Read what polls learned of a feed."""
    # A field that a newer program wrote is left out; one that an older did not know has its default.
    names = FeedMemory.__dataclass_fields__.keys() & value
    known: dict[str, Any] = {
        name: tuple(value[name]) if isinstance(value[name], list) else value[name] for name in names
    }
    return FeedMemory(**known)


_BLANK = [(name, getattr(FeedMemory(), name)) for name in FeedMemory.__dataclass_fields__]


def memory_json(memory: FeedMemory) -> dict[str, Any]:
    """Return what polls learned of a feed as it is stored: only what is not the default."""
    return {name: value for name, usual in _BLANK if (value := getattr(memory, name)) != usual}


def failure_columns(failure: Failure | None) -> dict[str, str]:
    """Return a failure as the columns that hold it."""
    if failure is None:
        return {"problem": "", "problem_detail": ""}
    return {"problem": failure.problem.value, "problem_detail": failure.detail}


def _failure_of(row: Row) -> Failure | None:
    return Failure(problem=Problem(row["problem"]), detail=row["problem_detail"]) if row["problem"] else None


def outbox_row_of(row: Row) -> OutboxRow:
    """Read a row of `outbox`."""
    return OutboxRow(
        **{name: row[name] for name in _SAME_IN_OUTBOX},
        kind=OutboxKind(row["kind"]),
        item=_item_of(row["item"]),
        state=OutboxState(row["state"]),
    )


def _item_of(value: dict[str, Any]) -> AlertItem:
    # A field that a newer program wrote is left out; one that an older did not know has its default.
    known = {name: field for name, field in value.items() if name in AlertItem.__dataclass_fields__}
    sentences = tuple(
        Sentence(text=s["text"], marks=tuple((a, b) for a, b in s["marks"]), is_title=s["is_title"])
        for s in known.pop("sentences", ())
    )
    return AlertItem(
        **known
        | {
            "sentences": sentences,
            **{name: tuple(known.get(name, ())) for name in ("clauses", "reasons", "facts")},
            "completeness": Completeness(known.get("completeness", Completeness.FULL)),
            "phase": Phase(known.get("phase", Phase.FULL)),
        }
    )


def spans_json(spans: tuple[Span, ...]) -> list[list[Any]]:
    """Return spans as they are stored."""
    return [[span.zone.value, span.start, span.end, span.text, span.clause] for span in spans]


def spans_of(value: list[list[Any]]) -> tuple[Span, ...]:
    """Read stored spans."""
    return tuple(Span(zone=Zone(z), start=a, end=b, text=text, clause=c) for z, a, b, text, c in value)


def rfc3339(time: datetime | None) -> str:
    """Return a UTC time to the second, empty for none."""
    return time.isoformat(timespec="seconds").replace("+00:00", "Z") if time else ""
