"""The tables of what people say of alerts. `storage.tables` names them with all the others."""

from __future__ import annotations

from storage.schema import Base, Key, MaybeTime, Text, Time, partial_index, table_of


class JudgementRow(Base, table=True):
    """What was said of the alert on an article by a topic."""

    __tablename__ = "judgement"
    article_id: Key
    topic_no: Key
    is_relevant: bool
    because: Text
    judged_at: Time


class MuteRow(Base, table=True):
    """Of what nothing is sent, and until when; `told_at` is set when it was told that it is over."""

    __tablename__ = "mute"
    __table_args__ = (partial_index("ix_mute_until", "until", where="told_at IS NULL"),)
    id: Key
    kind: Text
    target: Text
    name: Text
    since: Time
    until: Time
    because: Text
    told_at: MaybeTime


judgements = table_of(JudgementRow)
mutes = table_of(MuteRow)
