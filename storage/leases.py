"""Leases on rows: taken for some seconds under a token that a later write must show.

A lease that ran out keeps its token until another claim: who was slow may still write if nobody took over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, or_

# No work takes an hour: a lease that ends later was taken by a clock that has been set back since.
MAX_LEASE_S = 3600


def is_free(table: FromClause, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row is not leased at `now`."""
    until = table.c.lease_until
    return or_(until.is_(None), until <= now, until > now + timedelta(seconds=MAX_LEASE_S))


def leased(token: int, now: datetime, lease_s: float) -> dict[str, Any]:
    """Return the columns of a row that is leased for `lease_s` seconds, one hour at most."""
    return {"lease_token": token, "lease_until": now + timedelta(seconds=min(lease_s, MAX_LEASE_S))}


FREE: dict[str, Any] = {"lease_token": 0, "lease_until": None}
