"""Topic numbers, versions of the watchlist, and small facts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from monitor.ports import KeptWatchlist
from storage.columns import packed, storable, unpacked
from storage.part import Part
from storage.tables import config_versions, former_topics, notes, topics
from storage.writer import Tx

_KEPT_VERSIONS = 50


class Facts(Part):
    """The small facts' part of the store."""

    def sync_topics(self, topics: Sequence[tuple[str, str]], now: datetime) -> dict[str, int]:
        """Give each (id, was) its number: of that id, else of the id it was renamed from or to, else a new one.

        An old id that is still in use keeps its number. An id that was renamed away and comes back is itself again.
        """
        wanted = [(storable(name), storable(was)) for name, was in topics]
        return self._db.write(lambda tx: _sync(tx, wanted, now))

    def keep_watchlist(self, version: str, files: Mapping[str, str], now: datetime) -> None:
        """Remember the texts of a watchlist that was taken over, unless it is the last one kept.

        `version` is 12 hexadecimal digits; the last 50 stay.
        """
        row = {"saved_at": now, "digest": int(version, 16), "files_z": packed(json.dumps(dict(files)))}

        def keep(tx: Tx) -> None:
            c = config_versions.c
            ids = tx.conn.execute(select(c.id, c.digest).order_by(c.id.desc())).all()
            if ids and ids[0].digest == row["digest"]:
                return
            tx.conn.execute(insert(config_versions).values(row | {"id": tx.new_id()}))
            if len(ids) >= _KEPT_VERSIONS:
                tx.conn.execute(delete(config_versions).where(c.id <= ids[_KEPT_VERSIONS - 1].id))

        self._db.write(keep)

    def watchlists(self) -> list[KeptWatchlist]:
        """Return the watchlists kept, newest first."""
        c = config_versions.c
        with self._db.read() as conn:
            rows = conn.execute(select(c.id, c.digest, c.saved_at).order_by(c.id.desc())).all()
        return [KeptWatchlist(id=row.id, version=f"{row.digest:012x}", loaded_at=row.saved_at) for row in rows]

    def watchlist_files(self, kept_id: int) -> dict[str, str]:
        """Return the texts of a kept watchlist, in the order they were given."""
        query = select(config_versions.c.files_z).where(config_versions.c.id == kept_id)
        with self._db.read() as conn:
            files: dict[str, str] = json.loads(unpacked(conn.scalar(query)) or "{}")
        return files

    def note(self, name: str, value: str | None = None) -> str:
        """Return the small fact kept under `name` (empty: none), after setting it to `value` unless that is None."""
        if value is not None:
            self._db.write(lambda tx: put_note(tx, name, value))
            return value
        with self._db.read() as conn:
            return read_note(conn, name)


def read_note(conn: Connection, name: str) -> str:
    """Return the small fact kept under a name; empty: none."""
    return conn.scalar(select(notes.c.value).where(notes.c.name == name)) or ""


def put_note(tx: Tx, name: str, value: str) -> None:
    """Keep a small fact under a name, within a transaction."""
    if not tx.insert_new(notes, {"name": name, "value": value}):
        tx.conn.execute(update(notes).where(notes.c.name == name).values(value=value))


def _sync(tx: Tx, wanted: Sequence[tuple[str, str]], now: datetime) -> dict[str, int]:
    tx.serialise()
    numbers = {row.name: row.no for row in tx.conn.execute(select(topics.c.name, topics.c.no))}
    former = {row.name: row.topic_no for row in tx.conn.execute(select(former_topics))}
    used = {name for name, _ in wanted}
    names = {no: name for name, no in numbers.items()}
    following = max(names, default=0) + 1
    for name, was in wanted:
        if name in numbers:
            continue
        before = was if was in numbers else names.get(former.get(name, 0), "")
        if before and before not in used:
            no = numbers[name] = numbers.pop(before)
            names[no] = name
            _rename(tx, no, before, name, now)
        else:
            numbers[name], following = following, following + 1
            tx.conn.execute(insert(topics).values(no=numbers[name], name=name, added_at=now))
    return {name: numbers[name] for name, _ in wanted}


def _rename(tx: Tx, no: int, before: str, name: str, now: datetime) -> None:
    tx.conn.execute(update(topics).where(topics.c.no == no).values(name=name))
    tx.conn.execute(delete(former_topics).where(former_topics.c.name.in_((before, name))))
    tx.conn.execute(insert(former_topics).values(name=before, topic_no=no, until=now))
