"""`feeds add` finds the feeds of a page; `feeds fix` finds where a feed has gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.servers import Answer, HttpServer, Item, rss
from tests.unit.cli.shell import Shell

FEED = Answer(
    rss(
        [
            Item(str(n), f"Title {n}", f"https://a.example/{n}", published="Fri, 24 Oct 2025 08:00:00 GMT")
            for n in range(5)
        ],
        title="News",
    ),
    content_type="application/rss+xml",
)
OTHER = replace(FEED, body=rss([Item("9", "Other")], title="Sport"))


def page(*links: str) -> Answer:
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return Answer(f"<html><head>{head}</head><body><p>Some words</p></body></html>")


def added(shell: Shell) -> list[str]:
    return [row["url"] for row in shell.run("feeds", "list", "--json").rows]


def test_the_only_feed_of_a_page_is_added(shell: Shell) -> None:
    with HttpServer() as web:
        web.put("/feed.xml", FEED)
        done = shell.run("feeds", "add", web.put("/", page("feed.xml")), "--tag", "a/b")

    assert (done.code, done.out) == (0, f"added {web.url('/feed.xml')} to config/feeds.d/added.yaml\n")
    lines = done.err.splitlines()
    assert lines[0] == f"1  News  {web.url('/feed.xml')}"
    assert lines[1].startswith("   rss20, 5 entries, the newest ")
    assert lines[2:] == ["   - Title 0", "   - Title 1", "   - Title 2"]
    assert web.paths == ["/", "/feed.xml"]
    assert shell.run("feeds", "list", "--json").rows[0]["tags"] == ["a/b"]


def test_of_several_feeds_one_is_picked_or_all(shell: Shell) -> None:
    with HttpServer() as web:
        web.put("/news", FEED)
        web.put("/sport", OTHER)
        web.put("/gone", Answer(status=410))
        site = web.put("/", page("/comments", "/news", "/gone", "/sport"))
        web.put("/comments", OTHER)
        asked = shell.run("feeds", "add", site)
        wrong = shell.run("feeds", "add", site, "--pick", "4")
        row = shell.run("feeds", "add", site, "--pick", "2", "--json").rows[0]
        again = shell.run("feeds", "add", site, "--pick", "2")
        rest = shell.run("feeds", "add", site, "--all")

    assert asked.code == 2
    assert asked.err.endswith("monitor: 3 feeds found\n  → take one with --pick N, or all with --all\n")
    assert wrong.err.endswith("monitor: there is no number 4\n  → they are 1 to 3\n")
    assert row["added"] == [web.url("/sport")]
    assert [(one["title"], one["entries"]) for one in row["found"]] == [("News", 5), ("Sport", 1), ("Sport", 1)]
    assert (again.code, again.err.splitlines()[-1]) == (2, "  → edit it there")
    assert rest.out.count("added ") == 2
    assert sorted(added(shell)) == sorted(web.url(path) for path in ("/news", "/sport", "/comments"))


def test_common_paths_are_tried_until_one_is_a_feed(shell: Shell) -> None:
    with HttpServer() as web:
        web.put("/feed.xml", FEED)
        done = shell.run("feeds", "add", web.put("/news/today", page()))

    assert done.code == 0
    assert added(shell) == [web.url("/feed.xml")]
    assert web.paths == ["/news/today", "/news/today/feed/", "/news/today/rss.xml", "/feed/", "/rss.xml", "/feed.xml"]


def test_a_news_sitemap_is_found_where_there_is_no_feed(shell: Shell) -> None:
    row = "<url><loc>https://a.example/1</loc><n:news><n:title>One</n:title></n:news></url>"
    with HttpServer() as web:
        web.put("/news-sitemap.xml", Answer(f"<urlset>{row}</urlset>", content_type="application/xml"))
        done = shell.run("feeds", "add", web.put("/", page()))

    assert done.code == 0
    assert added(shell) == [web.url("/news-sitemap.xml")]


def test_a_sitemap_of_all_pages_is_not_taken_unasked(shell: Shell) -> None:
    body = "<urlset><url><loc>https://a.example/about</loc></url></urlset>"
    with HttpServer() as web:
        web.put("/sitemap.xml", Answer(body, content_type="application/xml"))
        site = web.put("/", page())
        asked = shell.run("feeds", "add", site)
        taken = shell.run("feeds", "add", site, "--pick", "1")

    assert asked.err.endswith("only a list of all pages found\n  → take one with --pick N, or all with --all\n")
    assert taken.code == 0


def test_a_search_ends_after_some_tries_and_says_so(shell: Shell) -> None:
    with HttpServer() as web:
        done = shell.run("feeds", "add", web.put("/", page(*(f"/{n}" for n in range(100)))))

    assert done.code == 1
    assert done.err.splitlines()[0] == f"monitor: {web.url('/')}: html; 13 addresses tried"
    assert len(web.paths) == 13
    assert added(shell) == []


def test_a_search_asks_no_forbidden_address(shell: Shell) -> None:
    with HttpServer() as web, HttpServer("127.0.0.2") as canary:
        shell.write(
            "monitor.yaml",
            "timezone: UTC\npoll: {host_gap_s: 0}\nallow_networks: [127.0.0.1/32]\nallow_ports: [1024-65535]\n"
            'channels: {desk: {url: "console:"}}\n',
        )
        done = shell.run("feeds", "add", web.put("/", page(canary.url("/feed"), "file:///etc/passwd")))

    assert done.code == 1
    assert canary.requests == []


@pytest.mark.parametrize("words", [["nonsense"], ["ftp://a.example/"], ["https://a.example/", "--date", "i"]])
def test_what_cannot_be_an_address_is_refused_before_anything_is_asked(shell: Shell, words: list[str]) -> None:
    assert shell.run("feeds", "add", *words).code == 2


def test_a_feed_that_moved_takes_its_new_address_and_keeps_its_history(shell: Shell) -> None:
    with HttpServer() as web:
        old = web.put("/old", FEED)
        shell.run("feeds", "add", old)
        shell.run("once", "--only", "poll")
        web.redirect("/old", "/new", status=301)
        web.put("/new", FEED)
        asked = shell.run("feeds", "fix", old)
        done = shell.run("feeds", "fix", old, "--yes")
        polled = shell.run("once", "--only", "poll", "--all", "--json").rows[0]

    new = web.url("/new")
    assert asked.code == 2
    assert asked.err.endswith(f"{old} would become {new}\n  → run it again with --yes; nothing was changed\n")
    assert done.out == f"{old} is now {new}\n"
    assert f"was: {old}" in (shell.config / "feeds.d" / "added.yaml").read_text()
    assert (polled["polled"], polled["new_entries"]) == (1, 0)
    assert shell.run("feeds", "list", "--json").rows[0]["entries"] == 5


def test_of_a_feed_written_by_hand_the_line_is_shown(shell: Shell) -> None:
    with HttpServer() as web:
        web.put("/feed.xml", FEED)
        web.put("/", page("/feed.xml"))
        old = web.put("/old", Answer(status=410))
        text = f"feeds:\n  - {{url: '{old}', cookies: {{sid: 'env:SID'}}}}\n"
        shell.write("feeds.yaml", text)
        shell.monkeypatch.setenv("SID", "geheim-4711")
        done = shell.run("feeds", "fix", old, "--yes")

    assert done.code == 2
    assert done.err.splitlines()[-2:] == [
        f"monitor: {old} is in config/feeds.yaml:2, which you wrote",
        f"  → write there: {{url: '{web.url('/feed.xml')}', was: '{old}', cookies: {{sid: 'env:SID'}}}}",
    ]
    assert (shell.config / "feeds.yaml").read_text() == text
    assert all("Cookie" not in request.headers for request in web.requests if request.path != "/old")


def test_a_feed_that_is_well_or_lost_for_good_is_left_as_it_is(shell: Shell) -> None:
    with HttpServer() as web:
        well, lost = web.put("/feed", FEED), web.url("/lost")
        away = web.redirect("/away", "/feed", status=302)
        shell.write("feeds.yaml", f"feeds: ['{well}', '{away}', '{lost}']\n")
        fine = shell.run("feeds", "fix", well)
        for_now = shell.run("feeds", "fix", away)
        gone = shell.run("feeds", "fix", lost)
        other = shell.run("feeds", "fix", "https://a.example/unknown")

    assert fine.out == f"{well} answers where it is: nothing to mend\n"
    assert for_now.out == f"{away} answers where it is: nothing to mend\n"
    assert gone.code == 1
    assert gone.err.startswith(f"monitor: {lost}: 404: answered 404 Not Found; its site names no other feed\n")
    assert (other.code, other.err.splitlines()[0]) == (1, "monitor: https://a.example/unknown: no such feed")
