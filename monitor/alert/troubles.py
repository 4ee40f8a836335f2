"""Says what is wrong with a feed or with the monitor, and that it is over: for a person who reads it at night.

Short: what, since when, what to do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from monitor.alert.view import show_time
from monitor.model import WHAT_TO_DO, Episode, Feed, Problem, Trouble, TroubleKind

_MOST = 20  # feeds in one notice
_NAMED = 3  # in its title
_HOUR_S = 3_600.0
_HOURS_SHOWN = 96

# Nothing comes back when these end: what was missed stays so.
_ENDS_UNTOLD = frozenset({TroubleKind.OVERFLOW, TroubleKind.HIDING, TroubleKind.CLOCK})

_IN_WORDS = {
    Problem.HTML: "a web page instead of a feed",
    Problem.CHALLENGE: "a bot check instead of a feed",
    Problem.CONSENT: "a consent page",
    Problem.LOGIN: "a login page",
    Problem.DNS: "no address (dns)",
    Problem.CONNECT: "no connection",
    Problem.TIMEOUT: "no answer in time",
    Problem.EMPTY: "empty answers",
    Problem.PARSE: "answers that are no feed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One notice: a title of one line, and what stands below it."""

    title: str
    body: str


def words_of(troubles: Sequence[Trouble], moment: float, timezone: tzinfo) -> list[Words]:
    """Return the notices of troubles that are new: one for all feeds, and one for each of the monitor's own."""
    feeds = [one for one in troubles if one.feed is not None]
    # Of a recipient that fails, whoever fails to send tells at once.
    others = [one for one in troubles if one.feed is None and one.kind is not TroubleKind.RECIPIENT]
    notices = [Words(title=_own_title(one, timezone), body=_own_body(one)) for one in others]
    if len(feeds) == 1:
        notices.append(Words(title=line_of(feeds[0], moment), body=_feed_body(feeds[0], timezone)))
    elif feeds:
        lines = (f"{line_of(one, moment)}\n{_feed_body(one, timezone)}" for one in feeds)
        names = dict.fromkeys(name_of(one.feed) for one in feeds if one.feed)
        title = f"{_feeds(len(names))} a look: {_few(list(names))}"
        notices.append(Words(title=title, body=_cut(list(lines), "monitor status")))
    return notices


def words_of_end(ended: Sequence[Episode], timezone: tzinfo, *, feeds: int = 0) -> list[Words]:
    """Return the notices of what is over: one for all feeds, and one for each of the monitor's own.

    `feeds` is how many there are.
    """
    told = [one for one in ended if one.kind not in _ENDS_UNTOLD]
    back = sorted((one for one in told if one.kind.is_of_feed), key=lambda one: one.name)
    notices = [_own_end(one, timezone, feeds) for one in told if not one.kind.is_of_feed]
    if len(back) == 1:
        notices.append(Words(title=_end_line(back[0]), body=f"{back[0].link}\nNothing needs to be done."))
    elif back:
        names = list(dict.fromkeys(one.name for one in back))
        title = f"{len(names)} feed{'s are' if len(names) > 1 else ' is'} back: {_few(names)}"
        lines = [f"{_end_line(one)}\n{one.link}" for one in back]
        notices.append(Words(title=title, body=_cut(lines, "monitor feeds list")))
    return notices


def episode_of(trouble: Trouble) -> Episode:
    """Return what is remembered of a trouble that is told."""
    told = Episode(kind=trouble.kind, since=trouble.since, subject=trouble.subject)
    if (feed := trouble.feed) is None:
        return told
    word = _problem_word(feed) if trouble.kind is TroubleKind.BROKEN else ""
    return replace(told, name=name_of(feed), word=word, link=feed.url)


