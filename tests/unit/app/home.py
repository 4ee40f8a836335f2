"""A program put together on folders of its own, with fakes for what is outside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from monitor import app as program
from monitor.app import App, Place
from monitor.ports import Store
from tests.fakes import FakeFetcher, FakeSandbox, FakeSender

FILES = {
    "monitor.yaml": 'timezone: UTC\nchannels:\n  desk: {url: "console:"}\n  boss: {url: "console:"}\n',
    "feeds.yaml": "feeds: [https://a.example/feed]\n",
    "watchlist.yaml": "topics:\n  - {id: tariffs, match: tariff}\n",
}


@dataclass(frozen=True)
class Home:
    """The folders of a program."""

    place: Place

    def write(self, name: str, text: str) -> None:
        (self.place.config / name).write_text(text, encoding="utf-8")

    @contextmanager
    def open(self) -> Iterator[App]:
        """Start the program, and end it."""
        with program.open_app(self.place) as app:
            yield app
            asyncio.run(program.close(app))


def surround(app: App) -> FakeSender:
    """Put fakes around a program; returns the one that takes its messages."""
    sender = FakeSender()
    app.context.fetcher, app.context.sandbox, app.context.sender = FakeFetcher(), FakeSandbox(), sender
    return sender


def told(store: Store) -> list[str]:
    """Return what the operator was told, oldest first."""
    return [row.item.title for row in reversed(store.outbox(limit=None)) if row.kind == "operator"]


def reload(app: App) -> bool:
    return asyncio.run(program.reload(app))
