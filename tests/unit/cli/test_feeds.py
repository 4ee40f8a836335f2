"""`feeds`: list, add, remove, test, against a server on loopback."""

from __future__ import annotations

from tests.servers import Answer, HttpServer, Item, rss
from tests.unit.cli.shell import Shell

FEED = Answer(
    rss(
        [Item("1", "A tariff", "https://a.example/1", published="Fri, 24 Oct 2025 08:00:00 GMT"), Item("2", "Rain")],
        title="The Paper",
    ),
    content_type="application/rss+xml",
)
PAGE = Answer("<html><body><p>Not a feed at all, but a page of some words.</p></body></html>")


def test_feeds_are_listed_with_their_state(shell: Shell) -> None:
    with HttpServer() as web:
        good, bad = web.put("/good", FEED), web.url("/bad")
        shell.write("feeds.yaml", f"feeds:\n  - {{url: '{good}', name: Good, tags: [a]}}\n  - '{bad}'\n")
        before = shell.run("feeds", "list")
        shell.run("once", "--only", "poll")
        after = shell.run("feeds", "list")
        rows = shell.run("feeds", "list", "--json").rows

    assert [line.split("  ")[0] for line in before.out.splitlines()] == ["state", "not polled yet", "not polled yet"]
    lines = after.out.splitlines()
    assert lines[1].startswith("ok ")
    assert "  Good  http://" in lines[1]
    assert lines[2].split()[0] == "404"
    assert lines[2].split()[1].endswith("Z")
    assert [(row["state"], row["entries"], row["newest"]) for row in rows] == [
        ("ok", 2, rows[0]["newest"]),
        ("404", 0, None),
    ]
    assert rows[0]["file"] == "config/feeds.yaml:2"
    assert rows[0]["tags"] == ["a"]
    assert rows[1]["failing_since"]


def test_no_feeds_say_how_to_add_one(shell: Shell) -> None:
    done = shell.run("feeds", "list")

    assert (done.code, done.out) == (0, "")
    assert "monitor feeds add URL" in done.err


def test_test_tells_step_by_step_what_happened(shell: Shell) -> None:
    with HttpServer() as web:
        web.put("/feed", FEED)
        address = web.redirect("/old", "/feed")

        done = shell.run("feeds", "test", address)

    assert done.code == 0
    steps = done.out.splitlines()
    assert steps[0].startswith("fetch: 200, ")
    assert steps[0].endswith(f", redirected to {web.url('/feed')}")
    assert steps[1] == "read: The Paper, 2 entries"
    assert steps[2] == "  2025-10-24 08:00  A tariff  https://a.example/1"
    assert steps[3].startswith("  no date  Rain")
    assert not (shell.state / "monitor.db").exists()


def test_test_names_the_problem_and_the_next_action(shell: Shell) -> None:
    with HttpServer() as web:
        page, missing = web.put("/page", PAGE), web.url("/missing")
        shown = shell.run("feeds", "test", page)
        row = shell.run("feeds", "test", missing, "--json").rows[0]

    assert shown.code == 1
    assert "read: html" in shown.out
    assert "\nnext: " in shown.out
    assert (row["url"], row["problem"]) == (missing, "404")
    assert row["steps"][-1].startswith("next: ")


def test_test_refuses_what_is_no_address_and_what_is_private(shell: Shell) -> None:
    shell.write("monitor.yaml", "timezone: UTC\n")

    for address, problem, next_step in (
        ("notaurl", "bad-url: notaurl is not an address: it must start with http:// or https://", "next: "),
        ("ftp://a.example/feed", "bad-url", "next: "),
        ("http://a.example:22/feed", "bad-url: port 22 is not in allow_ports", "allow_ports in monitor.yaml"),
        ("http://127.0.0.1/feed", "blocked-address", "allow_networks in monitor.yaml"),
    ):
        done = shell.run("feeds", "test", address)
        assert done.code == 1
        assert f"fetch: {problem}" in done.out
        assert next_step in done.out[done.out.index("\nnext: ") :]


def test_add_keeps_a_good_feed_in_a_file_of_its_own_and_remove_takes_it_out(shell: Shell) -> None:
    before = (shell.config / "feeds.yaml").read_bytes()
    with HttpServer() as web:
        address = web.put("/feed", FEED)
        added = shell.run("feeds", "add", address, "--name", "The Paper")
        again = shell.run("feeds", "add", address)
        listed = shell.run("feeds", "list", "--json").rows
        removed = shell.run("feeds", "remove", address)

    assert added.code == 0
    assert added.out == f"added {address} to config/feeds.d/added.yaml\n"
    assert "read: The Paper, 2 entries" in added.err
    assert [(row["url"], row["name"]) for row in listed] == [(address, "The Paper")]
    assert again.code == 2
    assert "is already in" in again.err
    assert removed.out == f"removed {address}\n"
    assert shell.run("feeds", "list", "--json").rows == []
    assert (shell.config / "feeds.yaml").read_bytes() == before


def test_add_refuses_what_cannot_be_read_unless_forced(shell: Shell) -> None:
    with HttpServer() as web:
        address = web.put("/page", PAGE)
        refused = shell.run("feeds", "add", address)
        listed = shell.run("feeds", "list", "--json").rows
        forced = shell.run("feeds", "add", address, "--force")

    assert refused.code == 1
    assert refused.err.splitlines()[-1] == "  → not added; add it all the same with --force"
    assert listed == []
    assert forced.code == 0
    assert len(shell.run("feeds", "list", "--json").rows) == 1


def test_remove_leaves_what_was_written_by_hand(shell: Shell) -> None:
    shell.write("feeds.yaml", "feeds: [https://a.example/feed]\n")

    mine = shell.run("feeds", "remove", "https://a.example/feed")
    none = shell.run("feeds", "remove", "https://b.example/feed")

    assert mine.code == 2
    assert mine.err.endswith("which you wrote\n  → delete it there\n")
    assert none.code == 1
    assert none.err == "monitor: https://b.example/feed: no such feed\n  → run `monitor feeds list`\n"
    assert "https://a.example/feed" in (shell.config / "feeds.yaml").read_text()


def test_what_a_feed_says_reaches_no_terminal_raw(shell: Shell) -> None:
    hostile = "tariff \x9b31m \u202eevil"
    with HttpServer() as web:
        body = rss([Item("1", hostile, "https://a.example/" + hostile)], title=hostile)
        address = web.put("/feed", Answer(body, content_type="application/rss+xml"))
        shell.write("feeds.yaml", f"feeds: [{{url: '{address}', backfill: alert, full_text: no}}]\n")
        shown = [
            shell.run(*words)
            for words in (
                ["feeds", "test", address],
                ["feeds", "test", address, "--json"],
                ["feeds", "add", address],
                ["once"],
                ["feeds", "list"],
                ["feeds", "list", "--json"],
                ["articles"],
                ["alerts", "list"],
                ["alerts", "list", "--json"],
            )
        ]

    assert "Tariffs on anything: tariff" in shown[3].out
    for done in shown:
        assert not set(done.out + done.err) & set("\x1b\x9b\u202e"), done
