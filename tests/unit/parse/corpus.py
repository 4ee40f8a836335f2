"""The corpus of feeds with their expected twins: files beside each other, and short ones together in `cases/*.txt`.

A case is `=== NAME [encoding=CODEC] [bom=CODEC] [type=CONTENT-TYPE]`, the body, then `--- ` with what the feed says as
JSON, and a line of JSON for each entry, in order. A twin names what must be so; the number of entries always counts.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FEEDS = Path(__file__).parents[2] / "data" / "feeds"
URL = "https://feeds.example/f.xml"

_BOMS = {"utf-8": codecs.BOM_UTF8}
_CASE = re.compile(
    r"^=== (?P<head>[^\n]+)\n(?P<body>.*?)\n--- (?P<feed>[^\n]*)\n(?P<entries>(?:\{[^\n]*\n)*)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Case:
    """A feed and its twin."""

    name: str
    body: bytes
    content_type: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]


def _files() -> Iterator[Case]:
    for path in sorted(FEEDS.iterdir()):
        if path.is_file() and not path.name.endswith(".expected.json"):
            twin = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
            yield Case(path.name, path.read_bytes(), "", twin, twin.pop("entries"))


def _cases() -> Iterator[Case]:
    for path in sorted(FEEDS.glob("cases/*.txt")):
        text = path.read_text("utf-8")
        end = 0
        for found in _CASE.finditer(text):
            assert found.start() == end, f"{path.name}: what is {text[end : end + 80]!r}?"
            end = found.end()
            name, *options = found["head"].split()
            option = dict(one.split("=", 1) for one in options)
            body = _BOMS.get(option.get("bom", ""), b"") + found["body"].encode(option.get("encoding", "utf-8"))
            entries = [json.loads(line) for line in found["entries"].splitlines()]
            yield Case(f"{path.stem}:{name}", body, option.get("type", ""), json.loads(found["feed"]), entries)
        assert end == len(text), f"{path.name}: what is {text[end : end + 80]!r}?"


CASES = {case.name: case for case in (*_files(), *_cases())}
