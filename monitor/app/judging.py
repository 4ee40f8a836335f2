"""What people say of alerts: which rows are meant, and what was said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.errors import MonitorError, NotFound, UsageError
from monitor.model import Judgement, OutboxKind, OutboxRow
from monitor.ports import Store, Wanted

_HINT = "run `monitor alerts list`; a message's footer names it as alert-ID"


def find_alerts(store: Store, ref: str, topic: str = "") -> list[OutboxRow]:
    """Return the rows that are meant by an alert's number, or by that of a message (`alert-ID`).

    Raises:
        NotFound: there is no such alert, or it is of no such topic.
        MonitorError: it is a notice.
        UsageError: the message tells of several topics or stories, and none is chosen.
    """
    rows = _rows(store, ref)
    if not rows:
        raise NotFound(f"no alert {ref}", hint=_HINT)
    alerts = sorted((row for row in rows if row.kind is not OutboxKind.OPERATOR), key=lambda row: row.id)
    if not alerts:
        raise MonitorError(f"{ref} is a notice of the monitor itself, not an alert", hint=_HINT)
    names = tuple(dict.fromkeys(row.item.topic for row in alerts))
    if topic:
        alerts = [row for row in alerts if topic in {row.item.topic, row.item.topic_name}]
        if not alerts:
            raise NotFound(f"{ref} is not of a topic {topic!r}", hint=f"it is of: {', '.join(names)}")
    elif len(names) > 1:
        raise UsageError(f"{ref} is of {len(names)} topics: {', '.join(names)}", hint=f"say which: --topic {names[0]}")
    elif len({row.story_id for row in alerts}) > 1:
        hint = f"name its alerts (monitor alerts list --message {ref}), or all of a topic: --topic {names[0]}"
        raise UsageError(f"{ref} tells of several stories", hint=hint)
    return alerts


def judge(store: Store, rows: Iterable[OutboxRow], now: datetime, *, is_relevant: bool, because: str) -> int:
    """Remember what a person says of the alerts on these articles, whoever had them; returns how many they are."""
    made = {
        (row.article_id, row.topic_no): Judgement(
            article_id=row.article_id, topic_no=row.topic_no, is_relevant=is_relevant, because=because, at=now
        )
        for row in rows
    }
    store.judge(list(made.values()))
    return len(made)


def judgements_of(store: Store, rows: Sequence[OutboxRow]) -> dict[int, Judgement]:
    """Return what was said of these rows, by the numbers of those of which something was."""
    ids = sorted({row.article_id for row in rows if row.article_id})
    found = {(one.article_id, one.topic_no): one for one in (store.judgements(article_ids=ids) if ids else ())}
    return {row.id: one for row in rows if (one := found.get((row.article_id, row.topic_no)))}


def _rows(store: Store, ref: str) -> list[OutboxRow]:
    found = re.fullmatch(r"(alert-)?(\d{1,18})", ref, re.ASCII)
    if found is None:
        raise UsageError(f"{ref!r} is no alert's number", hint=_HINT)
    if found[1] and (rows := store.find_outbox(Wanted(message_id=ref))):
        return rows
    row = store.outbox_row(int(found[2]))
    return [row] if row else []
