"""`feeds`: list, add, remove, test, against a server on loopback."""

from __future__ import annotations

import re
from dataclasses import replace

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
        web.put("/feed", replace(FEED, etag='"1"', headers={"Cache-Control": "max-age=300"}, coding="gzip"))
        address = web.redirect("/old?key=1", "/feed").replace("127.0.0.1", "localhost")

        done = shell.run("feeds", "test", address)
        row = shell.run("feeds", "test", address, "--json").rows[0]

    assert done.code == 0
    steps = [re.sub(r" \(\d+ ms\)$", "", line) for line in done.out.splitlines()]
    port = f":{web.port}"
    assert steps[0].startswith("dns: localhost is ")
    assert steps[1] == "connect: connected"
    steps = [line for line in steps if not line.startswith(("dns: ", "connect: "))]
    assert steps[0] == f"answer: 302 Found to /feed from http://localhost{port}/old"
    assert steps[2] == f"answer: 200 OK from http://localhost{port}/feed"
    known = 'Content-Type: application/rss+xml; Content-Encoding: gzip; ETag: "1"; Cache-Control: max-age=300; Server: '
    assert steps[3].startswith(f"headers: {known}")
    assert re.fullmatch(
        rf"fetch: 200, \d+ bytes as sent, {len(FEED.body)} decoded, application/rss\+xml, "
        rf"redirected to http://localhost{port}/feed",
        steps[4],
    )
    assert steps[5:7] == [
        "format: rss20, decoded as its bytes prove; the header says nothing, the document nothing",
        "read: The Paper, 2 entries; 1 with a link, 1 with a date, 2 with an id, 0 with a text",
    ]
    assert steps[7].startswith("next: would be asked again in about ")
    assert steps[8:] == ["  2025-10-24 08:00  A tariff  https://a.example/1", "  no date  Rain  "]
    assert (row["problem"], row["format"], row["title"], row["status"]) == (None, "rss20", "The Paper", 200)
    assert row["decoded_bytes"] == len(FEED.body) > row["bytes"]
    assert [entry["published"] for entry in row["entries"]] == ["2025-10-24T08:00:00Z", None]
    assert row["next_s"] > 0
    assert not (shell.state / "monitor.db").exists()


def test_test_says_what_is_odd_about_a_feed(shell: Shell) -> None:
    items = "".join(f"<item><title>T</title><description>{n}</description></item>" for n in range(3))
    dated = rss([Item(str(n), f"T{n}", f"https://a.example/{n}", published=WHEN) for n, WHEN in enumerate(
        ["Fri, 24 Oct 2025 08:00:00 GMT"] * 3)])  # fmt: skip
    ahead = rss([Item("1", "A", "https://a.example/1", published="Fri, 24 Oct 2200 08:00:00 GMT"),
                 Item("2", "B", "https://a.example/2", published="the other day")])  # fmt: skip
    with HttpServer() as web:
        odd = [
            [
                line
                for line in shell.run("feeds", "test", web.put(f"/{n}", Answer(body))).out.splitlines()
                if "odd" in line
            ]
            for n, body in enumerate((f"<rss><channel>{items}</channel></rss>", dated, ahead))
        ]

    assert odd == [
        [
            "odd: no entry has an id or a link of its own: an edit of one looks like a new one",
            "odd: no entry has a link: only the feed's own words are matched",
            "odd: no entry has a date: each counts from when it is first seen",
            "odd: several entries have one title: T",
        ],
        ["odd: all entries have the same date: it is that of the feed, not theirs"],
        [
            "odd: 1 entries are dated in the future: they are not believed",
            "odd: 1 dates cannot be read, for example 'the other day'",
        ],
    ]


def test_test_tells_how_a_feed_was_decoded(shell: Shell) -> None:
    body = rss([Item("1", "Zölle")]).replace("?>", ' encoding="iso-8859-1"?>').encode("latin-1")
    with HttpServer() as web:
        address = web.put("/", Answer(body, content_type="text/xml; charset=windows-1252"))
        out = shell.run("feeds", "test", address).out

    told = "rss20, decoded as windows-1252; the header says windows-1252, the document iso-8859-1"
    assert f"format: {told}\n" in out
    assert "Zölle" in out


