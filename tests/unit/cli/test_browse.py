"""`articles`, `show`, `ingest`, `export`."""

from __future__ import annotations

import json

import pytest

from monitor.app import now
from monitor.model import OutboxState
from tests.unit.cli.shell import ARCHIVE, Shell


def test_articles_of_an_empty_store_say_how_to_get_some(shell: Shell) -> None:
    done = shell.run("articles")

    assert (done.code, done.out) == (0, "")
    assert "`monitor once` brings some" in done.err


def test_articles_are_listed_newest_first_as_many_as_asked_for(shell: Shell) -> None:
    shell.ingest()

    listed = shell.run("articles")
    two = shell.run("articles", "--limit", "2", "--json")

    assert [line.split()[0] for line in listed.out.splitlines()] == ["id", "a-3", "a-2", "a-1"]
    assert listed.out.splitlines()[1].endswith("Magnet shortage")
    assert [row["id"] for row in two.rows] == ["a-3", "a-2"]
    assert two.rows[0] | {"first_seen": "", "story_id": ""} == {
        "id": "a-3",
        "title": "Magnet shortage",
        "url": None,
        "source": None,
        "feed": None,
        "published": "2025-10-20",
        "published_from": "given",
        "first_seen": "",
        "authors": [],
        "language": "en",
        "completeness": "full",
        "problem": None,
        "stage": "done",
        "story_id": "",
        "duplicate_of": None,
        "copy_kind": None,
        "revision": 0,
        "note": None,
    }


def test_show_finds_an_article_by_id_and_by_address_and_names_its_topics_and_copies(shell: Shell) -> None:
    shell.ingest([*ARCHIVE, {**ARCHIVE[0], "id": "a-4", "source": "copycat.example"}])

    by_id = shell.run("show", "a-1")
    by_address = shell.run("show", "https://a.example/1", "--json").rows[0]

    assert by_id.code == 0
    assert "topic tariffs  tariff" in by_id.out
    assert "copy  a-4  copycat.example" in by_id.out
    assert by_id.out.endswith("\n\nThe tariff starts soon.\n")
    assert by_address["copies"] == ["a-4"]
    assert by_address["text"] == "The tariff starts soon."
    (match,) = by_address["matches"]
    assert match["topic"] == "tariffs"
    assert {span["zone"] for span in match["spans"]} == {"title", "body"}


def test_show_of_an_unknown_article_says_where_the_ids_are(shell: Shell) -> None:
    done = shell.run("show", "a-9")

    assert done.code == 1
    assert done.err == "monitor: no article 'a-9'\n  → run `monitor articles` for the ids\n"


def test_ingest_says_what_came_and_the_second_time_that_it_was_known(shell: Shell) -> None:
    assert shell.ingest().out == "3 new, 0 revised, 0 known, 0 broken\n"
    assert shell.ingest().out == "0 new, 0 revised, 3 known, 0 broken\n"
    changed = [{**ARCHIVE[0], "text": "The tariff is off."}, *ARCHIVE[1:]]
    assert shell.ingest(changed).out == "0 new, 1 revised, 2 known, 0 broken\n"
    assert shell.run("show", "a-1", "--json").rows[0]["revision"] == 1


def test_ingest_names_each_broken_line_and_takes_the_rest(shell: Shell) -> None:
    file = shell.folder / "archive.jsonl"
    lines = ["{broken", json.dumps(ARCHIVE[0]), "[1]", "", '{"id": "x"}', '{"title": "t"}', json.dumps(ARCHIVE[1])]
    file.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")

    done = shell.run("ingest", file)

    assert done.code == 1
    assert done.out == "2 new, 0 revised, 0 known, 5 broken\n"
    errors = done.err.splitlines()
    assert [error.removeprefix(f"{file}:").split(": ", 1)[0] for error in errors] == ["1", "3", "5", "6", "8"]
    assert errors[1].endswith(": not an object but list")
    assert errors[2].endswith(": no `title`, `text` or `html`")
    assert errors[3].endswith(": no `id`")


def test_ingest_alerts_only_if_told_to(shell: Shell) -> None:
    shell.ingest()
    with shell.store() as store:
        assert store.outbox() == []
        assert store.counts(now()).matches == 2

    shell.ingest([{**ARCHIVE[0], "id": "b-1", "text": "Another tariff, on tin.", "url": ""}], "--alert")

    with shell.store() as store:
        (row,) = store.outbox()
        assert (row.state, row.item.topic, row.recipient) == (OutboxState.PENDING, "tariffs", "desk")


def test_ingest_leaves_the_studying_to_a_running_daemon(shell: Shell) -> None:
    with shell.store() as store, store.hold_lock():
        done = shell.ingest()

        assert done.code == 0
        assert done.err == "a daemon is running: it studies the new articles\n"
        assert store.counts(now()).unstudied == 3


