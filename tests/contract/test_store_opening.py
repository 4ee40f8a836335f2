"""The store's contract: opening, migrating, and what is said when a database cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, inspect, select, text

from monitor.errors import StoreError, StoreFull, StoreLocked, StoreTooNew
from storage import SqlStore, migrations, open_store
from storage.database import locate, make_engine
from storage.tables import Base
from tests.fakes import NOON, FakeClock
from tests.stores import World, draft, ingested

ROOT = Path(__file__).parents[2]


def open_here(url: str, state: Path) -> SqlStore:
    return open_store(url, state=state, clock=FakeClock())


def engine_of(url: str, state: Path) -> Engine:
    return make_engine(locate(url, state)[0])


# Migrations


def test_the_highest_file_is_the_head() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.known()[-1]]
    assert [script.revision for script in scripts.walk_revisions()] == migrations.known()[::-1]


def test_models_and_migrated_schema_agree(blank_url: str, tmp_path: Path) -> None:
    open_here(blank_url, tmp_path).close()
    engine = engine_of(blank_url, tmp_path)
    with engine.connect() as conn:
        options = {"compare_type": True, "version_table": migrations.REVISION_TABLE}
        assert compare_metadata(MigrationContext.configure(conn, opts=options), Base.metadata) == []
        assert partial_indexes(conn) == {
            index.name
            for table in Base.metadata.tables.values()
            for index in table.indexes
            if index.dialect_options[conn.dialect.name]["where"] is not None
        }
    engine.dispose()


def partial_indexes(conn: Connection) -> set[str]:
    found = {}
    for table in Base.metadata.tables:
        for index in inspect(conn).get_indexes(table):
            found[index["name"]] = index.get("dialect_options", {}).get(f"{conn.dialect.name}_where")
    return {str(name) for name, where in found.items() if where is not None}


@pytest.mark.parametrize("revision", migrations.known())
def test_every_earlier_revision_migrates_to_the_head_with_its_rows(
    blank_url: str, tmp_path: Path, revision: str
) -> None:
    engine = engine_of(blank_url, tmp_path)
    with engine.begin() as conn:
        migrations.upgrade(conn, revision)
        fill(conn)
        before = content(conn)
    open_here(blank_url, tmp_path).close()
    with engine.connect() as conn:
        after = content(conn)
        assert migrations.current(conn) == migrations.known()[-1]
    engine.dispose()
    for table, rows in before.items():
        assert [tuple(row[name] for name in rows[0]) for row in after[table]] == [tuple(row.values()) for row in rows]


def fill(conn: Connection) -> None:
    """Put a row of plain values into each table, parents first, as the schema stands."""
    reflected = Base.metadata.__class__()
    reflected.reflect(conn)
    for table in reflected.sorted_tables:
        if table.name != migrations.REVISION_TABLE:
            conn.execute(insert(table).values({column.name: value_for(column.type.python_type) for column in table.c}))


def value_for(kind: type) -> object:
    return {int: 1, str: "[]", bytes: b"b", float: 1.5, bool: True}[kind]


def content(conn: Connection) -> dict[str, list[dict[str, object]]]:
    reflected = Base.metadata.__class__()
    reflected.reflect(conn)
    tables = [table for table in reflected.sorted_tables if table.name not in {migrations.REVISION_TABLE, "node"}]
    return {table.name: [dict(row) for row in conn.execute(select(table)).mappings()] for table in tables}


def test_an_older_database_is_copied_before_it_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_here("sqlite:///monitor.db", tmp_path)) as store:
        World(store, FakeClock()).add(ingested("a"))
    older = with_one_more_revision(tmp_path, monkeypatch)
    with closing(open_here("sqlite:///monitor.db", tmp_path)) as store:
        assert [article.key for article in store.articles()] == ["a"]
    copy = tmp_path / f"monitor.db.{older}.backup"
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("SELECT version_num FROM monitor_revision").fetchall() == [(older,)]
        assert conn.execute("SELECT key FROM article").fetchall() == [("a",)]


def test_a_database_in_use_by_an_older_daemon_is_not_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_here("sqlite:///monitor.db", tmp_path)) as store, store.hold_lock():
        with_one_more_revision(tmp_path, monkeypatch)
        with pytest.raises(StoreLocked, match="older version"):
            open_here("sqlite:///monitor.db", tmp_path)


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_here("sqlite:///monitor.db", tmp_path).close()
    body = "op.create_table('half', sa.Column('id', sa.Integer())); op.execute('SELECT * FROM nowhere')"
    with_one_more_revision(tmp_path, monkeypatch, body)
    with pytest.raises(StoreError, match="nowhere"):
        open_here("sqlite:///monitor.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as conn:
        assert conn.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []
        assert conn.execute("SELECT version_num FROM monitor_revision").fetchall() != [("9999",)]


def with_one_more_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str = "pass") -> str:
    """Give the program a newer schema than its databases have; returns the one before."""
    older = migrations.known()[-1]
    folder = tmp_path / "100% newer"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    (folder / "versions" / "9999_newer.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = '{older}'\ndef upgrade():\n    {body}\n"
    )
    monkeypatch.setattr(migrations, "_FOLDER", folder)
    return older


OPEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage import open_store
store = open_store("sqlite:///monitor.db", state=Path(sys.argv[1]), clock=lambda: datetime(2025, 10, 24, tzinfo=UTC))
store.note(sys.argv[2], "here")
store.close()
print("alembic" in sys.modules)
"""


