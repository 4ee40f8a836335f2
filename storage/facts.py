"""Topic numbers, versions of the configuration, and small facts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from storage.columns import hash63, packed, storable, unpacked
from storage.part import Part
from storage.tables import config_versions, notes, topics
from storage.writer import Tx

_KEPT_VERSIONS = 50


class Facts(Part):
    """The small facts' part of the store."""

    def sync_topics(self, topics: Sequence[tuple[str, str]], now: datetime) -> dict[str, int]:
        """Give each (id, was) its number: of that id, else of the id it was renamed from, else a new one.

        An old id that is still in use keeps its number.
        """
        wanted = [(storable(name), storable(was)) for name, was in topics]
        return self._db.write(lambda tx: _sync(tx, wanted, now))

    def keep_config(self, files: dict[str, str], now: datetime) -> None:
        """Remember the texts of a configuration that loaded without an error; the last 50 that differ stay."""
        text = json.dumps(files, sort_keys=True)
        digest = hash63(text)

        def keep(tx: Tx) -> None:
            c = config_versions.c
            ids = tx.conn.execute(select(c.id, c.digest).order_by(c.id.desc())).all()
            if ids and ids[0].digest == digest:
                return
            row = {"id": tx.new_id(), "saved_at": now, "digest": digest, "files_z": packed(text)}
            tx.conn.execute(insert(config_versions).values(row))
            if len(ids) >= _KEPT_VERSIONS:
                tx.conn.execute(delete(config_versions).where(c.id <= ids[_KEPT_VERSIONS - 1].id))

        self._db.write(keep)

    def last_config(self) -> dict[str, str] | None:
        """Return the texts of the last configuration that loaded without an error."""
        query = select(config_versions.c.files_z).order_by(config_versions.c.id.desc()).limit(1)
        with self._db.read() as conn:
            data = conn.scalar(query)
        if data is None:
            return None
        files: dict[str, str] = json.loads(unpacked(data))
        return files

    def note(self, name: str, value: str | None = None) -> str:
        """Return the small fact kept under `name` (empty: none), after setting it to `value` unless that is None."""
        if value is None:
            with self._db.read() as conn:
                return conn.scalar(select(notes.c.value).where(notes.c.name == name)) or ""
        same = notes.c.name == name

        def put(tx: Tx) -> str:
            if not tx.insert_new(notes, {"name": name, "value": value}):
                tx.conn.execute(update(notes).where(same).values(value=value))
            return value

        return self._db.write(put)


def _sync(tx: Tx, wanted: Sequence[tuple[str, str]], now: datetime) -> dict[str, int]:
    tx.serialise()
    numbers = {row.name: row.no for row in tx.conn.execute(select(topics.c.name, topics.c.no))}
    used = {name for name, _ in wanted}
    following = (tx.conn.scalar(select(func.max(topics.c.no))) or 0) + 1
    for name, was in wanted:
        if name in numbers:
            continue
        if was in numbers and was not in used:
            numbers[name] = numbers.pop(was)
            tx.conn.execute(update(topics).where(topics.c.name == was).values(name=name))
        else:
            numbers[name], following = following, following + 1
            tx.conn.execute(insert(topics).values(no=numbers[name], name=name, added_at=now))
    return {name: numbers[name] for name, _ in wanted}
