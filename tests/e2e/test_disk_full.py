"""The disk runs full under the running daemon and is freed again: nothing is lost, and it says so and goes on alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.world import ROOT, Program, Story, Web, naming, service_yaml
from tests.mailserver import MailServer

UNSHARE = ("unshare", "--mount", "--propagation", "private")
ON_A_SMALL_DISK = 'mount -t tmpfs -o size=24m none "$0" && exec "$@"'
TOPIC = "version: 1\ntopics:\n  - {id: tariffs, match: tariff, alert: {to: [me]}}\n"
TARIFF = "Importers brace for the tariff."


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program whose state is on a disk of 24 MB that only it sees."""
    if shutil.which("unshare") is None or subprocess.run([*UNSHARE, "true"], check=False).returncode:
        pytest.skip("needs root and mount namespaces: a container that allows them, and apt-get install util-linux")
    return Program(tmp_path, inside=[*UNSHARE, "sh", "-c", ON_A_SMALL_DISK, str(tmp_path / "state")])


def fill(folder: Path) -> Path:
    """Write a file that leaves no room on its disk."""
    ballast = folder / "ballast"
    room = shutil.disk_usage(folder).total
    with pytest.raises(OSError, match="No space left"):
        ballast.write_bytes(b"x" * room)
    return ballast


def test_a_full_disk_loses_nothing_and_the_daemon_goes_on_when_there_is_room(program: Program) -> None:
    with ExitStack() as stack:
        web, mail = stack.enter_context(Web(hosts=2)), stack.enter_context(MailServer())
        stack.callback(program.close)
        program.write("monitor.yaml", service_yaml(web.ports, mail))
        feeds = [f"  - {{url: '{web.feed(name).url}', backfill: silent}}\n" for name in ("a", "b", "c")]
        program.write("feeds.yaml", f"feeds:\n{''.join(feeds)}")
        program.write("watchlist.yaml", TOPIC)
        daemon = program.start_daemon()
        disk = Path(f"/proc/{daemon.pid}/root") / program.state.relative_to("/")
        program.wait("the silent first polls", lambda: program.log().count("feed polled") >= len(web.feeds))
        web.feeds[0].publish(Story("Before", TARIFF))
        program.wait("the mail before", lambda: naming(mail.received, "Before"))

        ballast, before = fill(disk), len(program.log())
        polls = [len(feed.polls()) for feed in web.feeds]
        tokens = [f"Full{number}X" for number in range(6)]
        for number, token in enumerate(tokens):
            web.feeds[number % 3].publish(Story(token, TARIFF, title="Report of the day"))
        program.wait("it was told several times", lambda: " times=4" in program.log()[before:])
        said = program.log()[before:]
        assert "no space is left on the disk" in said
        assert len(re.findall(" ERROR ", said)) < 30, said
        assert all(len(feed.polls()) - count <= 2 for feed, count in zip(web.feeds, polls, strict=True))
        beside = Program(program.folder, inside=["nsenter", f"--target={daemon.pid}", "--mount", f"--wd={ROOT}"])
        told = beside.run("status")
        assert told.returncode == 1
        assert "only 0 MB are free: without room nothing is stored" in told.stdout

        ballast.unlink()
        program.wait("every mail", lambda: all(naming(mail.received, token) for token in tokens))
        web.feeds[1].publish(Story("After", TARIFF))
        program.wait("the mail after", lambda: naming(mail.received, "After"))
        program.stop(daemon)

        assert [len(naming(mail.received, token)) for token in ("Before", *tokens, "After")] == [1] * 8
        assert "Traceback" not in program.log()
        assert program.log().count(" ready feeds=") == 1
