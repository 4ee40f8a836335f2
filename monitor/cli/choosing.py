"""The options by which alerts are chosen: state, channel, topic, time and mute; and numbers of alerts and messages."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import app as program
from monitor.cli.when import read_when
from monitor.errors import NotFound, UsageError
from monitor.model import Config, OutboxState
from monitor.ports import Store, Wanted

_LARGEST = 2**63 - 1  # ids have 63 bits

State = Annotated[OutboxState | None, typer.Option(help="Alerts in this state only.")]
Channel = Annotated[str, typer.Option("--channel", metavar="NAME", help="Those to one channel, or channel/address.")]
OfTopic = Annotated[str, typer.Option("--topic", metavar="ID", help="Those of one topic.")]
Since = Annotated[str, typer.Option("--since", metavar="WHEN", help="Those from then on: 2d, yesterday, 2025-11-03.")]
Until = Annotated[str, typer.Option("--until", metavar="WHEN", help="Those up to then; a day counts whole.")]
OfMute = Annotated[
    int | None, typer.Option("--mute", metavar="ID", min=1, max=_LARGEST, help="Those not sent for one mute.")
]
Numbers = Annotated[list[int] | None, typer.Argument(metavar="[ID]…", min=1, max=_LARGEST, help="The alerts' numbers.")]


def wanted_of(
    settings: Config,
    store: Store,
    *,
    states: tuple[OutboxState, ...] = (),
    channel: str = "",
    topic: str = "",
    since: str = "",
    until: str = "",
    mute: int | None = None,
) -> Wanted:
    """Return which alerts are chosen.

    Raises:
        UsageError: a time is none, or there is no such channel, now or in any alert.
        NotFound: there is no such topic.
    """
    moment, zone = program.now(), settings.settings.timezone
    numbers = store.topic_numbers() if topic else {}
    if topic and topic not in numbers:
        raise NotFound(f"no topic {topic!r}", hint="`monitor topics list` shows them")
    if channel:
        _require_channel(settings, store, channel)
    return Wanted(
        states=states,
        channel=channel,
        topic_no=numbers.get(topic),
        since=read_when("--since", since, moment, zone, is_ahead=False, is_end=False) if since else None,
        until=read_when("--until", until, moment, zone, is_ahead=False, is_end=True) if until else None,
        mute_id=mute,
    )


def _require_channel(settings: Config, store: Store, name: str) -> None:
    if settings.settings.channel(name.partition("/")[0]) or store.find_outbox(Wanted(channel=name), limit=1):
        return
    names = ", ".join(one.name for one in settings.settings.channels)
    raise UsageError(f"no channel {name!r}", hint=f"the channels are: {names}")
