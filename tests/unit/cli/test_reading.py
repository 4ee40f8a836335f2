"""`clean`, `match`: with a configuration, and with none at all."""

from __future__ import annotations

import json

import pytest

from tests.servers import Answer, HttpServer
from tests.unit.cli.shell import ARCHIVE, Shell

PAGE = """<html lang="en"><head><title>A tariff on magnets - The Paper</title>
<meta property="og:site_name" content="The Paper"><meta name="author" content="Ann Writer">
<meta property="article:published_time" content="2025-10-24T08:00:00+02:00">
<link rel="canonical" href="https://paper.example/a"></head>
<body><nav>Home News Sport</nav><article><h1>A tariff on magnets</h1>
<p>The tariff on magnets starts on the first of November, the ministry said on Friday in a statement to the press.</p>
<p>Makers of motors said that their lines would stop within weeks of the measure, which they had not expected.</p>
</article></body></html>"""
TEXT = "A quiet day\n\nNothing of note was said by anyone about anything on this day, and the markets slept.\n"
SEED = "seed:002_5291f4ef956d26a7.txt"


@pytest.fixture
def page(shell: Shell) -> str:
    path = shell.folder / "page.html"
    path.write_text(PAGE)
    return str(path)


# clean


def test_clean_prints_metadata_and_text_of_a_page(shell: Shell, page: str) -> None:
    done = shell.run("clean", page)

    assert done.code == 0
    facts, text = done.out.split("\n\n", 1)
    assert [line.split("  ")[0].strip() for line in facts.splitlines()] == [
        "title",
        "authors",
        "published",
        "language",
        "site",
        "canonical",
    ]
    assert "The tariff on magnets starts" in text
    assert "Home News Sport" not in text


def test_clean_in_json_is_one_object_with_the_fields_of_the_readme(shell: Shell, page: str) -> None:
    (found,) = shell.run("clean", page, "--json").rows

    assert list(found) == [
        "text",
        "title",
        "authors",
        "published",
        "date",
        "language",
        "site",
        "canonical",
        "image",
        "problem",
    ]
    assert found["title"] == "A tariff on magnets"
    assert found["authors"] == ["Ann Writer"]
    assert (found["published"], found["date"]) == ("2025-10-24T08:00:00+02:00", "2025-10-24")
    assert (found["site"], found["canonical"], found["problem"]) == ("The Paper", "https://paper.example/a", None)


def test_clean_reads_standard_input_and_plain_text(shell: Shell, page: str) -> None:
    from_file = shell.run("clean", page, "--json").out
    from_input = shell.run("clean", "-", "--json", stdin=PAGE.encode()).out
    text = shell.run("clean", "-", "--json", stdin=TEXT.encode()).rows[0]

    assert from_input == from_file
    assert text["title"] == "A quiet day"
    assert text["text"].startswith("Nothing of note")
    assert text["language"] == "en"


def test_clean_tries_a_sites_rule_and_says_why(shell: Shell, page: str) -> None:
    (found,) = shell.run("clean", page, "--json", "--why", "--site-rule", "{keep: h1}").rows
    told = shell.run("clean", page, "--why", "--site-rule", "{keep: h1}").out
    wrong = shell.run("clean", page, "--site-rule", "{keep: 'h1['}")

    assert found["why"]["text"] == "the parts that the site's rule keeps"
    assert (found["why"]["published"], found["is_free"]) == ("meta article:published_time", None)
    assert "text from" in told
    assert wrong.code == 2
    assert "--site-rule:1:9: 'h1[' is not a CSS or XPath selector" in wrong.err


def test_clean_fetches_an_address_and_takes_the_one_it_is_told(shell: Shell) -> None:
    bare = PAGE.replace('<link rel="canonical" href="https://paper.example/a">', "")
    with HttpServer() as web:
        address = web.put("/a", Answer(bare))
        found = shell.run("clean", address, "--json").rows[0]
        missing = shell.run("clean", web.url("/b"))

    assert found["title"] == "A tariff on magnets"
    assert missing.code == 1
    assert missing.err.startswith(f"monitor: {web.url('/b')}: 404")
    assert "feeds fix" not in missing.err
    assert "\n  → the address is wrong, or the article was moved" in missing.err


