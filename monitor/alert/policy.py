"""What to say, to whom: the outbox rows that a studied article or an event of our own makes.

Keys decide what is told once: the store skips a row whose key it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.alert.evidence import pick_sentences
from monitor.alert.plain import one_line, several_lines, tidy, web_link
from monitor.model import (
    AlertGroup,
    AlertItem,
    Article,
    Match,
    Origin,
    OutboxDraft,
    OutboxKind,
    Placement,
    Settings,
    TopicSpec,
)
from monitor.ports import Studied
from monitor.text import sentences

_MAX_TITLE = 300
_MAX_CLAUSES = 20


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

    Silent articles and seeds give none. A copy alerts only what its story (or its original, with `group: article`) has
    not alerted, because it shares its keys.

    Args:
        studied: the article with its matches.
        placement: whether it is a copy.
        story_id: the story it was placed in.
        rules: the topics of the watchlist that matched it, by id.
        settings: who the recipients of a channel are.
        now: when the rows are due.
    """
    article = studied.article
    if article.is_silent or article.origin is Origin.SEED:
        return ()
    numbers = dict(studied.topics)
    bounds = sentences(article.text)
    cause = placement.duplicate_of or article.id
    drafts: list[OutboxDraft] = []
    for match in studied.matches:
        rule = rules[match.topic]
        item = _item(studied, match, rule, bounds, is_copy=placement.duplicate_of is not None)
        by_article = rule.alert.group is AlertGroup.ARTICLE
        kind = OutboxKind.UPDATE if by_article else OutboxKind.FIRST
        subject = f"{kind}:{numbers[match.topic]}:{story_id}" + (f":{cause}" if by_article else "")
        drafts += (
            OutboxDraft(
                key=f"{subject}:{recipient}",
                kind=kind,
                recipient=recipient,
                item=item,
                topic_no=numbers[match.topic],
                story_id=story_id,
                article_id=article.id,
                due_at=now,
            )
            for recipient in settings.recipients(rule.alert.to)
        )
    return tuple(drafts)


def notice(event: str, title: str, body: str, recipients: Sequence[str]) -> tuple[OutboxDraft, ...]:
    """Return a row for each recipient that tells the operator of `event`, once for each name of an event."""
    item = AlertItem(title=one_line(title, _MAX_TITLE), body=several_lines(body))
    return tuple(
        OutboxDraft(key=f"operator:{event}:{recipient}", kind=OutboxKind.OPERATOR, recipient=recipient, item=item)
        for recipient in recipients
    )


def _item(
    studied: Studied, match: Match, rule: TopicSpec, bounds: Sequence[tuple[int, int]], *, is_copy: bool
) -> AlertItem:
    article = studied.article
    return AlertItem(
        topic=rule.id,
        topic_name=one_line(rule.name or rule.id, 100),
        note=one_line(rule.note),
        owner=one_line(rule.owner, 100),
        article_id=article.id,
        title=one_line(article.title, _MAX_TITLE),
        url=web_link(article.url),
        source=one_line(article.source or article.site or article.feed_name, 100),
        published=_published(article),
        first_seen=article.first_seen.isoformat(timespec="seconds"),
        sentences=pick_sentences(article, match, bounds),
        clauses=_clauses(match),
        completeness=article.completeness,
        problem=one_line(str(article.failure), 200) if article.failure else "",
        phase=match.phase,
        watchlist_version=tidy(studied.watchlist_version),
        is_copy=is_copy,
    )


def _published(article: Article) -> str:
    if article.published_text:
        return one_line(article.published_text, 40)
    return article.published.isoformat(timespec="seconds") if article.published else ""


def _clauses(match: Match) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(span.clause, 200) for span in match.spans))[:_MAX_CLAUSES]
