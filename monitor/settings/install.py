"""Writes a fresh configuration and the systemd unit."""

from __future__ import annotations

import re
from pathlib import Path

from monitor import resources
from monitor.errors import MonitorError, UsageError
from monitor.settings.atomic import write_text

_FILES = ("monitor.yaml", "feeds.yaml", "watchlist.yaml")
_HOMES = ("/home/", "/root/", "/run/user/")
_PLAIN_PATH = re.compile(r"/[\w./+@-]*", re.ASCII)
_USER = re.compile(r"[a-z_][a-z0-9_-]*", re.ASCII)


def write_config(target: Path) -> list[Path]:
    """Copy the packaged configuration into `target`; files that are there stay as they are. Returns those written.

    Raises:
        MonitorError: the folder cannot be written.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MonitorError(f"{target}: cannot be made: {error.strerror}", hint="name another folder") from None
    written = [target / name for name in _FILES if not (target / name).exists()]
    for path in written:
        write_text(path, (resources.folder("config") / path.name).read_text(encoding="utf-8"))
    return written


def write_unit(target: Path, *, executable: Path, config: Path, user: str = "") -> str:
    """Write the systemd unit with real paths, unless it is there; returns the commands that install it.

    The service runs as `user`; empty: as a user that systemd makes up, unless a path lies in a home: as its owner.

    Raises:
        UsageError: systemd cannot take one of the paths or the user's name.
        MonitorError: the file cannot be written.
    """
    executable, config = executable.absolute(), config.absolute()
    for path in (executable, config):
        if not _PLAIN_PATH.fullmatch(str(path)):
            raise UsageError(
                f"{path} cannot stand in a systemd unit", hint="use a path of letters, digits and - _ . + @"
            )
    in_home = any(str(path).startswith(_HOMES) for path in (executable, config))
    user = user or (config.owner() if in_home else "")
    if user and not _USER.fullmatch(user):
        raise UsageError(f"{user!r} is not the name of a user", hint="name a user of this machine")
    if not target.exists():
        write_text(target, render_unit(str(executable), str(config), user, in_home=in_home))
    return "\n".join(
        (
            f"sudo install -m 644 {target} /etc/systemd/system/monitor.service",
            "sudo systemctl daemon-reload",
            "sudo systemctl enable --now monitor",
            "journalctl -fu monitor",
        )
    )


def render_unit(executable: str, config: str, user: str, *, in_home: bool) -> str:
    """Return the packaged unit with these paths and this user; in a home, homes are readable to it."""
    unit = (resources.folder("systemd") / "monitor.service").read_text(encoding="utf-8")
    changes = {"ExecStart": f"{executable} run", "Environment": f"MONITOR_CONFIG={config}"}
    if in_home:
        changes["ProtectHome"] = "read-only"
    for key, value in changes.items():
        unit = re.sub(rf"^{key}=.*$", f"{key}={value}", unit, flags=re.MULTILINE)
    return unit.replace("DynamicUser=yes", f"User={user}") if user else unit
