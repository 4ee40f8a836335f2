from __future__ import annotations

import ast
import asyncio
import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from monitor.model import Failure, FetchResult, Problem
from monitor.sandbox import ProcessSandbox
from tests.servers import Item, rss

_TIMEOUT_S = 2.0
_MEMORY_BYTES = 256 << 20


def in_sandbox(use: Callable[[ProcessSandbox], Awaitable[object]], **options: object) -> object:
    async def run() -> object:
        sandbox = ProcessSandbox(**({"timeout_s": _TIMEOUT_S, "memory_bytes": _MEMORY_BYTES} | options))
        try:
            return await use(sandbox)
        finally:
            await sandbox.close()

    return asyncio.run(run())


def double(number: int) -> int:
    return 2 * number


def hang_in_python() -> None:
    while True:
        pass


def hang_in_c() -> None:
    # A handler written in Python would wait for this to return.
    ctypes.PyDLL(None).sleep(60)


def crash(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def take_memory() -> int:
    return len([bytearray(16 << 20) for _ in range(1_000)])


class StubbornError(Exception):
    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"at {line}:{column}")


def fail_with_an_exception_that_cannot_be_unpickled() -> None:
    raise StubbornError(3, 4)


def recurse() -> None:
    recurse()


def look_around() -> dict[str, object]:
    return {
        "memory": resource.getrlimit(resource.RLIMIT_AS)[1],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "files": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        "ignores Ctrl-C": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    }


def open_inodes() -> set[int]:
    return {file.stat().st_ino for file in Path("/proc/self/fd").iterdir() if file.exists()}


def end_oneself(signal_number: int) -> None:
    os.kill(os.getpid(), signal_number)


def refuse_to_start(memory_bytes: int) -> None:
    os._exit(3)


def test_harmful_tasks_cost_themselves_and_none_of_their_neighbours() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        harms = [sandbox._run(harm) for harm in (hang_in_python, crash, hang_in_c, recurse)]
        goods = [sandbox._run(double, number) for number in range(12)]
        return await asyncio.gather(*harms, *goods)

    details = ["took longer than 2 s", "crashed its worker (SIGSEGV)", "took longer than 2 s", "is nested too deeply"]
    expected = [Failure(problem=Problem.HARMFUL, detail=detail) for detail in details]
    assert in_sandbox(use) == expected + [2 * number for number in range(12)]


def test_a_task_that_takes_all_memory_leaves_the_next_one_a_fresh_worker() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return await asyncio.gather(sandbox._run(take_memory), sandbox._run(os.getpid), sandbox._run(double, 4))

    failure, _, after = in_sandbox(use, workers=1, timeout_s=10)

    assert failure == Failure(problem=Problem.HARMFUL, detail="took more than 256 MB of memory")
    assert after == 8


def test_a_bug_in_a_task_is_told_and_breaks_nothing() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return [await sandbox._run(fail_with_an_exception_that_cannot_be_unpickled), await sandbox._run(double, 4)]

    bug, after = in_sandbox(use)

    assert bug == Failure(problem=Problem.INTERNAL, detail="StubbornError: at 3:4")
    assert after == 8


def test_a_worker_has_limits_and_ignores_ctrl_c() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return await sandbox._run(look_around)

    assert in_sandbox(use) == {"memory": _MEMORY_BYTES, "core": 0, "files": 64, "ignores Ctrl-C": True}


def environment() -> tuple[dict[str, str], bytes]:
    return dict(os.environ), Path("/proc/self/environ").read_bytes()


def test_a_worker_has_none_of_its_parents_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    # A daemon of its own: what a process started with is what /proc shows of its children.
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2-hunter2")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    code = "from tests.unit.test_sandbox import *; print(in_sandbox(lambda box: box._run(environment)))"
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True).stdout

    variables, block = ast.literal_eval(shown)
    assert "hunter2" not in shown
    assert (variables["TZ"], variables["PATH"]) == ("Europe/Berlin", os.environ["PATH"])
    assert block.strip(b"\0") == b""


