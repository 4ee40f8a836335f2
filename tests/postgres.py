"""A PostgreSQL server for tests: the one of `$MONITOR_TEST_POSTGRES`, else one of their own on a socket in a folder."""

from __future__ import annotations

import getpass
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

INSTALL = "sudo apt-get install postgresql"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=200")
_numbers = itertools.count(1)


class Server:
    """A server that hands out databases. `url` is of its administration database."""

    def __init__(self, url: URL) -> None:
        self.url = url
        # Where fsync is off, copying files is ten times faster than what PostgreSQL 15 made the default.
        version = self._run("SHOW server_version_num")
        self._strategy = "STRATEGY FILE_COPY" if int(version or 0) >= 150_000 else ""

    def create(self, template: str = "template0") -> str:
        """Create a database of its own and return its URL."""
        name = f"monitor_test_{os.getpid()}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING "UTF8" {self._strategy}')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database that `create` made, whoever is connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _run(self, statement: str) -> str | None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            result = conn.execute(text(statement))
            found = result.scalar() if result.returns_rows else None
        engine.dispose()
        return found


@contextmanager
def server() -> Iterator[Server | None]:
    """Yield a server, stopped at the end if it was started here; None if there is none to be had."""
    given = os.environ.get("MONITOR_TEST_POSTGRES")
    programs = _programs()
    if given:
        yield Server(make_url(given).set(drivername="postgresql+psycopg"))
    elif programs is None:
        yield None
    else:
        with _own_server(programs) as own:
            yield own


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return debian[-1] if debian else None


@contextmanager
def _own_server(programs: Path) -> Iterator[Server]:
    # PostgreSQL refuses to run as root: there it runs as the user its package made.
    user = "postgres" if os.geteuid() == 0 else None
    # A socket's path may have 107 characters, which a folder of pytest may exceed.
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        options = " ".join(["-c listen_addresses=''", f"-k {folder}", *(f"-c {option}" for option in _FAST)])
        run("pg_ctl", "-w", "-l", str(log), "-o", options, "start")
        try:
            yield Server(
                URL.create(
                    "postgresql+psycopg",
                    username=user or getpass.getuser(),
                    database="postgres",
                    query={"host": str(folder)},
                )
            )
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