def test_ingest_reads_standard_input(shell: Shell) -> None:
    done = shell.run("ingest", "-", stdin="".join(json.dumps(row) + "\n" for row in ARCHIVE).encode())

    assert done.out == "3 new, 0 revised, 0 known, 0 broken\n"


def test_ingest_of_a_file_that_is_not_there_changes_nothing(shell: Shell) -> None:
    done = shell.run("ingest", "nothing.jsonl")

    assert done.code == 1
    assert done.err.startswith("monitor: nothing.jsonl: No such file or directory\n  → ")
    assert not shell.state.exists()


def test_export_gives_every_article_back_oldest_first(shell: Shell) -> None:
    shell.ingest([*ARCHIVE, {**ARCHIVE[0], "id": "a-4"}])

    done = shell.run("export", "articles", "--jsonl")

    assert done.code == 0
    assert [row["id"] for row in done.rows] == ["a-1", "a-2", "a-3", "a-4"]
    assert [row["duplicate_of"] for row in done.rows] == [None, None, None, "a-1"]
    for given, row in zip(ARCHIVE, done.rows, strict=False):
        assert given.items() <= row.items()
    assert shell.run("export", "articles").out == done.out


def test_a_copy_is_shown_with_the_id_of_its_original(shell: Shell) -> None:
    shell.ingest([*ARCHIVE, {**ARCHIVE[0], "id": "a-4"}])

    (copy,) = shell.run("show", "a-4", "--json").rows
    assert (copy["duplicate_of"], copy["copy_kind"], copy["site"]) == ("a-1", "update", None)


def test_what_is_exported_can_be_brought_in_again(shell: Shell) -> None:
    shell.ingest()
    exported = shell.run("export", "articles").rows

    assert shell.ingest(exported).out == "0 new, 0 revised, 3 known, 0 broken\n"


def test_export_stories_and_matches_name_the_articles(shell: Shell) -> None:
    shell.ingest([*ARCHIVE, {**ARCHIVE[0], "id": "a-4"}])

    stories = shell.run("export", "stories").rows
    matches = shell.run("export", "matches").rows

    assert [story["articles"] for story in stories] == [["a-1", "a-4"], ["a-2"], ["a-3"]]
    assert [(match["article"], match["topic"]) for match in matches] == [
        ("a-1", "tariffs"),
        ("a-3", "magnets"),
        ("a-4", "tariffs"),
    ]
    assert matches[0].keys() == {"article", "topic", "story_id", "phase", "spans", "alerted_at"}


@pytest.mark.parametrize("what", ["articles", "stories", "matches"])
def test_export_of_an_empty_store_is_empty(shell: Shell, what: str) -> None:
    done = shell.run("export", what)

    assert (done.code, done.out, done.err) == (0, "", "")


def test_what_a_feed_says_reaches_no_terminal_raw(shell: Shell) -> None:
    hostile = "A tariff \x1b[31mred\x1b]0;title\x07 \u202eevil\u2069 \x9b2J\r\nnext"
    shell.ingest([{"id": hostile, "title": hostile, "text": hostile, "source": hostile, "url": "http://a/" + hostile}])

    shown = [
        shell.run(*words)
        for words in (
            ["articles"],
            ["articles", "--json"],
            ["show", hostile],
            ["show", hostile, "--json"],
            ["show", hostile + "!"],
            ["export", "articles"],
            ["export", "stories"],
            ["export", "matches"],
            ["explain", hostile],
        )
    ]

    for done in shown:
        assert not set(done.out + done.err) & set("\x1b\x07\x9b\r\u202e\u2069"), done
    assert json.loads(shown[5].out)["title"] == hostile.replace("\r\n", "\n").strip() or shown[5].rows


def test_what_edits_changed_is_shown_sentence_by_sentence(shell: Shell) -> None:
    first = {"id": "e", "title": "Quake", "text": "A quake struck. Ten people died. Power failed."}
    shell.ingest([first])
    shell.ingest([first | {"text": "A quake struck. Twelve people died. Power failed."}])
    shell.ingest(
        [first | {"title": "Big quake", "text": "A quake struck. Twelve people died. Power failed. More follows."}]
    )

    lines = shell.run("show", "e", "--diff").out.splitlines()
    assert [line for line in lines if line.startswith("  ")] == [
        "  - Ten people died.",
        "  + Twelve people died.",
        "  - Quake",
        "  + Big quake",
        "  + More follows.",
    ]
    edits = shell.run("show", "e", "--diff", "--json").rows[0]["edits"]
    assert [edit["revision"] for edit in edits] == [0, 1]
    assert "edits" not in shell.run("show", "e", "--json").rows[0]


def test_an_article_without_edits_says_so(shell: Shell) -> None:
    shell.ingest([{"id": "e", "title": "Quake", "text": "A quake struck."}])
    assert "no edit changed what it says" in shell.run("show", "e", "--diff").err
