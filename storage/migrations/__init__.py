"""The schema's history, one for both engines, and the way to its head.

Revisions are files `versions/NNNN_what.py`, each naming the one before: the highest number is the head. Opening a store
whose revision is the head never imports Alembic, which takes 0.4 s.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

REVISION_TABLE = "monitor_revision"
_FOLDER = Path(__file__).resolve().parent


def known() -> list[str]:
    """Return all revisions, oldest first."""
    return sorted(path.name.split("_", 1)[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def current(conn: Connection) -> str | None:
    """Return the revision of a database, None for one without."""
    if not inspect(conn).has_table(REVISION_TABLE):
        return None
    found: str | None = conn.scalar(select(column("version_num")).select_from(table(REVISION_TABLE)))
    return found


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Migrate to a revision, in the transaction that is open on `conn`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, revision)
