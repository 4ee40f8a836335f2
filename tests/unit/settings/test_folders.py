"""Where the configuration is looked for, and where the state goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import resources
from monitor.errors import UsageError
from monitor.settings import find_folder, state_folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_search_goes_from_what_was_named_to_what_was_packaged(here: Path) -> None:
    environ = {"MONITOR_CONFIG": str(here / "named"), "XDG_CONFIG_HOME": str(here / "xdg"), "HOME": str(here / "home")}
    for folder in ("option", "named", "config/local", "config", "xdg/monitor", "home/.config/monitor"):
        (here / folder).mkdir(parents=True, exist_ok=True)
        (here / folder / "watchlist.yaml").touch()

    found = [find_folder(here / "option", environ), find_folder(None, environ)]
    environ.pop("MONITOR_CONFIG")
    for last in ("config/local", "config"):
        found.append(find_folder(None, environ))
        (here / last / "watchlist.yaml").unlink()
    found.append(find_folder(None, environ))
    environ.pop("XDG_CONFIG_HOME")
    found.append(find_folder(None, environ))

    assert found == [
        here / "option", here / "named", Path("config/local"), Path("config"),
        here / "xdg/monitor", here / "home/.config/monitor",
    ]  # fmt: skip


@pytest.mark.skipif(Path("/etc/monitor").exists(), reason="this machine has a configuration in /etc/monitor")
def test_without_a_configuration_the_packaged_one_is_taken(here: Path) -> None:
    (here / "config").mkdir()
    (here / "config/other.yaml").touch()

    assert find_folder(None, {"HOME": str(here)}) == resources.folder("config")


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing", "{by}: missing does not exist"), ("file", "{by}: file is not a folder")],
)
def test_a_named_folder_must_be_one(here: Path, name: str, message: str) -> None:
    (here / "file").touch()

    with pytest.raises(UsageError) as by_option:
        find_folder(Path(name), {})
    with pytest.raises(UsageError) as by_variable:
        find_folder(None, {"MONITOR_CONFIG": name})

    assert by_option.value.message == message.format(by="--config")
    assert by_variable.value.message == message.format(by="$MONITOR_CONFIG")
    assert by_option.value.hint


def test_the_state_goes_where_systemd_says_else_beside_the_program() -> None:
    assert state_folder({"STATE_DIRECTORY": "/var/lib/monitor"}) == Path("/var/lib/monitor")
    assert state_folder({"STATE_DIRECTORY": "/a:/b"}) == Path("/a")
    assert state_folder({}) == Path(__file__).parents[3] / "var"


def test_an_installed_program_keeps_its_state_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "checkout", lambda: None)

    assert state_folder({"HOME": "/home/me"}) == Path("/home/me/.local/state/monitor")
    assert state_folder({"HOME": "/home/me", "XDG_STATE_HOME": "/x"}) == Path("/x/monitor")
    assert state_folder({"HOME": "/home/me", "XDG_STATE_HOME": "relative"}) == Path("/home/me/.local/state/monitor")
