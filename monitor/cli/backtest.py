"""`backtest`: what topics would have found in the stored articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from monitor import app as program
from monitor.cli.console import day_time, marked, out, plain, progress_bar, put, put_json, put_table, say, tell
from monitor.cli.options import ConfigFolder, JsonLines
from monitor.cli.report import warn_of_faults
from monitor.errors import UsageError
from monitor.ports import Store

_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("backtest")(backtest)


def backtest(
    topic: Annotated[str, typer.Argument(metavar="[TOPIC]", help="This topic only.")] = "",
    query: Annotated[str, typer.Option("--query", metavar="'…'", help="Try this query before it is saved.")] = "",
    days: Annotated[float | None, typer.Option("--days", min=0.01, metavar="N", help="The last N days only.")] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Compare with this watchlist file.")
    ] = None,
    config: ConfigFolder = None,
    as_json: JsonLines = False,
) -> None:
    """Replay the stored articles.

    Hits, alerts a day (one for each story), and sample sentences; the new and the lost hits against another
    watchlist file, or the last version that was taken over and differs. A --query is compared with TOPIC.

    Example: monitor backtest --query 'tariff NEAR/10 (steel OR aluminium)' --days 30
    """
    if query and against:
        raise UsageError("--query and --against do not go together", hint="name a TOPIC to compare a query with")
    place = program.find_place(config)
    loaded = program.load_or_last_good(place)
    with program.open_store(loaded.config, place) as store:
        loaded = program.load_live(store, place, loaded)
        warn_of_faults(loaded)
        if topic:
            program.require_topic(loaded, topic)
        trial = _trial(store, place, loaded, topic, query, against)
        with progress_bar("replaying articles", store.counts(program.now()).articles) as step:
            found = program.run_backtest(store, trial, days=days, progress=step)
    for fault in found.faults:
        tell(fault)
    if found.faults:
        say(f"what is wrong in {found.against} is not compared")
    for warning in found.misspelt:
        say(f"warning: {warning.message}; {warning.hint}")
    if as_json:
        for line in found.objects():
            put_json(line)
        return
    _put(found, is_whole=bool(topic or query))


def _trial(
    store: Store, place: program.Place, loaded: program.Loaded, topic: str, query: str, against: Path | None
) -> program.Trial:
    spec = loaded.config.watchlist
    if query:
        return program.try_query(spec, query, topic)
    if against is not None:
        return program.try_topics(spec, topic, other=program.read_other(against), against=str(against))
    last = program.last_loaded(store, place)
    return program.try_topics(spec, topic, other=last[0] if last else None, against=last[1] if last else "")


def _put(found: program.Backtest, *, is_whole: bool) -> None:
    against = f", against {found.against}" if found.against else ""
    say(f"{found.articles} articles over {found.days:.3g} days{against}")
    put_table(
        ["topic", "hits", "alerts", "a day", "first", "last", *(["new", "lost"] if found.against else [])],
        [
            (
                result.topic,
                str(result.hits),
                str(result.alerts),
                f"{result.alerts / found.days:.3g}",
                day_time(result.first)[:10],
                day_time(result.last)[:10],
                *(_differences(result) if found.against else ()),
            )
            for result in found.results
        ],
    )
    for result in found.results if is_whole or len(found.results) <= _SHOWN else ():
        _put_samples(result)


def _differences(result: program.Result) -> tuple[str, str]:
    return (f"+{len(result.new)}", f"-{len(result.lost)}") if result.is_compared else ("?", "?")


def _put_samples(result: program.Result) -> None:
    if result.samples or result.new or result.lost:
        put()
        put(result.topic)
    for sample in result.samples:
        put(f"  {sample.article}  {sample.title}")
        if sample.sentence is not None:
            line = marked(sample.sentence)
            out.print(Text("    ").append_text(line)) if out.is_terminal else put(f"    {plain(sample.sentence.text)}")
    for name, refs in (("new", result.new), ("lost", result.lost)):
        if refs:
            more = f" and {len(refs) - _SHOWN} more" if len(refs) > _SHOWN else ""
            put(f"  {name}: {', '.join(refs[:_SHOWN])}{more}")
