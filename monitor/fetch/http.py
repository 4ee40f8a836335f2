"""Fetches one address over HTTP: takes turns, follows redirects by hand, counts bytes and seconds, explains failures.

The deadline is one for names, connections, redirects and body together; waiting for a turn is not part of it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from monitor.fetch import guard
from monitor.fetch.answers import NOT_MODIFIED, read_head, with_body
from monitor.fetch.faults import Fault, explain, name_status
from monitor.fetch.politeness import HeldBack, HostTurns
from monitor.fetch.resolver import HostResolver, LookedUp
from monitor.fetch.robots import Robots
from monitor.fetch.tracing import TellingNames, trace_of, watch_handshakes
from monitor.fetch.urls import host_of, is_address, read_url
from monitor.fetch.walls import is_wall
from monitor.model import Failure, FetchRequest, FetchResult, PollSettings, Problem, Tell
from monitor.text.domains import registered_domain

MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_BUSY = frozenset({429, 503})


@dataclass(slots=True)
class _Journey:
    """One fetch under way: where it is, what time it has spent, and whether the asker's own headers still go along.

    `moved_to` is how far it came by permanent redirects alone; `is_settled`: there was another one since.
    """

    request: FetchRequest
    url: URL
    spent_s: float = 0.0
    is_at_origin: bool = True
    moved_to: str = ""
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class _Redirect:
    """An answer that sends the asker on."""

    url: URL
    is_permanent: bool


class HttpFetcher:
    """Implements `monitor.ports.Fetcher`. The session is opened by the first fetch, inside its loop.

    `tell`, if set before that, is told each step of each fetch.

    Args:
        poll: gap and connections of one host.
        allow_networks: private or special networks that may be reached all the same.
        allow_ports: inclusive ranges of ports.
        user_agent: the User-Agent header, with an address where its user can be reached.
        resolver: looks up names instead of the system's servers; closed with the fetcher.
    """

    def __init__(
        self,
        poll: PollSettings,
        *,
        allow_networks: Sequence[IPv4Network | IPv6Network],
        allow_ports: Sequence[tuple[int, int]],
        user_agent: str,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = guard.Guard(allow_networks)
        self._allow_ports = tuple(allow_ports)
        self._user_agent = user_agent
        self._resolver = resolver
        self.tell: Tell | None = None
        self._turns = HostTurns(host_connections=poll.host_connections, host_gap_s=poll.host_gap_s)
        self._robots = Robots(self._fetch, time.monotonic)
        self._names: LookedUp | None = None
        self._session: aiohttp.ClientSession | None = None
        self._by_proxy: aiohttp.ClientSession | None = None
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Fetch one address, following at most 5 redirects, within the limits of the request."""
        self._running += 1
        self._idle.clear()
        try:
            return await self._fetch(request)
        finally:
            self._running -= 1
            if self._running == 0:
                self._idle.set()

    async def close(self) -> None:
        """Let go of all connections and look-ups when the last fetch has ended."""
        await self._idle.wait()
        for session in (self._session, self._by_proxy):
            if session is not None:
                await session.close()
        self._session = self._by_proxy = None
        if self._names is not None:
            await self._names.close()
            self._names = None

    async def _fetch(self, request: FetchRequest) -> FetchResult:
        try:
            start = read_url(request.url, self._allow_ports)
        except Fault as fault:
            return FetchResult(url=request.url, final_url=request.url, error=fault.failure)
        journey = _Journey(request=request, url=start)
        try:
            result = await self._travel(journey)
        except Fault as fault:
            result = FetchResult(url=request.url, final_url=str(journey.url), error=fault.failure)
        except HeldBack as held:
            result = _held_back(journey, held)
        return replace(result, elapsed_s=journey.spent_s, moved_to=journey.moved_to)

    async def _travel(self, journey: _Journey) -> FetchResult:
        visited = {journey.url}
        while True:
            if refusal := await self._forbidden(journey):
                raise Fault(Problem.ROBOTS, refusal)
            answer = await self._ask_in_turn(journey)
            self._note_busy(journey, answer)
            if isinstance(answer, FetchResult):
                return answer
            target = answer.url
            if target in visited or len(visited) > MAX_REDIRECTS:
                raise _loop(target, is_circle=target in visited)
            if (journey.url.scheme, target.scheme) == ("https", "http"):
                raise Fault(Problem.TLS, f"redirects from https down to {target}")
            visited.add(target)
            # Once away, the asker's headers stay behind for good, also when the way leads back.
            journey.is_at_origin = journey.is_at_origin and target.origin() == journey.url.origin()
            journey.is_settled = journey.is_settled or not answer.is_permanent
            journey.moved_to = journey.moved_to if journey.is_settled else str(target)
            journey.url = target

    async def _forbidden(self, journey: _Journey) -> str:
        request = journey.request
        return await self._robots.refusal(journey.url, request.proxy) if request.obeys_robots else ""

    async def _ask_in_turn(self, journey: _Journey) -> FetchResult | _Redirect:
        address = await self._look_up(journey)
        domain = registered_domain(host_of(journey.url))
        async with self._turns.turn(domain, address, patience_s=journey.request.patience_s):
            loop = asyncio.get_running_loop()
            started = loop.time()
            refused: list[str] = []
            guard.refused.set(refused)
            try:
                async with asyncio.timeout(journey.request.timeout_s - journey.spent_s):
                    return await self._ask(journey)
            except TimeoutError as error:
                raise Fault(Problem.TIMEOUT, f"no whole answer within {journey.request.timeout_s:g} s") from error
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _explained(error, refused) from error
            finally:
                journey.spent_s += loop.time() - started

    def _note_busy(self, journey: _Journey, answer: FetchResult | _Redirect) -> None:
        domain = registered_domain(host_of(journey.url))
        if isinstance(answer, _Redirect) or answer.status not in _BUSY:
            self._turns.release(domain)
        elif answer.error is not None and answer.error.problem is not Problem.CHALLENGE:
            self._turns.hold_back(domain, answer.retry_after_s)

    async def _look_up(self, journey: _Journey) -> str:
        """Look the host up ahead of its turn and return its address: a dead name must hold up nobody."""
        host = journey.url.raw_host or ""
        if is_address(host) or journey.request.proxy:
            return host  # a proxy looks names up itself
        names = self._open_names()
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(journey.request.timeout_s - journey.spent_s):
                return (await names.look_up(host, journey.url.port or 0))[0]["host"]
        except TimeoutError as error:
            raise Fault(Problem.DNS, "no name server answers") from error
        except OSError as error:
            raise Fault(Problem.DNS, error.strerror or str(error)) from error
        finally:
            journey.spent_s += asyncio.get_running_loop().time() - started

    def _open_names(self) -> LookedUp:
        if self._names is None:
            names = self._resolver or HostResolver()
            self._names = LookedUp(TellingNames(names, self.tell) if self.tell else names)
        return self._names

    async def _ask(self, journey: _Journey) -> FetchResult | _Redirect:
        session, proxy = self._session_for(journey)
        headers = _request_headers(journey, self._user_agent)
        async with session.get(journey.url, headers=headers, proxy=proxy, allow_redirects=False) as response:
            if response.status in _REDIRECTS:
                return _Redirect(self._read_redirect(response), response.status in _PERMANENT)
            result = read_head(journey.request, str(journey.url), response, is_challenge=await is_wall(response))
            if result.error is not None or response.status == NOT_MODIFIED:
                return result
            return await with_body(result, response, journey.request)

    def _read_redirect(self, response: aiohttp.ClientResponse) -> URL:
        target = response.headers.get("Location", "")
        if not target.strip():
            raise Fault(Problem.PROTOCOL, f"answered {name_status(response.status)} without an address")
        try:
            return read_url(target, self._allow_ports, base=response.url)
        except Fault as fault:
            raise Fault(fault.failure.problem, f"redirects to {target}: {fault.failure.detail}") from fault

    def _session_for(self, journey: _Journey) -> tuple[aiohttp.ClientSession, str | None]:
        """Return the session to ask by. A proxy's own address is the user's word; where it leads is checked here."""
        if not journey.request.proxy:
            self._session = self._session or self._open_session(self._guard.open_socket)
            return self._session, None
        host = host_of(journey.url)
        address = "127.0.0.1" if f".{host}".endswith(".localhost") else host
        reason = self._guard.refuse(address) if is_address(address) else ""
        if reason:
            raise Fault(Problem.BLOCKED_ADDRESS, f"{host} ({reason}), by a proxy")
        self._by_proxy = self._by_proxy or self._open_session(open_any_socket)
        return self._by_proxy, journey.request.proxy

    def _open_session(self, open_socket: Callable[[guard.AddrInfo], socket.socket]) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=self._open_names(),
            socket_factory=open_socket,
            use_dns_cache=False,
            limit=0,  # turns are the limit, and waiting for them is not the host's fault
            ssl=_tls_context(self.tell),
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
            auto_decompress=False,
            trace_configs=[trace_of(self.tell)] if self.tell else None,
        )


