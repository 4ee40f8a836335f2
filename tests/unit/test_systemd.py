"""The unit that `init` writes is valid and shut tight."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.settings import write_unit

TOOL = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(TOOL is None, reason="systemd-analyze is missing: apt-get install systemd")

# A made-up user, and one whose program and configuration lie in a home.
WHO = [("", "/usr/local/bin/monitor", "/etc/monitor"), ("root", "/root/monitor/.venv/bin/monitor", "/root/monitor")]


@needs_systemd
@pytest.mark.parametrize(("user", "executable", "config"), WHO)
def test_the_unit_is_valid(tmp_path: Path, user: str, executable: str, config: str) -> None:
    unit = written(tmp_path, user, executable, config)
    # The program must exist where the unit says.
    unit.write_text(unit.read_text().replace(executable, sys.executable))

    done = analyze("verify", str(unit))

    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(("user", "executable", "config"), WHO)
def test_the_unit_is_hardened(tmp_path: Path, user: str, executable: str, config: str) -> None:
    done = analyze("security", "--offline=true", str(written(tmp_path, user, executable, config)))

    score = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert score
    assert float(score[1]) <= 2.0


@needs_systemd
def test_the_workers_may_limit_their_own_memory(tmp_path: Path) -> None:
    allowed: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", written(tmp_path, *WHO[0]).read_text(), re.MULTILINE):
        calls = {call for word in line.removeprefix("~").split() for call in members(word)}
        allowed = allowed - calls if line.startswith("~") else allowed | calls

    assert {"prlimit64", "setrlimit", "clone3", "execve", "futex", "fsync", "flock", "mmap"} <= allowed
    assert not {"mount", "reboot", "ptrace", "bpf", "setpriority"} & allowed


def test_the_unit_keeps_the_daemons_promises(tmp_path: Path) -> None:
    lines = written(tmp_path, *WHO[0]).read_text().splitlines()

    promised = ["Type=notify", "WatchdogSec=60", "TimeoutStopSec=15", "Restart=on-failure"]
    assert {*promised, "StateDirectory=monitor", "DynamicUser=yes"} <= set(lines)


def members(word: str) -> set[str]:
    """Return the system calls of a set such as @system-service, sets within it included."""
    if not word.startswith("@"):
        return {word}
    lines = analyze("syscall-filter", word).stdout.splitlines()[1:]
    inner = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return {call for line in inner for call in members(line)}


def written(folder: Path, user: str, executable: str, config: str) -> Path:
    unit = folder / "monitor.service"
    write_unit(unit, executable=Path(executable), config=Path(config), user=user)
    return unit


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(TOOL), *arguments], capture_output=True, text=True, check=False)