def line_of(trouble: Trouble, moment: float) -> str:
    """Return what is wrong with a feed in one line."""
    feed = trouble.feed
    assert feed is not None, "the monitor's own troubles have titles"
    name, since = name_of(feed), span(moment - trouble.since)
    match trouble.kind:
        case TroubleKind.BROKEN if feed.failure and feed.failure.problem is Problem.GONE:
            return f"{name} is gone"
        case TroubleKind.BROKEN:
            return f"{name} cannot be read for {since}: {_problem_word(feed)}"
        case TroubleKind.SILENT:
            read_at = feed.succeeded_at.timestamp() if feed.succeeded_at else moment
            usual_s = _HOUR_S * math.ceil(trouble.usual_s / _HOUR_S)
            return f"{name} silent {span(read_at - trouble.since)}, normally ≤ {span(usual_s)}"
        case TroubleKind.PAGES:
            return f"{name}: no full text of its pages: {_pages_word(feed)}"
        case TroubleKind.OVERFLOW:
            return f"{name} may have lost entries: all that it showed was new"
        case _:
            return f'{name} said "nothing new" while it had new entries'


def advice_of(trouble: Trouble) -> str:
    """Return what to do about a feed's trouble, in one line."""
    feed = trouble.feed
    assert feed is not None, "the monitor's own troubles say it themselves"
    match trouble.kind:
        case TroubleKind.BROKEN if feed.failure is not None:
            return WHAT_TO_DO[feed.failure.problem].replace("URL", feed.url)
        case TroubleKind.PAGES:
            page = f": monitor clean --why {feed.memory.short_page}" if feed.memory.short_page else ""
            return f"see what its pages say{page}; cookies or headers can be set for the site, under `sites`"
        case TroubleKind.OVERFLOW:
            return "give it a shorter `every` in feeds.yaml, or follow more feeds of the site"
        case TroubleKind.HIDING:
            return "nothing: all of it is asked for each time now"
        case _:
            return f"see what it answers: monitor feeds test {feed.url}"


def name_of(feed: Feed) -> str:
    """Return what a feed is called."""
    return feed.name or feed.title or feed.url


