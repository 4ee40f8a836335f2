"""`topics log`, `diff` and `rollback`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.unit.cli.shell import FILES, Shell

SECOND = """
version: 1
define: {metals: [tin, zinc]}
topics:
  - {id: tariffs, name: Tariffs on anything, match: tariff OR duty, note: Call the desk}
  - {id: metals, match: $metals NEAR/5 shortage}
"""


def take(shell: Shell, text: str = "", name: str = "watchlist.yaml") -> None:
    """Let the program take over a watchlist."""
    if text:
        (shell.config / name).parent.mkdir(exist_ok=True)
        shell.write(name, text)
    assert shell.run("once", "--only", "study").code == 0


@pytest.fixture
def two(shell: Shell) -> list[str]:
    """Two versions that were taken over; returns their names, the newest first."""
    take(shell)
    take(shell, SECOND)
    return [row["version"] for row in shell.run("topics", "log", "--json").rows]


def backups(shell: Shell) -> list[Path]:
    return sorted(shell.config.rglob("*.bak"))


def test_the_log_has_each_version_with_what_it_changed(shell: Shell, two: list[str]) -> None:
    rows = shell.run("topics", "log", "--json").rows
    text = shell.run("topics", "log").out.splitlines()

    assert [(row["added"], row["removed"], row["changed"], row["is_present"]) for row in rows] == [
        (["metals"], ["magnets"], ["tariffs"], True),
        (["tariffs", "magnets"], [], [], False),
    ]
    assert [row["topics"] for row in rows] == [2, 2]
    assert text[1].startswith(f"{two[0]}*  20")
    assert text[1].endswith("  2       +metals, -magnets, ~tariffs")
    assert len(shell.run("topics", "log", "--limit", "1", "--json").rows) == 1


def test_the_log_says_that_the_files_are_not_taken_over_yet(shell: Shell, two: list[str]) -> None:
    assert "not taken over" not in shell.run("topics", "log").err
    shell.write("watchlist.yaml", FILES["watchlist.yaml"] + "  - {id: tin, match: tin}\n")

    done = shell.run("topics", "log")

    assert "*" not in done.out
    assert done.err == (
        "the files read otherwise now, and are taken over by `monitor run` or `monitor once`\n"
        "  → monitor topics diff shows what is not taken over yet\n"
    )
    assert len(shell.run("topics", "log", "--json").rows) == len(two)


def test_a_bad_topic_is_no_change_in_the_log_while_its_last_good_version_goes_on(shell: Shell) -> None:
    take(shell)
    shell.write("watchlist.yaml", FILES["watchlist.yaml"].replace("match: tariff", "macth: tariff"))
    assert shell.run("once", "--only", "study").code == 2

    newest, first = shell.run("topics", "log", "--json").rows

    assert (newest["added"], newest["removed"], newest["changed"], newest["topics"]) == ([], [], [], 2)
    assert first["added"] == ["tariffs", "magnets"]


def test_a_watchlist_taken_over_again_is_no_new_version(shell: Shell, two: list[str]) -> None:
    take(shell)

    assert len(two) == 2
    assert len(shell.run("topics", "log", "--json").rows) == 2


def test_the_log_of_a_fresh_store_says_how_it_fills(shell: Shell) -> None:
    done = shell.run("topics", "log")

    assert (done.code, done.out) == (0, "")
    assert "no version yet" in done.err


def test_only_the_watchlists_own_files_are_kept(shell: Shell) -> None:
    take(shell, "topics:\n  - tin\n", "watchlist.d/more.yaml")

    with shell.store() as store:
        (kept,) = store.watchlists()
        assert list(store.watchlist_files(kept.id)) == ["watchlist.yaml", "watchlist.d/more.yaml"]


def test_the_difference_is_from_a_version_to_the_files_as_they_are(shell: Shell, two: list[str]) -> None:
    last = shell.run("topics", "diff").out
    named = shell.run("topics", "diff", two[1][:5]).out
    same = shell.run("topics", "diff", two[0])

    assert named == last
    assert last.startswith(f"--- watchlist.yaml ({two[1]}, 20")
    assert "\n-  - {id: magnets, match: magnet NEAR/5 shortage}\n" in last
    assert "\n+define: {metals: [tin, zinc]}\n" in last
    assert (same.out, same.err) == ("", "no difference\n")


def test_a_rollback_brings_a_version_back_and_keeps_what_was_there(shell: Shell, two: list[str]) -> None:
    done = shell.run("topics", "rollback", two[1], "--yes")

    assert done.code == 0
    assert (shell.config / "watchlist.yaml").read_text() == FILES["watchlist.yaml"]
    (backup,) = backups(shell)
    assert backup.read_text() == SECOND
    assert done.out.splitlines()[0] == f"kept config/{backup.name}"
    take(shell)
    assert [row["version"] for row in shell.run("topics", "log", "--json").rows] == [two[1], two[0], two[1]]
    assert shell.run("topics", "rollback", two[1], "--yes").err.endswith("already\n")


def test_a_rollback_goes_back_over_the_folder_too(shell: Shell) -> None:
    take(shell, "topics:\n  - tin\n", "watchlist.d/one.yaml")
    (first,) = [row["version"] for row in shell.run("topics", "log", "--json").rows]
    (shell.config / "watchlist.d/one.yaml").unlink()
    take(shell, "topics:\n  - zinc\n", "watchlist.d/two.yaml")

    done = shell.run("topics", "rollback", first, "-y")

    assert done.code == 0
    assert (shell.config / "watchlist.d/one.yaml").read_text() == "topics:\n  - tin\n"
    assert [
        path.name.split(".20")[0] for path in (shell.config / "watchlist.d").iterdir() if path.suffix == ".bak"
    ] == ["two.yaml"]
    assert {row["id"] for row in shell.run("topics", "list", "--json").rows} == {"tariffs", "magnets", "tin"}


@pytest.mark.parametrize("damage", ["", "topics: [", None, "latin"])
def test_a_rollback_repairs_a_watchlist_that_cannot_be_read(shell: Shell, two: list[str], damage: str | None) -> None:
    path = shell.config / "watchlist.yaml"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(b"topics: [Z\xf6lle]" if damage == "latin" else damage.encode())
    before = path.read_bytes() if path.exists() else None

    done = shell.run("topics", "rollback", two[0], "--yes")

    assert done.code == 0, done.err
    assert path.read_text() == SECOND
    assert [backup.read_bytes() for backup in backups(shell)] == ([] if before is None else [before])


def test_a_version_that_would_not_load_any_more_changes_nothing(shell: Shell, two: list[str]) -> None:
    shell.write("watchlist.yaml", "topics:\n  - {id: a, match: tin, alert: {to: [boss]}}\n")
    shell.write("monitor.yaml", FILES["monitor.yaml"].replace("desk: {", "boss: {").replace("[desk]", "[boss]"))
    take(shell)
    shell.write("monitor.yaml", FILES["monitor.yaml"])
    shell.write("watchlist.yaml", SECOND)
    take(shell)
    wanted = shell.run("topics", "log", "--json").rows[1]["version"]

    done = shell.run("topics", "rollback", wanted, "--yes")

    assert done.code == 2
    assert "boss" in done.err
    assert (shell.config / "watchlist.yaml").read_text() == SECOND
    assert backups(shell) == []


def test_a_rollback_asks_first(shell: Shell, two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = shell.run("topics", "rollback", two[1])

    assert nobody.code == 2
    assert "--yes" in nobody.err
    assert (shell.config / "watchlist.yaml").read_text() == SECOND
    assert sys.stdin is not None


@pytest.mark.parametrize(("wanted", "what"), [("zzz", "no version 'zzz'"), ("", "")])
def test_an_unknown_version_says_where_to_look(shell: Shell, two: list[str], wanted: str, what: str) -> None:
    done = shell.run("topics", "diff", wanted or "0" * 12)

    assert done.code == 1
    assert what in done.err
    assert "monitor topics log" in done.err
