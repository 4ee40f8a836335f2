"""Output: what a feed says can neither style nor steer the terminal, and tables suit both eyes and pipes."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from monitor.cli import console
from monitor.errors import ConfigError, ConfigErrors, MonitorError
from monitor.model import Sentence

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31mred\u202eevil\u2066\u200b\x7f\r\t\ud800"
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def unsafe(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in UNSAFE} - {"\n"}


def test_every_control_and_direction_character_is_unsafe_and_no_visible_one() -> None:
    every = "".join(map(chr, range(0x110000)))
    for character, shown in zip(every, console.plain(every), strict=True):
        if shown == character:
            assert unicodedata.category(character) not in UNSAFE or character == "\n"
        else:
            # A character that this Python does not know yet may be one.
            assert unicodedata.category(character) in {*UNSAFE, "Cn"}


@given(st.text())
def test_plain_text_is_safe_and_as_long_as_before(text: str) -> None:
    shown = console.plain(text)

    assert not unsafe(shown)
    assert len(shown) == len(text)
    assert console.plain(shown) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_is_safe_and_reads_back(text: str) -> None:
    shown = printed_json({"title": text})

    assert not unsafe(shown)
    assert json.loads(shown) == {"title": text}


def printed_json(value: object) -> str:
    with pytest.MonkeyPatch.context() as patch:
        output = io.StringIO()
        patch.setattr("sys.stdout", output)
        console.put_json(value)
    return output.getvalue()


def test_json_keeps_letters_of_all_scripts_as_they_are() -> None:
    assert printed_json({"t": "稀土 – Ärger"}) == '{"t": "稀土 – Ärger"}\n'


def test_hostile_text_is_safe_in_all_kinds_of_output(capsys: pytest.CaptureFixture[str]) -> None:
    console.put(HOSTILE)
    console.say(HOSTILE)
    console.put_json({HOSTILE: HOSTILE})
    console.put_table([HOSTILE, "b"], [[HOSTILE, HOSTILE]])
    console.put_facts([(HOSTILE, HOSTILE), ("list", [HOSTILE]), ("counts", {HOSTILE: 1})])
    console.tell(MonitorError(HOSTILE, hint=HOSTILE))
    console.out.print(console.marked(Sentence(text=HOSTILE, marks=((0, 3),))))

    printed = capsys.readouterr()
    assert not unsafe(printed.out + printed.err)
    assert "owned" in printed.out


def test_a_table_in_a_pipe_is_whole_aligned_and_without_trailing_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    console.put_table(["id", "title"], [["1", "稀土"], ["22222", "long " * 60], ["3", "two\nlines"]])

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "id     title"
    assert lines[1] == "1      稀土"
    assert lines[2] == f"22222  {('long ' * 60).strip()}"
    assert lines[3] == "3      two lines"


def test_wide_letters_count_as_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    console.put_table(["name", "x"], [["稀土稀土", "1"], ["ab", "2"]])

    assert capsys.readouterr().out.splitlines() == ["name      x", "稀土稀土  1", "ab        2"]


def test_a_table_on_a_terminal_is_cut_in_its_last_column_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(console, "out", Console(file=screen, force_terminal=True, width=40, color_system=None))

    console.put_table(["id", "title"], [["1234567890", "many words " * 20], ["2", "稀土" * 20], ["3", "few"]])

    lines = screen.getvalue().splitlines()
    assert lines == [
        "id          title",
        "1234567890  many words many words many …",
        "2           稀土稀土稀土稀土稀土稀土稀 …",
        "3           few",
    ]
    assert max(map(cell_len, lines)) <= 40


def test_a_table_too_wide_for_the_terminal_keeps_what_tells_rows_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(
        console, "out", Console(file=screen, force_terminal=True, width=40, color_system=None, soft_wrap=True)
    )

    console.put_table(["id", "title"], [["seed:" + "x" * 40, "many words " * 20]])

    assert screen.getvalue().splitlines()[1] == f"seed:{'x' * 40}  many words many words m…"


def test_a_table_without_rows_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    console.put_table(["id"], [])

    assert capsys.readouterr().out == ""


def test_facts_leave_out_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    console.put_facts([("first_seen", "today"), ("url", None), ("copies", []), ("count", 0), ("to", ["a", "b"])])

    assert capsys.readouterr().out.splitlines() == ["first seen  today", "count       0", "to          a, b"]


def test_errors_of_files_begin_with_the_place_and_end_with_the_next_action(capsys: pytest.CaptureFixture[str]) -> None:
    errors = (ConfigError("no such key", where="a.yaml:3:1", hint="delete it"), ConfigError("empty", where="b.yaml"))

    console.tell(ConfigErrors(errors))

    assert capsys.readouterr().err.splitlines() == [
        "a.yaml:3:1: no such key",
        "  → delete it",
        "b.yaml: empty",
        "  → correct it, then run `monitor check`",
    ]


def test_other_errors_begin_with_the_name_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    console.tell(MonitorError("disk full", hint="free some space"))

    assert capsys.readouterr().err == "monitor: disk full\n  → free some space\n"


def test_no_progress_bar_is_drawn_when_nobody_looks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with console.progress_bar("reading", 2) as step:
        step(1)
        step(1)

    assert capsys.readouterr().err == ""
