"""`mute` and `unmute`: nothing is sent of a story, a topic or a source for a while."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import app as program
from monitor.alert import counted
from monitor.cli.console import day_time, put, put_json, put_table, say
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.cli.when import EXAMPLES, read_when
from monitor.errors import UsageError
from monitor.model import Config, Mute, MuteKind
from monitor.ports import Store


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("mute")(mute)
    app.command("unmute")(unmute)


def mute(
    what: Annotated[
        str, typer.Argument(metavar="[topic:ID|story:ID|source:HOST|alert-ID|all]", help="What to mute; none: list.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="WHEN", help="When it ends.")] = "",
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, for those who look later.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, even if it mutes everything.")] = False,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """Send nothing of a topic, story or source for a while.

    Without one, what is muted is listed. What matches meanwhile is stored and listed, and each recipient is told of
    it when the mute ends. alert-ID is the story of that message. WHEN is a span, a time, a day or both, in your
    time zone. A daemon obeys at once.

    Example: monitor mute topic:rare-earth-controls --until "tomorrow 08:00"
    """
    with program.stored_with_config(config) as (settings, store):
        if not what:
            if until or because:
                raise UsageError("mute what?", hint="monitor mute topic:ID --until 2d")
            _list(store, as_json=as_json)
            return
        _mute(settings, store, _asked(settings, store, what, until, because), is_sure=yes)


def unmute(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="As `monitor mute` lists it.")],
    config: ConfigFolder = None,
) -> None:
    """End a mute now.

    Its recipients are told what matched meanwhile, as at the end of any mute.

    Example: monitor unmute topic:rare-earth-controls
    """
    with program.stored_with_config(config) as (_, store):
        moment = program.now()
        found = program.find_live(store, what, moment)
        articles, stories = store.muted_counts([found])[found.id]
        store.unmute(found.kind, found.target, moment)
    put(f"{found.label} is no longer muted; {counted(articles, stories)} matched meanwhile")
    if articles:
        say(f"  → see them: monitor alerts list --state muted --mute {found.id}")
        say(f"  → send them after all: monitor alerts retry --mute {found.id}")


def _asked(settings: Config, store: Store, what: str, until: str, because: str) -> Mute:
    if not until:
        raise UsageError("--until: until when?", hint=EXAMPLES)
    moment, zone = program.now(), settings.settings.timezone
    kind, target, name = program.find_target(store, what)
    end = read_when("--until", until, moment, zone, is_ahead=True, is_end=True)
    if end <= moment:
        raise UsageError(f"--until: {until!r} is over: {end.astimezone(zone):%Y-%m-%d %H:%M %Z}", hint=EXAMPLES)
    return Mute(kind=kind, target=target, name=name, since=moment, until=end, because=because)


def _mute(settings: Config, store: Store, asked: Mute, *, is_sure: bool) -> None:
    target = (asked.kind, asked.target, asked.name)
    is_all = program.mutes_everything(settings.watchlist.topics, store.mutes(asked.since), target)
    question = f"No alert of any topic will be sent until {_local(settings, asked)}. Mute everything?"
    if is_all and not is_sure and not typer.confirm(question, err=True):
        raise typer.Exit(1)
    if asked.kind is MuteKind.SOURCE and not store.feeds_bringing(asked.target):
        say(f"note: no feed has brought anything from {asked.target} so far")
    saved = store.mute(asked, program.now())
    put(f"muted {saved.mute.label} until {_local(settings, saved.mute)}")
    if saved.muted:
        say(f"{saved.muted} alert(s) that waited to be sent are muted with it")
    if saved.being_sent:
        say(f"{saved.being_sent} alert(s) are being sent just now and go out")


def _list(store: Store, *, as_json: bool) -> None:
    found = program.mute_objects(store, program.now())
    for one in found if as_json else ():
        put_json(one)
    if as_json:
        return
    put_table(
        ["muted", "until", "since", "matched meanwhile", "name", "because"],
        [
            (
                one["mute"],
                one["until"],
                one["since"],
                counted(one["articles"], one["stories"]),
                "" if one["mute"].endswith(f":{one['name']}") else one["name"] or "",
                one["because"] or "",
            )
            for one in found
        ],
    )
    if not found:
        say("nothing is muted")


def _local(settings: Config, mute: Mute) -> str:
    return f"{mute.until.astimezone(settings.settings.timezone):%Y-%m-%d %H:%M %Z} ({day_time(mute.until)})"
