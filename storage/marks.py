"""What is left of forgotten articles, so that they do not come back as news: marks of their addresses and words.

They lie under the feed 0, beside the keys that single feeds may still list, and go when they are as old as what is
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select

from monitor.model import Fingerprint, Forgotten
from storage.columns import hash63
from storage.tables import forgotten

_ANY_FEED = 0
_CHUNK = 400
_C = forgotten.c
_LOOK_UP = select(_C.key_hash, _C.seen_at).where(
    _C.feed_id == _ANY_FEED, _C.key_hash.in_([bindparam("address"), bindparam("words")])
)
IS_OF_ANY_FEED = _C.feed_id == _ANY_FEED


def mark_items(conn: Connection, rows: Iterable[RowMapping], now: datetime) -> None:
    """Leave marks of the addresses and words of these rows of `article`."""
    hashes = sorted({one for row in rows for one in _hashes(row["url_key"], row["text_hash"])})
    for start in range(0, len(hashes), _CHUNK):
        chunk = hashes[start : start + _CHUNK]
        conn.execute(delete(forgotten).where(IS_OF_ANY_FEED, _C.key_hash.in_(chunk)))
        marks: list[dict[str, Any]] = [{"feed_id": _ANY_FEED, "key_hash": one, "seen_at": now} for one in chunk]
        conn.execute(insert(forgotten), marks)


def find_mark(conn: Connection, fingerprint: Fingerprint) -> Forgotten | None:
    """Return what was forgotten that had this address or these words; None if nothing had."""
    address, words = _address(fingerprint.url_key), _words(fingerprint.text_hash)
    found = {row.key_hash: row.seen_at for row in conn.execute(_LOOK_UP, {"address": address, "words": words})}
    if not found:
        return None
    return Forgotten(at=min(found.values()), has_address=address in found, has_words=words in found)


def _hashes(url_key: str, text_hash: bytes | None) -> Iterator[int]:
    yield from (one for one in (_address(url_key), _words(text_hash)) if one is not None)


def _address(url_key: str) -> int | None:
    return hash63("address", url_key) if url_key else None


def _words(text_hash: bytes | None) -> int | None:
    return hash63("words", text_hash.hex()) if text_hash else None