def test_a_worker_has_none_of_the_files_and_sockets_of_its_parent() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return await sandbox._run(open_inodes)

    with socket.socket() as listener, tempfile.TemporaryFile() as database:
        listener.bind(("127.0.0.1", 0))
        ours = {os.fstat(file.fileno()).st_ino for file in (listener, database)}
        theirs = in_sandbox(use)

    assert theirs
    assert not ours & theirs


def test_a_worker_ended_from_outside_is_replaced_and_its_task_tried_again() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return [await sandbox._run(end_oneself, signal.SIGTERM), await sandbox._run(double, 4)]

    failure, after = in_sandbox(use)

    assert failure == Failure(problem=Problem.INTERNAL, detail="the worker was lost before it answered, twice")
    assert after == 8


def test_a_worker_killed_by_the_kernel_is_blamed_on_its_task() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return await sandbox._run(end_oneself, signal.SIGKILL)

    detail = "had its worker killed, most likely for its memory"
    assert in_sandbox(use) == Failure(problem=Problem.HARMFUL, detail=detail)


def test_workers_that_cannot_start_are_an_internal_fault_not_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.sandbox._enter_worker", refuse_to_start)

    async def use(sandbox: ProcessSandbox) -> object:
        return await asyncio.gather(*(sandbox._run(double, number) for number in range(8)))

    answers = in_sandbox(use)

    assert {answer.problem for answer in answers} == {Problem.INTERNAL}


def test_idle_workers_that_die_are_replaced() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        worker = await sandbox._run(os.getpid)
        os.kill(worker, signal.SIGKILL)
        return await asyncio.gather(*(sandbox._run(double, number) for number in range(8)))

    assert in_sandbox(use) == [2 * number for number in range(8)]


@pytest.mark.parametrize("hang", [hang_in_python, hang_in_c])
def test_closing_is_quick_while_all_workers_hang_and_tasks_wait(hang: Callable[[], object]) -> None:
    async def work() -> tuple[float, list[bool]]:
        sandbox = ProcessSandbox(workers=2, timeout_s=60)
        await sandbox._run(double, 1)
        calls = [asyncio.ensure_future(sandbox._run(hang)) for _ in range(2)]
        calls += [asyncio.ensure_future(sandbox._run(len, bytes(4 << 20))) for _ in range(3)]
        await asyncio.wait(calls, timeout=0.2)
        started = asyncio.get_running_loop().time()
        await sandbox.close()
        await asyncio.wait(calls, timeout=5)
        return asyncio.get_running_loop().time() - started, [call.cancelled() for call in calls]

    took_s, are_cancelled = asyncio.run(work())

    assert took_s < 2
    assert are_cancelled == [True] * 5


def test_a_cancelled_call_ends_its_task_and_frees_the_worker() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        call = asyncio.ensure_future(sandbox._run(hang_in_c))
        await asyncio.wait([call], timeout=0.3)
        call.cancel()
        return await asyncio.wait_for(sandbox._run(double, 4), 5)

    assert in_sandbox(use, workers=1, timeout_s=60) == 8


def test_the_loop_goes_on_while_the_workers_start() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        call = asyncio.ensure_future(sandbox._run(double, 4))
        turns = 0
        while not call.done():
            await asyncio.wait([call], timeout=0.001)
            turns += 1
        return call.result(), turns

    answer, turns = in_sandbox(use)

    assert answer == 8
    assert turns > 3


def test_a_sandbox_that_was_never_used_closes() -> None:
    async def use(sandbox: ProcessSandbox) -> object:
        return "unused"

    assert in_sandbox(use) == "unused"


