"""Tries a feed and says step by step what happened; nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import cadence
from monitor.app.compose import Place, new_fetcher, new_sandbox, now, stored_config
from monitor.log import masked
from monitor.model import (
    WHAT_TO_DO,
    Config,
    Entry,
    Failure,
    Feed,
    FeedSpec,
    FetchResult,
    FetchStep,
    ParsedFeed,
    PollSaved,
)
from monitor.parse import name_encoding
from monitor.pipeline.sources import feed_request, read_entries

_SHOWN = 5
_AHEAD = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTrial:
    """What happened when a feed was tried; `failure` is why it is not good, `next_s` when it would be asked again."""

    url: str
    steps: tuple[FetchStep, ...]
    result: FetchResult
    parsed: ParsedFeed | None = None
    failure: Failure | None = None
    next_s: float | None = None

    @property
    def is_good(self) -> bool:
        """True when the feed was fetched and read."""
        return self.failure is None

    @property
    def lines(self) -> Iterator[str]:
        """The steps as lines, then the first entries."""
        for step in self.steps:
            took = f" ({step.elapsed_s * 1000:.0f} ms)" if step.elapsed_s is not None else ""
            yield masked(f"{step.name}: {step.text}{took}")
        for entry in self.parsed.entries[:_SHOWN] if self.parsed and self.is_good else ():
            when = entry.published.strftime("%Y-%m-%d %H:%M") if entry.published else "no date"
            yield f"  {when}  {entry.title or '(no title)'}  {entry.url}"


async def try_feed(place: Place, url: str, spec: FeedSpec | None = None) -> FeedTrial:
    """Fetch and read a feed as the daemon would: as the configuration has it, if it is there, else as `spec` says."""
    config = stored_config(place)
    spec = next((known for known in config.feeds if known.url == url), spec) or FeedSpec(url=url)
    steps: list[FetchStep] = []
    if spec.where:
        steps.append(FetchStep(name="feed", text=f"as {spec.where} has it"))
    fetcher, sandbox = new_fetcher(config.settings, steps.append), new_sandbox(workers=1)
    try:
        result = await fetcher.fetch(feed_request(url, spec.access))
        steps += _fetched(result)
        if result.error is not None:
            return FeedTrial(url=url, steps=(*steps, _advice(result.error)), result=result, failure=result.error)
        parsed = await read_entries(fetcher, sandbox, result, spec.access)
    finally:
        await sandbox.close()
        await fetcher.close()
    if parsed.failure is not None:
        steps += [FetchStep(name="read", text=str(parsed.failure)), _advice(parsed.failure)]
        return FeedTrial(url=url, steps=tuple(steps), result=result, parsed=parsed, failure=parsed.failure)
    next_s = _next_s(config, spec, result, parsed)
    encoding = name_encoding(result.body, result.content_type)
    steps.append(FetchStep(name="format", text=f"{parsed.format or 'not known'}, {encoding}"))
    steps += [*_read(parsed, now()), FetchStep(name="next", text=f"would be asked again in {_shown(next_s)}")]
    return FeedTrial(url=url, steps=tuple(steps), result=result, parsed=parsed, next_s=next_s)


def _fetched(result: FetchResult) -> Iterator[FetchStep]:
    moved = f", redirected to {result.final_url}" if result.final_url != result.url else ""
    if result.error is not None:
        yield FetchStep(name="fetch", text=f"{result.error}{moved}")
        return
    kind = result.content_type or "no content type"
    size = f"{result.raw_bytes} bytes as sent, {len(result.body)} decoded"
    yield FetchStep(name="fetch", text=f"{result.status}, {size}, {kind}{moved}", elapsed_s=result.elapsed_s)


def _advice(failure: Failure) -> FetchStep:
    return FetchStep(name="next", text=WHAT_TO_DO[failure.problem])


def _read(parsed: ParsedFeed, at: datetime) -> Iterator[FetchStep]:
    entries = parsed.entries
    skipped = f" ({parsed.skipped} skipped for their words)" if parsed.skipped else ""
    counts = {
        "a link": sum(bool(entry.url) for entry in entries),
        "a date": sum(entry.published is not None for entry in entries),
        "an id": sum(_has_id(entry) for entry in entries),
        "a text": sum(bool(entry.content or entry.summary) for entry in entries),
    }
    having = ", ".join(f"{count} with {name}" for name, count in counts.items())
    yield FetchStep(name="read", text=f"{parsed.title or 'no title'}, {len(entries)} entries{skipped}; {having}")
    for odd in _odd(entries, at):
        yield FetchStep(name="odd", text=odd)
    if parsed.is_cut:
        yield FetchStep(name="odd", text="it is cut off, or does not say when its parts changed: it is read again")


def _has_id(entry: Entry) -> bool:
    return not entry.key.startswith("hash:") and entry.key != entry.url


def _odd(entries: tuple[Entry, ...], at: datetime) -> Iterator[str]:
    """Yield what is odd about entries, and what it means."""
    if not entries:
        return
    dates = [entry.published for entry in entries if entry.published]
    unread = [entry.published_raw for entry in entries if entry.published_raw and not entry.published]
    if all(entry.key.startswith("hash:") for entry in entries):
        yield "no entry has an id or a link of its own: an edit of one looks like a new one"
    if not any(entry.url for entry in entries):
        yield "no entry has a link: only the feed's own words are matched"
    if not dates:
        yield "no entry has a date: each counts from when it is first seen"
    elif len(dates) > 2 and len(set(dates)) == 1:
        yield "all entries have the same date: it is that of the feed, not theirs"
    if ahead := sum(date > at + _AHEAD for date in dates):
        yield f"{ahead} entries are dated in the future: they are not believed"
    if unread:
        yield f"{len(unread)} dates cannot be read, for example {unread[0]!r}"
    if doubled := [title for title, count in Counter(entry.title for entry in entries).items() if title and count > 2]:
        yield f"several entries have one title: {doubled[0]}"


def _next_s(config: Config, spec: FeedSpec, result: FetchResult, parsed: ParsedFeed) -> float:
    """Return in how many seconds a feed that was just read for the first time is asked again."""
    at = now()
    feed = Feed(
        id=0,
        url=spec.url,
        every_s=spec.every_s,
        every_min_s=spec.every_min_s,
        every_max_s=spec.every_max_s,
        priority=spec.priority,
        added_at=at,
        next_at=at,
    )
    answer = cadence.Answer(feed=feed, fetch=result, at=at, failure=None, parsed=parsed, jitter=0)
    saved = PollSaved(new_articles=len(parsed.entries), is_first=True)
    plan = cadence.plan(answer, saved, poll=config.settings.poll, pace=cadence.START_PACE)
    return (plan.at - at).total_seconds()


def _shown(seconds: float) -> str:
    return f"about {seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"
