"""`topics` and `seeds`."""

from __future__ import annotations

import pytest

from tests.servers import Answer, HttpServer
from tests.unit.cli.shell import FILES, Shell
from tests.unit.cli.test_reading import PAGE


def test_topics_are_listed_with_the_query_each_became(shell: Shell) -> None:
    done = shell.run("topics", "list")

    assert done.out.splitlines() == [
        "id       alerts to  query",
        "tariffs  desk       tariff",
        "magnets  desk       magnet NEAR/5 shortage",
    ]
    assert shell.run("topics", "list", "--json").rows == [
        {"id": "tariffs", "name": "Tariffs on anything", "query": "tariff", "to": ["desk"]},
        {"id": "magnets", "name": "magnets", "query": "magnet NEAR/5 shortage", "to": ["desk"]},
    ]


def test_a_topic_is_shown_as_written_as_a_query_and_in_english(shell: Shell) -> None:
    shell.write("watchlist.yaml", "topics:\n  - the November 1 tariff\n")

    done = shell.run("topics", "show", "the-november-1-tariff")
    (facts,) = shell.run("topics", "show", "the-november-1-tariff", "--json").rows

    assert done.code == 0
    assert "written    the November 1 tariff\n" in done.out
    assert "query      date(11-01) NEAR/15 tariff\n" in done.out
    assert "english    " in done.out
    assert facts["file"] == "config/watchlist.yaml:2"
    assert (facts["written"], facts["query"]) == ("the November 1 tariff", "date(11-01) NEAR/15 tariff")
    assert facts["english"]


@pytest.mark.parametrize(
    ("asked", "hint"), [("tarrifs", "did you mean tariffs?"), ("zzz", "`monitor topics list` shows them")]
)
def test_an_unknown_topic_gives_the_nearest(shell: Shell, asked: str, hint: str) -> None:
    done = shell.run("topics", "show", asked)

    assert done.code == 1
    assert done.err == f"monitor: no topic {asked!r} in the watchlist\n  → {hint}\n"


# seeds


def test_seeds_are_listed_with_their_times_and_where_these_come_from(empty: Shell) -> None:
    rows = empty.run("seeds", "list", "--json").rows

    assert [(row["id"][5:8], row["published"], row["published_from"]) for row in rows] == [
        ("000", "2025-10-23", "declared"),
        ("001", "2025-10-23", "text"),
        ("002", "2025-10-24", "declared"),
        ("003", "2025-10-23", "declared"),
        ("004", "2025-10-25", "declared"),
    ]
    listed = empty.run("seeds", "list").out.splitlines()
    assert listed[3].split("  ")[0] == "seed:002_5291f4ef956d26a7.txt"
    assert "(none in the text)" in listed[3]


def test_a_file_is_added_as_a_seed_and_read_by_the_next_round(shell: Shell) -> None:
    file = shell.folder / "mine.txt"
    file.write_text("A tariff on tin\n\nThe tariff on tin starts in spring, the ministry of trade said on Friday.\n")

    added = shell.run("seeds", "add", file, "--as-of", "2025-10-26", "--note", "from the desk")
    round_ = shell.run("once", "--json").rows[0]

    assert added.code == 0
    assert added.out.startswith("added seed:mine.txt")
    assert round_["seeds"] == 6
    shown = shell.run("show", "seed:mine.txt", "--json").rows[0]
    assert (shown["published"], shown["published_from"], shown["note"]) == ("2025-10-26", "declared", "from the desk")
    assert [match["topic"] for match in shown["matches"]] == ["tariffs"]
    assert len(shell.run("seeds", "list", "--json").rows) == 6


def test_a_page_is_added_as_a_seed(shell: Shell) -> None:
    with HttpServer() as web:
        added = shell.run("seeds", "add", web.put("/news/a.html", Answer(PAGE)))

    assert added.code == 0
    name = added.out.split(";")[0].removeprefix("added seed:")
    assert name.startswith("127-0-0-1-news-a-html")
    assert "A tariff on magnets" in (shell.state / "seeds" / name).read_text()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["nothing.txt"], "nothing.txt"),
        (["."], "."),
        (["mine.txt", "--as-of", "last week"], "last week"),
        (["latin.txt"], "latin.txt"),
    ],
)
def test_what_cannot_be_a_seed_is_refused_and_nothing_is_written(shell: Shell, words: list[str], what: str) -> None:
    (shell.folder / "mine.txt").write_text("A tariff on tin\n\nThe tariff starts.\n")
    (shell.folder / "latin.txt").write_bytes("Ein Zoll f\xfcr Zinn".encode("latin-1"))

    done = shell.run("seeds", "add", *words)

    assert done.code in {1, 2}
    assert what in done.err
    assert "→" in done.err
    assert "Traceback" not in done.err
    assert not (shell.state / "seeds").exists() or not list((shell.state / "seeds").glob("*.txt"))


