"""What to say, to whom: the outbox rows that a studied article or an event of our own makes.

Keys decide what is told once: the store skips a row whose key it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alert.evidence import pick_sentences, sentences_at
from monitor.alert.items import safe_item
from monitor.alert.material import count_outlets, facts_of, reasons_for
from monitor.alert.recipients import recipients_of
from monitor.alert.said import Passages, Said, say
from monitor.alert.times import FOLDED, digest_hold, hold_of
from monitor.model import (
    AlertGroup,
    AlertItem,
    Hold,
    Match,
    Origin,
    OutboxDraft,
    OutboxKind,
    OutboxRow,
    Phase,
    Placement,
    Settings,
    TopicMode,
    TopicSpec,
    Urgency,
)
from monitor.ports import Studied
from monitor.text import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class InStory:
    """Where an article stands: its place, its story, and what was told of that story before.

    `told` are the story's alerts and updates on the article's topics, oldest first; `sources` those of its other
    articles, copies left out.
    """

    placement: Placement
    story_id: int
    told: Sequence[OutboxRow] = ()
    sources: Sequence[str] = ()


def draft_alerts(
    studied: Studied, place: InStory, *, rules: Mapping[str, TopicSpec], settings: Settings, now: datetime
) -> tuple[OutboxDraft, ...]:
    """Return a row for each topic matched and each of its recipients, due `now`: a first alert, or an update.

    Silent articles and seeds give none, nor do topics in the shadow. Who was told of the story is told again of what
    is material, by a key of what that is. What is not has the key of the first alert, which the store has already, and
    so is named in the next digest; a copy is treated alike (with `group: article` it has its original's key).

    Args:
        studied: the article with its matches.
        place: its story, and what was told of it.
        rules: the topics of the watchlist that matched it, by id.
        settings: who the recipients of a channel are.
        now: when the rows are due, if nothing holds them back.
    """
    article = studied.article
    if article.is_silent or article.origin is Origin.SEED or not studied.matches:
        return ()
    passages = Passages(article, sentences(article.text))
    live = (match for match in studied.matches if rules[match.topic].mode is not TopicMode.SHADOW)
    matched = (_Matched(studied, place, rules[match.topic], match, say(passages, match)) for match in live)
    return tuple(draft for each in matched for draft in each.drafts(settings, now))


@dataclass(frozen=True, slots=True)
class _Matched:
    """An article under one topic that it matched."""

    studied: Studied
    place: InStory
    rule: TopicSpec
    match: Match
    said: Said

    def drafts(self, settings: Settings, now: datetime) -> Iterator[OutboxDraft]:
        """Yield the row of each recipient."""
        draft = self._draft(settings, now)
        told = self._told(draft.topic_no)
        folded = digest_hold(self.rule.alert.digest or FOLDED, now, settings.timezone)
        known: list[tuple[tuple[AlertItem, ...], OutboxDraft]] = []
        for recipient, instead_of in recipients_of(settings, self.rule.alert.to, now).items():
            items = told.get(recipient, ())
            own = next((made for of, made in known if of == items), None)  # most were told the same
            if own is None:
                own = self._update(draft, items) if items else draft
                known.append((items, own))
            item = replace(own.item, instead_of=instead_of) if instead_of else own.item
            row = replace(own, key=f"{own.key}:{recipient}", recipient=recipient, item=item)
            yield _with_folded(row, folded, about=items[0].title if items else "")

    def _draft(self, settings: Settings, now: datetime) -> OutboxDraft:
        article, alert = self.studied.article, self.rule.alert
        topic_no = dict(self.studied.topics)[self.match.topic]
        kind = OutboxKind.UPDATE if alert.group is AlertGroup.ARTICLE else OutboxKind.FIRST
        cause = f":{self.place.placement.duplicate_of or article.id}" if kind is OutboxKind.UPDATE else ""
        return OutboxDraft(
            key=f"{kind}:{topic_no}:{self.place.story_id}{cause}",
            kind=kind,
            recipient="",
            item=self._item(),
            topic_no=topic_no,
            story_id=self.place.story_id,
            article_id=article.id,
            due_at=now,
            urgency=alert.urgency,
            hold=hold_of(alert, now, settings.timezone),
        )

    def _told(self, topic_no: int) -> dict[str, tuple[AlertItem, ...]]:
        """Return what was told of the story on this topic by recipient, of those who had its first alert."""
        if self.rule.alert.group is AlertGroup.ARTICLE:
            return {}
        rows = [row for row in self.place.told if row.topic_no == topic_no]
        first = {row.recipient for row in rows if row.kind is OutboxKind.FIRST}
        told = {name: tuple(row.item for row in rows if row.recipient == name) for name in first}
        return {name: items for name, items in told.items() if not self._is_to_be_confirmed(items)}

    def _is_to_be_confirmed(self, items: Sequence[AlertItem]) -> bool:
        """Return whether no more was told of this article than its teaser: what follows that is not decided here."""
        own = [item.phase for item in items if item.article_id == self.studied.article.id]
        return own == [Phase.TEASER]

    def _update(self, draft: OutboxDraft, items: Sequence[AlertItem]) -> OutboxDraft:
        """Return the row as an update of what was told, or as it is if nothing is new."""
        reasons = reasons_for(
            self.said,
            items,
            self.rule.alert,
            outlets=self._outlets,
            original_id=self.place.placement.duplicate_of,
        )
        if not reasons:
            return draft
        passages, places = self.said.passages, [reason.place for reason in reasons if reason.place is not None]
        shown = sentences_at(passages.article, self.match, passages.bounds, places)
        # What is new may stand beside what matched: one of these is always shown.
        matched = () if any(sentence.marks for sentence in shown) else draft.item.sentences[:1]
        item = replace(
            draft.item,
            sentences=(*shown, *matched),
            reasons=tuple(reason.words for reason in reasons),
        )
        key = f"{OutboxKind.UPDATE}:{draft.topic_no}:{draft.story_id}:{reasons[0].cause}"
        return replace(draft, key=key, kind=OutboxKind.UPDATE, item=safe_item(item))

    @property
    def _outlets(self) -> int:
        own = () if self.place.placement.duplicate_of is not None else (self.studied.article.source,)
        return count_outlets((*self.place.sources, *own))

    def _item(self) -> AlertItem:
        studied, rule, match = self.studied, self.rule, self.match
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
                sentences=pick_sentences(article, match, self.said.passages.bounds),
                clauses=tuple(span.clause for span in match.spans),
                completeness=article.completeness,
                problem=str(article.failure) if article.failure else "",
                phase=match.phase,
                watchlist_version=studied.watchlist_version,
                is_copy=self.place.placement.duplicate_of is not None,
                deadline=rule.deadline.isoformat() if rule.deadline else "",
                facts=facts_of(self.said, rule.alert, outlets=self._outlets),
                vocabulary=self.said.passages.vocabulary,
            )
        )


def _with_folded(draft: OutboxDraft, hold: Hold, about: str) -> OutboxDraft:
    """Return the row with what names its article in the next digest, if what it tells is told by another."""
    folded = replace(
        draft,
        key=f"also:{draft.topic_no}:{draft.story_id}:{draft.article_id}:{draft.recipient}",
        kind=OutboxKind.ALSO,
        item=replace(
            draft.item, sentences=(), clauses=(), reasons=(), facts=(), vocabulary="", is_folded=True, about=about
        ),
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
