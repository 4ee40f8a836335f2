"""A feed that goes elsewhere, or wants to be left alone, from its server's answers to what its user reads."""

from __future__ import annotations

from datetime import datetime

from monitor.app import now
from tests.servers import Answer, HttpServer, Item, rss
from tests.unit.cli.shell import Done, Shell

FEED = Answer(rss([Item("1", "One"), Item("2", "Two")], title="News"), content_type="application/rss+xml")


def rounds(shell: Shell, count: int) -> str:
    """Poll everything some times over; returns what the operator was told."""
    return "".join(shell.run("once", "--only", "poll,deliver", "--all").out for _ in range(count))


def needs(shell: Shell) -> list[str]:
    return list(shell.run("status", "--json").rows[0]["needs"])


def fix(shell: Shell, url: str) -> Done:
    return shell.run("feeds", "fix", url, "--yes")


def test_a_feed_that_moves_to_another_site_is_reported_once_and_moved_by_its_user(shell: Shell) -> None:
    with HttpServer() as web:
        old, new = web.put("/old", FEED), web.url("/new", host="localhost")
        web.put("/new", FEED)
        shell.run("feeds", "add", old)
        rounds(shell, 1)
        web.redirect("/old", new, status=301)
        assert "redirects" not in rounds(shell, 2)

        told = rounds(shell, 2)
        need = f"{old}: moved to {new}, another site: monitor feeds fix {old}"
        assert (told.count("News redirects to another site ("), needs(shell)) == (1, [need])
        assert web.paths[-2:] == ["/old", "/new"]

        assert fix(shell, old).out == f"{old} is now {new}\n"
        before = len(web.paths)
        assert ("redirects" in rounds(shell, 1), needs(shell)) == (False, [])
        assert web.paths[before:] == ["/new"]


def test_a_feed_that_moves_on_its_site_is_followed_and_reported_once(shell: Shell) -> None:
    with HttpServer() as web:
        old, new = web.put("/old", FEED), web.put("/new", FEED)
        shell.run("feeds", "add", old)
        web.redirect("/old", "/new", status=308)

        assert rounds(shell, 3).count("News has moved (") == 1
        before = len(web.paths)
        assert "has moved" not in rounds(shell, 1)
        assert web.paths[before:] == ["/new"]

        web.put("/old", Answer(status=404))
        assert fix(shell, old).out == f"{old} is now {new}\n"
        assert needs(shell) == []


def test_a_feed_that_is_gone_is_moved_to_what_its_site_names(shell: Shell) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/fresh.xml">'
    with HttpServer() as web:
        old, new = web.put("/old", FEED), web.put("/fresh.xml", FEED)
        shell.run("feeds", "add", old)
        rounds(shell, 1)
        web.put("/old", Answer(status=410))
        site = web.put("/", Answer(f"<html><head>{head}</head><body>News</body></html>"))

        told = rounds(shell, 2)
        assert [told.count(title) for title in ("News is gone (", "The site of News names another feed (")] == [1, 1]
        assert needs(shell)[-1] == f"{old}: its site now advertises {new}: monitor feeds fix {old}"

        # What the polls learned is offered, also when the site has changed since.
        web.put("/", Answer(status=500))
        assert site.endswith("/")
        assert fix(shell, old).out == f"{old} is now {new}\n"
        assert (rounds(shell, 1).count("names another feed"), needs(shell)) == (0, [])


def test_a_site_is_asked_for_other_feeds_at_permitted_addresses_only(shell: Shell) -> None:
    with HttpServer() as web, HttpServer("127.0.0.2") as canary:
        text = (shell.config / "monitor.yaml").read_text().replace("127.0.0.0/8", "127.0.0.1/32")
        shell.write("monitor.yaml", text)
        old = web.put("/old", Answer(status=410))
        web.redirect("/", canary.url("/"))
        shell.run("feeds", "add", old, "--force")
        rounds(shell, 1)
        web.redirect("/", "file:///etc/passwd")
        fix(shell, old)

        assert canary.requests == []
        assert "/" in web.paths


def test_all_feeds_of_a_host_wait_when_one_is_told_to(shell: Shell) -> None:
    with HttpServer() as web:
        busy = Answer(status=429, headers={"Retry-After": "7200"})
        urls = [web.put(f"/{number}", busy) for number in range(3)]
        shell.write("feeds.yaml", "feeds:\n" + "".join(f"  - {url}\n" for url in urls))
        text = (shell.config / "monitor.yaml").read_text()
        shell.write("monitor.yaml", text.replace("host_gap_s: 0", "host_gap_s: 0, host_connections: 1"))
        first = shell.run("once", "--only", "poll", "--json").rows[0]
        again = shell.run("once", "--only", "poll", "--json").rows[0]
        rows = shell.run("feeds", "list", "--json").rows

    assert len(web.paths) == 1
    assert (first["polled"], again["polled"]) == (1, 0)
    assert sorted(row["state"] for row in rows) == ["429", "not polled yet", "not polled yet"]
    hours = [(datetime.fromisoformat(row["next_poll"]) - now()).total_seconds() / 3600 for row in rows]
    assert all(1.9 < hour < 2.5 for hour in hours)


def test_pages_that_robots_may_not_read_are_counted(shell: Shell) -> None:
    with HttpServer() as web:
        link = web.url("/private/1")
        web.put("/robots.txt", Answer("User-agent: *\nDisallow: /private", content_type="text/plain"))
        feed = web.put(
            "/feed", Answer(rss([Item("1", "A new tariff", link, "A tariff on steel.")]), content_type="text/xml")
        )
        shell.run("feeds", "add", feed)
        shell.run("once")
        status = shell.run("status", "--json").rows[0]

    assert "/private/1" not in web.paths
    assert (status["withheld_by_robots"], status["unstudied"]) == (1, 0)
