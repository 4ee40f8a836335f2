"""Articles in the store: how they come in, are claimed for study, and are found again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, Select, TextClause, or_, select, text, union_all, update

from monitor.model import Article, ArticleDraft, Failure, Origin, OutboxDraft, Phase, Stage
from monitor.ports import Added, EarlierText
from storage.columns import hash63, storable, unpacked
from storage.intake import Incoming, Intake, incoming
from storage.leases import FREE, is_free, leased
from storage.outbox import insert_drafts
from storage.part import Part
from storage.rows import article_of, failure_columns, select_articles
from storage.tables import articles, earlier_bodies
from storage.writer import Tx

# Written out, so that the indexes on unstudied articles are used whatever the engine plans beforehand.
_NEW, _TEASED = text("article.stage = 'new'"), text("article.stage = 'teased'")
# By feed_id: an equality of the origin has SQLite look through all that feeds ever brought.
_TEASER = text("article.stage = 'new' AND article.feed_id <> 0 AND NOT article.is_silent")
_REST = text("article.stage = 'new' AND (article.feed_id = 0 OR article.is_silent)")
_STAGES: dict[Phase | None, tuple[tuple[str, TextClause], ...]] = {
    None: (("fresh", _NEW), ("teased", _TEASED)),
    Phase.TEASER: (("teaser", _TEASER),),
    Phase.FULL: (("fresh", _REST), ("teased", _TEASED)),
}
_PAGE = 500
_LARGEST_ID = 2**63 - 1


class Articles(Part):
    """The articles' part of the store."""

    def add_articles(self, origin: Origin, drafts: Sequence[ArticleDraft], now: datetime) -> Added:
        """Store drafts as unstudied articles. The same key and text is known; another text is a revision."""
        items = [_incoming(draft) for draft in drafts]
        taken = self._db.write(lambda tx: Intake(tx, origin, 0, now).take(items))
        return Added(new=tuple(taken.new), revised=tuple(taken.revised), known=tuple(taken.known))

    def claim_new_articles(  # noqa: PLR0913 - how many, for how long, and which
        self,
        now: datetime,
        *,
        limit: int,
        lease_s: float,
        origin: Origin | None = None,
        phase: Phase | None = None,
        without_feeds: Collection[int] = (),
    ) -> list[Article]:
        """Lease unstudied articles with their bodies, oldest first; none of `without_feeds`.

        With `phase` TEASER those whose titles and teasers were not looked at yet: news of feeds, not what is silent.
        With `phase` FULL all others.
        """
        chosen = _chosen(now, limit, _of(origin, without_feeds), phase)

        def claim(tx: Tx) -> list[RowMapping]:
            statement = update(articles).where(articles.c.id.in_(chosen))
            ids = tx.conn.scalars(statement.values(leased(tx.new_id(), now, lease_s)).returning(articles.c.id)).all()
            rows: list[RowMapping] = []
            for start in range(0, len(ids), _PAGE):
                page = select_articles(with_bodies=True).where(articles.c.id.in_(ids[start : start + _PAGE]))
                rows += tx.conn.execute(page).mappings()
            return rows

        return sorted(map(article_of, self._db.write(claim)), key=lambda article: article.id)

    def set_aside(self, article: Article, failure: Failure, now: datetime, drafts: Sequence[OutboxDraft] = ()) -> bool:
        """Give up on an article: stage `failed`, with the reason, and store the notices of it, in one transaction.

        False, and nothing, if it is leased to another, or was revised.
        """
        mine = (articles.c.id == article.id) & (articles.c.lease_token == article.lease_token)
        values = FREE | failure_columns(failure) | {"stage": Stage.FAILED.value}
        statement = update(articles).where(mine).values(values)

        def give_up(tx: Tx) -> bool:
            is_mine = tx.conn.execute(statement).rowcount == 1
            if is_mine:
                insert_drafts(tx, drafts, now)
            return is_mine

        return self._db.write(give_up)

    def retry_set_aside(self) -> int:
        """Make all articles that were set aside unstudied again; returns how many."""
        values = FREE | failure_columns(None) | {"stage": Stage.NEW.value}
        statement = update(articles).where(text("article.stage = 'failed'")).values(values)
        return self._db.write(lambda tx: tx.conn.execute(statement).rowcount)

    def article(self, article_id: int) -> Article | None:
        """Return one article with its bodies."""
        return self._first(articles.c.id == article_id) if 0 <= article_id <= _LARGEST_ID else None

    def find_article(self, ref: str) -> Article | None:
        """Return the article with this id, given id, `seed:` name or URL; of several at one URL the oldest."""
        ref = ref.strip()
        found = self.article(int(ref)) if ref.isascii() and ref.isdigit() and len(ref) < 20 else None
        return (
            found
            or self._first(_has_key(Origin.INGEST, ref))
            or self._first(_has_key(Origin.SEED, ref.removeprefix("seed:")))
            or self._first(_has_url(ref))
        )

    def articles(
        self,
        *,
        limit: int | None = None,
        newest_first: bool = True,
        origin: Origin | None = None,
        stage: Stage | None = None,
        bodies: bool = False,
    ) -> Iterator[Article]:
        """Yield articles by first seen; texts only if `bodies`. One added meanwhile may be among them."""
        order, after = (
            (articles.c.id.desc(), articles.c.id.__lt__) if newest_first else (articles.c.id, articles.c.id.__gt__)
        )
        query = select_articles(with_bodies=bodies).order_by(order)
        if origin is not None:
            query = query.where(articles.c.origin == origin.value)
        if stage is not None:
            query = query.where(articles.c.stage == stage.value)
        left = limit
        last: int | None = None
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page = query if last is None else query.where(after(last))
            with self._db.read() as conn:
                rows = conn.execute(page.limit(size)).mappings().all()
            yield from map(article_of, rows)
            if len(rows) < size:
                return
            last = rows[-1]["id"]
            left = None if left is None else left - size

    def copies(self, article_id: int) -> list[Article]:
        """Return the copies listed under an original, oldest first, without bodies."""
        query = select_articles(with_bodies=False).where(articles.c.duplicate_of == article_id)
        with self._db.read() as conn:
            return [article_of(row) for row in conn.execute(query.order_by(articles.c.id)).mappings()]

    def earlier_texts(self, article_id: int) -> list[EarlierText]:
        """Return the texts an article had before its revisions, oldest first; the last 20 are kept."""
        c = earlier_bodies.c
        with self._db.read() as conn:
            rows = conn.execute(select(earlier_bodies).where(c.article_id == article_id).order_by(c.revision)).all()
        return [
            EarlierText(revision=row.revision, until=row.until, title=row.title, text=unpacked(row.text_z))
            for row in rows
        ]

    def _first(self, condition: ColumnElement[bool]) -> Article | None:
        query = select_articles(with_bodies=True).where(condition).order_by(articles.c.id).limit(1)
        with self._db.read() as conn:
            row = conn.execute(query).mappings().first()
        return None if row is None else article_of(row)


