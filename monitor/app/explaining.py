"""Says what became of an article: one fate for each topic it touched.

A topic is touched if it was found when the article was studied, is found now, or nearly is: its rarest words are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from monitor.app.archive import span_object
from monitor.app.compose import now
from monitor.app.fates import Fate, sending
from monitor.app.settling import Refusals
from monitor.app.unreceived import is_address
from monitor.clean import document
from monitor.dedupe import canonical_url, url_key
from monitor.errors import NotFound
from monitor.match import Explanation, Kind, Topic, Watchlist
from monitor.model import (
    AlertGroup,
    Article,
    CopyKind,
    Document,
    Origin,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Phase,
    Stage,
    StoredMatch,
    TopicMode,
    Updates,
)
from monitor.ports import Store


@dataclass(frozen=True, slots=True)
class Live:
    """The topics that are live, and those that are refused."""

    watchlist: Watchlist
    refusals: Refusals | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The refused topics that have no good version."""
        return self.refusals.left_out if self.refusals else ()

    def refusal_of(self, topic: str) -> str:
        """Return why a topic is refused."""
        reason = self.refusals.reason(topic) if self.refusals else None
        return f"it is left out until it is mended: {reason.message}" if reason else "it is left out"

    def version_of(self, topic: str) -> str:
        """Return that a topic is not the one that is written, if so, as the end of a sentence."""
        is_kept = self.refusals is not None and topic in self.refusals.kept
        return "; by the topic's last good version, as it is now it is refused" if is_kept else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article and a topic: what became of it, why, and the clauses of the query."""

    topic: str
    fate: Fate
    why: str
    explanation: Explanation


def find_stored(store: Store, name: str) -> Article | None:
    """Return the article by its id, given id, or address, whichever of the page's addresses that is."""
    found = store.find_article(name)
    if found is None and is_address(name):
        forms = (canonical_url(name), url_key(name))
        found = next((article for form in forms if form and (article := store.find_article(form))), None)
    return found


def explain_stored(store: Store, live: Live, article: Article, topics: Sequence[str] = ()) -> list[Told]:
    """Return what became of a stored article under these topics, or under all that it touched.

    Raises:
        NotFound: there is no such topic, and never was one for this article.
    """
    found = {match.topic: match for match in store.matches(article_id=article.id)}
    same = [one for one in (article.id, article.duplicate_of) if one is not None]
    rows = store.outbox(story_id=article.story_id, article_ids=same, limit=None)
    past = _Past(store, article, found, [row for row in rows if row.kind is not OutboxKind.ALSO], live)
    return [past.told(name) for name in topics or past.touched()]


def explain_document(live: Live, seen: Document, topics: Sequence[str], *, is_seed: bool) -> list[Told]:
    """Return which of these topics, or of all that it touches, match what is no article of the store.

    Raises:
        NotFound: there is no such topic.
    """
    told = []
    for name in topics or [topic.id for topic in live.watchlist.candidates(seen)]:
        if name in live.left_out:
            told.append(_not_asked(name, Fate.REFUSED, live.refusal_of(name)))
            continue
        found, topic = live.watchlist.explain(name, seen), live.watchlist.topic(name)
        fate, why = _unstored(found, is_seed=is_seed)
        if found.holds and topic.spec.is_expired(now().date()):
            fate, why = Fate.EXPIRED, f"the topic expired on {topic.spec.expires}, and matches no more"
        told.append(Told(topic=name, fate=fate, why=why + live.version_of(name), explanation=found))
    return told


def told_object(name: str, told: Told, article: Article | None) -> dict[str, Any]:
    """Return what became of an article as the command prints it in JSON."""
    return {
        "article": name,
        "topic": told.topic,
        "fate": str(told.fate),
        "why": told.why,
        "completeness": str(article.completeness) if article else None,
        "problem": str(article.failure) if article and article.failure else None,
        **_explanation_object(told.explanation),
    }