_DAEMON = """
import asyncio, os, sys, time
from monitor.sandbox import ProcessSandbox

async def main():
    sandbox = ProcessSandbox(workers=2, timeout_s=1)
    pids = await asyncio.gather(*(sandbox._run(os.getpid) for _ in range(8)))
    hang = asyncio.ensure_future(sandbox._run(time.sleep, 60))
    await asyncio.wait([hang], timeout=0.3)
    print(*set(pids), flush=True)
    await hang

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_workers_do_not_outlive_a_killed_daemon_even_when_they_hang(tmp_path: Path) -> None:
    (tmp_path / "daemon.py").write_text(_DAEMON)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, tmp_path / "daemon.py"], stdout=subprocess.PIPE, env=environment) as daemon:
        workers = [psutil.Process(int(pid)) for pid in daemon.stdout.readline().split()]
        family = psutil.Process(daemon.pid).children(recursive=True)
        daemon.kill()

    _, alive = psutil.wait_procs([*workers, *family], timeout=8)
    assert workers
    assert alive == []


def test_a_feed_and_a_page_are_read_in_a_worker() -> None:
    feed = FetchResult(
        url="http://a.example/feed",
        final_url="http://a.example/feed",
        content_type="application/rss+xml",
        body=rss([Item("1", "Rare-earth controls tightened", "/1")]).encode(),
    )

    async def use(sandbox: ProcessSandbox) -> object:
        return [
            await sandbox.parse_feed(feed),
            await sandbox.clean_page(b"%PDF-1.4", "http://a.example/1", "application/pdf"),
            await sandbox.clean_fragment("<p>One</p><p>Two</p>"),
        ]

    parsed, page, words = in_sandbox(use, memory_bytes=1 << 30, timeout_s=20)

    assert [(entry.title, entry.url) for entry in parsed.entries] == [
        ("Rare-earth controls tightened", "http://a.example/1")
    ]
    assert page.problem is not None
    assert page.problem.problem is Problem.NOT_TEXT
    assert (words.text, words.problem) == ("One\nTwo", None)


def article(inside: str) -> bytes:
    page = f"<title>Tariffs</title></head><body><article><h1>Tariffs</h1>{inside}</article></body>"
    return f"<html><head>{page}</html>".encode()


HARMFUL_PAGES = {
    "an element of 150,000 attributes": article("<p " + " ".join(f'a{at}="1"' for at in range(150_000)) + ">Text.</p>"),
    "breaks without end": article("<br>" * 1_000_000),
    "paragraphs without end": article("<p>" * 1_000_000),
}


def test_pages_that_take_all_time_or_memory_cost_no_neighbour() -> None:
    words = "The ministry said on Monday that the tariff would rise by ten percent from November. "

    async def use(sandbox: ProcessSandbox) -> object:
        pages = [*HARMFUL_PAGES.values(), *(article(f"<p>{words * 4}{number}</p>") for number in range(20))]
        return await asyncio.gather(*(sandbox.clean_page(one, "http://a.example/") for one in pages))

    harmful, good = (found := in_sandbox(use, timeout_s=4, memory_bytes=640 << 20))[:3], found[3:]

    assert [page.problem and page.problem.problem for page in harmful] == [Problem.HARMFUL] * 3
    assert [words.strip() in page.text for page in good] == [True] * 20


def test_a_killed_worker_is_a_failure_of_the_feed_or_page_it_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_parse_feed", "_clean_page", "_clean_fragment"):
        monkeypatch.setattr(f"monitor.sandbox.{name}", crash)

    async def use(sandbox: ProcessSandbox) -> object:
        feed = await sandbox.parse_feed(FetchResult(url="http://a.example/", final_url="http://a.example/"))
        words = await sandbox.clean_fragment("<p>")
        return feed.failure, (await sandbox.clean_page(b"")).problem, words.problem, words.text

    crashed = Failure(problem=Problem.HARMFUL, detail="crashed its worker (SIGSEGV)")
    assert in_sandbox(use) == (crashed, crashed, crashed, "")


def test_the_feeds_that_a_page_names_are_found_in_a_worker() -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="/feed"><p>News</p>'
    deep = b"<div>" * 400_000 + page
    result = FetchResult(url="https://a.example/", final_url="https://a.example/", body=page)

    async def use(sandbox: ProcessSandbox) -> object:
        found = await sandbox.named_feeds(result)
        hostile = await sandbox.named_feeds(replace(result, body=deep))
        return found, hostile in ((), found), await sandbox.named_feeds(result)

    named = ("https://a.example/feed",)
    assert in_sandbox(use) == (named, True, named)
