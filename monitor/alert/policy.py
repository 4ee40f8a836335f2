"""What to say, to whom: the outbox rows that a studied article or an event of our own makes.

Keys decide what is told once: the store skips a row whose key it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alert.evidence import pick_sentences
from monitor.alert.items import safe_item
from monitor.alert.recipients import recipients_of
from monitor.alert.times import FOLDED, digest_hold, hold_of
from monitor.model import (
    AlertGroup,
    AlertItem,
    Hold,
    Match,
    Origin,
    OutboxDraft,
    OutboxKind,
    Placement,
    Settings,
    TopicMode,
    TopicSpec,
    Urgency,
)
from monitor.ports import Studied
from monitor.text import sentences


def first_alerts(  # noqa: PLR0913 - what is known of an article, where it stands, and what the user wants
    studied: Studied,
    placement: Placement,
    story_id: int,
    *,
    rules: Mapping[str, TopicSpec],
    settings: Settings,
    now: datetime,
) -> tuple[OutboxDraft, ...]:
    """Return a row for each topic matched and each of its recipients, due `now`.

    Silent articles and seeds give none, nor do topics in the shadow. A copy alerts only what its story (or its
    original, with `group: article`) has not alerted, because it shares its keys.

    Args:
        studied: the article with its matches.
        placement: whether it is a copy.
        story_id: the story it was placed in.
        rules: the topics of the watchlist that matched it, by id.
        settings: who the recipients of a channel are.
        now: when the rows are due, if nothing holds them back.
    """
    article = studied.article
    if article.is_silent or article.origin is Origin.SEED or not studied.matches:
        return ()
    numbers = dict(studied.topics)
    bounds = sentences(article.text)
    cause = placement.duplicate_of or article.id
    drafts: list[OutboxDraft] = []
    for match in studied.matches:
        rule = rules[match.topic]
        if rule.mode is TopicMode.SHADOW:
            continue
        kind = OutboxKind.UPDATE if rule.alert.group is AlertGroup.ARTICLE else OutboxKind.FIRST
        subject = f"{kind}:{numbers[match.topic]}:{story_id}" + (f":{cause}" if kind is OutboxKind.UPDATE else "")
        draft = OutboxDraft(
            key=subject,
            kind=kind,
            recipient="",
            item=_item(studied, match, rule, bounds, is_copy=placement.duplicate_of is not None),
            topic_no=numbers[match.topic],
            story_id=story_id,
            article_id=article.id,
            due_at=now,
            urgency=rule.alert.urgency,
            hold=hold_of(rule.alert, now, settings.timezone),
        )
        drafts += _for_each_recipient(draft, rule, settings, now)
    return tuple(drafts)


def _for_each_recipient(
    draft: OutboxDraft, rule: TopicSpec, settings: Settings, now: datetime
) -> Iterator[OutboxDraft]:
    folded = digest_hold(rule.alert.digest or FOLDED, now, settings.timezone)
    for recipient, instead_of in recipients_of(settings, rule.alert.to, now).items():
        item = replace(draft.item, instead_of=instead_of) if instead_of else draft.item
        own = replace(draft, key=f"{draft.key}:{recipient}", recipient=recipient, item=item)
        yield _with_folded(own, folded)


def _with_folded(draft: OutboxDraft, hold: Hold) -> OutboxDraft:
    """Return the row with what names its article in the next digest, if its story is told of by another."""
    subject = draft.key.removeprefix(f"{draft.kind}:").removesuffix(f":{draft.recipient}")
    folded = replace(
        draft,
        key=f"also:{subject}:{draft.article_id}:{draft.recipient}",
        kind=OutboxKind.ALSO,
        item=replace(draft.item, sentences=(), clauses=(), is_folded=True),
        urgency=Urgency.NORMAL,
        hold=hold,
    )
    return replace(draft, folded=folded)


def notice(event: str, title: str, body: str, recipients: Sequence[str]) -> tuple[OutboxDraft, ...]:
    """Return a row for each recipient that tells the operator of `event`, once for each name of an event."""
    item = safe_item(AlertItem(title=title, body=body))
    return tuple(
        OutboxDraft(key=f"operator:{event}:{recipient}", kind=OutboxKind.OPERATOR, recipient=recipient, item=item)
        for recipient in recipients
    )


def _item(
    studied: Studied, match: Match, rule: TopicSpec, bounds: Sequence[tuple[int, int]], *, is_copy: bool
) -> AlertItem:
    article = studied.article
    published = article.published.isoformat(timespec="seconds") if article.published else ""
    return safe_item(
        AlertItem(
            topic=rule.id,
            topic_name=rule.name,
            note=rule.note,
            owner=rule.owner,
            article_id=article.id,
            title=article.title,
            url=article.url,
            source=article.source or article.site or article.feed_name,
            published=article.published_text or published,
            first_seen=article.first_seen.isoformat(timespec="seconds"),
            sentences=pick_sentences(article, match, bounds),
            clauses=tuple(span.clause for span in match.spans),
            completeness=article.completeness,
            problem=str(article.failure) if article.failure else "",
            phase=match.phase,
            watchlist_version=studied.watchlist_version,
            is_copy=is_copy,
            deadline=rule.deadline.isoformat() if rule.deadline else "",
        )
    )
