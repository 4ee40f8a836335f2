"""Which outbox rows an article makes, and what they carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from monitor.alert import InStory, draft_alerts, notice
from monitor.model import (
    AlertGroup,
    Article,
    Completeness,
    Failure,
    Match,
    Origin,
    OutboxDraft,
    OutboxKind,
    Phase,
    Placement,
    Problem,
    TopicMode,
    TopicSpec,
    Zone,
)
from tests.unit.alert.samples import NOW, SETTINGS, TEXT, TITLE, article, rule, span, studied

CONTROLS = Match(
    topic="rare-earth-controls",
    spans=(
        span(TITLE, "rare-earth", "rare earth", Zone.TITLE),
        span(TEXT, "controls", "control"),
        span(TEXT, "rare earths", "rare earth"),
    ),
)
TARIFF = Match(
    topic="november-1-tariff", spans=(span(TEXT, "tariff", "tariff"), span(TEXT, "November 1", "date(11-01)"))
)


def alerts(
    *matches: Match, of: Article | None = None, placement: Placement | None = None, rules: tuple[TopicSpec, ...] = ()
) -> tuple[OutboxDraft, ...]:
    known = {match.topic: rule(match.topic) for match in matches} | {topic.id: topic for topic in rules}
    where = placement or Placement()
    return draft_alerts(
        studied(*matches, of=of), InStory(placement=where, story_id=5), rules=known, settings=SETTINGS, now=NOW
    )


def test_each_topic_and_recipient_has_a_row_with_its_own_key() -> None:
    drafts = alerts(CONTROLS, TARIFF, rules=(rule("november-1-tariff", to=("me", "desk", "me")),))
    assert [draft.key for draft in drafts] == [
        "first:11:5:desk",
        "first:12:5:me/a@example.org",
        "first:12:5:me/b@example.org",
        "first:12:5:desk",
    ]
    assert {(draft.kind, draft.story_id, draft.article_id, draft.due_at) for draft in drafts} == {
        (OutboxKind.FIRST, 5, 7, NOW)
    }
    assert [draft.topic_no for draft in drafts] == [11, 12, 12, 12]


def test_a_topic_in_the_shadow_alerts_nobody_and_stops_no_other() -> None:
    shadow = replace(rule("november-1-tariff"), mode=TopicMode.SHADOW)
    assert [draft.item.topic for draft in alerts(CONTROLS, TARIFF, rules=(shadow,))] == ["rare-earth-controls"]


def test_an_alert_carries_the_deadline_of_its_topic() -> None:
    due = replace(rule("november-1-tariff"), deadline=date(2025, 11, 1))
    assert [draft.item.deadline for draft in alerts(CONTROLS, TARIFF, rules=(due,))] == ["", "2025-11-01"]


def test_a_topic_grouped_by_article_alerts_for_each_original() -> None:
    by_article = (rule("november-1-tariff", group=AlertGroup.ARTICLE),)
    (first,) = alerts(TARIFF, rules=by_article)
    (copy,) = alerts(TARIFF, of=article(id=8), placement=Placement(duplicate_of=7), rules=by_article)
    (other,) = alerts(TARIFF, of=article(id=9), rules=by_article)
    assert (first.key, first.kind) == ("update:11:5:7:desk", OutboxKind.UPDATE)
    assert copy.key == first.key
    assert other.key == "update:11:5:9:desk"
    assert copy.item.is_copy
    assert not first.item.is_copy


@pytest.mark.parametrize("silent", [article(is_silent=True), article(origin=Origin.SEED)])
def test_history_alerts_nobody(silent: Article) -> None:
    assert alerts(CONTROLS, TARIFF, of=silent) == ()


def test_an_item_carries_all_that_the_message_needs() -> None:
    failure = Failure(problem=Problem.FORBIDDEN, detail="HTTP 403")
    page = article(completeness=Completeness.BLOCKED, failure=failure)
    (draft,) = alerts(CONTROLS, of=page)
    item = draft.item
    assert (item.topic, item.topic_name) == ("rare-earth-controls", "Rare Earth Controls")
    assert (item.note, item.owner) == ("Call them", "trade desk")
    assert (item.title, item.url, item.source) == (TITLE, "https://example.org/a?b=1&c=2", "example.org")
    assert (item.published, item.first_seen) == ("2025-10-23", "2025-10-23T12:05:00+00:00")
    assert item.clauses == ("rare earth", "control")
    assert (item.completeness, item.problem, item.phase) == (Completeness.BLOCKED, "403: HTTP 403", Phase.FULL)
    assert item.watchlist_version == "0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/ü?a=1#x", "https://example.org/ü?a=1#x"),
        (" HTTP://example.org ", "HTTP://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org/a", ""),
        ("https://", ""),
        ("https://a b", ""),
        ('https://a.org/"onclick=x', ""),
        ("https://a.org/<b>", ""),
        ("https://a.org/\u202egpj", ""),
        ("https://[::1", ""),
        ("https://a.org/" + "x" * 3000, ""),
    ],
)
def test_only_web_addresses_become_links(url: str, shown: str) -> None:
    (draft,) = alerts(CONTROLS, of=article(url=url))
    assert draft.item.url == shown


def test_a_notice_has_a_row_for_each_recipient_and_one_key_for_its_event() -> None:
    drafts = notice(
        "config-broken:abc", "watchlist.yaml\nis broken", "line 3\n\tline 4\x00", ("desk", "me/a@example.org")
    )
    assert [draft.key for draft in drafts] == [
        "operator:config-broken:abc:desk",
        "operator:config-broken:abc:me/a@example.org",
    ]
    assert {draft.kind for draft in drafts} == {OutboxKind.OPERATOR}
    assert (drafts[0].item.title, drafts[0].item.body) == ("watchlist.yaml is broken", "line 3\n line 4")
    assert drafts[0].story_id == 0
