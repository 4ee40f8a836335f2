"""Where the configuration and the state lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor import resources
from monitor.errors import UsageError


def find_folder(option: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of the configuration: the first that is named or holds one, else the packaged one.

    `option` › `$MONITOR_CONFIG` › `./config/local` › `./config` › `$XDG_CONFIG_HOME/monitor` › `/etc/monitor`.

    Raises:
        UsageError: the folder that was named does not exist.
    """
    if option is not None:
        return _named(option, "--config")
    if named := environ.get("MONITOR_CONFIG"):
        return _named(Path(named), "$MONITOR_CONFIG")
    return next((folder for folder in _usual(environ) if _holds_config(folder)), resources.folder("config"))


def state_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the database; it need not exist.

    `$STATE_DIRECTORY` (systemd) › the checkout's `var/` › `$XDG_STATE_HOME/monitor`.
    """
    if given := environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    if root := resources.checkout():
        return root / "var"
    return _home(environ, "XDG_STATE_HOME", ".local/state") / "monitor"


def _usual(environ: Mapping[str, str]) -> Iterator[Path]:
    yield Path("config/local")
    yield Path("config")
    yield _home(environ, "XDG_CONFIG_HOME", ".config") / "monitor"
    yield Path("/etc/monitor")


def _home(environ: Mapping[str, str], variable: str, usual: str) -> Path:
    # The XDG specification: a relative path is to be ignored.
    if (given := environ.get(variable, "")).startswith("/"):
        return Path(given)
    return Path(environ.get("HOME") or Path.home()) / usual


def _holds_config(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("monitor.yaml", "watchlist.yaml"))


def _named(folder: Path, by: str) -> Path:
    if folder.is_dir():
        return folder
    if folder.exists():
        raise UsageError(f"{by}: {folder} is not a folder", hint=f"name the folder it lies in: {folder.parent}")
    raise UsageError(f"{by}: {folder} does not exist", hint=f"write a fresh configuration: monitor init {folder}")
