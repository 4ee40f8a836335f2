"""The files that `init` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import resources
from monitor.errors import MonitorError, UsageError
from monitor.settings import load_config, write_config, write_unit
from monitor.settings.atomic import write_text


def test_a_fresh_configuration_is_the_packaged_one_and_loads(tmp_path: Path) -> None:
    target = tmp_path / "new/config"

    written = write_config(target)

    assert [path.name for path in written] == ["monitor.yaml", "feeds.yaml", "watchlist.yaml"]
    assert all(path.read_bytes() == (resources.folder("config") / path.name).read_bytes() for path in written)
    assert load_config(target, {}).watchlist.topics


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("mine")

    assert [path.name for path in write_config(tmp_path)] == ["monitor.yaml", "watchlist.yaml"]
    assert write_config(tmp_path) == []
    assert (tmp_path / "feeds.yaml").read_text() == "mine"


def test_the_unit_has_the_real_paths(tmp_path: Path) -> None:
    target = tmp_path / "monitor.service"

    lines = write_unit(target, executable=Path("/opt/m/bin/monitor"), config=Path("/srv/m"), user="")

    unit = target.read_text()
    assert "\nExecStart=/opt/m/bin/monitor run\n" in unit
    assert "\nEnvironment=MONITOR_CONFIG=/srv/m\n" in unit
    assert "\nDynamicUser=yes\n" in unit
    assert "\nProtectHome=yes\n" in unit
    assert lines.splitlines()[0] == f"sudo install -m 644 {target} /etc/systemd/system/monitor.service"


def test_a_unit_for_a_home_lets_its_user_read_it(tmp_path: Path) -> None:
    target = tmp_path / "monitor.service"

    write_unit(target, executable=Path("/home/me/m/.venv/bin/monitor"), config=Path("/home/me/m/config"), user="me")

    unit = target.read_text()
    assert "\nUser=me\n" in unit
    assert "\nProtectHome=read-only\n" in unit
    assert "DynamicUser" not in unit.replace("# ", "")


@pytest.mark.parametrize(
    ("executable", "user"),
    [
        ("/opt/my monitor/bin/monitor", ""),
        ("/opt/%i/monitor", ""),
        ("/opt/m\nExecStartPre=/bin/x", ""),
        ("/opt/m", "a b"),
    ],
)
def test_what_systemd_would_misread_is_refused(tmp_path: Path, executable: str, user: str) -> None:
    with pytest.raises(UsageError):
        write_unit(tmp_path / "u", executable=Path(executable), config=Path("/etc/monitor"), user=user)

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write_text(path, "old")
    (tmp_path / ".a.yaml.new").mkdir()

    with pytest.raises(MonitorError, match=r"a\.yaml: cannot be written") as caught:
        write_text(path, "new")

    assert (path.read_text(), caught.value.hint) == ("old", "nothing was changed")
