"""Runs the program for years, under systemd or in a terminal: signals in, READY and WATCHDOG out."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from monitor import app as program
from monitor.app import App
from monitor.daemon.jobs import Daemon
from monitor.daemon.systemd import health_every_s, notifier

__all__ = ["Daemon", "serve"]

_THREADS = 32


def serve(app: App, *, report: Callable[[App], None], notify_socket: str = "") -> None:
    """Run a daemon on this program until SIGTERM or SIGINT. `report` is called once the seeds are read."""

    async def main() -> None:
        daemon = Daemon(app, notify=notifier(notify_socket), health_every_s=health_every_s(app.place.environ))
        loop = asyncio.get_running_loop()
        # Writes wait here to be grouped into one commit; the usual handful of threads would keep the groups small.
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="monitor"))
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, daemon.stop)
        await program.bring_seeds(app)
        report(app)
        await daemon.run()

    asyncio.run(main())
