"""Brings an archive of articles in, and gives articles, stories and matches out, as JSON lines.

Source: the fields of both directions are those of the README, "Archives".
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from monitor.app.compose import App, now
from monitor.model import ArticleDraft, Origin, Span, TimeSource
from monitor.pipeline import study
from monitor.ports import Store, StoryRow

_CHUNK = 500
_LEASE_S = 300.0
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_YEAR_OR_MONTH = re.compile(r"(?!0000)\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(slots=True, kw_only=True)
class Ingested:
    """What an archive came to; `broken` holds a line number and what was wrong with it."""

    new: int = 0
    revised: int = 0
    known: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)


def read_line(line: str, *, is_silent: bool) -> ArticleDraft:
    """Read one line of an archive.

    Raises:
        ValueError: it is no object, or lacks an id or any text; the message says which.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise ValueError(f"not an object but {type(record).__name__}")  # noqa: TRY004  # a broken line, no fault of the caller
    key = _text(record, "id") or _text(record, "guid") or _text(record, "url")
    if not key:
        raise ValueError("no `id`")
    if not any(_text(record, name) for name in ("title", "text", "html")):
        raise ValueError("no `title`, `text` or `html`")
    published, published_text = read_time(_text(record, "published"))
    return ArticleDraft(
        key=key,
        url=_text(record, "url"),
        title=_text(record, "title"),
        text=_text(record, "text"),
        html="" if _text(record, "text") else _text(record, "html"),
        published=published,
        published_text=published_text,
        published_from=TimeSource.GIVEN if published_text else TimeSource.UNKNOWN,
        language=_text(record, "language") or _text(record, "lang"),
        source=_text(record, "source"),
        guid=_text(record, "guid"),
        is_silent=is_silent,
    )


def read_time(text: str) -> tuple[datetime | None, str]:
    """Read a time in RFC 3339, shortened or not, or RFC 5322; returns it in UTC and as RFC 3339 as far as it is known.

    A time without a zone is taken as UTC. Of a year or a month only the text is known; what cannot be read is unknown.
    """
    if _YEAR_OR_MONTH.fullmatch(text):
        return None, text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None, ""
        text = found.isoformat()
    if not _RFC_3339.fullmatch(text):
        text = found.isoformat() if ":" in text else f"{found:%Y-%m-%d}"
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC), text
    except OverflowError:
        return None, ""


def add_lines(
    store: Store, lines: Iterable[str], *, is_silent: bool, progress: Callable[[int], None] = lambda _count: None
) -> Ingested:
    """Store an archive's lines as unstudied articles, in order. A broken line is counted with its number, and skipped.

    `progress` is called with the number of lines done since its last call.
    """
    result = Ingested()
    drafts: list[ArticleDraft] = []

    def flush() -> None:
        added = store.add_articles(Origin.INGEST, drafts, now())
        result.new += len(added.new)
        result.revised += len(added.revised)
        result.known += len(added.known)
        progress(len(drafts))
        drafts.clear()

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            drafts.append(read_line(line, is_silent=is_silent))
        except ValueError as error:
            result.broken.append((number, str(error)))
            progress(1)
        if len(drafts) >= _CHUNK:
            flush()
    if drafts:
        flush()
    return result


async def study_archive(app: App, progress: Callable[[int], None] = lambda _count: None) -> int:
    """Study the ingested articles one by one in the order they came in; returns how many were."""
    studied = 0
    while articles := await asyncio.to_thread(
        app.store.claim_new_articles, now(), limit=_CHUNK, lease_s=_LEASE_S, origin=Origin.INGEST
    ):
        for article in articles:
            studied += (await study(app.context, [article])).studied
            progress(1)
    return studied


def article_lines(store: Store) -> Iterator[dict[str, Any]]:
    """Yield every article as `export articles` writes it, oldest first."""
    refs: dict[int, str] = {}
    for article in store.articles(newest_first=False, bodies=True):
        refs[article.id] = article.ref
        original = article.duplicate_of
        if original is not None and original not in refs:
            found = store.article(original)
            refs[original] = found.ref if found else str(original)
        yield {
            "id": article.ref,
            "url": article.url,
            "guid": article.guid,
            "title": article.title,
            "text": article.text,
            "published": article.published_text or None,
            "language": article.language or None,
            "source": article.source or None,
            "first_seen": article.first_seen.isoformat(timespec="seconds"),
            "completeness": str(article.completeness),
            "duplicate_of": refs[original] if original is not None else None,
            "copy_kind": str(article.copy_kind) or None,
            "story_id": str(article.story_id) if article.story_id is not None else None,
        }


def story_lines(store: Store) -> Iterator[dict[str, Any]]:
    """Return every story as `export stories` writes it, oldest first."""
    return map(story_object, store.stories())


def story_object(story: StoryRow) -> dict[str, Any]:
    """Return a story as the commands print it."""
    return {
        "story_id": str(story.id),
        "title": story.title,
        "first_seen": story.first_seen.isoformat(timespec="seconds"),
        "last_seen": story.last_seen.isoformat(timespec="seconds"),
        "outlets": story.outlets,
        "unsourced": story.unsourced,
        "texts": story.texts,
        "articles": list(story.articles),
    }


def match_lines(store: Store) -> Iterator[dict[str, Any]]:
    """Yield every match as `export matches` writes it, oldest article first."""
    for match in store.matches():
        yield {
            "article": match.article_ref,
            "topic": match.topic,
            "story_id": str(match.story_id) if match.story_id is not None else None,
            "phase": str(match.phase),
            "spans": [span_object(span) for span in match.spans],
            "alerted_at": match.alerted_at or None,
        }


def span_object(span: Span) -> dict[str, Any]:
    """Return a span as the commands print it."""
    return {"zone": str(span.zone), "start": span.start, "end": span.end, "text": span.text, "clause": span.clause}


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        # PostgreSQL refuses NUL, and a lone surrogate cannot be stored at all.
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"`{name}` is {type(value).__name__}, not text")
