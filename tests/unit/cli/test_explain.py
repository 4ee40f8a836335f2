"""`explain`: the clauses, what became of an article, and why one was never received."""

from __future__ import annotations

import pytest

from monitor.model import Failure, Problem
from tests.fakes import FakeClock
from tests.stores import World, entry
from tests.unit.cli.shell import Shell

SEED = "seed:002_5291f4ef956d26a7.txt"


def test_each_clause_is_shown_with_its_hits_or_its_nearest_miss(shell: Shell) -> None:
    text = (
        b"Magnets\n\nThe magnet makers met in the town hall for a long and friendly talk, and no shortage was heard of."
    )

    missed = shell.run("explain", "magnets", "-", stdin=text)
    matched = shell.run("explain", "tariffs", SEED)

    assert missed.code == matched.code == 0
    assert missed.out.startswith(
        "- magnets: does not match: magnet NEAR/5 shortage: nearest 14 words apart, paragraph 1\n"
    )
    assert "    + magnet: title 0–7 “Magnets”; body 4–10 “magnet”\n" in missed.out
    assert "→" not in missed.out
    assert matched.out.startswith("+ tariffs: matches\n  + tariff: ")
    assert matched.out.endswith("  → seed: seeds are reported, never alerted\n")


def test_without_a_topic_there_is_a_line_for_each_that_matches_or_nearly_does(shell: Shell) -> None:
    text = b"A shortage of words\n\nThe shortage is not one of bread, said those who had none of the magnets at all."

    done = shell.run("explain", "-", stdin=text)
    seed = shell.run("explain", SEED)

    assert [line[:9] for line in done.out.splitlines() if line[0] in "+-"] == ["- magnets"]
    assert [line for line in seed.out.splitlines() if line[0] in "+-"] == ["+ tariffs: matches"]
    assert shell.run("explain", "-", stdin=b"Nothing at all\n\nOf note.").out.startswith("no topic matches it")


def test_json_is_the_tree_with_its_fate(shell: Shell) -> None:
    shell.ingest()

    (row,) = shell.run("explain", "a-3", "--json").rows

    assert (row["article"], row["topic"], row["fate"]) == ("a-3", "magnets", "silent")
    assert row["why"] == "silent: ingested without --alert"
    assert (row["clause"], row["holds"], row["completeness"]) == ("magnets", True, "full")
    near = row["clauses"][0]
    assert (near["clause"], near["note"]) == ("magnet NEAR/5 shortage", "0 words between")
    assert [child["spans"][0]["text"] for child in near["clauses"]] == ["Magnet", "shortage"]


def test_an_alert_is_told_with_its_recipient_time_and_id(shell: Shell) -> None:
    shell.ingest(words := [{"id": "a-1", "title": "A new tariff", "text": "The tariff starts soon."}], "--alert")

    waiting = shell.run("explain", "a-1").out
    shell.run("once", "--only", "deliver")
    sent = shell.run("explain", "tariffs", "a-1").out

    assert words
    assert "\n  → queued: desk: waits, due at 20" in waiting
    assert "\n  → alerted: desk: sent at 20" in sent
    assert " as alert-" in sent


def test_an_unknown_article_or_topic_says_what_to_do(shell: Shell) -> None:
    article, topic = shell.run("explain", "a-9"), shell.run("explain", "magnet", SEED)

    assert (article.code, topic.code) == (1, 1)
    assert article.err.startswith("monitor: no article 'a-9'\n  → ")
    assert topic.err.endswith("  → did you mean magnets?\n")
    assert shell.run("explain", "a", "b", "c").code == 2


def test_an_address_no_feed_covers_is_told_with_what_to_do(shell: Shell) -> None:
    done = shell.run("explain", "tariffs", "https://other.example/a")

    assert done.code == 1
    assert done.out.splitlines() == [
        "https://other.example/a was never received",
        "  no feed covers other.example",
        "  next: find its feed, then `monitor feeds add URL`",
    ]


