"""Which rows of the outbox are claimed together, as one message, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, literal, not_, or_, select, text, update

from storage.columns import Id
from storage.leases import is_free, leased
from storage.tables import outbox
from storage.writer import Tx

# Written out, so that the index on pending rows is used whatever the engine plans beforehand.
_PENDING = text("outbox.state = 'pending'")
# What is in no bundle goes by story.
_STORY = case((outbox.c.bundle == "", outbox.c.story_id), else_=literal(0, Id)).label("story")
_MAX_ROWS = 500  # of a bundle in a message

# Recipient, bundle, and the story of what is in no bundle.
Group = tuple[str, str, int]


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(_PENDING, outbox.c.next_at <= now, is_free(outbox, now))


def choose_groups(tx: Tx, now: datetime, limit: int, per_channel: int | None) -> list[Group]:
    """Return the groups to be claimed.

    Single alerts go before bundles, of which one part at a time is under way: a flood holds up no other topic.
    """
    by = (outbox.c.recipient, outbox.c.bundle, _STORY)
    busy = tx.conn.execute(select(*by).where(_PENDING, not_(is_free(outbox, now))).distinct()).all()
    taken = Counter(_channel(row.recipient) for row in busy)
    in_parts = {(row.recipient, row.bundle) for row in busy if row.bundle}
    is_bundle = case((outbox.c.bundle == "", 0), else_=1)
    order = (func.min(outbox.c.rank), func.min(is_bundle), func.min(outbox.c.next_at), func.min(outbox.c.id))
    place = func.row_number().over(partition_by=outbox.c.recipient, order_by=order)
    groups = select(*by, place.label("place"), *(value.label(f"by{n}") for n, value in enumerate(order)))
    ranked = groups.where(_is_due(now)).group_by(*by).subquery()
    query = select(ranked.c.recipient, ranked.c.bundle, ranked.c.story)
    query = query.where(ranked.c.place <= min(limit, per_channel or limit))
    chosen: list[Group] = []
    query = query.order_by(ranked.c.by0, ranked.c.by1, ranked.c.by2, ranked.c.by3)
    for recipient, bundle, story in tx.conn.execute(query).all():
        channel = _channel(recipient)
        if (recipient, bundle) in in_parts:
            continue
        if len(chosen) < limit and (per_channel is None or taken[channel] < per_channel):
            taken[channel] += 1
            chosen.append((recipient, bundle, story))
    return chosen


def _channel(recipient: str) -> str:
    return recipient.partition("/")[0]


def claim_groups(tx: Tx, now: datetime, lease_s: float, groups: Sequence[Group]) -> list[RowMapping]:
    """Lease the due rows of these groups, and return them."""
    if not groups:
        return []
    chosen = or_(*(_of_group(now, *group) for group in groups))
    statement = update(outbox).where(_is_due(now), chosen).values(leased(tx.new_id(), now, lease_s)).returning(outbox)
    return list(tx.conn.execute(statement).mappings())


def _of_group(now: datetime, recipient: str, bundle: str, story: int) -> ColumnElement[bool]:
    is_its = and_(outbox.c.recipient == recipient, outbox.c.bundle == bundle)
    if not bundle:
        return and_(is_its, outbox.c.story_id == story)
    rows = outbox.alias("bundled")
    is_due = and_(text("bundled.state = 'pending'"), rows.c.next_at <= now, is_free(rows, now))
    first = select(rows.c.id).where(is_due, rows.c.recipient == recipient, rows.c.bundle == bundle)
    return outbox.c.id.in_(first.order_by(rows.c.id).limit(_MAX_ROWS))
