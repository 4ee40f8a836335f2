"""`feeds import` and `feeds export`."""

from __future__ import annotations

import pytest

from tests.servers import Answer, HttpServer, Item, rss
from tests.unit.cli.shell import Shell

HEAD = '<?xml version="1.0"?><opml version="2.0"><body>'
END = "</body></opml>"


def test_five_thousand_feeds_go_in_and_come_out_as_they_were(shell: Shell) -> None:
    rows = "".join(
        f'<outline text="Länder &amp; &quot;Märkte&quot; {n // 100}"><outline text="稀土 {n % 7}">'
        f'<outline type="rss" text="Feed №{n} &lt;b&gt;" xmlUrl="https://a{n}.example/feed?x=1&amp;y={n}" '
        f'htmlUrl="https://a{n}.example/"/></outline></outline>'
        for n in range(5_000)
    )
    first = shell.folder / "first.opml"
    first.write_text(HEAD + rows + END, encoding="utf-8")

    done = shell.run("feeds", "import", first)
    listed = shell.run("feeds", "list", "--json").rows
    exported = shell.run("feeds", "export", "-o", shell.folder / "second.opml")
    shell.write("feeds.d/added.yaml", "feeds: []\n")
    again = shell.run("feeds", "import", shell.folder / "second.opml")

    assert (done.code, done.out) == (0, "5000 added, 0 known, 0 refused\n")
    assert exported.err.startswith("5000 feeds written to ")
    assert again.out == done.out
    key = lambda row: row["url"]  # noqa: E731
    rows_again = shell.run("feeds", "list", "--json").rows
    for before, after in zip(sorted(listed, key=key), sorted(rows_again, key=key), strict=True):
        assert {**before, "file": ""} == {**after, "file": ""}
    assert listed[4_321]["name"] == "Feed №4321 <b>"
    assert listed[4_321]["tags"] == ['Länder & "Märkte" 43/稀土 2']
    assert 'htmlUrl="https://a4321.example/"' in (shell.folder / "second.opml").read_text()


def test_what_is_known_or_no_feed_is_told_and_a_trial_changes_nothing(shell: Shell) -> None:
    shell.write("feeds.yaml", "feeds: [https://a.example/known]\n")
    path = shell.folder / "list.opml"
    path.write_text(
        f"""{HEAD}
<outline text="Known" xmlUrl="https://a.example/known"/>
<outline text="New" xmlUrl="feed://a.example/new"/>
<outline text="Same" xmlUrl="http://a.example/new"/>
<outline text="File" xmlUrl="file:///etc/passwd"/>
<outline text="Login" xmlUrl="https://me:secret@a.example/feed"/>
<outline text="None" type="rss"/>
{END}"""
    )

    trial = shell.run("feeds", "import", path, "--dry-run")
    assert (trial.code, trial.out) == (0, "1 would be added, 1 known, 4 refused\n")
    assert not (shell.config / "feeds.d").exists()
    assert trial.err.splitlines() == [
        f"{path}:4: http://a.example/new: the same as line 3",
        f"{path}:5: file:///etc/passwd: 'file:///etc/passwd' is not an address of a feed",
        f"{path}:6: https://***@a.example/feed: a login stands in its address: add it by hand, with `auth`",
        f"{path}:7: None: no address",
    ]
    row = shell.run("feeds", "import", path, "--json").rows[0]
    assert row["added"] == ["http://a.example/new"]
    assert row["known"] == ["https://a.example/known"]
    assert [one["line"] for one in row["refused"]] == [4, 5, 6, 7]
    assert [found["url"] for found in shell.run("feeds", "list", "--json").rows] == [
        "https://a.example/known",
        "http://a.example/new",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEAD}{END}", "list.opml: no feeds in it"),
        ("<html/>", "list.opml:1: the document is <html>, not <opml>"),
        (f"{HEAD}\n<outline text='a>{END}", "list.opml:2: not valid XML: not well-formed (invalid token)"),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error_with_its_place(shell: Shell, text: str, message: str) -> None:
    path = shell.folder / "list.opml"
    path.write_text(text)

    done = shell.run("feeds", "import", path)
    assert done.code == 2
    assert done.err.splitlines()[0].endswith(message)
    assert shell.run("feeds", "import", shell.folder / "missing").err.splitlines()[1] == "  → name an OPML file"


def test_an_export_has_the_titles_that_feeds_say_and_no_pages_or_secrets(shell: Shell) -> None:
    with HttpServer() as web:
        good = web.put("/good", Answer(rss([Item("1", "A")], title="The Paper"), content_type="application/rss+xml"))
        shell.write(
            "feeds.yaml",
            f"feeds:\n  - {{url: '{good}', cookies: {{sid: geheim-4711}}}}\n"
            "  - {page: 'https://a.example/news', links: h2 a}\n",
        )
        shell.run("once", "--only", "poll")
        done = shell.run("feeds", "export")

    assert f'text="The Paper" title="The Paper" xmlUrl="{good}"' in done.out
    assert "geheim" not in done.out + done.err
    assert done.err == "1 pages without a feed are left out: other readers cannot read them\n"
