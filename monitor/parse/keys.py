"""Entry keys: what names an entry within its feed.

Feeds repeat guids, give every item the link of the front page, or nothing at all. A name counts only while all entries
that bear it are the same item; otherwise the next weaker name is taken, so that two items never become one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from monitor.model import Entry

_KEY_CHARS = 500


def with_keys(entries: Sequence[tuple[str, Entry]]) -> tuple[Entry, ...]:
    """Give each (guid, entry) its key and drop repeats of an item, of which the first stays.

    The key is the guid, else the link, else a hash of title and date, else one of the content. A link that several items
    share, as when all of them lead to one list, is taken away: the page behind it is not theirs.
    """
    ladders = [_names(guid, entry) for guid, entry in entries]
    marks = [_mark(entry) for _, entry in entries]
    bearers: dict[str, set[str]] = defaultdict(set)
    sharers: dict[str, set[str]] = defaultdict(set)
    for ladder, mark in zip(ladders, marks, strict=True):
        for name in ladder:
            bearers[name].add(mark)
    for (guid, entry), mark in zip(entries, marks, strict=True):
        sharers[entry.url].add(guid or mark)
    kept: dict[str, Entry] = {}
    for (_, entry), ladder in zip(entries, ladders, strict=True):
        key = next((name for name in ladder if len(bearers[name]) == 1), ladder[-1])
        url = entry.url if len(sharers[entry.url]) == 1 else ""
        kept.setdefault(key, replace(entry, key=key, url=url))
    return tuple(kept.values())


def _names(guid: str, entry: Entry) -> tuple[str, ...]:
    names = [name if len(name) <= _KEY_CHARS else _hash(name) for name in (guid, entry.url) if name]
    if entry.title and entry.published_raw:
        names.append(_hash(entry.title, entry.published_raw))
    names.append(_hash(entry.title, entry.content, entry.summary))
    return tuple(dict.fromkeys(names))


def _mark(entry: Entry) -> str:
    """Return what tells two items apart that bear the same name."""
    return entry.title.casefold() or _hash(entry.content, entry.summary)


def _hash(*parts: str) -> str:
    return "hash:" + hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