def open_any_socket(addr_info: guard.AddrInfo) -> socket.socket:
    """Return a new socket for an address that the user wrote himself."""
    family, kind, protocol, _, _ = addr_info
    return socket.socket(family=family, type=kind, proto=protocol)


def _held_back(journey: _Journey, held: HeldBack) -> FetchResult:
    detail = f"{host_of(journey.url)} asked for a pause, {held.seconds:.0f} s of it are left"
    failure = Failure(problem=Problem.TOO_MANY, detail=detail)
    return FetchResult(
        url=journey.request.url,
        final_url=str(journey.url),
        retry_after_s=held.seconds,
        error=failure,
        is_held_back=True,
    )


def _tls_context(tell: Tell | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if tell is not None:
        watch_handshakes(context, tell)
    return context


def _request_headers(journey: _Journey, user_agent: str) -> dict[str, str]:
    request = journey.request
    headers = {"User-Agent": request.user_agent or user_agent, "Accept": request.accept}
    if journey.is_at_origin:
        headers |= {name.strip().title(): value for name, value in request.headers}
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers | {"Accept-Encoding": "gzip, br"}


def _explained(error: Exception, refused: list[str]) -> Fault:
    if refused and isinstance(error, aiohttp.ClientConnectorError):
        return Fault(Problem.BLOCKED_ADDRESS, ", ".join(dict.fromkeys(refused)))
    failure = explain(error)
    return Fault(failure.problem, failure.detail)


def _loop(url: URL, *, is_circle: bool) -> Fault:
    detail = f"redirects back to {url}" if is_circle else f"more than {MAX_REDIRECTS} redirects, the last to {url}"
    return Fault(Problem.REDIRECT_LOOP, detail)
