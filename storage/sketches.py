"""The index by which copies are found: a row for each shingle in the sketch of a text, and who has it.

A copy adds only those that its group does not have yet: however often a text is copied, its shingles stay rare, what
many different texts have is boilerplate, and the copies of one text do not hide another. The sketch as it was written
stands beside the text, so that its rows are found again without an index of their own.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from storage.numbers import Statement
from storage.tables import bodies

# What more texts have is boilerplate: it is not asked for, and not written any more.
_MAX_HOLDERS = 64
_MAX_NEAR = 6
# One shared shingle may be chance, but of so few even the same text may share no more.
_FEWEST_SHARED = 2
_SMALL_SKETCH = 12

_LOOK_UP = Statement("SELECT hash, article_id FROM fingerprint WHERE hash {among}")
_ADD = Statement("INSERT INTO fingerprint (hash, article_id) SELECT number, :article_id FROM {each}")
_DELETE = Statement("DELETE FROM fingerprint WHERE hash {among} AND article_id = :article_id")

Holders = dict[int, set[int]]


def holders_of(conn: Connection, sketch: Collection[int], *, but: int) -> Holders:
    """Return which articles have each shingle, the article `but` left out."""
    found: Holders = {}
    if sketch:
        for shingle, article_id in _LOOK_UP.rows(conn, sketch):
            if article_id != but:
                found.setdefault(shingle, set()).add(article_id)
    return found


def nearest(holders: Holders, sketch: Collection[int]) -> list[int]:
    """Return the articles that share most of a sketch, the earlier of equals first."""
    fewest = 1 if len(sketch) < _SMALL_SKETCH else _FEWEST_SHARED
    shared = Counter(at for those in holders.values() if len(those) < _MAX_HOLDERS for at in those)
    ranked = sorted((-count, at) for at, count in shared.items() if count >= fewest)
    return [at for _, at in ranked[:_MAX_NEAR]]


def write_sketch(conn: Connection, article_id: int, sketch: Iterable[int], holders: Holders, group: set[int]) -> bytes:
    """Add an article's rows but those that one of its `group` has; returns what `delete_sketch` is to be given."""
    nobody: set[int] = set()
    own = [
        shingle
        for shingle in sketch
        if len(those := holders.get(shingle, nobody)) < _MAX_HOLDERS and group.isdisjoint(those)
    ]
    if own:
        _ADD.run(conn, own, article_id=article_id)
    return array("q", own).tobytes()


def delete_sketch(conn: Connection, article_id: int, written: bytes | None) -> None:
    """Delete the rows that `write_sketch` added."""
    if written:
        shingles = array("q")
        shingles.frombytes(written)
        _DELETE.run(conn, shingles, article_id=article_id)


def delete_sketches(conn: Connection, article_ids: Collection[int]) -> None:
    """Delete the rows of these articles, whose bodies must still be there."""
    query = select(bodies.c.article_id, bodies.c.sketch).where(bodies.c.article_id.in_(article_ids))
    for row in conn.execute(query).all():
        delete_sketch(conn, row.article_id, row.sketch)
