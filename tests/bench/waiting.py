"""How long a round of polls takes when servers are slow; `python -m tests.bench.waiting` is the servers.

All of 127.0.0.0/8 is this machine, so each host has an address of its own. A round ends when the feeds that answer are
done, so those that never end count only by what they keep the others from.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from tests.bench.report import print_table, progress
from tests.servers import Item, rss

ROUNDS = 3
_TURNS = 2
_LATE_S = 0.2
_DRIP_S = 0.1
_LATE, _GOOD, _ENDLESS = 100, 1_000, 50
_GOOD_HOSTS = 200
_BODY = rss([Item(str(number), f"Title {number}", f"http://news.example/{number}") for number in range(30)])


def run() -> None:
    """Run the bench and print its table."""
    with _servers() as port:
        late = _urls("late", _LATE, _LATE, port)
        good = _urls("good", _GOOD, _GOOD_HOSTS, port)
        endless = _urls("endless", _ENDLESS, _ENDLESS, port)
        took: dict[str, list[float]] = {"late": [], "good": [], "both": []}
        # In turns, as a machine is not equally busy all the time.
        for name, feeds in [("late", late), *[("good", good), ("both", [*endless, *good])] * _TURNS]:
            progress(f"waiting: {len(feeds)} feeds")
            took[name] += _measure(feeds, len(late) if name == "late" else len(good), port)
    rows = [
        _row(f"{_LATE} feeds of as many hosts, each a 304 after {_LATE_S * 1000:.0f} ms", took["late"]),
        _row(f"{_GOOD:,} feeds of {_GOOD_HOSTS} hosts, 304 at once", took["good"]),
        _row(f"the same beside {_ENDLESS} whose answers never end", took["both"]),
    ]
    ratio = median(took["both"]) / median(took["good"])
    print_table(
        "How long a round takes when servers are slow",
        ["what is polled", "median s", "longest s"],
        rows,
        f"Seconds of the clock until all that answer are done, {ROUNDS * _TURNS} rounds, start-up and first import\n"
        f"apart; those that never end make it {ratio:.2f} times as long. No gap between the requests to a host.",
    )


def _row(name: str, took: Sequence[float]) -> list[str]:
    return [name, f"{median(took):.2f}", f"{max(took):.2f}"]


def _urls(kind: str, count: int, hosts: int, port: int) -> list[str]:
    net = {"late": 2, "good": 3, "endless": 4}[kind]
    return [f"http://127.0.{net}.{number % hosts + 1}:{port}/{kind}/{number}" for number in range(count)]


def _measure(urls: Sequence[str], answering: int, port: int) -> list[float]:
    from monitor import app as program

    with TemporaryDirectory() as folder:
        os.environ["STATE_DIRECTORY"] = folder
        config = Path(folder, "config")
        config.mkdir()
        (config / "feeds.yaml").write_text("feeds:\n" + "".join(f"  - {url}\n" for url in urls), encoding="utf-8")
        (config / "watchlist.yaml").write_text("version: 1\ntopics: [tariff]\n", encoding="utf-8")
        poll = "poll: {host_gap_s: 0, full_text: false, timeout_s: 8}"
        text = f"allow_networks: [127.0.0.0/8]\nallow_ports: [{port}]\n{poll}\n"
        (config / "monitor.yaml").write_text(text, encoding="utf-8")
        with program.open_app(program.find_place(config)) as app:
            return asyncio.run(_rounds(app, answering))


async def _rounds(app: Any, answering: int) -> list[float]:
    took = [await _round(app, answering) for _ in range(ROUNDS + 1)]
    from monitor import app as program

    await program.close(app)
    return took[1:]


async def _round(app: Any, answering: int) -> float:
    from monitor import app as program

    started, ends = time.monotonic(), []
    await program.poll_due(app, everything=True, progress=lambda _count: ends.append(time.monotonic()))
    return ends[answering - 1] - started


@contextmanager
def _servers() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.waiting"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as servers:
        assert servers.stdin is not None
        assert servers.stdout is not None
        yield int(servers.stdout.readline())
        servers.stdin.close()


async def _answer(request: web.BaseRequest) -> web.StreamResponse:
    kind = request.path.split("/")[1]
    if kind == "late":
        await asyncio.sleep(_LATE_S)
    if kind == "endless":
        return await _drip(request)
    headers = {"ETag": '"1"', "Content-Type": "application/rss+xml"}
    if request.headers.get("If-None-Match"):
        return web.Response(status=304, headers=headers)
    return web.Response(text=_BODY, headers=headers)


async def _drip(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
    await response.prepare(request)
    with suppress(ConnectionResetError):
        while True:
            await response.write(b" ")
            await asyncio.sleep(_DRIP_S)
    return response


async def _serve() -> None:
    runner = web.ServerRunner(web.Server(_answer, access_log=None), shutdown_timeout=0)
    await runner.setup()
    port = 0
    for net, hosts in ((2, _LATE), (3, _GOOD_HOSTS), (4, _ENDLESS)):
        for host in range(1, hosts + 1):
            await web.TCPSite(runner, f"127.0.{net}.{host}", port).start()
            port = runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve())