@pytest.mark.parametrize("body", [b"", b" \n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 90])
def test_clean_names_the_problem_when_there_is_no_text(shell: Shell, body: bytes) -> None:
    done = shell.run("clean", "-", "--json", stdin=body)

    assert done.code == 1
    assert done.rows[0]["problem"] in {"no-text", "not-text"}
    assert done.rows[0]["text"] == ""


def test_clean_reads_any_encoding(shell: Shell) -> None:
    text = (
        "Ein Zoll auf Magnete\n\nDer Zoll für Magnete gilt künftig überall, sagte die Ministerin am Freitag in Köln.\n"
    )

    assert "für Magnete gilt künftig überall" in shell.run("clean", "-", stdin=text.encode("latin-1")).out


def test_clean_says_what_is_wrong_with_a_file(shell: Shell) -> None:
    missing, folder = shell.run("clean", "nothing.html"), shell.run("clean", ".")

    assert (missing.code, folder.code) == (1, 1)
    assert (
        missing.err == "monitor: nothing.html: No such file or directory\n  → check the file's name and permissions\n"
    )
    assert folder.err.startswith("monitor: .: Is a directory\n")


# match


def test_match_shows_the_sentences_and_counts(shell: Shell, page: str) -> None:
    done = shell.run("match", page)

    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "page.html: tariffs"
    assert lines[1] == "    A tariff on magnets"
    assert lines[2].startswith("    The tariff on magnets starts")
    assert done.err == "1 of 1 matched\n"


def test_match_in_json_is_a_line_a_match_with_spans_into_the_text(shell: Shell, page: str) -> None:
    matches = shell.run("match", page, "--json").rows
    text = shell.run("clean", page, "--json").rows[0]

    assert [(found["article"], found["topic"]) for found in matches] == [("page.html", "tariffs")]
    for span in matches[0]["spans"]:
        zone = text["title"] if span["zone"] == "title" else text["text"]
        assert zone[span["start"] : span["end"]] == span["text"]
        assert span["clause"] == "tariff"


def test_match_takes_one_topic_and_names_the_nearest_if_there_is_none(shell: Shell) -> None:
    text = "A magnet shortage\n\nThe shortage of magnets and the tariff are news for all who make motors or sell them."

    only = shell.run("match", "-", "--topic", "magnets", "--json", stdin=text.encode())
    none = shell.run("match", "-", "--topic", "tarifs", stdin=text.encode())

    assert [found["topic"] for found in only.rows] == ["magnets"]
    assert none.code == 1
    assert none.err == "monitor: no topic 'tarifs' in the watchlist\n  → did you mean tariffs?\n"


def test_match_reads_each_article_of_an_archive_and_names_broken_lines(shell: Shell) -> None:
    file = shell.folder / "archive.jsonl"
    file.write_text("{\n" + "".join(json.dumps(record) + "\n" for record in ARCHIVE))

    done = shell.run("match", file, "--json")
    text = shell.run("match", file)

    assert [(found["article"], found["topic"]) for found in done.rows] == [("a-1", "tariffs"), ("a-3", "magnets")]
    assert done.code == 1
    assert done.err.startswith(f"{file}:1: not JSON")
    assert text.err.splitlines()[-1] == "2 of 3 matched, 1 broken"


def test_match_of_several_files_and_the_seeds_names_each(shell: Shell, page: str) -> None:
    quiet = shell.folder / "quiet.txt"
    quiet.write_text(TEXT)

    done = shell.run("match", page, quiet, "--seeds", "--topic", "tariffs", "--json")

    assert {found["article"] for found in done.rows} == {
        "page.html",
        "002_5291f4ef956d26a7.txt",
        "003_f5ccca1e80af5a9a.txt",
        "004_b6b553c7803df372.txt",
    }
    assert shell.run("match", quiet).err == "0 of 1 matched\n"


def test_match_without_anything_to_match_is_a_wrong_call(shell: Shell) -> None:
    done = shell.run("match")

    assert done.code == 2
    assert "name files, - for standard input, or --seeds" in done.err


def test_the_packaged_topics_find_the_seeds_without_any_configuration(empty: Shell) -> None:
    rows = empty.run("match", "--seeds", "--json").rows

    found = {
        topic: [row["article"][:3] for row in rows if row["topic"] == topic]
        for topic in ("rare-earth-controls", "november-1-tariff")
    }
    assert found == {
        "rare-earth-controls": ["000", "001", "002", "003", "004"],
        "november-1-tariff": ["002", "003", "004"],
    }
    assert all(row["spans"] for row in rows)
    assert list(empty.folder.iterdir()) == []


def test_the_two_topics_as_plain_words_find_the_same(shell: Shell) -> None:
    shell.write("watchlist.yaml", "topics:\n  - rare-earth controls\n  - the November 1 tariff\n")

    rows = shell.run("match", "--seeds", "--json").rows

    assert {row["article"][:3] for row in rows if row["topic"] == "rare-earth-controls"} == {
        "000",
        "001",
        "002",
        "003",
        "004",
    }
    assert {row["article"][:3] for row in rows if row["topic"] == "the-november-1-tariff"} == {"002", "003", "004"}


def test_clean_needs_no_configuration(empty: Shell) -> None:
    done = empty.run("clean", "-", "--json", stdin=PAGE.encode())

    assert done.rows[0]["title"] == "A tariff on magnets"
    assert list(empty.folder.iterdir()) == []
