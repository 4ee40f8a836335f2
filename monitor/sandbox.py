"""Runs parse and clean in worker processes that can be killed: untrusted bytes cost one task, never the daemon.

A worker has a limit of memory, no core dumps, few files and none of the daemon's; the kernel ends it when a task runs
over its time, so a worker whose daemon was killed does not outlive its task.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import re
import resource
import signal
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from monitor.log import Log
from monitor.model import Failure, FetchResult, PageText, ParsedFeed, Picks, Problem, SiteRule

_MAX_TASKS = 500
_MAX_FILES = 64
_TRIES = 2
_LOOK_S = 0.5
# Imported before there is a task, whose time they would take.
_READERS = ("monitor.parse.feed", *(f"monitor.clean.{name}" for name in ("alternates", "fragment", "links", "safe")))
_OUT_OF_MEMORY = 77
_KEPT = re.compile(r"PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|TZDIR|TMPDIR|LD_LIBRARY_PATH|PYTHON\w+")

_log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raised:
    """An exception in a worker, as text: some exceptions do not survive pickling, and would break the pool."""

    detail: str
    trace: str
    is_recursion: bool


class ProcessSandbox:
    """Implements `monitor.ports.Sandbox`. The workers are started by the first call.

    Args:
        workers: how many tasks run at once.
        timeout_s: wall-clock seconds for one task, waiting for a worker not counted.
        memory_bytes: address space of a worker.
    """

    def __init__(self, *, workers: int = 2, timeout_s: float = 10, memory_bytes: int = 1 << 30) -> None:
        self._workers = workers
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._pool: ProcessPool | None = None
        self._starting = asyncio.Lock()
        self._calls: set[asyncio.Future[object]] = set()
        # Starting and ending processes blocks, and must not wait behind other work in the loop's shared threads.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox")

    async def parse_feed(self, result: FetchResult, picks: Picks | None = None, *, reader: str = "") -> ParsedFeed:
        """Read a feed's body, or find the links that stand on a page."""
        answer = await self._run(_parse_feed, result.body, result.final_url, result.content_type, picks, reader)
        return answer if isinstance(answer, ParsedFeed) else ParsedFeed(failure=_as_failure(answer))

    async def clean_page(
        self, html: bytes | str, url: str = "", content_type: str = "", *, rule: SiteRule | None = None
    ) -> PageText:
        """Find the article on a page."""
        answer = await self._run(_clean_page, html, url, content_type, rule)
        return answer if isinstance(answer, PageText) else PageText(problem=_as_failure(answer))

    async def clean_fragment(self, html: str) -> PageText:
        """Make a feed's HTML harmless, and read it."""
        answer = await self._run(_clean_fragment, html)
        return PageText(text=answer) if isinstance(answer, str) else PageText(problem=_as_failure(answer))

    async def named_feeds(self, result: FetchResult) -> tuple[str, ...]:
        """Find the addresses that a page calls feeds; of a page that harms its worker, none."""
        answer = await self._run(_named_feeds, result.body, result.final_url, result.content_type)
        return answer if isinstance(answer, tuple) else ()

    async def close(self) -> None:
        """End the workers at once; calls that still run are cancelled."""
        for call in self._calls:
            call.cancel()
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, _end, pool)
        self._thread.shutdown(wait=False)

    async def _run(self, function: Callable[..., object], *args: object) -> object:
        """Return what the function returns in a worker, else the `Failure` of the task."""
        for _ in range(_TRIES):
            pool = None
            try:
                pool = await self._ready_pool()
                answer = await self._call(pool, function, args)
            except TimeoutError:
                return self._too_long()
            except ProcessExpired as death:
                if death.exitcode != -signal.SIGTERM:
                    return self._explain_death(death.exitcode)
            except (BrokenProcessPool, RuntimeError, OSError) as error:
                _log.warning("sandbox is started again", error=error)
                self._let_go(pool)
            else:
                return self._explain_raised(function, answer) if isinstance(answer, _Raised) else answer
        return Failure(problem=Problem.INTERNAL, detail="the worker was lost before it answered, twice")

    async def _call(self, pool: ProcessPool, function: Callable[..., object], args: tuple[object, ...]) -> object:
        alarm_s = self._timeout_s + 1  # after the pool's own time-out, which reads a clock that can be set back
        task = pool.schedule(_run_guarded, args=(alarm_s, function, args), timeout=self._timeout_s)
        call = asyncio.wrap_future(task)
        self._calls.add(call)
        try:
            # A pool that breaks forgets the tasks it had not handed out: nobody would ever answer.
            while not call.done() and pool.active:
                await asyncio.wait({call}, timeout=_LOOK_S)
            if not call.done():
                raise BrokenProcessPool("the pool broke")
            return call.result()
        finally:
            self._calls.discard(call)
            call.cancel()

    async def _ready_pool(self) -> ProcessPool:
        async with self._starting:
            if self._pool is None:
                self._pool = await asyncio.get_running_loop().run_in_executor(self._thread, self._start)
            return self._pool

    def _start(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*_READERS, __name__])
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=_MAX_TASKS,
            initializer=_enter_worker,
            initargs=(self._memory_bytes,),
            context=context,
        )
        if not pool.active:  # asking is what starts it
            raise BrokenProcessPool("the workers do not start")
        return pool

    def _let_go(self, pool: ProcessPool | None) -> None:
        if pool is not None and self._pool is pool:
            self._pool = None
            self._thread.submit(_end, pool)

    def _too_long(self) -> Failure:
        return Failure(problem=Problem.HARMFUL, detail=f"took longer than {self._timeout_s:g} s")

    def _explain_death(self, exit_code: int) -> Failure:
        if exit_code == -signal.SIGALRM:
            return self._too_long()
        if exit_code == _OUT_OF_MEMORY:
            return Failure(problem=Problem.HARMFUL, detail=f"took more than {self._memory_bytes >> 20} MB of memory")
        if exit_code == -signal.SIGKILL:
            return Failure(problem=Problem.HARMFUL, detail="had its worker killed, most likely for its memory")
        return Failure(problem=Problem.HARMFUL, detail=f"crashed its worker ({_name_exit(exit_code)})")

    def _explain_raised(self, function: Callable[..., object], raised: _Raised) -> Failure:
        if raised.is_recursion:
            return Failure(problem=Problem.HARMFUL, detail="is nested too deeply")
        _log.error("sandboxed task raised", task=function.__name__, error=raised.detail, trace=raised.trace)
        return Failure(problem=Problem.INTERNAL, detail=raised.detail)


