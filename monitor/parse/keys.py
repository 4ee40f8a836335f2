"""Entry keys: what names an entry within its feed.

Feeds repeat guids, give every item the link of the front page, or nothing at all. A name counts only while all entries
that bear it are the same item; otherwise the next weaker name is taken, so that two items never become one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from monitor.model import Entry

_KEY_CHARS = 500
_LIST_ITEMS = 3


def with_keys(entries: Sequence[tuple[str, Entry]]) -> tuple[Entry, ...]:
    """Give each (guid, entry) its key and drop repeats of an item, of which the first stays.

    The key is the guid, else the link, else a hash of title and date, else one of the content. A link that three
    items or more share leads to a list and is taken away: the page behind it would be matched as the text of each.
    The content key is the same without the guid.
    """
    plain = [_names(entry) for _, entry in entries]
    ladders = [_with_guid(guid, entry, names) for (guid, entry), names in zip(entries, plain, strict=True)]
    bearers: dict[str, set[str]] = defaultdict(set)
    for name, mark in (step for ladder in ladders for step in ladder):
        bearers[name].add(mark)
    lists = _links_to_lists(entries)
    kept: dict[str, Entry] = {}
    for (_, entry), ladder, names in zip(entries, ladders, plain, strict=True):
        key, content_key = _best(ladder, bearers), _best(names, bearers)
        kept.setdefault(
            key, replace(entry, key=key, content_key=content_key, url="" if entry.url in lists else entry.url)
        )
    return tuple(kept.values())


def _best(ladder: list[tuple[str, str]], bearers: Mapping[str, Collection[str]]) -> str:
    return next((name for name, _ in ladder if len(bearers[name]) == 1), ladder[-1][0])


def _names(entry: Entry) -> list[tuple[str, str]]:
    """Return the names an entry could have without its guid, best first, each with what tells its bearers apart.

    Under one link, another date is another item.
    """
    content = _hash(entry.title, entry.content, entry.summary)
    title = entry.title.casefold() or content
    names = []
    if entry.url:
        names.append((_short(entry.url), _hash(title, entry.published_raw)))
    if entry.title and entry.published_raw:
        names.append((_hash(entry.title, entry.published_raw), content))
    return [*names, (content, content)]


def _with_guid(guid: str, entry: Entry, names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the names with the guid at their head; under one guid, another date is an update of the same item."""
    if not guid:
        return names
    others = names[1:] if guid == entry.url else names
    return [(_short(guid), entry.title.casefold() or names[-1][0]), *others]


def _short(name: str) -> str:
    return name if len(name) <= _KEY_CHARS else _hash(name)


def _links_to_lists(entries: Sequence[tuple[str, Entry]]) -> set[str]:
    items: dict[str, dict[str, str]] = defaultdict(dict)
    for guid, entry in entries:
        title = entry.title.casefold()
        items[entry.url].setdefault(guid or title, title)
    return {url for url, titles in items.items() if len(set(titles.values())) >= _LIST_ITEMS}


def _hash(*parts: str) -> str:
    return "hash:" + hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
