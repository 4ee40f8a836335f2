"""What is built holds what it should and nothing else, and runs from any directory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from monitor import __version__

ROOT = Path(__file__).parents[2]
DECOYS = (
    "config/local/monitor.yaml", "config/mine.yaml.bak", "var/monitor.db", "seeds/private.txt", "systemd/mine.conf",
    "monitor/__pycache__/x.pyc", "tests/.hypothesis/x", "dist/old.whl",
)  # fmt: skip
IGNORED = re.compile(
    r"^config/local/|(^|/)(\.venv|\.git|var|dist|build|__pycache__|\.[^/]*_cache|\.hypothesis|[^/]*\.egg-info)/"
)
DATA = ("config/", "seeds/", "systemd/")
INFO = f"monitor_daemon-{__version__}"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of the project, with what a developer may have lying about in it."""
    copy = tmp_path_factory.mktemp("tree")
    for name in project_files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for name in DECOYS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("not to be shipped")
    return copy


@pytest.fixture(scope="module")
def built(tree: Path) -> Path:
    """The folder with the sdist, and the wheel built from it."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tree / "out"), str(tree))
    return tree / "out"


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed in it, without its dependencies."""
    target = tmp_path_factory.mktemp("installed")
    pip("--no-deps", "--no-index", "--target", str(target), str(next(built.glob("*.whl"))))
    return target


def test_the_sdist_is_the_project(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {member.name.removeprefix(f"{INFO}/") for member in archive if member.isfile()}

    assert names == {*project_files(), "PKG-INFO"}


def test_the_wheel_is_the_packages_and_their_data(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        names = {name for name in archive.namelist() if not name.startswith(f"{INFO}.dist-info/")}

    modules = {name for name in project_files() if name.startswith(("monitor/", "storage/"))}
    data = {f"monitor/_data/{name}" for name in project_files() if name.startswith(DATA)}
    assert names == modules | data
    assert any(re.fullmatch(r"storage/migrations/versions/\d+_\w+\.py", name) for name in names)


def test_an_installed_program_runs_from_anywhere_and_finds_its_data(installed: Path, tmp_path: Path) -> None:
    look = "from monitor import resources; [print(resources.folder(n)) for n in ('config', 'seeds', 'systemd')]"
    found = run(sys.executable, "-c", look, cwd=tmp_path, path=installed).splitlines()

    assert found == [str(installed / "monitor/_data" / name) for name in ("config", "seeds", "systemd")]
    assert "watch" in run(sys.executable, "-m", "monitor", "--help", cwd=tmp_path, path=installed).lower()


def test_the_installed_configuration_and_seeds_are_read(installed: Path, tmp_path: Path) -> None:
    look = (
        "from monitor import resources, settings; from pathlib import Path\n"
        "folder = settings.find_folder(None, {'HOME': '/nowhere'})\n"
        "print(folder, len(settings.load_config(folder, {}).watchlist.topics) >= 2)\n"
        "print(len(settings.load_seeds(resources.folder('seeds'))), settings.state_folder({'HOME': '/nowhere'}))\n"
    )

    printed = run(sys.executable, "-c", look, cwd=tmp_path, path=installed).splitlines()

    assert printed == [f"{installed / 'monitor/_data/config'} True", "5 /nowhere/.local/state/monitor"]


def test_an_editable_installation_leaves_no_copies(tree: Path, tmp_path: Path) -> None:
    pip("--no-deps", "--no-index", "--no-build-isolation", "--target", str(tmp_path), "--editable", str(tree))

    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    links = [tmp_path / name for name in files if name.endswith(".pth")]
    assert {name for name in files if ".dist-info/" not in name} == {"bin/monitor", *(link.name for link in links)}
    assert {line for link in links for line in link.read_text().split()} == {str(tree)}


def test_an_isolated_installation_needs_only_the_registry(built: Path, tmp_path: Path) -> None:
    try:
        pip("--no-deps", "--target", str(tmp_path), str(next(built.glob("*.tar.gz"))))
    except AssertionError as error:
        if re.search(r"No matching distribution found for hatchling|Connection|name resolution", str(error)):
            pytest.skip("the package registry cannot be reached to fetch hatchling")
        raise

    assert (tmp_path / "monitor/_data/config/watchlist.yaml").is_file()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_for_all_and_no_index_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==\S+(.*)$", text, re.MULTILINE)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    wanted = {name(re.match(r"[\w.-]+", line)[0]) for line in declared}

    assert wanted <= {name(pin) for pin, _ in pins}
    assert all(rest.rstrip().endswith("\\") for _, rest in pins)
    assert not re.search(r"://|--index|--find-links", text)


def name(written: str) -> str:
    return re.sub(r"[-_.]+", "-", written).lower()


def project_files() -> set[str]:
    """Return the files of the project: what git would commit, or what an unpacked sdist has."""
    if (ROOT / ".git").exists():
        listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT).split("\0")
        return {name for name in listed if name and (ROOT / name).is_file()}
    found = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()}
    return {name for name in found if not IGNORED.search(name)} - {"PKG-INFO"}


def pip(*arguments: str) -> None:
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def run(*command: str, cwd: Path = ROOT, path: Path | None = None) -> str:
    """Run a command and return what it printed; the installation in `path` is used if it is given."""
    environ = {**os.environ, "PYTHONPATH": str(path)} if path else dict(os.environ)
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout
