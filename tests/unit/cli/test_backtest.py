"""`backtest`: what topics would have found in the stored articles; and what `check` makes of it."""

from __future__ import annotations

import pytest

from tests.unit.cli.shell import FILES, Shell

TOPICS = """
define: {metals: [tin, zinc]}
topics:
  - {id: tariffs, match: tariff}
  - {id: metals, match: $metals}
"""


def record(number: int, title: str, text: str = "", published: str = "2025-10-20") -> dict[str, str]:
    return {
        "id": f"a-{number}",
        "title": title,
        "text": text or f"{title} was the news of day {number}.",
        "published": published,
        "url": f"https://a.example/{number}",
    }


ARTICLES = [
    record(1, "A tariff on steel", published="2025-10-20"),
    record(2, "A price of tin", published="2025-10-22"),
    record(3, "A tariff on tin", published="2025-10-24"),
    record(4, "Rain in Spain", published="2025-10-30"),
]


@pytest.fixture
def archive(shell: Shell) -> Shell:
    shell.write("watchlist.yaml", TOPICS)
    shell.ingest(ARTICLES)
    return shell


def test_each_topic_has_its_hits_alerts_and_days(archive: Shell) -> None:
    rows = archive.run("backtest", "--json").rows
    text = archive.run("backtest")

    assert [(row["topic"], row["hits"], row["alerts"], row["alerts_per_day"]) for row in rows] == [
        ("tariffs", 2, 2, 0.2),
        ("metals", 2, 2, 0.2),
    ]
    assert (rows[0]["articles"], rows[0]["days"]) == (4, 10)
    assert (rows[0]["first"], rows[0]["last"]) == ("2025-10-20T00:00:00Z", "2025-10-24T00:00:00Z")
    assert [sample["article"] for sample in rows[0]["samples"]] == ["a-1", "a-3"]
    assert rows[0]["samples"][0]["sentence"] == "A tariff on steel"
    assert rows[0]["new"] is None
    assert text.err == "4 articles over 10 days\n"
    assert text.out.splitlines()[1] == "tariffs  2     2       0.2    2025-10-20  2025-10-24"
    assert "\n  a-1  A tariff on steel\n    A tariff on steel\n" in text.out


def test_copies_of_one_story_are_one_alert(archive: Shell) -> None:
    words = "The tariff on copper that was announced on Monday will be paid by all who bring it in, they said."
    archive.ingest([record(number, "A tariff on copper", words) for number in (11, 12, 13)])

    (row,) = archive.run("backtest", "tariffs", "--json").rows

    assert (row["hits"], row["alerts"]) == (5, 3)


def test_only_so_many_days_are_replayed(archive: Shell) -> None:
    archive.ingest([{"id": "now", "title": "A tariff today", "text": "The tariff is of today."}])

    (row,) = archive.run("backtest", "tariffs", "--days", "2", "--json").rows

    assert (row["articles"], row["hits"], row["alerts_per_day"]) == (1, 1, 0.5)


def test_an_edit_is_compared_with_the_last_version_that_was_taken_over(archive: Shell) -> None:
    archive.write(
        "watchlist.yaml", TOPICS.replace("match: tariff", "match: tariff AND NOT tin").replace("zinc", "rain")
    )

    rows = archive.run("backtest", "--json").rows
    text = archive.run("backtest")

    assert [(row["topic"], row["new"], row["lost"]) for row in rows] == [
        ("tariffs", [], ["a-3"]),
        ("metals", ["a-4"], []),
    ]
    assert rows[0]["against"].startswith("version ")
    assert "\n  lost: a-3" in text.out
    assert text.out.splitlines()[0].split()[-2:] == ["new", "lost"]


def test_a_file_is_compared_by_the_ids_of_its_topics(archive: Shell) -> None:
    other = archive.folder / "other.yaml"
    other.write_text("topics:\n  - {id: tariffs, match: tariff AND steel}\n  - {id: rain, match: rain}\n")

    rows = archive.run("backtest", "--against", other, "--json").rows

    assert [(row["topic"], row["hits"], row["new"], row["lost"]) for row in rows] == [
        ("tariffs", 2, ["a-3"], []),
        ("metals", 2, ["a-2", "a-3"], []),
        ("rain", 0, [], ["a-4"]),
    ]
    assert [row["topic"] for row in archive.run("backtest", "tariffs", "--against", other, "--json").rows] == [
        "tariffs"
    ]


def test_bad_topics_of_the_other_file_are_told_and_not_compared(archive: Shell) -> None:
    other = archive.folder / "other.yaml"
    other.write_text(
        "topics:\n  - {id: tariffs, macth: tariff}\n  - {id: metals, match: tin}\n  - {id: x, match: y AND}\n"
    )

    done = archive.run("backtest", "--against", other, "--json")
    text = archive.run("backtest", "--against", other)

    assert [(row["topic"], row["new"], row["lost"]) for row in done.rows] == [
        ("tariffs", None, None), ("metals", [], []),
    ]  # fmt: skip
    for shown in (done.err, text.err):
        assert f"{other}:2:19: unknown key 'macth' in topic\n  → did you mean 'match'?" in shown
        assert f"{other}:4:22: topic x: AND needs a term on its right" in shown
        assert f"what is wrong in {other} is not compared" in shown
    assert text.out.splitlines()[1].split()[-2:] == ["?", "?"]