def test_a_feed_of_the_configuration_is_tried_as_it_is_written_and_its_secrets_stay_hidden(shell: Shell) -> None:
    page = '<ul><li><a href="/1">Tariff news</a></li><li><a href="/2">Shoes</a></li></ul>'
    shell.monkeypatch.setenv("SITE_PASSWORD", "geheim-4711")
    with HttpServer() as web:
        address = web.put("/page", Answer(page))
        proxy = "http://user:geheim-4711@127.0.0.1:1"
        shell.write(
            "feeds.yaml",
            f"feeds:\n  - {{page: '{address}', links: li a, keep: [tariff], user_agent: Reader/7,\n"
            "     auth: {user: me, password: 'env:SITE_PASSWORD'}, cookies: {sid: 'env:SITE_PASSWORD'}}\n"
            f"  - {{url: '{web.url('/by-proxy')}', proxy: '{proxy}'}}\n",
        )
        done = shell.run("feeds", "test", address)
        by_proxy = shell.run("feeds", "test", web.url("/by-proxy"))
        listed = [shell.run("feeds", "list", "--json"), shell.run("feeds", "export"), shell.run("check")]

    asked = web.requests[0].headers
    assert (asked["User-Agent"], asked["Cookie"]) == ("Reader/7", "sid=geheim-4711")
    assert asked["Authorization"] == "Basic bWU6Z2VoZWltLTQ3MTE="
    assert done.out.splitlines()[0] == "feed: as config/feeds.yaml:2 has it"
    assert "1 entries (1 skipped for their words)" in done.out
    assert by_proxy.code == 1
    assert "fetch: connect" in by_proxy.out
    for shown in (done, by_proxy, *listed):
        assert "geheim" not in shown.out + shown.err


def test_a_page_is_tried_with_selectors_before_it_is_added(shell: Shell) -> None:
    page = '<ul><li><a href="/1">One</a><i>24 October 2025</i></li></ul>'
    with HttpServer() as web:
        address = web.put("/page", Answer(page))
        good = shell.run("feeds", "test", address, "--links", "li a", "--date", "i")
        none = shell.run("feeds", "test", address, "--links", ".gone a")
        bad = shell.run("feeds", "test", address, "--links", "li >")
        added = shell.run("feeds", "add", address, "--links", "li a", "--date", "i", "--tag", "x")

    assert "  2025-10-24 00:00  One  " in good.out
    assert "read: no-links: `links` finds nothing; 1 links are on the page" in none.out
    assert "next: the page has changed: correct `links`" in none.out
    assert (none.code, bad.code, bad.err.splitlines()[0]) == (
        1, 2, "monitor: 'li >' is not a CSS selector: Expected selector",
    )  # fmt: skip
    assert added.code == 0
    assert "- page: http" in (shell.config / "feeds.d" / "added.yaml").read_text()


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
    assert added.err.splitlines()[0] == f"1  The Paper  {address}"
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
    assert refused.err.splitlines()[-1] == (
        "  → not added; add it all the same with --force, or name the page's links with --links CSS"
    )
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


def test_a_page_without_a_feed_and_a_sitemap_are_polled_like_feeds(shell: Shell) -> None:
    def links(*names: str) -> Answer:
        rows = "".join(f'<li><a href="/{name}">A tariff on {name}</a></li>' for name in names)
        return Answer(rows, etag=f'"{len(names)}"')

    def sitemap(*names: str) -> Answer:
        rows = "".join(f"<url><loc>{web.url('/')}{name}</loc></url>" for name in names)
        return Answer(f"<urlset>{rows}</urlset>", content_type="application/xml")

    with HttpServer() as web:
        for name in ("steel", "shoes", "ships"):
            web.put(f"/{name}", Answer(f"<h1>Goods</h1><p>There is a new tariff on {name}, it was said today.</p>"))
        page = web.put("/page", links("steel"), links("steel"), links("steel", "shoes"), Answer("<p>Under repair</p>"))
        mapped = web.put("/map.xml", sitemap("steel"), sitemap("steel"), sitemap("steel", "ships"), sitemap("steel"))
        shell.write("feeds.yaml", f"feeds:\n  - {{page: '{page}', links: li a}}\n  - {{sitemap: '{mapped}'}}\n")
        first, second, third = (shell.run("once", "--all") for _ in range(3))
        states = [row["state"] for row in shell.run("feeds", "list", "--json").rows]
        shell.run("once", "--all")
        broken = shell.run("feeds", "list", "--json").rows[0]

    assert "steel" not in first.out
    assert "steel" not in second.out
    assert web.url("/shoes") in third.out
    assert web.url("/ships") in third.out
    assert web.url("/steel") not in third.out
    assert states == ["ok", "ok"]
    assert (broken["state"], broken["detail"]) == ("no-links", "there is no link on the page")
    assert web.requests[0].headers["Accept"].startswith(("text/html", "application/atom"))
    assert any("If-None-Match" in request.headers for request in web.requests if request.path == "/page")
