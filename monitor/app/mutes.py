"""Mutes: what is meant by one, who is told when it is over, and which are live."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from monitor import alert
from monitor.errors import MonitorError, NotFound, UsageError
from monitor.model import Mute, MuteKind, OutboxState, TopicMode, TopicSpec
from monitor.ports import Store, Wanted

_HINT = "write topic:ID, story:ID, source:HOST, an alert as its message names it (alert-ID), or all"
_NAME = 100
Target = tuple[MuteKind, str, str]


def find_target(store: Store, text: str) -> Target:
    """Return what is meant by the word given to `monitor mute`: its kind, its number or host, and its name.

    Raises:
        NotFound: there is no such topic, story or alert.
        UsageError: it is none of them.
    """
    word, _, rest = text.strip().partition(":")
    kind = next((kind for kind in MuteKind if kind == word.casefold()), None)
    if kind is MuteKind.ALL and not rest:
        return kind, "", ""
    if text.startswith("alert-"):
        return _story_of_alert(store, text)
    if kind is MuteKind.TOPIC and rest:
        return _topic(store, rest)
    if kind is MuteKind.STORY and rest:
        return _story(store, rest)
    if kind is MuteKind.SOURCE and rest:
        return _source(rest)
    return _guess(store, text.strip())


def find_live(store: Store, text: str, now: datetime) -> Mute:
    """Return the live mute that is meant.

    Raises:
        NotFound: nothing of the kind is muted.
        UsageError: it is none of what can be muted.
    """
    live = store.mutes(now)
    for mute in live:
        if text in {mute.ref, mute.name, mute.target, str(mute.id), f"{mute.kind}:{mute.target}"} - {""}:
            return mute
    kind, target, name = find_target(store, text)
    for mute in live:
        if (mute.kind, mute.target) == (kind, target):
            return mute
    raise NotFound(f"{kind} {name or target} is not muted".replace("all ", "everything"), hint="run `monitor mute`")


def mutes_everything(topics: Iterable[TopicSpec], live: Iterable[Mute], target: Target) -> bool:
    """Return whether nothing of any topic is sent any more once this is muted too."""
    if target[0] is MuteKind.ALL:
        return True
    muted = {mute.name for mute in live if mute.kind is MuteKind.TOPIC} | {target[2]}
    alerting = {topic.id for topic in topics if topic.mode is TopicMode.LIVE and topic.alert.to}
    return target[0] is MuteKind.TOPIC and bool(alerting) and alerting <= muted


def end_mutes(store: Store, now: datetime) -> int:
    """Tell of the mutes that are over, each recipient what it was not sent; returns how many are over."""
    ended = store.ended_mutes(now)
    for mute in ended:
        rows = store.find_outbox(Wanted(states=(OutboxState.MUTED,), mute_id=mute.id))
        store.tell_mutes_ended([mute], alert.mute_ended(mute, rows), now)
    return len(ended)


def mute_objects(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Return the live mutes as the command prints them in JSON, with what was not sent for them so far."""
    live = store.mutes(now)
    counts = store.muted_counts(live)
    return [
        {
            "id": mute.id,
            "mute": mute.ref,
            "name": mute.name or None,
            "since": _time(mute.since),
            "until": _time(mute.until),
            "because": mute.because or None,
            "articles": counts[mute.id][0],
            "stories": counts[mute.id][1],
        }
        for mute in live
    ]


def _topic(store: Store, name: str) -> Target:
    numbers = store.topic_numbers()
    if name not in numbers:
        hint = (
            "`monitor topics list` shows them; one that is new is known once the daemon or `monitor once` has read it"
        )
        raise NotFound(f"no topic {name!r}", hint=hint)
    return MuteKind.TOPIC, str(numbers[name]), name


def _story(store: Store, text: str) -> Target:
    found = store.story(int(text)) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None
    if found is None:
        raise NotFound(f"no story {text!r}", hint="`monitor stories` lists them")
    return MuteKind.STORY, str(found.id), alert.one_line(found.title, _NAME)


def _source(text: str) -> Target:
    host = urlsplit(text).hostname if "://" in text else text
    name = (host or text).casefold().strip().strip(".").removeprefix("www.")
    if not name:
        raise UsageError(f"{text!r} is no source", hint=_HINT)
    return MuteKind.SOURCE, name, name


def _story_of_alert(store: Store, text: str) -> Target:
    number = text.removeprefix("alert-")
    rows = store.find_outbox(Wanted(message_id=text))
    if not rows and re.fullmatch(r"\d{1,18}", number, re.ASCII):
        rows = [row] if (row := store.outbox_row(int(number))) else []
    stories = {row.story_id for row in rows} - {0}
    if not rows:
        raise NotFound(f"no alert {text}", hint="run `monitor alerts list`")
    if len(stories) != 1:
        what = f"{text} tells of {len(stories)} stories" if stories else f"{text} is a notice, not an alert"
        raise MonitorError(what, hint=f"mute one by its number: monitor alerts list --json --message {text}")
    return _story(store, str(stories.pop()))


def _guess(store: Store, text: str) -> Target:
    """Return what a word without a kind means: a topic, a story's or an alert's number, or a source."""
    if text in store.topic_numbers():
        return _topic(store, text)
    if re.fullmatch(r"\d{1,18}", text, re.ASCII):
        is_alert = store.story(int(text)) is None
        return _story_of_alert(store, f"alert-{text}") if is_alert else _story(store, text)
    if "." in text and " " not in text:
        return _source(text)
    raise UsageError(f"{text!r} is no topic, story or source", hint=_HINT)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