@pytest.mark.parametrize("url", ["htp://a.example/x", "https://", "http://[::1/x", "https://nohost/x", "www."])
def test_what_is_no_address_is_told_so(shell: Shell, url: str) -> None:
    (row,) = shell.run("explain", url, "--json").rows

    assert (row["reason"], row["host"], row["feeds"]) == ("bad-url", None, [])


def test_a_feed_that_did_not_list_an_address_is_named_with_its_last_poll(shell: Shell) -> None:
    with shell.store() as store:
        world = World(store, FakeClock())
        world.poll(world.add_feed("https://feeds.paper.example/rss"), entry("1"))
        world.poll(world.add_feed("https://www.news.example/bad"), failure=Failure(problem=Problem.FORBIDDEN))
        world.add_feed("https://new.news.example/rss")

    done = shell.run("explain", "https://news.example/2")
    (row,) = shell.run("explain", "news.example/2", "--json").rows

    # The first one lies elsewhere, and was seen to bring articles of this host.
    assert done.out.splitlines()[1:] == [
        "  not in News (https://feeds.paper.example/rss) at 2025-10-24T12:00:00Z; next poll 2025-10-24T12:30:00Z",
        "  https://new.news.example/rss was not polled yet, due at 2025-10-24T12:00:00Z",
        "  https://www.news.example/bad fails since 2025-10-24T12:00:00Z: 403; never read",
    ]
    assert (done.code, row["reason"], len(row["feeds"])) == (1, "not-in-feed", 3)


def test_an_article_is_found_by_any_address_of_its_page(shell: Shell) -> None:
    shell.ingest([{"id": "a-1", "title": "A tariff", "text": "The tariff.", "url": "https://www.a.example/x/1"}])

    for url in ("https://www.a.example/x/1", "http://a.example/x/1/?utm_source=rss", "https://m.a.example/x/1"):
        assert shell.run("explain", url).out.startswith("a-1  A tariff\n"), url


def test_a_refused_topic_is_explained_by_the_version_that_is_live(shell: Shell) -> None:
    shell.ingest()
    shell.write("watchlist.yaml", "topics:\n  - {id: magnets, match: magnet AND}\n  - {id: tin, match: tin}\n")

    done = shell.run("explain", "magnets", "a-3")
    replayed = shell.run("backtest", "magnets", "--json")

    assert done.code == replayed.code == 0
    assert done.out.splitlines()[2] == "+ magnets: matches"
    assert "the last good version of magnets goes on" in done.err
    assert replayed.rows[0]["hits"] == 1


def test_a_refused_topic_is_told_so_of_a_file_too(shell: Shell) -> None:
    bad = "topics:\n  - {id: magnets, match: magnet AND}\n  - {id: tin, mtach: tin}\n  - {id: zinc, match: zinc}\n"
    shell.run("once", "--only", "study")
    shell.write("watchlist.yaml", bad)

    kept = shell.run("explain", "magnets", "-", stdin=b"Magnet shortage\n\nOf every magnet.")
    left_out = shell.run("explain", "tin", "-", stdin=b"Tin\n\nOf tin.")

    assert kept.out.splitlines()[-1] == (
        "  → match: not in the store; by the topic's last good version, as it is now it is refused"
    )
    assert left_out.out == (
        "- tin: topic refused\n  → topic refused: it is left out until it is mended: "
        "config/watchlist.yaml:3:15: unknown key 'mtach' in topic\n"
    )


def test_an_expired_topic_is_told_so_of_a_file_too(shell: Shell) -> None:
    shell.write("watchlist.yaml", "topics:\n  - {id: tin, match: tin, expires: 2025-01-31}\n")

    done = shell.run("explain", "tin", "-", stdin=b"Tin\n\nOf tin.")

    assert done.out.endswith("  → expired: the topic expired on 2025-01-31, and matches no more\n")
