"""An archive of ten thousand articles in and out again: nothing is lost, what is broken is named, copies are found."""

from __future__ import annotations

import json
import os
import pty
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import Program, prose

COUNT = 10_000
EVERY_COPY = 50  # each fiftieth article is a copy of the one before it, under another address
BROKEN = {
    17: ("{not JSON", "not JSON"),
    5_000: ('{"id": "no-text"}', "no `title`, `text` or `html`"),
    9_999: ('["an", "array"]', "not an object but list"),
}
TOPIC = "version: 1\ntopics: [tariff]\n"


def record(number: int) -> dict[str, str]:
    original = number - 1 if number % EVERY_COPY == 0 else number
    sentence = "Importers brace for the tariff." if original % 7 == 0 else "Nothing is new."
    return {
        "id": f"article-{number}",
        "url": f"https://paper{number % 90}.example/{number}",
        "title": f"Report {original}",
        "text": f"{sentence}\n{prose(f'article{original}', 12)}",
        "published": f"2025-10-{1 + number % 28:02}T08:00:00Z",
        "unknown": "is ignored",
    }


def lines() -> Iterator[str]:
    """Yield the archive; the broken lines come on top of the articles."""
    articles = (json.dumps(record(number)) for number in range(1, COUNT + 1))
    number = 1
    for article in articles:
        while number in BROKEN:
            yield BROKEN[number][0]
            number += 1
        yield article
        number += 1


@dataclass
class World:
    program: Program
    archive: Path

    def export(self, what: str) -> list[dict[str, Any]]:
        done = self.program.run("export", what, "--jsonl")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    program = Program(tmp_path_factory.mktemp("archive"))
    program.write("monitor.yaml", "timezone: UTC\n")
    program.write("feeds.yaml", "feeds: []\n")
    program.write("watchlist.yaml", TOPIC)
    archive = program.folder / "archive.jsonl"
    archive.write_text("".join(f"{line}\n" for line in lines()))
    return World(program, archive)


def test_an_archive_goes_in_and_what_is_broken_is_named(world: World) -> None:
    done = world.program.run("ingest", str(world.archive))

    assert done.returncode == 1
    assert done.stdout.strip() == f"{COUNT} new, 0 revised, 0 known, 3 broken"
    for number, (_, what) in BROKEN.items():
        assert f"{world.archive}:{number}: {what}" in done.stderr


def test_the_archive_comes_out_again_with_every_id_and_its_copies_named(world: World) -> None:
    exported = world.export("articles")
    articles = {article["id"]: article for article in exported if not article["id"].startswith("seed:")}

    assert list(articles) == [f"article-{number}" for number in range(1, COUNT + 1)]
    for number in (1, 4_711, COUNT):
        given = record(number)
        assert all(articles[given["id"]][name] == given[name] for name in given if name != "unknown")
    copies = {article["id"]: article["duplicate_of"] for article in articles.values() if article["duplicate_of"]}
    assert copies == {
        f"article-{number}": f"article-{number - 1}" for number in range(EVERY_COPY, COUNT + 1, EVERY_COPY)
    }
    assert all(articles[copy]["story_id"] == articles[original]["story_id"] for copy, original in copies.items())


def test_its_stories_and_matches_come_out_too(world: World) -> None:
    stories = [story for story in world.export("stories") if not story["articles"][0].startswith("seed:")]
    matched = [match["article"] for match in world.export("matches") if not match["article"].startswith("seed:")]

    assert sorted(article for story in stories for article in story["articles"]) == sorted(
        f"article-{number}" for number in range(1, COUNT + 1)
    )
    assert sorted(matched) == sorted(
        f"article-{number}" for number in range(1, COUNT + 1) if "tariff" in record(number)["text"]
    )


def test_it_goes_in_a_second_time_without_a_change_and_alerts_nobody(world: World) -> None:
    done = world.program.run("ingest", str(world.archive))

    assert done.stdout.strip() == f"0 new, 0 revised, {COUNT} known, 3 broken"
    assert len(world.program.run("alerts", "list", "--json").stdout.splitlines()) == 0


def test_a_terminal_shows_how_far_it_is(world: World) -> None:
    short = world.program.folder / "short.jsonl"
    short.write_text("".join(f"{line}\n" for line, _ in zip(lines(), range(16), strict=False)))
    terminal, end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as shown:
        process = world.program.start("ingest", str(short), stderr=end, TERM="xterm")
        os.close(end)
        text = b"".join(_all_of(shown)).decode()

    assert world.program.ended(process) == 0
    assert "reading" in text
    assert "16/16" in text


def _all_of(terminal: Any) -> Iterator[bytes]:
    # A terminal whose other side is closed says so by an error.
    with suppress(OSError):
        while piece := terminal.read(4096):
            yield piece
