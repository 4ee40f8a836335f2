"""A folder with a small, right configuration, to be broken by the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from monitor.errors import ConfigErrors
from monitor.settings import load_config

FILES = {
    "monitor.yaml": 'channels:\n  desk: {url: "console:"}\noperator: {to: [desk]}\n',
    "feeds.yaml": "feeds:\n  - https://example.org/feed.xml\n",
    "watchlist.yaml": "topics:\n  - the November 1 tariff\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def errors(folder: Path) -> Callable[..., list[str]]:
    """Write a file and return what is wrong then, topics included: places without the folder, hints in brackets."""

    def find(name: str, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigErrors) as caught:
            raise ConfigErrors(load_config(folder, environ or {}).watchlist.errors)
        return caught.value.message.replace(f"{folder}/", "").split("\n")

    return find
