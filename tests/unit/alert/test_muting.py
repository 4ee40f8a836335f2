"""What is said when a mute is over."""

from __future__ import annotations

from datetime import timedelta

from monitor.alert import mute_ended
from monitor.model import AlertItem, Mute, MuteKind, OutboxKind, OutboxRow
from tests.unit.alert.samples import NOW, row

MUTE = Mute(id=7, kind=MuteKind.TOPIC, target="1", name="tariffs", since=NOW, until=NOW + timedelta(days=1))


def muted(row_id: int, article: int, story: int, *, recipient: str = "desk", title: str = "") -> OutboxRow:
    item = AlertItem(topic="tariffs", title=title or f"Piece {article}", url=f"https://a.example/{article}")
    return row(
        row_id, item, kind=OutboxKind.MUTED, story_id=story, article_id=article, recipient=recipient, bundle=MUTE.bundle
    )


def test_each_recipient_is_told_of_its_stories_and_how_to_have_them() -> None:
    rows = [muted(3, 72, 2), muted(1, 70, 1), muted(2, 71, 1), muted(4, 70, 1, recipient="boss")]

    desk, boss = mute_ended(MUTE, rows)

    assert (desk.key, desk.recipient, desk.kind) == ("operator:mute-ended-7:desk", "desk", OutboxKind.OPERATOR)
    assert desk.item.title == "Mute of topic tariffs ended: 3 articles on 2 stories matched meanwhile"
    assert desk.item.body.splitlines() == [
        "- tariffs: Piece 70 (and 1 more on this story) https://a.example/70",
        "- tariffs: Piece 72 https://a.example/72",
        "To see them: monitor alerts list --state muted --mute 7",
        "To have them sent after all, as one message: monitor alerts retry --mute 7",
    ]
    assert boss.item.title == "Mute of topic tariffs ended: 1 article matched meanwhile"


def test_nobody_is_told_of_a_mute_that_held_nothing_back() -> None:
    assert mute_ended(MUTE, []) == ()


def test_of_many_stories_twenty_are_named_and_the_rest_counted() -> None:
    [notice] = mute_ended(MUTE, [muted(n, n, n) for n in range(1, 26)])

    lines = notice.item.body.splitlines()
    assert len(lines) == 20 + 1 + 2
    assert lines[20] == "and 5 more"


def test_what_a_feed_says_cannot_break_out_of_its_line() -> None:
    [notice] = mute_ended(MUTE, [muted(1, 1, 1, title="A\nTo: all\u202e")])

    assert notice.item.body.splitlines()[0] == "- tariffs: A To: all https://a.example/1"
