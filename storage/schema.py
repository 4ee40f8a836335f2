"""What tables are made of: the types of columns, the names of constraints, and the root of all row classes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import Index, LargeBinary, MetaData, SmallInteger, Table, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from storage.columns import Id, Json, Utc, Words

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Key = Annotated[int, Field(sa_type=Id, primary_key=True, sa_column_kwargs={"autoincrement": False})]
Ref = Annotated[int, Field(sa_type=Id)]
MaybeRef = Annotated[int | None, Field(sa_type=Id)]
Small = Annotated[int, Field(sa_type=SmallInteger)]
Text = Annotated[str, Field(sa_type=Words)]
Time = Annotated[datetime, Field(sa_type=Utc)]
MaybeTime = Annotated[datetime | None, Field(sa_type=Utc)]
Value = Annotated[Any, Field(sa_type=Json, nullable=False)]
Blob = Annotated[bytes, Field(sa_type=LargeBinary)]
MaybeBlob = Annotated[bytes | None, Field(sa_type=LargeBinary)]


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index on the rows for which a condition holds."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """The root of all tables, with a catalogue of their own."""


def table_of(row: type[SQLModel]) -> Table:
    """Return the plain table of a row class."""
    return Base.metadata.tables[str(row.__tablename__)]