def test_a_seed_of_the_same_name_is_not_overwritten(shell: Shell) -> None:
    file = shell.folder / "mine.txt"
    file.write_text("A tariff on tin\n\nThe tariff starts.\n")
    shell.run("seeds", "add", file)
    file.write_text("Something else\n\nAltogether.\n")

    done = shell.run("seeds", "add", file)

    assert done.code in {1, 2}
    assert "mine.txt" in done.err
    assert (shell.state / "seeds/mine.txt").read_text().startswith("A tariff on tin")


# import


LIST = """# minerals
rare earth magnets
"rare earth" -gardening site:reuters.com
tin inurl:news
it's *zoll* # 5: "x"
"""


def test_a_list_becomes_a_file_of_topics_that_are_live_at_once(shell: Shell) -> None:
    file = shell.folder / "My Minerals.txt"
    file.write_text(LIST)

    done = shell.run("topics", "import", file)

    path = shell.config / "watchlist.d/my-minerals.yaml"
    assert done.out == f"wrote {path.relative_to(shell.folder)}: 4 topics\n"
    assert done.code == 1
    assert f"{file}:4: inurl:news: there is nothing like it here\n" in done.err
    rows = {row["id"]: row["query"] for row in shell.run("topics", "list", "--json").rows}
    assert rows["rare-earth-magnets"] == "rare NEAR/15 earth NEAR/15 magnets"
    assert rows["tin-inurl-news"] == "tin"
    assert len(rows) == 6
    shown = shell.run("topics", "show", "rare-earth-gardening-site-reuters-com", "--json").rows[0]
    assert shown["name"] == '"rare earth" -gardening site:reuters.com'
    assert shell.run("check").code == 0


def test_an_import_overwrites_nothing_unless_told(shell: Shell) -> None:
    first, second = shell.folder / "a.txt", shell.folder / "b.txt"
    first.write_text("tin\n")
    second.write_text("zinc\n")
    path = shell.config / "watchlist.d/metals.yaml"

    assert shell.run("topics", "import", first, "--name", "metals").code == 0
    before = path.read_text()
    refused = shell.run("topics", "import", second, "--name", "metals")
    assert (refused.code, path.read_text()) == (2, before)
    assert "--force" in refused.err
    assert shell.run("topics", "import", first, "--name", "metals", "--force").code == 0
    assert path.read_text() == before
    assert shell.run("topics", "import", second, "--name", "metals", "--force").code == 0
    assert [row["id"] for row in shell.run("topics", "list", "--json").rows][2:] == ["zinc"]


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("none.txt",), 1, "No such file"),
        (("latin.txt",), 1, "is not UTF-8"),
        (("empty.txt",), 1, "nothing was written"),
        (("tin.txt", "--name", "../x"), 2, "is no name for a file"),
    ],
)
def test_what_cannot_be_imported_writes_nothing(shell: Shell, words: tuple[str, ...], code: int, what: str) -> None:
    (shell.folder / "latin.txt").write_bytes("Zölle".encode("latin-1"))
    (shell.folder / "empty.txt").write_text("\n# nothing\n")
    (shell.folder / "tin.txt").write_text("tin\n")

    done = shell.run("topics", "import", *words)

    assert done.code == code
    assert what in done.err
    assert list(shell.config.rglob("watchlist.d/*.yaml")) == []


def test_a_list_comes_by_standard_input_too(shell: Shell) -> None:
    done = shell.run("topics", "import", "-", "--name", "piped", stdin="\ufeffZölle auf Stahl\r\n稀土\r\n".encode())

    assert done.code == 0
    assert [row["id"] for row in shell.run("topics", "list", "--json").rows][2:] == ["zölle-auf-stahl", "稀土"]


def test_a_refused_topic_is_told_to_be_refused_and_why(shell: Shell) -> None:
    shell.write("watchlist.yaml", FILES["watchlist.yaml"] + "  - {id: tin, mtach: tin}\n")

    for words in (("topics", "show", "tin"), ("match", "--seeds", "--topic", "tin"), ("backtest", "tin")):
        done = shell.run(*words)
        assert done.code == 1
        assert done.err.endswith(
            "monitor: the topic 'tin' is refused: config/watchlist.yaml:6:15: unknown key 'mtach' in topic\n"
            "  → did you mean 'match'?\n"
        ), words
