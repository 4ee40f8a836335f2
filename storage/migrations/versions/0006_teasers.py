"""What waits for its teaser to be looked at, and what for its page after that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for name, where in (
        ("ix_article_teaser", "stage = 'new' AND feed_id <> 0 AND NOT is_silent"),
        ("ix_article_teased", "stage = 'teased'"),
    ):
        op.create_index(name, "article", ["id"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
