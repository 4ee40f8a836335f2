"""Finds the feeds of a page, and where a feed has gone: what the page says, rules of known sites, common paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.app.compose import Place, new_fetcher, new_sandbox, open_store, stored_config
from monitor.errors import NotFound
from monitor.model import Config, Failure, FeedAccess, FeedMemory, FeedSpec, FetchResult, ParsedFeed
from monitor.parse import common_feeds, known_feeds
from monitor.pipeline.sources import feed_request, read_entries
from monitor.ports import Fetcher, Sandbox

_MAX_TRIES = 12
_SHOWN = 3
_PAGE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was found and read. `titles` are those of its first entries, `newest` is None if it has no dates.

    `is_whole_site`: it is a sitemap that is not for news, so all pages of the site are its entries.
    """

    url: str
    title: str
    format: str
    entries: int
    newest: datetime | None
    titles: tuple[str, ...]
    is_whole_site: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What came of looking for feeds. `is_feed`: the address itself is the one; `failure`: what it answered, if not."""

    url: str
    found: tuple[Found, ...] = ()
    tried: int = 0
    is_feed: bool = False
    failure: Failure | None = None


async def find_feeds(place: Place, spec: FeedSpec, progress: Callable[[int], None] = lambda _steps: None) -> Search:
    """Find the feeds of a page, at most 12 addresses tried; the guard and the gaps between requests hold for each.

    What the page names and what is known of its site is tried first; common paths only if none of that is a feed, and
    only until one is.
    """
    fetcher, sandbox = new_fetcher(stored_config(place).settings), new_sandbox(workers=1)
    try:
        return await _Finder(fetcher, sandbox, spec.access, progress).find(spec.url)
    finally:
        await sandbox.close()
        await fetcher.close()


async def find_move(place: Place, url: str) -> Search:
    """Find the new address of a feed of the configuration.

    That is where it redirects to, else where polls saw it go, else what its site names.

    Raises:
        NotFound: it is not in the configuration.
    """
    config = stored_config(place)
    known = {spec.url: spec for spec in config.feeds}
    if (spec := known.get(url)) is None:
        raise NotFound(f"{url}: no such feed", hint="run `monitor feeds list`")
    fetcher, sandbox = new_fetcher(config.settings), new_sandbox(workers=1)
    try:
        finder = _Finder(fetcher, sandbox, spec.access, lambda _steps: None)
        search = await finder.find(url, _learned(place, config, url))
        if not search.found and (site := spec.site or _site_of(url)) != url:
            search = await _Finder(fetcher, sandbox, FeedAccess(), lambda _steps: None).find(site)
    finally:
        await sandbox.close()
        await fetcher.close()
    return Search(
        url=url,
        found=tuple(one for one in search.found if one.url not in known or one.url == url),
        tried=search.tried,
        is_feed=any(one.url == url for one in search.found),
        failure=search.failure,
    )


def _learned(place: Place, config: Config, url: str) -> tuple[str, ...]:
    """Return where polls saw a feed go, and what its site named then."""
    with open_store(config, place) as store:
        memory = next((feed.memory for feed in store.feeds() if feed.url == url), FeedMemory())
    return tuple(filter(None, (memory.moved_to, memory.asks_at, memory.advertised)))


def _site_of(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"


class _Finder:
    """One search. It remembers what was asked, so that nothing is asked twice."""

    def __init__(self, fetcher: Fetcher, sandbox: Sandbox, access: FeedAccess, progress: Callable[[int], None]) -> None:
        self._fetcher, self._sandbox, self._access, self._progress = fetcher, sandbox, access, progress
        self._asked: set[str] = set()
        self._found: dict[str, Found] = {}

    async def find(self, url: str, likely: tuple[str, ...] = ()) -> Search:
        """Look at an address, then at likely ones, then for those that it names."""
        result, parsed = await self._ask(url)
        if parsed is not None and parsed.failure is None:
            self._keep(result, parsed)
            return self._search(url, is_feed=True)
        named: tuple[str, ...] = ()
        if result.body:
            named = await self._sandbox.named_feeds(replace(result, body=result.body[:_PAGE_BYTES]))
        await self._try(likely, stops=True)
        if not self._found:
            await self._try((*known_feeds(url), *named), stops=False)
        if not self._found:
            await self._try(common_feeds(result.final_url if result.error is None else url), stops=True)
        failure = result.error or (parsed.failure if parsed else None)
        return self._search(url, failure=None if self._found else failure)

    def _search(self, url: str, *, is_feed: bool = False, failure: Failure | None = None) -> Search:
        return Search(
            url=url, found=tuple(self._found.values()), tried=len(self._asked), is_feed=is_feed, failure=failure
        )

    async def _try(self, urls: tuple[str, ...], *, stops: bool) -> None:
        for url in urls:
            if url in self._asked or len(self._asked) > _MAX_TRIES or (stops and self._found):
                continue
            result, parsed = await self._ask(url)
            if parsed is not None and parsed.failure is None:
                self._keep(result, parsed)

    async def _ask(self, url: str) -> tuple[FetchResult, ParsedFeed | None]:
        self._asked.add(url)
        self._progress(1)
        # What opens the feed that was asked for is not for addresses that a page names.
        access = self._access if len(self._asked) == 1 else FeedAccess(proxy=self._access.proxy)
        result = await self._fetcher.fetch(feed_request(url, access))
        if result.error is not None:
            return result, None
        return result, await read_entries(self._fetcher, self._sandbox, result, access)

    def _keep(self, result: FetchResult, parsed: ParsedFeed) -> None:
        url = result.moved_to or result.url
        self._found.setdefault(
            url,
            Found(
                url=url,
                title=parsed.title,
                format=parsed.format,
                entries=len(parsed.entries),
                newest=max((entry.published for entry in parsed.entries if entry.published), default=None),
                titles=tuple(entry.title or "(no title)" for entry in parsed.entries[:_SHOWN]),
                is_whole_site="sitemap" in parsed.format and not any(entry.title for entry in parsed.entries),
            ),
        )
