"""What the commands say of themselves, and how soon."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.models import CommandInfo

from monitor.cli import app
from tests.unit.cli.shell import Shell

ROOT = Path(__file__).parents[3]


def commands(group: typer.Typer = app, prefix: str = "") -> Iterator[tuple[str, CommandInfo]]:
    for command in group.registered_commands:
        yield f"{prefix}{command.name}", command
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, f"{prefix}{inner.name} ")


COMMANDS = dict(commands())
GROUPS = ["", *sorted({name.split()[0] for name in COMMANDS if " " in name})]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_calls_it(name: str, shell: Shell) -> None:
    callback = COMMANDS[name].callback
    assert callback is not None
    help_text = inspect.getdoc(callback) or ""

    assert f"\n\nExample: monitor {name}" in help_text
    done = shell.run(*name.split(), "-h")
    assert done.code == 0
    assert f"Example: monitor {name}" in re.sub(r"\s+", " ", done.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_says_what_it_is_for(name: str) -> None:
    command = typer.main.get_command(app)
    for word in name.split():
        command = command.commands[word]

    assert [option.name for option in command.params if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_folder_of_the_configuration_itself(name: str, shell: Shell) -> None:
    assert "--config DIR" in shell.run(*name.split(), "-h").out


@pytest.mark.parametrize("group", GROUPS)
def test_no_line_of_the_lists_of_commands_is_cut(group: str, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    shown = shell.run(*group.split(), "-h").out

    assert "..." not in shown.replace("[ARGS]...", "")
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = re.findall(r"^\| (`.*?`) \| .+ \|$", readme[readme.index("## Commands") :], re.MULTILINE)
    calls = [call.replace("\\|", "|") for cell in table for call in re.findall(r"`([^`]+)`", cell)]

    listed = {name for call in calls for name in _named(*call.split(maxsplit=1))}

    assert listed == set(COMMANDS)


def _named(command: str, rest: str = "") -> set[str]:
    """Read `feeds list|add URL` as `feeds list` and `feeds add`."""
    if command in COMMANDS:
        return {command}
    return {f"{command} {word}" for word in re.findall(r"[a-z]+", rest)}


def test_commands_that_need_no_network_and_no_store_load_neither() -> None:
    heavy = "aiohttp alembic apprise apscheduler pebble psycopg requests sqlalchemy sqlmodel trafilatura watchfiles"
    program = f"import sys, monitor.cli; print(*sorted(set({heavy.split()}) & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == ""


def test_the_version_is_printed(shell: Shell) -> None:
    done = shell.run("--version")

    assert re.fullmatch(r"monitor \d+\.\d+\.\d+\n", done.out)
    assert done.code == 0


@pytest.mark.parametrize("words", [("fetch",), ("status", "--fast"), ("export", "books"), ("articles", "--limit", "0")])
def test_a_wrong_call_is_told_and_ends_with_2(words: tuple[str, ...], shell: Shell) -> None:
    done = shell.run(*words)

    assert done.code == 2
    assert done.out == ""
    assert "Usage: monitor" in done.err
    assert "Traceback" not in done.err


def test_the_folder_may_stand_before_or_after_the_command(shell: Shell) -> None:
    other = shell.folder / "elsewhere"
    shell.config.rename(other)

    before = shell.run("--config", other, "topics", "list")
    after = shell.run("topics", "list", "--config", other)

    assert before.code == after.code == 0
    assert before.out == after.out
    assert "tariffs" in before.out
