"""`stories`: what the store has on one event."""

from __future__ import annotations

import pytest

from tests.unit.cli.shell import Shell
from tests.unit.dedupe.written import events

TEXTS = events("events")


def record(key: str, name: str, *, outlet: str, hour: int, ending: str = "") -> dict[str, str]:
    title, day, text = TEXTS[name]
    return {
        "id": key,
        "title": title,
        "text": f"{text} {ending}",
        "published": f"{day}T{hour:02}:00:00Z",
        "source": outlet,
        "url": f"https://{outlet}/{key}",
        "language": "en",
    }


@pytest.fixture
def told(shell: Shell) -> Shell:
    shell.ingest(
        [
            record("wire", "quake", outlet="wire.example", hour=9),
            record("copy", "quake", outlet="paper.example", hour=10, ending="Copied."),
            record("again", "quake", outlet="paper.example", hour=11, ending="Copied once more."),
            record("own", "the same quake elsewhere", outlet="own.example", hour=8),
            record("other", "another quake", outlet="own.example", hour=12),
        ]
    )
    return shell


def test_stories_are_listed_newest_first(told: Shell) -> None:
    other, quake = told.run("stories", "list", "--json").rows
    assert (quake["articles"], quake["outlets"], quake["texts"]) == (["wire", "copy", "again", "own"], 3, 2)
    assert (other["articles"], other["outlets"], other["texts"]) == (["other"], 1, 1)
    assert told.run("stories", "list", "--several", "--json").rows == [quake]
    assert told.run("stories", "list", "--limit", "1", "--json").rows == [other]
    lines = told.run("stories", "list").out.splitlines()
    assert lines[2].split()[:1] == [quake["story_id"]]
    assert lines[2].endswith("4         3        2      Strong earthquake kills dozens near Cebu")


def test_a_story_shows_its_outlets_copies_and_timeline(told: Shell) -> None:
    story = told.run("stories", "list", "--several", "--json").rows[0]["story_id"]
    text = told.run("stories", "show", story).out
    assert "4 articles, 3 outlets, 2 independent texts" in text
    assert "own.example, paper.example, wire.example" in text
    own, wire = text.index("2025-10-23T08:00:00Z  own.example"), text.index("2025-10-23T09:00:00Z  wire.example")
    assert own < wire
    assert "    2 copies (same: paper.example)" in text[wire:]
    assert told.run("stories", "show", "copy").out == text
    assert told.run("stories", "show", "https://own.example/own").out == text


def test_hosts_of_one_domain_are_one_outlet_and_unknown_sources_are_counted_apart(shell: Shell) -> None:
    shell.ingest(
        [
            record("a", "quake", outlet="edition.paper.co.uk", hour=9),
            record("b", "quake", outlet="m.paper.co.uk", hour=10, ending="Copied."),
            record("c", "the same quake elsewhere", outlet="", hour=11) | {"url": ""},
        ]
    )
    (story,) = shell.run("stories", "list", "--json").rows
    assert (story["outlets"], story["unsourced"], story["texts"]) == (1, 1, 2)
    text = shell.run("stories", "show", "a").out
    assert "3 articles, 1 outlet, 1 of unknown source, 2 independent texts" in text
    assert "outlets     paper.co.uk" in text


def test_a_story_in_json_names_each_copy_under_its_original(told: Shell) -> None:
    (shown,) = told.run("stories", "show", "wire", "--json").rows
    assert [(one["id"], [copy["id"] for copy in one["copies"]]) for one in shown["timeline"]] == [
        ("own", []),
        ("wire", ["copy", "again"]),
    ]
    assert shown["timeline"][1]["copies"][0] == {"id": "copy", "outlet": "paper.example", "kind": "same"}


MAGNETS = {
    "a": "Negotiators from both sides meet in Geneva on Friday over magnets. Factories fear a 25% duty. "
    "Trade Secretary Ann Writer said that the magnet talks in Geneva would last as long as it takes.",
    "b": "The magnet row brings negotiators to Geneva on Friday. A duty of 25 percent on magnets would follow if the "
    "talks failed, Ann Writer told reporters before she left for Switzerland with a dozen officials.",
    "c": "Makers of magnets hope for the best: on Saturday the negotiators from both sides will be in Geneva. "
    "Otherwise magnets face a 30% duty, which the secretary, Ann Writer, has called a last resort for Geneva.",
}


def test_a_story_shows_what_its_sources_say_and_where_they_disagree(shell: Shell) -> None:
    shell.ingest(
        [
            {
                "id": key,
                "title": "Negotiators meet in Geneva over magnets",
                "text": text,
                "source": f"{key}.example",
                "language": "en",
                "published": "2025-10-23T09:00:00Z",
            }
            for key, text in MAGNETS.items()
        ],
    )
    text = shell.run("stories", "show", "a").out
    (shown,) = shell.run("stories", "show", "a", "--json").rows

    assert "disagree on when (negotiators, geneva):" in text
    assert "    Saturday: c.example\n        Makers of magnets hope for the best: on Saturday" in text
    assert "    25%: a.example, b.example" in text
    facts = {(fact["kind"], fact["value"]): [one["source"] for one in fact["said"]] for fact in shown["facts"]}
    assert facts["person", "Ann Writer"] == ["a.example", "b.example", "c.example"]
    assert facts["when", "Friday"] == ["a.example", "b.example"]
    (days,) = [one for one in shown["disagreements"] if one["kind"] == "when"]
    assert [value["value"] for value in days["values"]] == ["Friday", "Saturday"]


def test_a_story_that_is_not_there_is_named_with_what_to_do(shell: Shell) -> None:
    done = shell.run("stories", "show", "12")
    assert done.code == 1
    assert "no story '12'" in done.err
    assert "monitor stories list" in done.err
    assert "no stories yet" in shell.run("stories", "list").err


def test_exported_articles_and_stories_say_what_belongs_together(told: Shell) -> None:
    articles = {row["id"]: row for row in told.run("export", "articles").rows}
    assert [articles[key]["duplicate_of"] for key in ("wire", "copy", "again", "own", "other")] == [
        *(None, "wire", "wire", None, None)
    ]
    assert articles["copy"]["copy_kind"] == "same"
    assert len({articles[key]["story_id"] for key in ("wire", "copy", "own")}) == 1
    assert articles["other"]["story_id"] != articles["own"]["story_id"]
    stories = told.run("export", "stories").rows
    assert [row["texts"] for row in stories] == [2, 1]
