"""Makes one message of the outbox rows of one story, or of the operator's notices, for one recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from monitor.alert.as_html import html_of, html_of_digest, html_of_notices
from monitor.alert.as_slack import blocks_of, blocks_of_digest, blocks_of_notices
from monitor.alert.as_text import text_of, text_of_digest
from monitor.alert.digest import Digest, digest_of
from monitor.alert.items import safe_item
from monitor.alert.material import brief
from monitor.alert.plain import header
from monitor.alert.view import show_time, topic_names, view_articles
from monitor.model import Message, OutboxKind, OutboxRow

MAX_SUBJECT = 200
_MAX_SUBJECT_TOPICS = 90
_MAX_SUBJECT_REASONS = 70


def compose(
    rows: Sequence[OutboxRow],
    *,
    now: datetime,
    timezone: tzinfo,
    uncovered: Sequence[str] = (),
    earlier: Sequence[OutboxRow] = (),
) -> Message:
    """Join rows into one message that names all their topics; times are shown in `timezone`.

    `Message.id` is `alert-` and the lowest row id, so it is the same at every try. `now` only says how late it is.

    Args:
        rows: at least one; all of one recipient, and of one story or bundle, or all notices.
        now: when the message is written.
        timezone: the reader's.
        uncovered: what a digest says of what may be missing.
        earlier: the rows of the first message that its recipient had on this story.
    """
    ordered = sorted((replace(row, item=safe_item(row.item)) for row in rows), key=lambda row: row.id)
    if ordered[0].kind is OutboxKind.OPERATOR:
        return _operator_message(ordered, timezone)
    if ordered[0].bundle:
        return _digest_message(ordered, digest_of(ordered, now, timezone, uncovered))
    message = _alert_message(ordered, now, timezone, _earlier_line(earlier, timezone))
    is_thread = earlier and not earlier[0].bundle
    if not is_thread:
        return message
    return replace(message, in_reply_to=earlier[0].message_id, thread=earlier[0].thread)


def _earlier_line(rows: Sequence[OutboxRow], timezone: tzinfo) -> str:
    if not rows or rows[0].sent_at is None:
        return ""
    safe = sorted((replace(row, item=safe_item(row.item)) for row in rows), key=lambda row: row.id)
    return f"Earlier on this story: {show_time(rows[0].sent_at.isoformat(), timezone)}, “{_subject(safe)}”"


def _subject(rows: Sequence[OutboxRow]) -> str:
    """Return the topics and the title; before them what is new, if all of it updates what was told."""
    items = [row.item for row in rows]
    titles = dict.fromkeys(item.title or item.url or "(no title)" for item in items)
    articles = len({item.article_id for item in items})
    more = f" (+{articles - 1} more)" if articles > 1 else ""
    reasons = dict.fromkeys(brief(reason) for item in items for reason in item.reasons)
    news = header("; ".join(reasons), _MAX_SUBJECT_REASONS)
    lead = f"Update ({news}): " if all(item.reasons for item in items) else ""
    return header(f"{lead}{_short_list(topic_names(items))}: {next(iter(titles))}", MAX_SUBJECT - len(more)) + more


def _alert_message(rows: Sequence[OutboxRow], now: datetime, timezone: tzinfo, earlier: str) -> Message:
    first = rows[0]
    items = [row.item for row in rows]
    views = view_articles(rows, now, timezone)
    versions = ", ".join(dict.fromkeys(item.watchlist_version[:12] for item in items if item.watchlist_version))
    footer = f"Alert alert-{first.id}" + (f" · watchlist {versions}" if versions else "")
    footer += f" · of no use? monitor alerts irrelevant alert-{first.id}"
    return Message(
        id=f"alert-{first.id}",
        recipient=first.recipient,
        subject=_subject(rows),
        text=text_of(views, footer, earlier),
        html=html_of(views, footer, earlier),
        blocks=blocks_of(views, footer, earlier),
        row_ids=tuple(row.id for row in rows),
        story_id=first.story_id,
        topics=tuple(dict.fromkeys(item.topic for item in items)),
    )


def _digest_message(rows: Sequence[OutboxRow], digest: Digest) -> Message:
    first = rows[0]
    footer = f"Alert alert-{first.id} · each can be seen by: monitor alerts list --message alert-{first.id}"
    names = _short_list(topic_names([row.item for row in rows]))
    return Message(
        id=f"alert-{first.id}",
        recipient=first.recipient,
        subject=header(f"{digest.title}: {names}", MAX_SUBJECT),
        text=text_of_digest(digest, footer),
        html=html_of_digest(digest, footer),
        blocks=blocks_of_digest(digest, footer),
        row_ids=tuple(row.id for row in rows),
        topics=tuple(dict.fromkeys(row.item.topic for row in rows)),
    )


def _operator_message(rows: Sequence[OutboxRow], timezone: tzinfo) -> Message:
    first = rows[0]
    notices = [(f"{row.item.title} ({show_time(row.created_at.isoformat(), timezone)})", row.item.body) for row in rows]
    titles = "; ".join(row.item.title for row in rows)
    count = f"{len(rows)} notices: " if len(rows) > 1 else ""
    footer = f"Alert alert-{first.id} · a notice of the monitor itself"
    return Message(
        id=f"alert-{first.id}",
        recipient=first.recipient,
        subject=header(f"Monitor: {count}{titles}", MAX_SUBJECT),
        text="\n\n".join([*(f"{title}\n{body}".strip() for title, body in notices), f"-- \n{footer}"]) + "\n",
        html=html_of_notices(notices, footer),
        blocks=blocks_of_notices(notices, footer),
        row_ids=tuple(row.id for row in rows),
        is_operator=True,
    )


def _short_list(names: Sequence[str]) -> str:
    """Return as many names as fit in a subject, and how many more there are."""
    shown = [header(names[0], _MAX_SUBJECT_TOPICS)]
    for name in names[1:]:
        if len(", ".join([*shown, name])) > _MAX_SUBJECT_TOPICS:
            return f"{', '.join(shown)} +{len(names) - len(shown)}"
        shown.append(name)
    return ", ".join(shown)