def test_a_second_opening_does_not_import_alembic(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path), "a"]
    said = [subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout for _ in range(2)]
    assert said == ["True\n", "False\n"]


def test_several_processes_may_create_one_database_at_once(tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    running = [subprocess.Popen([sys.executable, "-c", OPEN, str(tmp_path), name], cwd=ROOT) for name in names]
    assert [process.wait() for process in running] == [0, 0, 0]
    with closing(open_here("sqlite:///monitor.db", tmp_path)) as store:
        assert [store.note(name) for name in names] == ["here"] * 3


# What cannot be opened


def test_a_database_newer_than_the_program_is_refused(
    url: str, tmp_path: Path, open_another: Callable[[], SqlStore]
) -> None:
    open_another().close()
    engine = engine_of(url, tmp_path)
    with engine.begin() as conn:
        conn.execute(text("UPDATE monitor_revision SET version_num = '9876'"))
    with pytest.raises(StoreTooNew) as refused:
        open_another()
    assert "9876" in refused.value.message
    assert migrations.known()[-1] in refused.value.message
    assert "newer version" in refused.value.hint
    engine.dispose()


def test_the_state_folder_is_made(tmp_path: Path) -> None:
    state = tmp_path / "a" / "b"
    open_here("sqlite:///monitor.db", state).close()
    assert (state / "monitor.db").is_file()
    assert (state.stat().st_mode & 0o777) == 0o700


def test_an_absolute_file_is_taken_as_it_is(tmp_path: Path) -> None:
    open_here(f"sqlite:///{tmp_path}/own.db", tmp_path / "state").close()
    assert (tmp_path / "own.db").is_file()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"This is a letter, not a database. " * 100, "not a database"),
        (b"SQLite format 3\0" + b"\xff" * 4000, "not a database"),
    ],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes, what: str) -> None:
    file = tmp_path / "monitor.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=what) as refused:
        open_here("sqlite:///monitor.db", tmp_path)
    assert str(file) in refused.value.message
    assert refused.value.hint
    assert file.read_bytes() == content


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    with closing(open_here("sqlite:///monitor.db", tmp_path)) as store:
        World(store, FakeClock()).add(*(ingested(str(n), "x" * 2000) for n in range(200)))
    file = tmp_path / "monitor.db"
    data = bytearray(file.read_bytes())
    data[4096:-4096] = b"\xaa" * (len(data) - 8192)
    file.write_bytes(data)
    with (
        pytest.raises(StoreError, match=r"damaged|not a database"),
        closing(open_here("sqlite:///monitor.db", tmp_path)) as store,
    ):
        list(store.articles(bodies=True))


def test_tables_of_another_program_are_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as conn:
        conn.execute("CREATE TABLE bookmarks (id)")
    with pytest.raises(StoreError, match="another program") as refused:
        open_here("sqlite:///monitor.db", tmp_path)
    assert "bookmarks" in refused.value.message


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError) as refused:
        open_here("sqlite:///monitor.db", tmp_path / "state")
    assert str(tmp_path / "state") in refused.value.message
    assert refused.value.hint


def test_a_database_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_here("sqlite:///monitor.db", tmp_path)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("monitor.db", "not a database URL"),
        ("", "not a database URL"),
        ("mysql://user:geheim@host/name", "mysql is not supported"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("oracle://user:geheim@host/name", "not supported"),
        ("postgresql://user:geheim@host:port/name", "not a database URL"),
    ],
)
def test_an_unusable_url_is_refused_without_its_password(tmp_path: Path, url: str, what: str) -> None:
    with pytest.raises(StoreError, match=what) as refused:
        open_here(url, tmp_path)
    assert refused.value.hint
    assert "geheim" not in refused.value.message + refused.value.hint


