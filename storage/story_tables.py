"""The tables of what copies and stories are found by.

`storage.tables` names them with all the others.
"""

from __future__ import annotations

from sqlmodel import Field

from storage.columns import Id, Words
from storage.schema import Base, Key, MaybeBlob, MaybeTime, Ref, Text, Time, partial_index, table_of


class StoryRow(Base, table=True):
    """A story: the articles that name it make it up.

    `first_at` and `last_at` span their known times. `terms` is what it is about while articles may still join it, and
    `turn` the count of its language's articles when the last one did.
    """

    __tablename__ = "story"
    __table_args__ = (partial_index("ix_story_open", "language", "turn", where="terms IS NOT NULL"),)
    id: Key
    added_at: Time
    language: str = Field(sa_type=Words, nullable=False, sa_column_kwargs={"server_default": ""})
    first_at: MaybeTime
    last_at: MaybeTime
    turn: int = Field(sa_type=Id, nullable=False, sa_column_kwargs={"server_default": "0"})
    terms: MaybeBlob


class StoryTermRow(Base, table=True):
    """A term that an open story is about."""

    __tablename__ = "story_term"
    __table_args__ = ({"sqlite_with_rowid": False},)
    term: Key
    story_id: Key


class TermRow(Base, table=True):
    """In how many articles a term was found; one for each language counts its articles."""

    __tablename__ = "term_df"
    term: Key
    df: Ref


class EarlierBodyRow(Base, table=True):
    """The text of an article before a revision; `until` is when that came."""

    __tablename__ = "earlier_body"
    article_id: int = Field(
        sa_type=Id,
        primary_key=True,
        foreign_key="article.id",
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    revision: Key
    until: Time
    title: Text
    text_z: MaybeBlob


class FingerprintRow(Base, table=True):
    """A shingle in the sketch of an article's text."""

    __tablename__ = "fingerprint"
    __table_args__ = ({"sqlite_with_rowid": False},)
    hash: Key
    article_id: Key


stories = table_of(StoryRow)
earlier_bodies = table_of(EarlierBodyRow)
fingerprints = table_of(FingerprintRow)
story_terms = table_of(StoryTermRow)
term_df = table_of(TermRow)