def _as_failure(answer: object) -> Failure:
    if isinstance(answer, Failure):
        return answer
    return Failure(problem=Problem.INTERNAL, detail=f"a worker answered with {type(answer).__name__}")


def _name_exit(exit_code: int) -> str:
    return signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates all but this one
    pool.join()


# What follows runs in the workers.


def _enter_worker(memory_bytes: int) -> None:
    _forget_environment()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Handlers in Python wait for the C code of a hanging task; the default ends it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_FILES, _MAX_FILES))
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with contextlib.suppress(Exception):  # a task that needs it will tell what is wrong with it
        for name in _READERS:
            import_module(name)


def _forget_environment() -> None:
    """Wipe what the daemon's environment holds beyond what Python needs: passwords, tokens, systemd's sockets.

    Removing a variable leaves its text where the kernel put it, for `/proc/PID/environ`: it is overwritten there.
    """
    kept = {name: value for name, value in os.environ.items() if _KEPT.fullmatch(name)}
    os.environ.clear()
    with contextlib.suppress(OSError):  # a sealed /proc shows nothing, either
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(fields[47]), int(fields[48])  # Source: proc(5), env_start and env_end
        with Path("/proc/self/mem").open("r+b", buffering=0) as memory:
            memory.seek(start)
            memory.write(bytes(end - start))
    os.environ.update(kept)


def _is_full() -> bool:
    """Tell whether memory ran out: C libraries make errors of their own of that."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    peak = re.search(r"VmPeak:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return limit != resource.RLIM_INFINITY and peak is not None and int(peak[1]) * 1024 > 0.9 * limit


def _run_guarded(alarm_s: float, function: Callable[..., object], args: tuple[object, ...]) -> object:
    signal.setitimer(signal.ITIMER_REAL, alarm_s)
    try:
        return function(*args)
    except MemoryError:
        # A heap this full would fail the next task for no fault of its own.
        os._exit(_OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  # whatever it is, it must not break the pool
        if _is_full():
            os._exit(_OUT_OF_MEMORY)
        return _Raised(
            detail=f"{type(error).__name__}: {error}"[:200],
            trace="".join(traceback.format_exception(error))[-2_000:],
            is_recursion=isinstance(error, RecursionError),
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _parse_feed(body: bytes, url: str, content_type: str, picks: Picks | None, reader: str) -> object:
    from monitor.parse import parse_feed

    if picks is not None:
        return links_feed(body, url, content_type, picks)
    return parse_feed(body, url=url, content_type=content_type, reader=reader)


def links_feed(body: bytes, url: str, content_type: str, picks: Picks) -> ParsedFeed:
    """Read a page without a feed as one: the links that `picks` names are its entries."""
    from monitor.clean import pick_links
    from monitor.parse import feed_of_links

    found = pick_links(body, url, content_type, picks)
    links = [(link.url, link.title, link.date) for link in found.links]
    return feed_of_links(found.title, links, url=url, all_links=found.all_links)


def _clean_page(html: bytes | str, url: str, content_type: str, rule: SiteRule | None) -> object:
    from monitor.clean import clean_page

    return clean_page(html, url=url, content_type=content_type, rule=rule)


def _clean_fragment(html: str) -> object:
    from monitor.clean import clean_fragment, safe_html

    return clean_fragment(safe_html(html))


def _named_feeds(body: bytes, url: str, content_type: str) -> object:
    from monitor.clean import named_feeds

    return tuple(feed.url for feed in named_feeds(body, url, content_type))
