"""What a site's robots.txt lets a program fetch.

Source: RFC 9309: the longest pattern that fits decides, `Allow` before `Disallow` where both are as long; a group by
our name goes before the one for all; a file that is not there allows all, one that a fault keeps from us forbids all.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from yarl import URL

from monitor.model import FetchRequest, FetchResult

_NAME = "monitor"
_MAX_BYTES = 500_000
_TIMEOUT_S = 10.0
_KEEP_S = 86_400.0
_KEEP_FAULT_S = 600.0
_KEPT = 2_000
_SAFE = "%/*$?&=+,;:@!'()~#[]"
_TOKEN = re.compile(r"[a-z_-]+")
_MAX_RULES = 2_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns for one program, each with whether it allows; `why` tells why all is forbidden, if it is."""

    patterns: tuple[tuple[str, bool], ...] = ()
    why: str = ""

    def refusal(self, url: URL) -> str:
        """Return what forbids an address, or nothing."""
        if self.why:
            return self.why
        path = _escaped(url.raw_path_qs)
        if path == "/robots.txt":
            return ""
        fitting = [(len(pattern), is_allowed, pattern) for pattern, is_allowed in self.patterns if _fits(pattern, path)]
        if not fitting:
            return ""
        _, is_allowed, pattern = max(fitting)
        return "" if is_allowed else f"robots.txt: Disallow: {pattern}"


def read_rules(text: str, name: str = _NAME) -> Rules:
    """Read the rules of a robots.txt for the program of that name."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    is_in_rules = False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            agents = [*agents, _agent(value)] if not is_in_rules else [_agent(value)]
            is_in_rules = False
            groups.setdefault(agents[-1], [])
        elif key in {"allow", "disallow"}:
            is_in_rules = True
            for agent in agents if value else ():
                groups[agent].append((_escaped(value), key == "allow"))
    found = groups[name] if name in groups else groups.get("*", [])
    return Rules(tuple(found[:_MAX_RULES]))


class Robots:
    """Remembers the rules of sites: for a day, or for ten minutes what a fault kept from us.

    Args:
        fetch: fetches a robots.txt.
        clock: gives seconds that only grow.
    """

    def __init__(self, fetch: Callable[[FetchRequest], Awaitable[FetchResult]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, asyncio.Task[Rules]]] = {}

    async def refusal(self, url: URL, proxy: str = "") -> str:
        """Return what forbids an address, or nothing. A site's file is asked for once, however many wait for it."""
        site = str(url.origin()), proxy
        until, rules = self._known.get(site, (0.0, None))
        if rules is None or self._clock() >= until:
            self._make_room(site)
            rules = asyncio.ensure_future(self._ask(*site))
            self._known[site] = (self._clock() + _KEEP_S, rules)
        return (await asyncio.shield(rules)).refusal(url)

    def _make_room(self, site: tuple[str, str]) -> None:
        self._known.pop(site, None)
        if len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]

    async def _ask(self, origin: str, proxy: str) -> Rules:
        result = await self._fetch(
            FetchRequest(
                url=f"{origin}/robots.txt",
                proxy=proxy,
                accept="text/plain, */*;q=0.5",
                max_raw_bytes=_MAX_BYTES,
                max_decoded_bytes=_MAX_BYTES,
                timeout_s=_TIMEOUT_S,
            )
        )
        if result.error is None:
            return read_rules(result.body.decode("utf-8-sig", "replace"))
        if 400 <= result.status < 500 and result.status != 429:
            return Rules()
        if (site := (origin, proxy)) in self._known:
            self._known[site] = (self._clock() + _KEEP_FAULT_S, self._known[site][1])
        # Of a host that does not answer at all, the page itself will tell why.
        return Rules(why=f"robots.txt: {result.error.detail}") if result.status >= 429 else Rules()


def _agent(value: str) -> str:
    if value.startswith("*"):
        return "*"
    found = _TOKEN.match(value.lower())
    return found.group() if found else value.lower()


def _escaped(path: str) -> str:
    """Return a path or pattern with what is not ASCII in percents, and their letters large."""
    return re.sub(r"%[0-9a-f]{2}", lambda found: found.group().upper(), quote(path, safe=_SAFE))


def _fits(pattern: str, path: str) -> bool:
    """Tell whether a pattern fits the start of a path: `*` is any run of characters, a final `$` the path's end."""
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for part in others:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if not is_whole or place == len(path):
        return True
    # The last part may also stand at the very end, further on than it was found.
    return bool(others) and (not others[-1] or path.endswith(others[-1]))