def _of(origin: Origin | None, without_feeds: Collection[int]) -> list[ColumnElement[bool]]:
    wanted = [] if origin is None else [articles.c.origin == origin.value]
    return [*wanted, articles.c.feed_id.not_in(without_feeds)] if without_feeds else wanted


def _chosen(now: datetime, limit: int, wanted: Sequence[ColumnElement[bool]], phase: Phase | None) -> Select[int]:
    """Return the ids to claim: each stage is asked for by its own index, and the oldest of all are taken."""
    parts = []
    for name, stage in _STAGES[phase]:
        query = select(articles.c.id).where(stage, is_free(articles, now), *wanted)
        parts.append(query.order_by(articles.c.id).limit(limit).with_for_update(skip_locked=True).cte(name))
    if len(parts) == 1:
        return select(parts[0].c.id)
    both = union_all(*(select(part.c.id) for part in parts)).subquery()
    return select(both.c.id).order_by(both.c.id).limit(limit)


def _incoming(draft: ArticleDraft) -> Incoming:
    texts = (draft.text, draft.html, draft.teaser)
    return incoming(draft, *(texts if any(texts) else (draft.title,)))


def _has_key(origin: Origin, key: str) -> ColumnElement[bool]:
    c = articles.c
    return (c.origin == origin.value) & (c.feed_id == 0) & (c.key_hash == hash63(key)) & (c.key == storable(key))


def _has_url(url: str) -> ColumnElement[bool]:
    c, at = articles.c, hash63(url)
    return or_((c.url_hash == at) & (c.url == storable(url)), (c.url_key_hash == at) & (c.url_key == storable(url)))
