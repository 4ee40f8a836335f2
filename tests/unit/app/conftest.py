"""A program's folders with a small, right configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app import Place
from tests.unit.app.home import FILES, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    config = tmp_path / "config"
    config.mkdir()
    found = Home(Place(config=config, state=tmp_path / "state", environ={}))
    for name, text in FILES.items():
        found.write(name, text)
    return found
