"""The command line, run in this process on folders of its own, as a user would type it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import storage
from monitor import cli
from monitor.app import now
from monitor.ports import Store

FILES = {
    "monitor.yaml": """
timezone: UTC
poll: {host_gap_s: 0}
delivery: {give_up: 1s}
allow_networks: [127.0.0.0/8]
allow_ports: [1024-65535]
channels: {desk: {url: "console:"}}
operator: {to: [desk]}
""",
    "feeds.yaml": "feeds: []\n",
    "watchlist.yaml": """
version: 1
topics:
  - {id: tariffs, name: Tariffs on anything, match: tariff, note: Call the desk}
  - {id: magnets, match: magnet NEAR/5 shortage}
""",
}

ARCHIVE = (
    {"id": "a-1", "title": "A new tariff on steel", "text": "The tariff starts soon.", "url": "https://a.example/1"},
    {"id": "a-2", "title": "Rain in Spain", "text": "It falls mainly in the plain.", "source": "weather.example"},
    {"id": "a-3", "title": "Magnet shortage", "text": "A shortage of every magnet.", "published": "2025-10-20"},
)


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Shell:
    """A place with a configuration, and the program to be run in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(self, *words: str | Path, stdin: bytes = b"") -> Done:
        """Run a command to its end."""
        self.capsys.readouterr()
        self.monkeypatch.setattr(sys, "argv", ["monitor", *map(str, words)])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            cli.main()
            code = 0
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        printed = self.capsys.readouterr()
        return Done(code, printed.out, printed.err)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the configuration, or by a path any other."""
        path = self.config / name
        path.write_text(text, encoding="utf-8")
        return path

    def ingest(self, records: Sequence[dict[str, Any]] = ARCHIVE, *words: str) -> Done:
        """Bring articles in."""
        path = self.folder / "archive.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return self.run("ingest", path, *words)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store."""
        with closing(storage.open_store("sqlite:///monitor.db", state=self.state, clock=now)) as store:
            yield store
