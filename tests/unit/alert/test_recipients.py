"""Who gets an alert while a channel is away, and in place of one that cannot be reached."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alert import compose, fall_back
from monitor.alert.recipients import recipients_of
from monitor.model import AlertItem, Away, ChannelSettings, OutboxKind, Settings
from tests.unit.alert.samples import NOW, row


def away(deputy: str) -> tuple[Away, ...]:
    return (Away(first=date(2025, 10, 20), last=date(2025, 10, 24), deputy=deputy),)


SETTINGS = Settings(
    timezone=ZoneInfo("America/New_York"),
    channels=(
        ChannelSettings(name="me", recipients=("me/a@x.example", "me/b@x.example"), away=away("ann"), fallback="desk"),
        ChannelSettings(name="ann", recipients=("ann",), away=away("desk")),
        ChannelSettings(name="desk", recipients=("desk",)),
        ChannelSettings(name="bob", recipients=("bob",), away=away("cid")),
        ChannelSettings(name="cid", recipients=("cid",), away=away("bob")),
    ),
)
WHY = "For me, who is away until 2025-10-24."


@pytest.mark.parametrize(
    ("names", "now", "expected"),
    [
        (("me",), "2025-10-20T03:59", {"me/a@x.example": "", "me/b@x.example": ""}),  # the 19th in New York
        (("me",), "2025-10-20T04:00", {"desk": WHY}),  # the deputy is away, too
        (("me",), "2025-10-25T03:59", {"desk": WHY}),
        (("me",), "2025-10-25T04:00", {"me/a@x.example": "", "me/b@x.example": ""}),
        (("me", "desk"), "2025-10-22T12:00", {"desk": ""}),  # told anyway, and once
        (("bob",), "2025-10-22T12:00", {"bob": ""}),  # nobody is there
        (("gone",), "2025-10-22T12:00", {}),
    ],
)
def test_a_deputy_stands_in_on_the_days_named(names: tuple[str, ...], now: str, expected: dict[str, str]) -> None:
    assert recipients_of(SETTINGS, names, datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


def test_a_fallback_gets_the_row_under_its_own_key_and_is_told_why() -> None:
    item = AlertItem(topic="t", topic_name="T", article_id=7, title="A title")
    (draft,) = fall_back(
        SETTINGS, [row(1, item, recipient="me/a@x.example", key="first:1:5:me/a@x.example", rank=0)], NOW
    )
    assert (draft.key, draft.recipient, draft.kind) == ("first:1:5:desk", "desk", OutboxKind.FIRST)
    assert draft.urgency.rank == 0
    made = compose([row(2, draft.item)], now=NOW, timezone=UTC)
    assert "! For me/a@x.example, which could not be reached." in made.text


def test_what_was_held_together_falls_back_together() -> None:
    rows = [
        row(no, AlertItem(article_id=no), recipient="me/a@x.example", bundle="quiet:x", hold="quiet hours")
        for no in (1, 2)
    ]
    holds = {draft.hold for draft in fall_back(SETTINGS, rows, NOW)}
    (hold,) = holds
    assert hold is not None
    assert (hold.bundle, hold.until) == ("quiet:x", NOW)


def test_a_channel_without_fallback_has_none() -> None:
    assert fall_back(SETTINGS, [row(1, AlertItem(), recipient="ann")], NOW + timedelta(days=9)) == ()
