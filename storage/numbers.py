"""Statements over many numbers at once, which both engines take as one parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult

_AMONG = {
    "sqlite": "IN (SELECT value FROM json_each(:numbers))",
    "postgresql": "= ANY(CAST(:numbers AS bigint[]))",
}
_EACH = {
    "sqlite": "(SELECT value AS number FROM json_each(:numbers)) AS given",
    "postgresql": "(SELECT unnest(CAST(:numbers AS bigint[])) AS number) AS given",
}
_PARAMETER = re.compile(r":(\w+)")


class Statement:
    """A statement in which `{among}` is a condition on a column, and `{each}` a table of one column, `number`.

    It goes to the engine as it is. Rejected: a parameter for each number, compiled anew for every count of them.
    """

    def __init__(self, statement: str) -> None:
        self._by_engine = {
            engine: statement.replace("{among}", _AMONG[engine]).replace("{each}", _EACH[engine]) for engine in _AMONG
        }
        self._by_engine["postgresql"] = _PARAMETER.sub(r"%(\1)s", self._by_engine["postgresql"])

    def run(self, conn: Connection, numbers: Iterable[int], **others: int) -> CursorResult[Any]:
        """Run it over these numbers."""
        engine, given = conn.dialect.name, list(numbers)
        written = json.dumps(given) if engine == "sqlite" else given
        return conn.exec_driver_sql(self._by_engine[engine], {"numbers": written, **others})

    def rows(self, conn: Connection, numbers: Iterable[int], **others: int) -> Sequence[tuple[Any, ...]]:
        """Run it, and return all rows."""
        return self.run(conn, numbers, **others).all()