def span(seconds: float) -> str:
    """Return a span of time in words, no longer than it is: minutes, hours, or from four days on days."""
    minutes = max(1, int(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < _HOURS_SHOWN else f"{hours // 24} days"


def at(moment: float, timezone: tzinfo) -> str:
    """Return a time as a reader sees it."""
    return show_time(datetime.fromtimestamp(moment, UTC).isoformat(), timezone)


def _feed_body(trouble: Trouble, timezone: tzinfo) -> str:
    assert trouble.feed is not None, "asked for feeds only"
    feed, facts = trouble.feed, " ".join(_facts(trouble, trouble.feed, timezone))
    link = [feed.url] if name_of(feed) != feed.url else []
    return "\n".join([*link, facts, f"What to do: {advice_of(trouble)}"])


def _facts(trouble: Trouble, feed: Feed, timezone: tzinfo) -> Iterator[str]:
    since = at(trouble.since, timezone)
    match trouble.kind:
        case TroubleKind.BROKEN:
            yield f"Since {since}: {feed.failure}." if feed.failure else f"Since {since}."
        case TroubleKind.SILENT:
            yield f"It answers, and brought nothing new since {since}."
            if feed.memory.whole_at > trouble.since:
                yield f"All of it was asked for at {at(feed.memory.whole_at, timezone)}, not only what is new."
        case TroubleKind.PAGES:
            count = len(feed.memory.readings) - len(feed.memory.readings.rstrip("tw"))
            of = f"Of its last {count} articles" if count > 1 else "Of most of its last articles"
            yield f"{of} only the feed's own words were matched, since {since}."
        case TroubleKind.OVERFLOW:
            start = at(feed.memory.overflow_from, timezone)
            yield f"More may have come and gone unseen between {start} and {since}. It is asked more often for a week."
        case _:
            yield f"Its server answers 304 long after a change; found at {since}. It came late, but nothing was lost."


def _end_line(episode: Episode) -> str:
    lasted = span(episode.well_at - episode.since)
    match episode.kind:
        case TroubleKind.BROKEN:
            return f"{episode.name} answers again after {lasted} of {episode.word}"
        case TroubleKind.SILENT:
            return f"{episode.name} is back: silent {lasted}"
        case _:
            return f"{episode.name}: its pages give full text again, after {lasted}"


def _own_title(trouble: Trouble, timezone: tzinfo) -> str:
    since = at(trouble.since, timezone)
    match trouble.kind:
        case TroubleKind.NETWORK:
            return f"No feed can be read since {since}: the network seems to be down"
        case TroubleKind.DISK:
            return f"The disk is nearly full: {_size(trouble.count)} left for {trouble.subject}"
        case TroubleKind.STUDY:
            return f"{trouble.count:,} articles wait to be studied, the oldest since {since}"
        case TroubleKind.CLOCK:
            return f"The clock was set back by {span(trouble.count)}, to {since}"
        case _:
            return f"Alerts wait to be sent since {since}"


def _own_body(trouble: Trouble) -> str:
    match trouble.kind:
        case TroubleKind.NETWORK:
            return (
                f"{trouble.count} feeds are asked in vain, of many sites: no address, no connection or no answer.\n"
                "What to do: see whether this machine reaches the network and its name servers. They are asked on, "
                "and you hear when they answer; until then no feed is called broken or silent."
            )
        case TroubleKind.DISK:
            return (
                "Without room nothing is stored: no entry is lost, but none is read either.\n"
                "What to do: free some space; old backups lie in its folder `backup`, and `retention` in monitor.yaml "
                "says how long articles stay."
            )
        case TroubleKind.CLOCK:
            return "What to do: nothing, if it was wrong before. Else see what sets it. Nothing is lost or sent twice."
        case TroubleKind.STUDY:
            return "What to do: see the log for what fails, and whether the machine is busy. They are not lost."
        case _:
            return "What to do: monitor alerts list --state pending says which; monitor send-test CHANNEL says why."


def _own_end(episode: Episode, timezone: tzinfo, feeds: int) -> Words:
    start, end = at(episode.since, timezone), at(episode.well_at, timezone)
    lasted = span(episode.well_at - episode.since)
    match episode.kind:
        case TroubleKind.NETWORK:
            return Words(
                title=f"Feeds can be read again: none could from {start} to {end}",
                body=f"{feeds} feeds, for {lasted}. All are asked again within an hour or two, and what they published "
                "meanwhile is read and alerted as usual. Those that show only new entries by then, so that some may "
                "be lost, are named in a notice of their own.",
            )
        case TroubleKind.DISK:
            return Words(
                title=f"There is room again on the disk of {episode.subject}", body=f"It was low for {lasted}."
            )
        case TroubleKind.STORE:
            return Words(
                title=f"The database can be written again: it could not from {start} to {end}",
                body=f"{episode.word}\nNothing is lost: what was due meanwhile is done now.",
            )
        case TroubleKind.RECIPIENT:
            return Words(title=f"Alerts to {episode.subject} go out again", body=f"They could not for {lasted}.")
        case TroubleKind.STUDY:
            return Words(title="Articles are studied in time again", body=f"They waited for {lasted}.")
        case _:
            return Words(title="Alerts are sent in time again", body=f"They waited for {lasted}.")


def _problem_word(feed: Feed) -> str:
    problem = feed.failure.problem if feed.failure else Problem.INTERNAL
    return _IN_WORDS.get(problem, str(problem))


def _pages_word(feed: Feed) -> str:
    word = feed.memory.short_problem
    return _IN_WORDS.get(Problem(word), word) if word in Problem.__members__.values() else "only teasers"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes // 1_000_000} MB"


def _feeds(count: int) -> str:
    return f"{count} feeds need" if count > 1 else "1 feed needs"


def _few(names: Sequence[str]) -> str:
    more = f" +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _cut(parts: Sequence[str], command: str) -> str:
    more = [f"and {len(parts) - _MOST} more: {command}"] if len(parts) > _MOST else []
    return "\n\n".join([*parts[:_MOST], *more])
