"""The store: everything that must survive, in SQLite or PostgreSQL.

`open_store` is the only way in; it implements `monitor.ports.Store`. Rows and SQL stay inside this package.
"""

from storage.store import SqlStore, has_store, open_store

__all__ = ["SqlStore", "has_store", "open_store"]