def test_a_server_that_does_not_answer_is_named_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://me:geheim@127.0.0.1:1/news?password=geheim2"
    with pytest.raises(StoreError) as refused:
        open_here(url, tmp_path)
    assert "postgresql://me@127.0.0.1:1/news" in refused.value.message
    assert "geheim" not in refused.value.message
    assert refused.value.message.count("\n") == 0
    assert "runs" in refused.value.hint


def test_a_database_that_does_not_exist_is_named(postgres_url: str, tmp_path: Path) -> None:
    url = postgres_url.replace("monitor_test_", "monitor_absent_")
    with pytest.raises(StoreError, match="does not exist") as refused:
        open_here(url, tmp_path)
    assert "createdb" in refused.value.hint


def test_a_role_that_does_not_exist_is_named(postgres_url: str, tmp_path: Path) -> None:
    scheme, _, rest = postgres_url.partition("://")
    with pytest.raises(StoreError, match="nobody_here") as refused:
        open_here(f"{scheme}://nobody_here:geheim@{rest.partition('@')[2]}", tmp_path)
    assert "geheim" not in refused.value.message
    assert "password" in refused.value.hint


# Disk full

FULL = """
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.errors import StoreFull
from monitor.model import ArticleDraft, Origin
from storage import open_store

now = datetime(2025, 10, 24, tzinfo=UTC)
state, ballast = Path(sys.argv[1]), Path(sys.argv[1]) / "ballast"


def fill():
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        while os.write(file, b"x" * 4096):
            pass
    except OSError:
        os.close(file)


def refused(act):
    try:
        act()
    except StoreFull as error:
        assert str(state) in error.message, error.message
        assert error.hint
        return True


fill()
assert refused(lambda: open_store("sqlite:///monitor.db", state=state, clock=lambda: now)), "opening"
ballast.unlink()
(state / "monitor.db").unlink(missing_ok=True)
store = open_store("sqlite:///monitor.db", state=state, clock=lambda: now)
drafts = [ArticleDraft(key=str(n), text=f"{n} " * 9 + "".join(map(chr, range(33, 9000)))) for n in range(40)]
store.add_articles(Origin.INGEST, drafts[:1], now)
fill()
assert refused(lambda: [store.add_articles(Origin.INGEST, [draft], now) for draft in drafts[1:]]), "writing"
kept = [article.key for article in store.articles()]
assert kept, "reading"
assert refused(lambda: store.backup(state / "copy.db")), "backup"
ballast.unlink()
added = store.add_articles(Origin.INGEST, drafts, now)
assert len(added.known) == len(kept), (added, kept)
assert len(list(store.articles())) == 40
assert store.check() == []
store.close()
print("recovered")
"""


def test_a_full_disk_is_said_and_the_store_goes_on_once_there_is_space(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare to mount a small disk with: sudo apt-get install util-linux")
    script = 'mount -t tmpfs -o size=3m none "$1" || exit 77; exec "$2" -c "$3" "$1"'
    command = [unshare, "--mount", "--map-root-user", "sh", "-c", script, "sh", str(tmp_path), sys.executable, FULL]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("this system lets nobody mount a small disk in a namespace of its own")
    assert (done.returncode, done.stdout) == (0, "recovered\n"), done.stderr


def test_a_database_at_its_size_limit_refuses_and_recovers(tmp_path: Path) -> None:
    store = open_here("sqlite:///monitor.db", tmp_path)
    world = World(store, FakeClock())
    world.add(ingested("a"))
    pages = limit_pages(store, 1)
    with pytest.raises(StoreFull, match="no space"):
        world.add(*(ingested(str(n), f"{n}" * 900) for n in range(2000)))
    assert [article.key for article in store.articles()] == ["a"]
    limit_pages(store, pages * 1000)
    world.add(*(ingested(str(n)) for n in range(2000)))
    assert store.counts(NOON).articles == 2001
    world.put(draft("operator:a:desk"))
    assert store.check() == []
    store.close()


def limit_pages(store: SqlStore, pages: int) -> int:
    """Set the size limit of the writer's connection, in pages; returns what it came to."""
    return store._db.write(lambda tx: int(tx.conn.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one()))
