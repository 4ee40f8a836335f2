"""How each kind of source is asked and read: feeds, pages without a feed, sitemaps and indexes of sitemaps."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from monitor.clean import host
from monitor.model import FEED_ACCEPT, PAGE_ACCEPT, Entry, FeedAccess, FetchRequest, FetchResult, ParsedFeed
from monitor.parse import has_chosen_word
from monitor.ports import Fetcher, Sandbox


def feed_request(url: str, access: FeedAccess) -> FetchRequest:
    """Return the request for a feed, or for a page that is read as one."""
    return FetchRequest(
        url=url,
        headers=access.headers,
        user_agent=access.user_agent,
        proxy=access.proxy,
        accept=PAGE_ACCEPT if access.picks else FEED_ACCEPT,
    )


async def read_entries(
    fetcher: Fetcher, sandbox: Sandbox, result: FetchResult, access: FeedAccess, *, reader: str = ""
) -> ParsedFeed:
    """Read what was fetched, with the sitemaps that an index names; only entries with the words wanted.

    `reader` is that of the feed's answer before.
    """
    parsed = await sandbox.parse_feed(result, access.picks, reader=reader)
    if parsed.parts and parsed.failure is None:
        parsed = await _with_parts(fetcher, sandbox, parsed, result, access)
    if not (access.keep or access.skip):
        return parsed
    chosen = tuple(entry for entry in parsed.entries if has_chosen_word(entry, access.keep, access.skip))
    return replace(parsed, entries=chosen, skipped=len(parsed.entries) - len(chosen))


def is_same_site(one: str, other: str) -> bool:
    """Tell whether what is meant for the first address may go to the second: same host and port, no less safe."""
    try:
        first, second = urlsplit(one), urlsplit(other)
        ports = [parts.port or {"http": 80, "https": 443}.get(parts.scheme) for parts in (first, second)]
    except ValueError:
        return False
    if host(one) != host(other):
        return False
    if first.scheme == second.scheme:
        return ports[0] == ports[1]
    return (first.scheme, second.scheme, ports) == ("http", "https", [80, 443])


async def _with_parts(
    fetcher: Fetcher, sandbox: Sandbox, index: ParsedFeed, result: FetchResult, access: FeedAccess
) -> ParsedFeed:
    """Return an index with the entries of its parts, one level down; what is missing is had at the next poll."""
    entries: dict[str, Entry] = {}
    failures = []
    for url in index.parts:
        request = feed_request(url, access)
        if not is_same_site(result.url, url):
            request = replace(request, headers=())
        answer = await fetcher.fetch(request)
        part = ParsedFeed(failure=answer.error) if answer.error else await sandbox.parse_feed(answer)
        entries |= {entry.key: entry for entry in part.entries}
        failures += [part.failure] if part.failure else []
    failure = failures[0] if failures and not entries else None
    return replace(index, entries=tuple(entries.values()), failure=failure, is_cut=index.is_cut or bool(failures))
