"""What Alembic runs: migrates over the connection it is given, in the transaction that is open there."""

from __future__ import annotations

from alembic import context

from storage.migrations import REVISION_TABLE
from storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=REVISION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
