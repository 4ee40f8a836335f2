"""feeds.yaml, feeds.d and the feeds added by command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import resources
from monitor.errors import ConfigErrors, MonitorError, UsageError
from monitor.model import Backfill, FeedSpec, Picks, Priority
from monitor.settings import add_feeds, load_config, remove_feed

Find = Callable[..., list[str]]


def test_every_key_of_a_feed_is_read(folder: Path) -> None:
    (folder / "feeds.yaml").write_text(
        "feeds:\n"
        "  - https://me:feedpassword@example.org/a.xml?x=1&y[]=2#frag\n"
        "  - {url: 'http://example.org/b', name: B, tags: [x, y], every: 10m, full_text: no,\n"
        "     headers: {Authorization: 'env:TOKEN', X-Plain: z}, language: de, backfill: alert}\n"
    )

    config = load_config(folder, {"TOKEN": "Bearer abcdef"})

    plain, full = config.feeds
    assert plain == FeedSpec(
        url="https://example.org/a.xml?x=1&y[]=2#frag", auth=("me", "feedpassword"), where=f"{folder}/feeds.yaml:2"
    )
    assert full == FeedSpec(
        url="http://example.org/b", name="B", tags=("x", "y"), every_s=600, full_text=False,
        headers=(("Authorization", "Bearer abcdef"), ("X-Plain", "z")), language="de", backfill=Backfill.ALERT,
        where=f"{folder}/feeds.yaml:3",
    )  # fmt: skip
    assert set(config.settings.secrets) == {"Bearer abcdef", "feedpassword", "me:feedpassword"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds:\n  - ftp://example.org/x\n",
         "feeds.yaml:2:5: 'ftp://example.org/x' is not an address of a feed (it starts with https:// or http://)"),
        ("feeds:\n  - example.org/x\n",
         "feeds.yaml:2:5: 'example.org/x' is not an address of a feed (it starts with https:// or http://)"),
        ("feeds:\n  - feed://example.org/x\n",
         "feeds.yaml:2:5: 'feed://example.org/x' is not an address that can be fetched (write https:// instead of feed://)"),
        ("feeds:\n  - https://[::1/x\n", "feeds.yaml:2:5: 'https://[::1/x' is not an address"),
        ("feeds:\n  - {name: x}\n", "feeds.yaml:2:5: feed has no 'url' (add `url: …`)"),
        ("feeds:\n  - {url: 'http://a.b/', evry: 3}\n",
         "feeds.yaml:2:26: unknown key 'evry' in feed (did you mean 'every'?)"),
        ("feeds:\n  - {url: 'http://a.b/', every: soon}\n",
         "feeds.yaml:2:33: 'soon' is not a duration (for example 30s, 10m, 1h30m, 14d or 2w)"),
        ("feeds:\n  - {url: 'http://a.b/', backfill: all}\n",
         "feeds.yaml:2:36: 'all' is not one of summary, silent, alert"),
        ("feeds:\n  - {url: 'http://a.b/', headers: {'a b': c}}\n",
         "feeds.yaml:2:37: 'a b' is not the name of a header (for example Authorization)"),
        ('feeds:\n  - {url: "http://a.b/", headers: {a: "b\\nc: d"}}\n',
         "feeds.yaml:2:40: a header's value is one line of printable characters"),
        ("- http://a.b/\n", "feeds.yaml:1:1: the list of feeds stands alone (start the file with `feeds:`)"),
        ("feeds:\n", "feeds.yaml:1:7: an empty value is not a list (write [] if it is meant to be empty)"),
    ],
)  # fmt: skip
def test_a_wrong_feed_is_named_with_its_place(errors: Find, text: str, expected: str) -> None:
    assert errors("feeds.yaml", text) == [expected]


def test_every_key_of_how_a_feed_is_asked_is_read(folder: Path) -> None:
    (folder / "feeds.yaml").write_text(
        "feeds:\n"
        "  - {url: 'https://a.example/', was: 'https://b.example/', cookies: {sid: 'env:SID', x: y},\n"
        "     auth: {user: me, password: 'env:PASSWORD'}, user_agent: Reader/1, proxy: 'env:PROXY',\n"
        "     keep: [rare earth, 稀土], skip: gardening}\n"
        "  - {url: 'https://c.example/', contact: 'mailto:me@example.org'}\n"
        "  - {page: 'https://d.example/news', links: '.news h2 > a', title: h2, date: time}\n"
        "  - {sitemap: 'https://e.example/sitemap.xml', name: E}\n"
    )
    secrets = {"SID": "cookie-value", "PASSWORD": "päss:word", "PROXY": "http://me:proxy%20pass@proxy.example:3128"}

    config = load_config(folder, secrets)

    asked, contact, page, sitemap = config.feeds
    assert asked.access.headers == (
        ("Cookie", "sid=cookie-value; x=y"),
        ("Authorization", "Basic bWU6cMOkc3M6d29yZA=="),
    )
    assert (asked.was, asked.access.user_agent, asked.access.proxy) == (
        "https://b.example/", "Reader/1", secrets["PROXY"],
    )  # fmt: skip
    assert (asked.access.keep, asked.access.skip) == (("rare earth", "稀土"), ("gardening",))
    assert contact.access.user_agent.endswith("(feed reader; +mailto:me@example.org)")
    assert page.access.picks == Picks(links=".news h2 > a", title="h2", date="time")
    assert (sitemap.url, sitemap.is_sitemap, sitemap.access.picks) == ("https://e.example/sitemap.xml", True, None)
    assert set(secrets.values()) | {"me:päss:word", "proxy pass"} <= set(config.settings.secrets)
    for secret in (*secrets.values(), "cookie-value"):
        assert secret not in repr(config.feeds)


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        ("{page: 'http://a.b/'}", "2:5: feed has no 'links' (add `links: …`)"),
        ("{page: 'http://a.b/', links: 'h2 >'}",
         "2:39: 'h2 >' is not a CSS selector: Expected selector (for example h2 a, or .news a[href*='/press/'])"),
        ("{page: 'http://a.b/', links: 'a..b'}", "2:37: 'a..b' is not a CSS selector: Expected ident ("),
        ("{page: 'http://a.b/', links: a, date: 'a:foo'}",
         "2:44: 'a:foo' is not a CSS selector: The pseudo-class :foo is unknown ("),
        ("{url: 'http://a.b/', links: a}", "2:26: unknown key 'links' in feed ("),
        ("{url: 'http://a.b/', page: 'http://a.b/', links: a}",
         "2:5: a feed is one of page and url (keep one of them)"),
        ("{url: 'http://me:secret@a.b/', auth: {user: me, password: c}}",
         "2:5: the address has a login, and there is another one beside it (keep one of them)"),
        ("{url: 'http://a.b/', proxy: 'socks5://me:secret@p:1'}",
         "2:34: SOCKS proxies are not supported (for example http://proxy.example.org:3128)"),
        ("{url: 'http://a.b/', proxy: 'proxy:3128'}", "2:34: this is not the address of a proxy ("),
        ("{url: 'http://a.b/', cookies: {a: 'b; c'}}",
         "2:40: a cookie's value has no spaces, commas, semicolons or quotes in it (copy only the value)"),
        ("{url: 'http://a.b/', cookies: {'a b': c}}", "2:37: 'a b' is not the name of a cookie ("),
        ("{url: 'http://a.b/', auth: {user: me}}", "2:32: auth has no 'password' (add `password: …`)"),
        ("{url: 'http://a.b/', auth: {user: 'a:b', password: c}}",
         "2:32: a user's name for basic authentication has no colon in it"),
        ("{url: 'http://a.b/', auth: {user: a, password: c}, headers: {Authorization: x}}",
         "2:5: `auth` is sent as the header Authorization, which stands in `headers` (keep one of them)"),
        ("{url: 'http://a.b/', headers: {Host: x}}",
         "2:36: the header Host is the program's own to send (delete it)"),
        ("{url: 'http://a.b/', contact: 'mailto:a@b.c', user_agent: x}",
         "2:5: `contact` is part of the program's own user agent (write it into `user_agent`)"),
        ("{url: 'http://a.b/', was: 'http://a.b/'}", "2:5: `was` is the address the feed had before (delete it)"),
        ("{url: 'http://a.b/', keep: ['!']}", "2:34: '!' is not a word or a phrase"),
        ("{url: 'http://a.b/', user_agent: 'Лис'}", "2:39: 'Лис' is not a user agent ("),
    ],
)  # fmt: skip
def test_a_wrong_key_of_a_feed_is_named_with_its_place(errors: Find, feed: str, expected: str) -> None:
    (found,) = errors("feeds.yaml", f"feeds:\n  - {feed}\n")

    assert found.startswith(f"feeds.yaml:{expected}")
    assert "secret" not in found


def test_a_feed_is_written_with_all_that_was_read_of_it_and_its_secrets_as_references(folder: Path) -> None:
    text = (
        "feeds:\n"
        "- page: https://d.example/news\n"
        "  was: https://b.example/\n"
        "  links: .news h2 > a\n"
        "  date: time\n"
        "  tags: [x/y]\n"
        "  cookies: {sid: 'env:SID'}\n"
        "  auth: {user: me, password: 'file:secret'}\n"
        "  proxy: env:PROXY\n"
        "  keep: [rare earth]\n"
        "- sitemap: https://e.example/sitemap.xml\n"
    )
    (folder / "feeds.d").mkdir()
    (folder / "feeds.d" / "added.yaml").write_text(text)
    (folder / "secret").write_text("hunter2")
    (folder / "secret").chmod(0o600)
    environ = {"SID": "sid", "PROXY": "http://proxy.example"}
    before = load_config(folder, environ).feeds

    add_feeds(folder, [FeedSpec(url="https://new.example/")])

    after = load_config(folder, environ).feeds
    assert [replace(spec, where="") for spec in after[:-1]] == [replace(spec, where="") for spec in before]
    assert "env:SID" in (folder / "feeds.d" / "added.yaml").read_text()


def test_a_feed_written_twice_is_named_with_both_places(errors: Find, folder: Path) -> None:
    found = errors("feeds.d/more.yaml", "feeds:\n  - https://example.org/other\n  - https://example.org/feed.xml\n")

    where = f"{folder}/feeds.yaml:2".replace(f"{folder}/", "")
    assert found == [
        f"feeds.d/more.yaml:3:5: https://example.org/feed.xml is already in {where} (delete one of the two)"
    ]


def test_a_feed_that_took_the_place_of_one_still_there_is_named(errors: Find) -> None:
    feeds = "feeds:\n  - https://a.example/feed\n  - {url: https://b.example/feed, was: https://a.example/feed}\n"
    (line,) = errors("feeds.yaml", feeds)
    assert line.startswith("feeds.yaml:3:5: `was: https://a.example/feed` is the address of a feed in feeds.yaml:2")


def test_an_explicit_empty_list_of_feeds_is_taken(folder: Path) -> None:
    (folder / "feeds.yaml").write_text("feeds: []\n")

    assert load_config(folder, {}).feeds == ()


def test_an_added_feed_is_read_back_as_it_was_given(folder: Path) -> None:
    feed = FeedSpec(
        url="https://example.org/no", name="yes: no # x", tags=("on", "1.10"), every_s=5400, full_text=True,
        headers=(("Authorization", "env:TOKEN"),), language="no", backfill=Backfill.SILENT,
    )  # fmt: skip

    add_feeds(folder, [feed])
    add_feeds(folder, [FeedSpec(url="https://example.org/second")])

    _, first, second = load_config(folder, {"TOKEN": "Bearer abcdef"}).feeds
    assert first == FeedSpec(
        url=feed.url, name=feed.name, tags=feed.tags, every_s=5400, full_text=True,
        headers=(("Authorization", "Bearer abcdef"),),
        language="no", backfill=Backfill.SILENT, where=f"{folder}/feeds.d/added.yaml:3",
    )  # fmt: skip
    assert second.url == "https://example.org/second"
    assert "env:TOKEN" in (folder / "feeds.d/added.yaml").read_text()


def test_a_feed_is_added_once(folder: Path) -> None:
    wanted = [FeedSpec(url=f"https://example.org/{name}") for name in ("feed.xml", "new", "new")]

    added, known = add_feeds(folder, wanted)

    assert [spec.url for spec in added] == ["https://example.org/new"]
    assert [(spec.url, spec.where) for spec in known] == [("https://example.org/feed.xml", f"{folder}/feeds.yaml:2")]


def test_removing_takes_only_what_was_added(folder: Path) -> None:
    add_feeds(folder, [FeedSpec(url="https://example.org/second")])
    before = (folder / "feeds.yaml").read_bytes()

    assert remove_feed(folder, "https://example.org/second")
    assert not remove_feed(folder, "https://example.org/second")
    with pytest.raises(UsageError, match=r"feeds.yaml:2, which you wrote") as caught:
        remove_feed(folder, "https://example.org/feed.xml")

    assert caught.value.hint == "delete it there"
    assert (folder / "feeds.yaml").read_bytes() == before
    assert [feed.url for feed in load_config(folder, {}).feeds] == ["https://example.org/feed.xml"]
    assert sorted(path.name for path in (folder / "feeds.d").iterdir()) == ["added.yaml"]


def test_broken_feeds_are_not_added_to(folder: Path) -> None:
    (folder / "feeds.yaml").write_text("feeds: [\n")

    with pytest.raises(MonitorError, match=r"feeds.yaml:1:8: a bracket"):
        add_feeds(folder, [FeedSpec(url="https://example.org/second")])


def test_the_packaged_configuration_is_never_written_to() -> None:
    with pytest.raises(UsageError, match="belongs to the program"):
        add_feeds(resources.folder("config"), [FeedSpec(url="https://example.org/second")])


def test_a_feed_may_have_bounds_and_a_priority(folder: Path) -> None:
    (folder / "feeds.yaml").write_text(
        "feeds: [{url: 'https://a.example/', priority: high, every_min: 5m, every_max: 6h}]\n"
    )
    feed = load_config(folder, {}).feeds[0]

    assert (feed.priority, feed.every_min_s, feed.every_max_s) == (Priority.HIGH, 300, 21_600)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("priority: urgent", "not one of high, normal, low"),
        ("every_min: 2h, every_max: 1h", "every_min is longer than every_max"),
    ],
)
def test_bounds_and_priorities_that_cannot_be_are_refused(folder: Path, keys: str, message: str) -> None:
    (folder / "feeds.yaml").write_text(f"feeds: [{{url: 'https://a.example/', {keys}}}]\n")

    with pytest.raises(ConfigErrors, match=message):
        load_config(folder, {})