def test_the_rate_is_reckoned_by_what_the_feeds_brought_not_by_the_seeds(archive: Shell) -> None:
    archive.run("once", "--only", "study")
    with archive.store() as store:
        assert any(article.origin == "seed" for article in store.articles())

    (row, _) = archive.run("backtest", "--json").rows
    (of_all, _) = archive.run("backtest", "--days", "100000", "--json").rows

    assert (row["days"], row["alerts_per_day"]) == (10, 0.2)
    assert of_all["days"] < 100_000
    assert of_all["alerts_per_day"] == round(2 / of_all["days"], 2)


def test_a_renamed_topic_is_compared_with_what_it_was(archive: Shell) -> None:
    archive.write(
        "watchlist.yaml", TOPICS.replace("id: tariffs, match: tariff", "id: duties, was: tariffs, match: tariff")
    )

    rows = archive.run("backtest", "--json").rows

    assert [(row["topic"], row["new"], row["lost"]) for row in rows] == [("duties", [], []), ("metals", [], [])]


def test_a_query_is_tried_before_it_is_saved(archive: Shell) -> None:
    (alone,) = archive.run("backtest", "--query", "$metals AND price", "--json").rows
    (compared,) = archive.run("backtest", "metals", "--query", "$metals AND price", "--json").rows

    assert (alone["topic"], alone["hits"], alone["against"]) == ("query", 1, None)
    assert (compared["topic"], compared["hits"], compared["lost"]) == ("metals", 1, ["a-3"])
    assert compared["against"] == "topic metals"


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--query", "tariff AND"), 2, "--query:1:8: topic query: AND needs a term on its right"),
        (("--query", "$metal"), 2, "did you mean $metals?"),
        (("metal",), 1, "did you mean metals?"),
        (("--query", "tin", "--against", "x"), 2, "do not go together"),
        (("--against", "none.yaml"), 2, "none.yaml: the file is missing"),
        (("--against", "broken.yaml"), 2, "broken.yaml:1:"),
    ],
)
def test_what_cannot_be_tried_says_why(archive: Shell, words: tuple[str, ...], code: int, what: str) -> None:
    (archive.folder / "broken.yaml").write_text("topics: [")

    done = archive.run("backtest", *words)

    assert done.code == code
    assert what in done.err


def test_an_empty_store_has_nothing_to_replay(shell: Shell) -> None:
    assert [(row["hits"], row["alerts"]) for row in shell.run("backtest", "--json").rows] == [(0, 0), (0, 0)]


def test_check_warns_of_topics_that_match_much_of_the_archive(shell: Shell) -> None:
    shell.write("watchlist.yaml", FILES["watchlist.yaml"] + "  - {id: days, match: news}\n")
    shell.ingest([record(number, f"Word{number} of the day", f"Some news{number} here.") for number in range(180)])
    few = shell.run("check")
    shell.ingest([record(number, "A tariff" if number < 400 else f"Word{number}") for number in range(300, 402)])

    done = shell.run("check")

    assert few.code == done.code == 0
    assert "archive" not in few.err
    assert "warning: topic tariffs would match 35 % of your archive (100 of the newest 282 articles)\n" in done.err
    assert "topic magnets" not in done.err


def test_a_word_no_article_has_is_told_with_the_one_that_is_meant(shell: Shell) -> None:
    topics = "define: {metals: [neodymum, tin]}\ntopics:\n  - {id: metals, match: $metals OR tarriffs OR yttrium}\n"
    shell.write("watchlist.yaml", topics)
    texts = ("The price of neodymium rose.", "A tariff was lifted.", "The neodymium mine closed.")
    shell.ingest([record(number, f"Report {number}", texts[number % 3]) for number in range(60)])

    check, replayed = shell.run("check"), shell.run("backtest", "--query", "neodimium AND price")

    assert check.code == replayed.code == 0
    assert (
        "warning: config/watchlist.yaml:1:19: topic metals: neodymum is in no stored article, neodymium is in 40; "
        "did you mean neodymium?\n"
    ) in check.err
    assert "tarriffs is in no stored article, tariff is in 20; did you mean tariff?" in check.err
    assert "yttrium" not in check.err
    assert "warning: --query:1:1: topic query: neodimium is in no stored article, neodymium is in 40" in replayed.err


def test_check_makes_no_store(shell: Shell) -> None:
    assert shell.run("check").code == 0
    assert not (shell.state / "monitor.db").exists()
