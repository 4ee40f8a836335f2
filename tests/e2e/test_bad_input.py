"""Bad input, as a user makes it: each is told in a line or two with the place and the next action, and nothing is lost.

Every case takes a place that works, breaks one thing, and looks at what is said, at the exit code (2 for what the user
wrote, 1 for the rest) and at what was there before. Where a process adds something, the program runs in its own. No
command listens on a port, so none can be in use.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from monitor import cli, resources
from tests.unit.cli.shell import Done, Shell

ROOT = Path(__file__).parents[2]
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
ARTICLE = {"id": "a-1", "title": "A new tariff", "text": "The tariff starts."}


class Place(Shell):
    """A configuration and a state that work, and the program to be run on them: in this process, or in its own."""

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "monitor", *words]

    def environment(self) -> dict[str, str]:
        kept = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        return kept | {"MONITOR_CONFIG": str(self.config), "STATE_DIRECTORY": str(self.state)}

    def run_apart(self, *words: str, before: tuple[str, ...] = (), **environment: str) -> Done:
        """Run a command in a process of its own, behind the words `before`."""
        done = subprocess.run(
            [*before, *self.command(*words)],
            env=self.environment() | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def break_file(self, name: str, body: str | bytes) -> None:
        data = body if isinstance(body, bytes) else body.encode()
        (self.config / name).write_bytes(data)

    def kept(self) -> list[tuple[object, ...]]:
        """What the store holds of articles, stories, alerts and feeds."""
        return kept_in(self.state)


def kept_in(state: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(state / "monitor.db")) as database:
        return [
            row
            for table in ("article", "body", "story", "match", "outbox", "feed")
            for row in database.execute(f"SELECT '{table}', * FROM {table} ORDER BY 1, 2")
        ]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place that has run once: an article, and an alert that waits."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "config").mkdir()
    (folder / "config/monitor.yaml").write_text('timezone: UTC\nchannels: {desk: {url: "console:"}}\n')
    (folder / "config/feeds.yaml").write_text("feeds: []\n")
    (folder / "config/watchlist.yaml").write_text("topics:\n  - {id: tariffs, match: tariff}\n")
    (folder / "archive.jsonl").write_text(json.dumps(ARTICLE) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITOR_CONFIG", str(folder / "config"))
        patch.setenv("STATE_DIRECTORY", str(folder / "state"))
        patch.setattr(sys, "argv", ["monitor", "ingest", str(folder / "archive.jsonl"), "--alert"])
        with pytest.raises(SystemExit, match="0"), unchanged_logging():
            cli.main()
    return folder


@contextmanager
def unchanged_logging() -> Iterator[None]:
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def place(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """A copy of the sound place, to be broken."""
    copy = Place(tmp_path / "place", capsys, monkeypatch)
    shutil.copytree(sound, copy.folder)
    for name, value in copy.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SLACK_WEBHOOK", raising=False)
    monkeypatch.chdir(copy.folder)
    with unchanged_logging():
        yield copy


def assert_told(done: Done, code: int, *parts: str, problems: int = 1) -> None:
    """Check that the program said it in two lines a problem: what, with its place, and the next action."""
    lines = done.err.splitlines()
    assert done.code == code, done
    # `check` shows what the topics that are right find in the seeds.
    assert done.out.partition(":")[0] in {"", "Seed report"}, done
    assert "Traceback" not in done.err
    assert len([line for line in lines if line.startswith("  → ")]) == problems, done.err
    assert len(lines) <= 2 * problems + 1, done.err
    for part in parts:
        assert part in done.err


WRITTEN = {
    "unknown key": ("monitor.yaml", "pol: {per_day: 3}\n", ":1:1: unknown key 'pol'", "did you mean 'poll'?"),
    "unknown key of a topic": (
        "watchlist.yaml",
        "topics:\n  - {id: a, match: tariff, allert: {to: [desk]}}\n",
        ":2:28: unknown key 'allert'",
        "did you mean 'alert'?",
    ),
    "duplicate key": (
        "monitor.yaml",
        "timezone: UTC\ntimezone: UTC\n",
        ":2:1: 'timezone' is already in line 1",
        "keep one",
    ),
    "alias bomb": ("monitor.yaml", BOMB, ":1:4: anchors (&a) are not read", "→"),
    "alias": ("feeds.yaml", "feeds: *all\n", ":1:8: ", "→"),
    "deep nesting": ("feeds.yaml", "feeds: " + "[" * 5000, ":1:", "at most 24 levels"),
    "tab indent": ("monitor.yaml", "poll:\n\tper_day: 3\n", ":2:1: ", "spaces"),
    "empty file": ("watchlist.yaml", "", "watchlist.yaml: the file is empty", "monitor init"),
    "nothing but comments": ("watchlist.yaml", "# later\n", "watchlist.yaml", "→"),
    "wrong type": ("monitor.yaml", "poll: {per_day: often}\n", ":1:17: ", "often"),
    "list for a mapping": ("monitor.yaml", "- poll\n", "monitor.yaml:1:", "→"),
    "unknown channel": (
        "watchlist.yaml",
        "topics:\n  - {id: a, match: tariff, alert: {to: [desc]}}\n",
        ":2:41: there is no channel 'desc'",
        "did you mean 'desk'?",
    ),
    "unknown operator": ("monitor.yaml", "operator: {to: [boss]}\n", ":1:17: there is no channel 'boss'", "desk"),
    "missing environment secret": (
        "monitor.yaml",
        'channels: {desk: {slack: {webhook: "env:SLACK_WEBHOOK"}}}\n',
        ":1:37: the environment variable SLACK_WEBHOOK is not set",
        "export SLACK_WEBHOOK=",
    ),
    "two topics with one id": (
        "watchlist.yaml",
        "topics:\n  - {id: a, match: tariff}\n  - {id: a, match: duty}\n",
        ":3:5: the topic 'a' is already ",
        "another id",
    ),
    "unclosed quote in a query": (
        "watchlist.yaml",
        "topics:\n  - id: a\n    match: '\"rare earth AND tariff'\n",
        "watchlist.yaml:3:13: ",
        "→",
    ),
    "purely negative topic": (
        "watchlist.yaml",
        "topics:\n  - id: a\n    match: 'NOT tariff'\n",
        "watchlist.yaml:3:13: ",
        "→",
    ),
    "not UTF-8": (
        "monitor.yaml",
        b"timezone: UTC\n# caf\xe9\n",
        ":2:6: byte 19 (0xe9) is not UTF-8",
        "save the file as UTF-8",
    ),
    "UTF-16": ("monitor.yaml", "timezone: UTC\n".encode("utf-16"), "monitor.yaml:1:1: ", "save the file as UTF-8"),
    "NUL bytes": ("feeds.yaml", b"feeds: [\0\0]\n", "feeds.yaml:1:9: ", "→"),
    "no address": ("feeds.yaml", "feeds: [www.example.org]\n", "feeds.yaml:1:9: ", "http"),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_wrong_file_is_told_with_its_place(place: Place, case: str) -> None:
    name, body, where, hint = WRITTEN[case]
    before = place.kept()
    place.break_file(name, body)

    done = place.run("check")

    assert_told(done, 2, str(place.config / name), where, hint)
    assert place.kept() == before


@pytest.mark.parametrize(
    "command", [("run",), ("once",), ("topics", "list"), ("match", "--seeds"), ("status",), ("articles",)]
)
def test_every_command_says_the_same_when_there_is_no_last_good_configuration(
    place: Place, command: tuple[str, ...]
) -> None:
    (place.state / "last-good-config.json").unlink()
    before = place.kept()
    place.break_file("monitor.yaml", "pol: {per_day: 3}\n")

    done = place.run(*command)

    assert_told(done, 2, f"{place.config / 'monitor.yaml'}:1:1: unknown key 'pol'", "did you mean 'poll'?")
    assert place.kept() == before


def test_a_broken_query_breaks_what_matches_and_no_looking_at_the_store(place: Place) -> None:
    (place.state / "last-good-config.json").unlink()
    place.break_file("watchlist.yaml", "topics:\n  - id: a\n    match: 'tariff AND'\n")

    assert_told(place.run("once"), 2, "watchlist.yaml:3:")
    assert "a-1" in place.run("articles").out


def test_all_that_is_wrong_is_told_at_once(place: Place) -> None:
    place.break_file("monitor.yaml", "pol: {}\ntimezone: Mars/Base\n")
    place.break_file("feeds.yaml", "feeds: [nonsense]\n")

    done = place.run("check")

    assert_told(done, 2, "monitor.yaml:1:1: ", "monitor.yaml:2:11: ", "feeds.yaml:1:9: ", problems=3)
    assert done.err.index("monitor.yaml:1") < done.err.index("monitor.yaml:2") < done.err.index("feeds.yaml")


def test_a_secret_that_is_missing_never_shows_the_others(place: Place) -> None:
    place.break_file(
        "monitor.yaml",
        "channels:\n"
        "  desk: {slack: {webhook: 'https://hooks.slack.com/services/T0/B0/topsecret'}}\n"
        "  me: {mail: {host: localhost, to: [me@a.example], password: 'env:MAIL_PASSWORD'}}\n",
    )

    done = place.run("check")

    assert_told(done, 2, "monitor.yaml:3:", "MAIL_PASSWORD")
    assert "topsecret" not in done.out + done.err


# Folders and files


def test_a_folder_of_configuration_that_is_not_there(place: Place) -> None:
    done = place.run("run", "--config", "nowhere")

    assert_told(done, 2, "--config: nowhere does not exist", "monitor init nowhere")


def test_a_folder_of_the_environment_that_is_not_there(place: Place) -> None:
    place.monkeypatch.setenv("MONITOR_CONFIG", "/nowhere")

    done = place.run("run")

    assert_told(done, 2, "$MONITOR_CONFIG: /nowhere does not exist", "monitor init /nowhere")


def test_a_file_where_the_folder_should_be_named(place: Place) -> None:
    file = place.config / "monitor.yaml"

    done = place.run("check", "--config", str(file))

    assert_told(done, 2, f"--config: {file} is not a folder", str(place.config))


@pytest.mark.parametrize("name", ["monitor.yaml", "feeds.yaml", "watchlist.yaml"])
def test_a_missing_file_says_how_to_write_it(place: Place, name: str) -> None:
    (place.config / name).unlink()

    done = place.run("check")

    assert_told(done, 2, f"{place.config / name}: the file is missing", f"monitor init {place.config}")
    assert place.run("init", str(place.config)).code == 0
    assert place.run("check").code in {0, 2}


def test_a_folder_where_a_file_is_expected(place: Place) -> None:
    (place.config / "feeds.yaml").unlink()
    (place.config / "feeds.yaml").mkdir()

    done = place.run("check")

    assert_told(done, 2, f"{place.config / 'feeds.yaml'}: this is not a file")


@pytest.fixture
def without_rights() -> tuple[str, ...]:
    """The words that take from a command the right of root to read and write what it may not."""
    if os.geteuid() != 0:
        return ()
    rights = "-dac_override,-dac_read_search"
    words = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}", "--")
    if shutil.which("setpriv") is None or subprocess.run([*words, "true"], check=False).returncode:
        pytest.skip("needs a way to give up rights: apt-get install util-linux")
    return words


def test_a_file_that_may_not_be_read(place: Place, without_rights: tuple[str, ...]) -> None:
    (place.config / "watchlist.yaml").chmod(0o000)

    done = place.run_apart("check", before=without_rights)

    assert_told(done, 2, "watchlist.yaml: cannot be read: Permission denied", "check its permissions")


@pytest.mark.parametrize("command", ["once", "status", "run"])
def test_a_state_folder_that_cannot_be_written(place: Place, without_rights: tuple[str, ...], command: str) -> None:
    before = place.kept()
    for path in (*place.state.iterdir(), place.state):
        path.chmod(0o555 if path.is_dir() else 0o444)

    done = place.run_apart(command, before=without_rights)

    place.state.chmod(0o755)
    assert_told(done, 1, str(place.state), "check that this user may read and write")
    assert place.kept() == before


def test_a_state_folder_that_cannot_be_made(place: Place) -> None:
    place.monkeypatch.setenv("STATE_DIRECTORY", "/proc/monitor")

    assert_told(place.run("once"), 1, "/proc/monitor")


def test_a_configuration_that_cannot_be_written(place: Place, without_rights: tuple[str, ...]) -> None:
    place.config.chmod(0o555)

    init = place.run_apart("init", str(place.config), before=without_rights)
    add = place.run_apart("feeds", "add", "http://127.0.0.1:1/feed", "--force", before=without_rights)

    place.config.chmod(0o755)
    assert_told(init, 1, f"{place.config}", "cannot be written: Permission denied")
    assert add.code == 1
    assert "feeds.d: cannot be written: Permission denied" in add.err
    assert "Traceback" not in add.err


# The store


def test_a_file_that_is_no_database(place: Place) -> None:
    (place.state / "monitor.db").write_bytes(b"this is no database at all\n" * 200)

    done = place.run("once")

    assert_told(done, 1, f"{place.state / 'monitor.db'}: the file is not a database", "restore a backup")
    assert (place.state / "monitor.db").read_bytes().startswith(b"this is no database")


def test_a_folder_where_the_database_should_be(place: Place) -> None:
    (place.state / "monitor.db").unlink()
    (place.state / "monitor.db").mkdir()

    done = place.run("status")

    assert_told(done, 1, str(place.state / "monitor.db"))


def test_a_database_of_another_program(place: Place) -> None:
    for path in place.state.glob("monitor.db*"):
        path.unlink()
    with closing(sqlite3.connect(place.state / "monitor.db")) as database:
        database.execute("CREATE TABLE moz_places (id INTEGER)")

    assert_told(place.run("once"), 1, "holds tables of another program (moz_places)", "a database of its own")


@pytest.mark.parametrize("command", [("once",), ("run",), ("db", "upgrade"), ("articles",)])
def test_a_database_newer_than_the_program(place: Place, command: tuple[str, ...]) -> None:
    before = place.kept()
    with closing(sqlite3.connect(place.state / "monitor.db")) as database:
        database.execute("UPDATE monitor_revision SET version_num = '9999'")
        database.commit()

    done = place.run(*command)

    assert_told(done, 1, f"{place.state / 'monitor.db'} has schema 9999", "install the newer version")
    assert place.kept() == before


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("mysql://me:hunter22@host/db", "mysql is not supported"),
        ("monitor.db", "not a database URL"),
        ("sqlite://", "in memory keeps nothing"),
        ("postgresql://me:hunter22@127.0.0.1:1/db", "127.0.0.1:1"),
    ],
)
def test_a_database_that_cannot_be_used(place: Place, address: str, what: str) -> None:
    place.break_file("monitor.yaml", f"database: '{address}'\n")

    done = place.run("status")

    assert_told(done, 1, what)
    assert "hunter22" not in done.err


# Disk full


@pytest.fixture
def full_disk(place: Place, tmp_path: Path) -> tuple[str, ...]:
    """The words that make a command run with the state on a disk of 1 MB that is nearly full."""
    if os.geteuid() != 0:
        pytest.skip("needs root, for a small disk of its own (mount in a mount namespace)")
    script = tmp_path / "on-a-full-disk"
    script.write_text(
        "#!/bin/sh\nset -e\n"
        f"cp -a {place.state} {tmp_path}/kept\n"
        f"mount -t tmpfs -o size=1m tmpfs {place.state}\n"
        f"cp -a {tmp_path}/kept/. {place.state}/\n"
        f"dd if=/dev/zero of={place.state}/filler bs=1k 2>/dev/null || true\n"
        '"$@" && code=0 || code=$?\n'
        f"rm {place.state}/filler\n"
        f"cp -a {place.state}/. {tmp_path}/kept/\n"
        "exit $code\n"
    )
    script.chmod(0o755)
    unshared = ("unshare", "--mount", "--propagation", "private")
    if shutil.which("unshare") is None or subprocess.run([*unshared, "true"], check=False).returncode:
        pytest.skip("needs mount namespaces: apt-get install util-linux, and a container that allows them")
    return (*unshared, str(script))


@pytest.mark.parametrize("command", ["ingest", "once", "run"])
def test_a_full_disk_is_told_and_nothing_is_lost(
    place: Place, full_disk: tuple[str, ...], tmp_path: Path, command: str
) -> None:
    before = place.kept()
    archive = tmp_path / "more.jsonl"
    archive.write_text("".join(json.dumps(ARTICLE | {"id": f"b-{n}", "text": "tin " * 900}) + "\n" for n in range(200)))
    words = [command, *([str(archive)] if command == "ingest" else [])]

    done = place.run_apart(*words, before=full_disk)

    assert done.code == 1, done.err
    assert "Traceback" not in done.err
    assert "no space is left on the disk" in done.err
    assert "  → free some space there" in done.err
    assert len(done.err.splitlines()) <= 3
    assert set(before) <= set(kept_in(tmp_path / "kept"))
    place.monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "kept"))
    assert place.run("db", "check").code == 0


def test_a_standard_output_on_a_full_disk_is_told(place: Place) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            place.command("export", "articles"), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )

    assert (done.returncode, done.stderr) == (1, "monitor: the output: No space left on device\n")


# Input and output


@pytest.mark.parametrize("words", [("export", "articles"), ("articles", "--json"), ("topics", "list"), ("-h",)])
def test_a_reader_that_goes_away_ends_the_command_quietly(place: Place, words: tuple[str, ...]) -> None:
    archive = place.folder / "many.jsonl"
    archive.write_text("".join(json.dumps(ARTICLE | {"id": f"b-{n}", "text": "tin " * 90}) + "\n" for n in range(300)))
    if words[0] == "export":
        place.run("ingest", archive)
    command = " ".join(place.command(*words))

    done = subprocess.run(["sh", "-c", f"{command} | true"], capture_output=True, text=True, timeout=60, check=False)

    assert done.stderr == ""


def test_an_output_that_cannot_show_a_character_shows_a_question_mark(place: Place) -> None:
    config = str(resources.folder("config"))

    done = place.run_apart("match", "--seeds", PYTHONIOENCODING="ascii", MONITOR_CONFIG=config)

    assert done.code == 0
    assert done.err.endswith(" of 5 matched\n")
    assert "?" in done.out


def test_an_archive_with_nothing_but_rubbish_names_each_line_and_keeps_the_store(place: Place) -> None:
    before = place.kept()
    archive = place.folder / "rubbish.jsonl"
    archive.write_bytes(b"\x00\x01\n{\n[]\n" + b'{"id": {"a": 1}, "text": "x"}\n' + b"[" * 3000 + b"\n")

    done = place.run("ingest", str(archive))

    assert done.code == 1
    assert [line.split(": ")[0] for line in done.err.splitlines()] == [f"{archive}:{n}" for n in range(1, 6)]
    assert place.kept() == before
