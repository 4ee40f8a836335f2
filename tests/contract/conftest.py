"""Fixtures of the contract suites: a store on each engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from storage import SqlStore, open_store
from tests import postgres
from tests.fakes import FakeClock
from tests.stores import World


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.server() as server:
        if server is None:
            pytest.skip(f"no PostgreSQL: {postgres.INSTALL}")
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database: copying it is faster than migrating one for each test."""
    url = postgres_server.create()
    open_store(url, state=tmp_path_factory.mktemp("state"), clock=FakeClock()).close()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    url = postgres_server.create(template=postgres_template.partition("?")[0].rpartition("/")[2])
    yield url
    postgres_server.drop(url)


@pytest.fixture
def blank_postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("state")
    open_store("sqlite:///monitor.db", state=state, clock=FakeClock()).close()
    return state / "monitor.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the schema and nothing in it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "monitor.db")
        return "sqlite:///monitor.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest) -> str:
    """A database without a table."""
    if request.param == "sqlite":
        return "sqlite:///monitor.db"
    found: str = request.getfixturevalue("blank_postgres_url")
    return found


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def open_another(url: str, tmp_path: Path, clock: FakeClock) -> Iterator[Callable[[], SqlStore]]:
    """Open one more store on the same database, as another process would."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(open_store(url, state=tmp_path, clock=clock)))


@pytest.fixture
def store(open_another: Callable[[], SqlStore]) -> SqlStore:
    return open_another()


@pytest.fixture
def world(store: SqlStore, clock: FakeClock) -> World:
    return World(store, clock)
