"""The store's contract: what was told of a story, by whom it is reported, and the thread its messages make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.model import Fingerprint, Hold, OutboxRow, Placement
from monitor.ports import Decision, Studied, StudyView
from tests.stores import World, draft, ingested


def keys(rows: Sequence[OutboxRow]) -> list[str]:
    return [row.key for row in rows]


def send(world: World, thread: str = "") -> None:
    """Send all that is due, an hour later than what was sent before."""
    world.clock.advance(hours=1)
    for rows in world.store.claim_messages(world.now, limit=10, lease_s=60):
        assert world.store.mark_sent(rows, f"alert-{rows[0].id}", world.now, thread=thread)


def test_the_first_message_of_a_story_has_all_its_rows_and_its_name_at_the_service(world: World) -> None:
    assert world.store.first_message("desk", 7) == []
    world.put(*(draft(f"first:{topic}:7:desk", story_id=7, topic_no=topic) for topic in (1, 2)))
    assert world.store.first_message("desk", 7) == []
    send(world, "17.1")
    world.put(draft("update:1:7:pct-30:desk", story_id=7), draft("first:1:8:desk", story_id=8))
    world.put(draft("first:1:7:boss", story_id=7, recipient="boss"))
    send(world, "17.2")
    rows = world.store.first_message("desk", 7)
    assert keys(rows) == ["first:1:7:desk", "first:2:7:desk"]
    assert {row.thread for row in rows} == {"17.1"}
    assert keys(world.store.first_message("boss", 7)) == ["first:1:7:boss"]


def test_what_came_alone_is_answered_before_what_came_in_a_bundle(world: World) -> None:
    hold = Hold(until=world.now, bundle="quiet:x", reason="quiet hours")
    world.put(*(replace(draft(f"first:{n}:7:desk", story_id=7), hold=hold) for n in (1, 2)))
    world.put(replace(draft("also:1:7:3:desk", story_id=7)))
    send(world)
    assert keys(world.store.first_message("desk", 7)) == ["first:1:7:desk"]
    world.put(draft("first:3:7:desk", story_id=7))
    send(world)
    assert keys(world.store.first_message("desk", 7)) == ["first:3:7:desk"]


def test_a_decision_sees_what_was_told_of_the_story_and_who_else_reports_on_it(world: World) -> None:
    seen: list[tuple[list[str], list[str]]] = []

    def join(studied: Studied, view: StudyView) -> Decision:
        seen.append((keys(view.told_of_story(7, [1, 2])), list(view.sources(7))))
        copy_of = next((one.id for one in world.store.articles(newest_first=False) if one.source == "a.example"), None)
        is_copy = studied.article.source == "copy.example"
        return Decision(placement=Placement(story_id=7, duplicate_of=copy_of if is_copy else None))

    world.put(*(draft(f"{key}:desk", story_id=7, topic_no=int(key.split(":")[1])) for key in (
        "first:1:7", "also:1:7:9", "update:2:7:pct-30", "first:3:7",
    )))  # fmt: skip
    world.put(draft("first:1:8:desk", story_id=8, topic_no=1))
    for outlet in ("a.example", "b.example", "copy.example", "b.example/2"):
        world.add(replace(ingested(outlet, f"A text of {outlet}."), source=outlet.partition("/")[0]))
        (article,) = world.claim()
        world.store.save_study(Studied(article=article, fingerprint=Fingerprint()), join, world.now)
    told = ["first:1:7:desk", "update:2:7:pct-30:desk"]
    assert seen == [
        (told, []),
        (told, ["a.example"]),
        (told, ["a.example", "b.example"]),
        (told, ["a.example", "b.example"]),
    ]
