"""What follows an alert on a teaser, once the full text of its article is read: once for each topic and recipient."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alert.items import safe_item
from monitor.alert.times import hold_of
from monitor.model import (
    AlertItem,
    Article,
    Completeness,
    OutboxDraft,
    OutboxKind,
    OutboxRow,
    Phase,
    Sentence,
    Settings,
    TopicMode,
    TopicSpec,
    Urgency,
)

_CONFIRMED = "confirmed by the full text"
_NO_MORE = "confirmed by the full text, which says no more on this"


def follow_teaser(  # noqa: PLR0913 - what was told, what is known now, and what the user wants
    drafts: Sequence[OutboxDraft],
    told: Sequence[OutboxRow],
    article: Article,
    *,
    why_not: Callable[[str], str],
    rules: Mapping[str, TopicSpec],
    settings: Settings,
    now: datetime,
) -> tuple[OutboxDraft, ...]:
    """Return the rows of an article with those that follow its alerts on its teaser in place of such alerts.

    What the teaser did not say goes as urgently as the topic, as does that the full text does not match. That it says
    no more is a normal message. Where no more than the teaser could be had, nothing follows.

    Args:
        drafts: the rows that the article makes by itself.
        told: its rows that are there already.
        article: as it was read now.
        why_not: says why a topic does not match its text.
        rules: the topics of the watchlist, by id.
        settings: for the time zone.
        now: when the rows are due, if nothing holds them back.
    """
    followed = {(row.topic_no, row.recipient) for row in told if row.item.phase is Phase.FULL}
    slots = {(row.topic_no, row.recipient): row for row in told if row.item.phase is Phase.TEASER}
    waiting = {slot: row for slot, row in slots.items() if slot not in followed}
    found: list[OutboxDraft] = []
    for draft in drafts:
        row = waiting.pop((draft.topic_no, draft.recipient), None)
        if row is None:
            found.append(draft)
        elif (item := _confirmed(row.item, draft.item)) is not None:
            found.append(_following(row, item, rules[item.topic], settings, now))
    matched = {draft.topic_no for draft in drafts}
    for row in waiting.values():
        rule = rules.get(row.item.topic)
        is_gone = rule is None or rule.mode is TopicMode.SHADOW or row.topic_no in matched
        if rule is not None and not is_gone and article.completeness is Completeness.FULL:
            reason = f"the full text {why_not(rule.id)}"
            item = replace(row.item, phase=Phase.FULL, completeness=Completeness.FULL, clauses=(), reasons=(reason,))
            found.append(_following(row, safe_item(item), rule, settings, now))
    return tuple(found)


def _confirmed(before: AlertItem, item: AlertItem) -> AlertItem | None:
    """Return what the full text says with what is new in front; None: it could not be had, or it was known."""
    known = [_words(sentence) for sentence in before.sentences]
    new = [sentence for sentence in item.sentences if not any(_words(sentence) in words for words in known)]
    if new or item.reasons:
        old = [sentence for sentence in item.sentences if sentence not in new]
        return replace(item, sentences=(*new, *old), reasons=(_CONFIRMED, *item.reasons))
    if item.completeness is not Completeness.FULL or before.completeness is Completeness.FULL:
        return None
    return replace(item, reasons=(_NO_MORE,))


def _words(sentence: Sentence) -> str:
    return " ".join(["", *re.findall(r"\w+", sentence.text.casefold()), ""])


def _following(row: OutboxRow, item: AlertItem, rule: TopicSpec, settings: Settings, now: datetime) -> OutboxDraft:
    is_urgent = item.reasons != (_NO_MORE,)
    alert = rule.alert if is_urgent else replace(rule.alert, urgency=Urgency.NORMAL)
    return OutboxDraft(
        key=f"update:{row.topic_no}:{row.story_id}:full-{row.article_id}:{row.recipient}",
        kind=OutboxKind.UPDATE,
        recipient=row.recipient,
        item=item,
        topic_no=row.topic_no,
        story_id=row.story_id,
        article_id=row.article_id,
        due_at=now,
        urgency=alert.urgency,
        hold=hold_of(alert, now, settings.timezone),
    )
