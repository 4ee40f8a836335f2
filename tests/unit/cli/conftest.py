"""Fixtures: a shell with a configuration, and one without."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from tests.unit.cli.shell import FILES, Shell


@pytest.fixture(scope="session", autouse=True)
def _commands_built_once() -> Iterator[None]:
    """Keep the tree of commands between runs; a process builds it once, these tests would hundreds of times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell in an empty folder: no configuration anywhere, the state in `state`."""
    for name in ("MONITOR_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "INVOCATION_ID", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    handlers = logging.getLogger().handlers[:]
    yield Shell(tmp_path, capsys, monkeypatch)
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def shell(empty: Shell) -> Shell:
    """A shell with a small configuration in `config`."""
    empty.config.mkdir()
    for name, text in FILES.items():
        empty.write(name, text)
    return empty
