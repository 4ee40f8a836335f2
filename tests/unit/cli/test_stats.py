"""`topics stats`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.cli.shell import Shell

JOBS = [f"Tariff analyst wanted for a remote job in {town}" for town in ("Ulm", "Bonn", "Kiel", "Trier")]
NEWS = [f"The tariff on {good} rises" for good in ("steel", "tin", "zinc", "grain", "wood", "glass", "cars", "toys")]


@pytest.fixture
def told(shell: Shell) -> Shell:
    """A shell whose topic alerted news and advertisements."""
    records = [{"id": title, "title": title, "text": title, "source": "jobs.example"} for title in JOBS]
    records += [{"id": title, "title": title, "text": title, "source": "news.example"} for title in NEWS]
    shell.ingest(records, "--alert")
    shell.run("once", "--only", "deliver")
    return shell


def judge(shell: Shell, titles: list[str], word: str = "irrelevant") -> None:
    rows = shell.run("alerts", "list", "--json", "--limit", "100").rows
    numbers = [str(row["id"]) for row in rows if row["title"] in titles]
    assert shell.run("alerts", word, *numbers).code == 0


def stats(shell: Shell, *words: str) -> dict[str, Any]:
    return {row["topic"]: row for row in shell.run("topics", "stats", "--json", *words).rows}


def test_what_topics_alerted_is_counted(told: Shell) -> None:
    found = stats(told)

    assert list(found) == ["tariffs", "magnets"]
    one = found["tariffs"]
    assert (one["alerts"], one["articles"], one["updates"], one["irrelevant"]) == (12, 12, 0, 0)
    assert (one["precision"], one["precision_of_judged"], one["suggestions"]) == (1.0, None, [])
    assert one["last_hit"]
    assert (found["magnets"]["alerts"], found["magnets"]["precision"]) == (0, None)
    assert "nobody said of an alert" in told.run("topics", "stats").err


def test_precision_goes_by_what_was_called_irrelevant(told: Shell) -> None:
    judge(told, JOBS[:3])
    judge(told, NEWS[:1], "relevant")

    one = stats(told, "tariffs")["tariffs"]
    shown = told.run("topics", "stats", "tariffs").out

    assert (one["irrelevant"], one["relevant"], one["judged"]) == (3, 1, 4)
    assert (one["precision"], one["precision_of_judged"]) == (0.75, 0.25)
    assert "75 % (4 of 12 judged)" in shown


def test_what_to_exclude_is_suggested_with_its_cost_and_works_as_it_says(told: Shell) -> None:
    judge(told, JOBS)

    shown = told.run("topics", "stats").out
    found = stats(told)["tariffs"]["suggestions"]
    words = [one for one in found if not one["not"].startswith("source:")]

    assert "4 of 4 irrelevant and 0 of 8 other articles: add `not: [" in shown
    assert "tariffs: jobs.example brought 4 of 4 irrelevant and 0 of 8 other articles" in shown
    assert all("tariff" not in one["not"] for one in found)
    told.write(
        "watchlist.yaml",
        f"version: 1\ntopics:\n  - {{id: tariffs, match: tariff, not: [{words[0]['not']}]}}\n",
    )
    found_now = [t for t in (*JOBS, *NEWS) if told.run("match", "--topic", "tariffs", "-", stdin=t.encode()).out]
    assert found_now == NEWS


def test_an_unknown_topic_is_an_error(told: Shell) -> None:
    done = told.run("topics", "stats", "tarifs")

    assert done.code == 1
    assert "did you mean tariffs?" in done.err


def test_what_was_muted_is_counted_apart(told: Shell) -> None:
    told.run("mute", "topic:tariffs", "--until", "1h")
    told.ingest([{"id": "m", "title": "A tariff on milk", "text": "A tariff on milk."}], "--alert")

    one = stats(told, "tariffs")["tariffs"]

    assert (one["alerts"], one["muted"], one["articles"]) == (12, 1, 13)
