"""What study found out, stored: an article's place, its story, its matches, and the alerts they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, delete, exists, func, insert, not_, select, tuple_, update

from monitor.model import (
    Article,
    Completeness,
    CopyKind,
    Fingerprint,
    Match,
    OutboxDraft,
    Phase,
    Placement,
    Stage,
    StoredMatch,
)
from monitor.ports import Decide, Studied, StudySaved
from storage.columns import hash63_or_none, packed
from storage.leases import FREE
from storage.open_stories import close_stories
from storage.outbox import insert_drafts
from storage.part import Part
from storage.rows import article_ref, failure_columns, rfc3339, spans_json, spans_of
from storage.sketches import delete_sketch, write_sketch
from storage.tables import articles, bodies, matches, outbox, stories, topics
from storage.view import View
from storage.writer import Tx

_PAGE = 500
_ONLY_TEASER = {"completeness": Completeness.TEASER.value}
_TEASED = FREE | {"stage": Stage.TEASED.value}
_STATE = (
    select(articles.c.lease_token, articles.c.revision, articles.c.story_id, bodies.c.sketch)
    .outerjoin(bodies, bodies.c.article_id == articles.c.id)
    .where(articles.c.id == bindparam("article_id"))
)


class Study(Part):
    """The part of the store for what study finds."""

    def save_study(self, studied: Studied, decide: Decide, now: datetime) -> StudySaved:
        """Place and store a studied article, its story, matches and outbox rows, in one transaction.

        `decide` runs inside it, one at a time over the whole store, in another thread; it must not write, and may run
        again when the transaction is tried again. An outbox key that exists is skipped. Matches of an earlier revision
        are replaced. What was studied by its teaser only waits for its page, as `teased`; if nothing was found in it,
        nothing else of it is stored, and `decide` does not run.
        """
        return self._db.write(lambda tx: _save(tx, studied, decide, now))

    def save_rematch(self, found: Sequence[Studied], drafts: Sequence[OutboxDraft], now: datetime) -> int:
        """Store what topics found in studied articles later on, and the rows it makes, in one transaction.

        Each match takes the place of the topic's earlier one. An article that was revised meanwhile is left out, with
        its rows: it is studied again. An outbox key that exists is skipped; returns how many rows were new.
        """
        return self._db.write(lambda tx: _add_matches(tx, found, drafts, now))

    def matches(self, *, article_id: int | None = None) -> Iterator[StoredMatch]:
        """Yield matches, of one article or of all, oldest article first."""
        query = _matches().order_by(matches.c.article_id, matches.c.topic_no)
        if article_id is not None:
            query = query.where(matches.c.article_id == article_id)
        last = (0, 0)
        while True:
            after = tuple_(matches.c.article_id, matches.c.topic_no) > tuple_(*last)
            with self._db.read() as conn:
                rows = conn.execute(query.where(after).limit(_PAGE)).mappings().all()
            yield from map(_match, rows)
            if len(rows) < _PAGE:
                return
            last = (rows[-1]["article_id"], rows[-1]["topic_no"])


def _save(tx: Tx, studied: Studied, decide: Decide, now: datetime) -> StudySaved:
    tx.serialise()
    article = studied.article
    row = tx.conn.execute(_STATE, {"article_id": article.id}).one_or_none()
    if row is None or (row.lease_token, row.revision) != (article.lease_token, article.revision):
        return StudySaved(story_id=0, duplicate_of=None, queued=0, is_stale=True)
    is_teaser = studied.phase is Phase.TEASER
    if is_teaser and not studied.matches:
        tx.conn.execute(update(articles).where(articles.c.id == article.id).values(_TEASED))
        return StudySaved(story_id=0, duplicate_of=None, queued=0)
    view = View(tx, article.id, row.story_id)
    decision = decide(studied, view)
    original_id, story_id = _place(tx, article.id, decision.placement, view)
    story = decision.story
    is_new = tx.insert_new(stories, {"id": story_id, "added_at": now} | (view.stories.columns(story) if story else {}))
    if story is not None:
        view.stories.save(story, min(article.time or now, now), is_new=is_new, is_counted=not is_teaser)
    kind = decision.placement.kind
    is_return = kind is CopyKind.RETURN
    place = {
        "duplicate_of": original_id,
        "copy_kind": kind.value if original_id is not None or is_return else "",
        "story_id": story_id,
        "is_silent": article.is_silent or is_return,
    }
    is_first = row.story_id is None
    _store_article(tx, studied, place, is_first=is_first)
    if is_first or not is_teaser:  # the text of an earlier revision stays until the page is read
        delete_sketch(tx.conn, article.id, row.sketch)
        _store_bodies(tx, studied, view, original_id)
    if not is_first:
        _forget_matches(tx, studied)
        _bring_along(tx, article.id, original_id, story_id)
        _leave(tx, row.story_id)
    _store_matches(tx, studied, now)
    queued = insert_drafts(tx, decision.drafts, now)
    return StudySaved(story_id=story_id, duplicate_of=original_id, queued=queued)


def _forget_matches(tx: Tx, studied: Studied) -> None:
    """Delete what was found before; by a teaser only what takes its place."""
    is_old = matches.c.article_id == studied.article.id
    if studied.phase is Phase.TEASER:
        is_old &= matches.c.topic_no.in_(dict(studied.topics).values())
    tx.conn.execute(delete(matches).where(is_old))


def _place(tx: Tx, article_id: int, wanted: Placement, view: View) -> tuple[int | None, int]:
    """Return the original (None: it is one itself) and the story of an article."""
    original = None
    if wanted.duplicate_of is not None:
        query = select(articles.c.id, articles.c.duplicate_of, articles.c.story_id)
        original = tx.conn.execute(query.where(articles.c.id == wanted.duplicate_of)).one_or_none()
    original_id = None if original is None else original.duplicate_of or original.id
    if original is None or original_id == article_id:
        return None, wanted.story_id or view.new_story()
    return original_id, wanted.story_id or original.story_id or view.new_story()


def _bring_along(tx: Tx, article_id: int, original_id: int | None, story_id: int) -> None:
    """Let the copies of an article follow it into its story, and under its original if it became a copy itself."""
    values = {"duplicate_of": original_id or article_id, "story_id": story_id}
    tx.conn.execute(update(articles).where(articles.c.duplicate_of == article_id).values(values))


def _leave(tx: Tx, story_id: int) -> None:
    """Delete a story if nothing is left of it."""
    is_left = exists().where(articles.c.story_id == story_id)
    if not tx.conn.scalar(select(is_left)):
        close_stories(tx.conn, [story_id])
    tx.conn.execute(delete(stories).where(stories.c.id == story_id, not_(is_left)))


def _store_article(tx: Tx, studied: Studied, place: dict[str, Any], *, is_first: bool) -> None:
    """Store what was found out; of an article that was read before, its teaser changes nothing but the stage."""
    if studied.phase is Phase.FULL:
        values = _found_out(studied.article) | _marks(studied.fingerprint)
    else:
        values = _TEASED | (_marks(studied.fingerprint) | _ONLY_TEASER if is_first else {})
    tx.conn.execute(update(articles).where(articles.c.id == studied.article.id), place | values)


def _marks(mark: Fingerprint) -> dict[str, Any]:
    return {
        "url_key": mark.url_key,
        "url_key_hash": hash63_or_none(mark.url_key),
        "text_hash": mark.text_hash or None,
    }


def _found_out(article: Article) -> dict[str, Any]:
    values = (
        FREE
        | failure_columns(article.failure)
        | {
            "stage": Stage.DONE.value,
            "url": article.url,
            "url_hash": hash63_or_none(article.url),
            "authors": list(article.authors),
            "published": article.published,
            "published_from": article.published_from.value,
            "completeness": article.completeness.value,
        }
    )
    for name in ("title", "language", "source", "site", "image", "dateline", "agency", "note", "published_text"):
        values[name] = getattr(article, name)
    return values


def _store_bodies(tx: Tx, studied: Studied, view: View, original_id: int | None) -> None:
    article, sketch = studied.article, studied.fingerprint.sketch
    group = view.group(original_id)
    values = {
        "text_z": packed(article.text),
        "html_z": packed(article.html),
        "teaser_z": packed(article.teaser),
        "sketch": write_sketch(tx.conn, article.id, sketch, view.holders, group) if sketch else None,
    }
    tx.conn.execute(update(bodies).where(bodies.c.article_id == article.id), values)


def _store_matches(tx: Tx, studied: Studied, now: datetime) -> None:
    if studied.matches:
        numbers = dict(studied.topics)
        tx.conn.execute(
            insert(matches), [_match_row(studied, match, numbers[match.topic], now) for match in studied.matches]
        )


def _add_matches(tx: Tx, found: Sequence[Studied], drafts: Sequence[OutboxDraft], now: datetime) -> int:
    tx.serialise()
    ids = [studied.article.id for studied in found]
    query = select(articles.c.id, articles.c.revision).where(articles.c.id.in_(ids))
    query = query.where(articles.c.stage == Stage.DONE.value)
    present = {(row.id, row.revision) for row in tx.conn.execute(query)}
    fresh = [studied for studied in found if (studied.article.id, studied.article.revision) in present]
    for studied in fresh:
        numbers = dict(studied.topics)
        same = (matches.c.article_id == studied.article.id) & matches.c.topic_no.in_(numbers.values())
        tx.conn.execute(delete(matches).where(same))
        rows = [_match_row(studied, match, numbers[match.topic], now) for match in studied.matches]
        tx.conn.execute(insert(matches), rows)
    kept = {studied.article.id for studied in fresh}
    return insert_drafts(tx, [draft for draft in drafts if draft.article_id in kept], now)


def _match_row(studied: Studied, match: Match, topic_no: int, now: datetime) -> dict[str, Any]:
    return {
        "article_id": studied.article.id,
        "topic_no": topic_no,
        "phase": match.phase.value,
        "spans": spans_json(match.spans),
        "watchlist_version": studied.watchlist_version,
        "matched_at": now,
    }


def _matches() -> Select[Any]:
    # Alerts that were joined with those of other stories have a number of their own.
    is_of_it = (outbox.c.story_id == articles.c.story_id) | (outbox.c.article_id == matches.c.article_id)
    same = is_of_it & (outbox.c.topic_no == matches.c.topic_no)
    alerted_at = select(func.min(outbox.c.sent_at)).where(same).correlate(articles, matches).scalar_subquery()
    query = select(
        *(matches, topics.c.name.label("topic"), articles.c.story_id, articles.c.origin, articles.c.key),
        articles.c.id,
        alerted_at.label("alerted_at"),
    )
    return query.join(topics, topics.c.no == matches.c.topic_no).join(articles, articles.c.id == matches.c.article_id)


def _match(row: RowMapping) -> StoredMatch:
    return StoredMatch(
        article_id=row["article_id"],
        article_ref=article_ref(row),
        story_id=row["story_id"],
        topic=row["topic"],
        topic_no=row["topic_no"],
        phase=Phase(row["phase"]),
        spans=spans_of(row["spans"]),
        watchlist_version=row["watchlist_version"],
        alerted_at=rfc3339(row["alerted_at"]),
    )