@dataclass(frozen=True, slots=True)
class _Past:
    """What the store knows of an article: the topics found in it, and the outbox rows of its story."""

    store: Store
    article: Article
    found: dict[str, StoredMatch]
    rows: Sequence[OutboxRow]
    live: Live

    def touched(self) -> list[str]:
        """Return the topics that match it now or nearly do, that were found in it, and that alerted it."""
        topics = self.live.watchlist.topics
        renamed = {topic.spec.was: topic.id for topic in topics if topic.spec.was}
        known = {topic.id for topic in topics}
        numbers = {match.topic_no for match in self.found.values()}
        alerted = [row.item.topic for row in self._own_rows() if row.topic_no not in numbers and row.item.topic]
        before = [name if name in known else renamed.get(name, name) for name in (*self.found, *alerted)]
        now_ = [topic.id for topic in self.live.watchlist.candidates(document(self.article))]
        return list(dict.fromkeys([*now_, *before]))

    def told(self, name: str) -> Told:
        known = {topic.id: topic for topic in self.live.watchlist.topics}
        topic = known.get(name)
        if topic is None:
            return self._told_of_absent(name)
        explanation = self.live.watchlist.explain(name, document(self.article))
        fate, why = self._before(topic) or self._after(topic, explanation)
        return Told(topic=name, fate=fate, why=why + self.live.version_of(name), explanation=explanation)

    def _told_of_absent(self, name: str) -> Told:
        """Return what became of it under a topic that is not live."""
        match = self.found.get(name)
        own = [row for row in self._own_rows() if row.item.topic == name or (match and row.topic_no == match.topic_no)]
        if name in self.live.left_out:
            fate, why = Fate.REFUSED, self.live.refusal_of(name)
        elif match is None and not own:
            raise self._no_topic(name)
        else:
            fate, why = Fate.GONE, "the topic is no longer in the watchlist"
        before = f"; before: {sending(own)[1]}" if own else "; it matched before, and was not alerted" if match else ""
        return _not_asked(name, fate, why + before)

    def _no_topic(self, name: str) -> NotFound:
        try:
            self.live.watchlist.topic(name)
        except NotFound as error:  # it says which one may be meant
            return error
        raise AssertionError(name)

    def _own_rows(self) -> list[OutboxRow]:
        return [row for row in self.rows if row.article_id == self.article.id]

    def _before(self, topic: Topic) -> tuple[Fate, str] | None:
        """Return the fate of an article that is not studied yet, or never will be."""
        article = self.article
        if article.stage is Stage.FAILED:
            return Fate.SET_ASIDE, f"reading it failed: {article.failure}"
        if article.stage is Stage.NEW and topic.id not in self.found:
            return Fate.WAITING, "it is not studied yet"
        if article.stage is Stage.TEASED and topic.id not in self.found:
            return Fate.WAITING, "its title and teaser raised no alert, and its page is not read yet"
        return None

    def _after(self, topic: Topic, explanation: Explanation) -> tuple[Fate, str]:
        match = self.found.get(topic.id)
        own = [row for row in self._own_rows() if _is_of(row, topic, match)]
        if match is None and not own:
            if explanation.holds and topic.spec.is_expired(now().date()):
                return Fate.EXPIRED, f"the topic expired on {topic.spec.expires}, and matches no more"
            if explanation.holds and self.article.origin is not Origin.SEED:
                return Fate.CHANGED, "the topic, as it is now, was not there when the article was studied"
            return _unstored(explanation, is_seed=self.article.origin is Origin.SEED)
        if own:
            fate, why = sending(own)
            times = self.article.revision
            edits = f"; edited {times}× since it came" if times else ""
            gone = "; as it is now it no longer matches" if match is None else ""
            so_far = "; by title and teaser so far" if match is not None and match.phase is Phase.TEASER else ""
            return fate, f"{why}{edits}{gone}{so_far}"
        assert match is not None
        return self._held_back(topic, match)

    def _held_back(self, topic: Topic, match: StoredMatch) -> tuple[Fate, str]:
        article = self.article
        if article.origin is Origin.SEED:
            return Fate.SEED, "seeds are reported, never alerted"
        if article.is_silent:
            return Fate.SILENT, f"silent: {_why_silent(article)}"
        if topic.spec.mode is TopicMode.SHADOW:
            return Fate.SHADOW, "the topic is in the shadow: its matches are stored and never sent"
        told = [row for row in self.rows if row.state is not OutboxState.MUTED]
        others = [row for row in told if row.topic_no == match.topic_no and self._tells_of_it(row)]
        if others:
            fate, why = self._told_by_another(others)
            return fate, f"{why}{_nothing_new(topic)}"
        if not topic.spec.alert.to:
            return Fate.UNTOLD, "the topic's alerts go to nobody (alert: to)"
        return Fate.UNTOLD, f"nobody was to be told by the watchlist of then ({match.watchlist_version})"

    def _tells_of_it(self, row: OutboxRow) -> bool:
        original = self.article.duplicate_of or self.article.id
        return row.kind is not OutboxKind.UPDATE or bool(row.item.reasons) or f":{original}:" in row.key

    def _told_by_another(self, rows: Sequence[OutboxRow]) -> tuple[Fate, str]:
        _, how = sending(rows)
        teller = self.store.article(rows[-1].article_id)
        by = f" by {teller.ref} ({teller.source})" if teller else ""
        if self.article.duplicate_of is not None:
            original = self.store.article(self.article.duplicate_of)
            ref = original.ref if original else str(self.article.duplicate_of)
            return Fate.COPY, f"a copy of {ref}, whose story was told of{by}: {how}"
        return Fate.SAME_STORY, f"its story was told of{by}: {how}"


def _why_silent(article: Article) -> str:
    if article.copy_kind is CopyKind.RETURN:
        return "it was here before, and had been deleted by retention"
    return "came with its feed's first import" if article.origin is Origin.FEED else "ingested without --alert"


def _not_asked(name: str, fate: Fate, why: str) -> Told:
    """Return what became of an article under a topic that has no query now."""
    return Told(topic=name, fate=fate, why=why, explanation=Explanation(clause=name, holds=False, note=str(fate)))


def _is_of(row: OutboxRow, topic: Topic, match: StoredMatch | None) -> bool:
    return row.topic_no == match.topic_no if match else row.item.topic in {topic.id, topic.spec.was} - {""}


def _nothing_new(topic: Topic) -> str:
    """Return why an article of a story that was told is no update, as the end of a sentence."""
    if topic.spec.alert.group is AlertGroup.ARTICLE:
        return ""
    if topic.spec.alert.updates is Updates.NONE:
        return "; folded into the next digest, as the topic has `updates: none`"
    return "; folded into the next digest: nothing new in it against what was told"


def _unstored(found: Explanation, *, is_seed: bool) -> tuple[Fate, str]:
    if found.holds:
        return (Fate.SEED, "seeds are reported, never alerted") if is_seed else (Fate.MATCHED, "not in the store")
    failed = [part for part in found.children if not part.holds]
    if all(part.kind is not Kind.QUERY for part in failed):
        fate = Fate.EXCLUDED if any(part.kind is Kind.WHERE for part in failed) else Fate.VETOED
        return fate, "; ".join(f"{part.clause} ({part.note})" for part in failed)
    return Fate.MISSED, found.note.removeprefix("does not match: ")


def _explanation_object(found: Explanation) -> dict[str, Any]:
    return {
        "clause": found.clause,
        "holds": found.holds,
        "note": found.note or None,
        "spans": [span_object(span) for span in found.hits],
        "clauses": [_explanation_object(child) for child in found.children],
    }
