"""watchlist.yaml: topics, definitions and their places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.model import AlertGroup, AlertRule, QueryText, Surge, TopicMode, TopicSpec, Updates, WatchlistSpec, Where
from monitor.settings import load_config, readable_topics
from monitor.settings.topic import slug

Find = Callable[..., list[str]]

FULL = """\
version: 1
defaults:
  alert: {to: [desk], group: article}
define:
  rare_earths: [rare earth, 稀土]
  metals: neodymium
topics:
  - the November 1 tariff      # plain words
  - id: rare-earth-controls
    name: Rare-earth controls
    match: '$rare_earths NEAR/12 control'
    not: [penny stock, Earth Day]
    where: {lang: [en, ZH], source: "*.gov"}
    alert: {group: story}
    owner: trade desk
    note: Call the magnets buyer before 10:00
    was: rare-earths
    mode: shadow
    expires: 2025-12-31
    deadline: 2025-11-01
    examples:
      match: ["China tightens", "seed:002.txt"]
      reject: A rare Earth Day
  - {match: {score: {threshold: 20, cap: 2, terms: {'"rare earth"': 15, gardening: -30.5}}}, id: scored}
"""


def test_every_key_of_a_watchlist_is_read(folder: Path) -> None:
    watchlist = load(folder, FULL)

    plain, full, scored = watchlist.topics
    file = str(folder / "watchlist.yaml")
    assert plain == TopicSpec(
        id="the-november-1-tariff",
        name="the November 1 tariff",
        match=QueryText(text="the November 1 tariff", file=file, line=8, column=5),
        alert=AlertRule(to=("desk",), group=AlertGroup.ARTICLE),
        where_written=f"{file}:8",
    )
    assert (full.id, full.name, full.owner, full.was) == (
        "rare-earth-controls", "Rare-earth controls", "trade desk", "rare-earths",
    )  # fmt: skip
    assert (full.mode, full.expires, full.deadline) == (TopicMode.SHADOW, date(2025, 12, 31), date(2025, 11, 1))
    assert full.match == QueryText(text="$rare_earths NEAR/12 control", file=file, line=11, column=13)
    assert [(veto.text, veto.is_phrase, veto.column) for veto in full.vetoes] == [
        ("penny stock", True, 11), ("Earth Day", True, 24),
    ]  # fmt: skip
    assert full.where == Where(languages=("en", "zh"), sources=("*.gov",))
    assert full.alert == AlertRule(to=("desk",), group=AlertGroup.STORY)
    assert full.note == "Call the magnets buyer before 10:00"
    assert [(example.text.text, example.must_match, example.text.line) for example in full.examples] == [
        ("China tightens", True, 22), ("seed:002.txt", True, 22), ("A rare Earth Day", False, 23),
    ]  # fmt: skip
    assert scored.score is not None
    assert (scored.match, scored.score.threshold, scored.score.cap) == (None, 20, 2)
    assert [(term.text, term.is_phrase, weight) for term, weight in scored.score.terms] == [
        ('"rare earth"', True, 15), ("gardening", True, -30.5),
    ]  # fmt: skip
    assert [(name, [term.text for term in terms]) for name, terms in watchlist.defines] == [
        ("rare_earths", ["rare earth", "稀土"]), ("metals", ["neodymium"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "text", "is_phrase"),
    [
        ('"rare earth"', "rare earth", True),
        ('"rare earth*"', "rare earth*", True),
        ('"Section 301 (China)"', "Section 301 (China)", True),
        ("'rare earth'", "rare earth", False),
        ("rare earth", "rare earth", False),
        ('"phase one" OR "section 301"', '"phase one" OR "section 301"', False),
        ('"tariff AND China"', "tariff AND China", False),
        ('"\\"phase one\\" x"', '"phase one" x', False),
        ('"$metals"', "$metals", False),
        ('"title:tariff"', "title:tariff", False),
        ('"salt and pepper"', "salt and pepper", True),
    ],
)
def test_double_quotes_around_the_whole_make_a_phrase_unless_an_operator_is_in_them(
    folder: Path, typed: str, text: str, is_phrase: bool
) -> None:
    line, keyed = load(folder, f"topics:\n  - {typed}\n  - {{id: x, match: x}}\n").topics
    match = load(folder, f"topics:\n  - id: x\n    match: {typed}\n").topics[0].match

    assert keyed.id == "x"
    assert line.match is not None
    assert match is not None
    assert (line.match.text, line.match.is_phrase) == (match.text, match.is_phrase) == (text, is_phrase)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the November 1 tariff", "the-november-1-tariff"),
        ('"phase one" OR "section 301"', "phase-one-or-section-301"),
        ("China's Zölle", "chinas-zölle"),
        ("稀土 出口管制", "稀土-出口管制"),
        ("***", ""),
    ],
)
def test_a_slug_is_the_words_joined_by_hyphens(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("topic", "topic_id", "name"),
    [
        ("{id: x, match: a b}", "x", "x"),
        ("{name: The Talks, match: a b}", "the-talks", "The Talks"),
        ("{match: a b}", "a-b", "a b"),
    ],
)
def test_a_missing_id_or_name_is_taken_from_what_is_written(folder: Path, topic: str, topic_id: str, name: str) -> None:
    found = load(folder, f"topics:\n  - {topic}\n").topics[0]

    assert (found.id, found.name) == (topic_id, name)


def test_who_is_told_falls_from_topic_to_defaults_to_the_operator(folder: Path) -> None:
    topics = "topics:\n  - a\n  - {match: b, alert: {to: [other]}}\n  - {match: c, alert: {to: []}}\n"
    service = "channels: {desk: 'console:', other: 'console:', third: 'console:'}\noperator: {to: third}\n"
    (folder / "monitor.yaml").write_text(service)

    assert told(load(folder, topics)) == [("third",), ("other",), ()]
    assert told(load(folder, f"defaults: {{alert: {{to: desk}}}}\n{topics}")) == [("desk",), ("other",), ()]


def test_what_makes_an_update_is_read_and_taken_from_the_defaults(folder: Path) -> None:
    watchlist = load(
        folder,
        "defaults: {alert: {to: [desk], updates: all, trusted: reuters.com, outlets: [10, 5, 5]}}\n"
        "topics:\n"
        "  - {id: a, match: b, material: [strike, lock out]}\n"
        '  - {id: c, match: d, alert: {updates: none, trusted: ["*.gov"], outlets: []}}\n',
    )
    first, second = watchlist.topics
    assert [(one.text, one.is_phrase) for one in first.material] == [("strike", True), ("lock out", True)]
    assert (first.alert.updates, first.alert.trusted, first.alert.outlets) == (Updates.ALL, ("reuters.com",), (5, 10))
    assert (second.alert.updates, second.alert.trusted, second.alert.outlets) == (Updates.NONE, ("*.gov",), ())
    assert AlertRule().updates is Updates.MATERIAL


def test_a_file_of_watchlist_d_adds_topics_under_its_own_defaults(folder: Path) -> None:
    (folder / "monitor.yaml").write_text("channels: {desk: 'console:', other: 'console:'}\n")
    (folder / "watchlist.d").mkdir()
    (folder / "watchlist.d/asia.yaml").write_text("defaults: {alert: {to: other}}\ndefine: {x: [y]}\ntopics: [b]\n")
    (folder / "watchlist.d/europe.yaml").write_text("topics: [c]\n")

    watchlist = load(folder, "defaults: {alert: {group: article}}\ntopics: [a]\n")

    assert told(watchlist) == [("desk",), ("other",), ("desk",)]
    assert {topic.alert.group for topic in watchlist.topics} == {AlertGroup.ARTICLE}
    assert [name for name, _ in watchlist.defines] == ["x"]


def test_a_surge_is_read_and_taken_off_again(folder: Path) -> None:
    text = """
defaults: {alert: {surge: {outlets: 8, within: 1h}}}
topics:
  - a
  - {id: b, match: b, alert: {surge: none}}
  - {id: c, match: c, alert: {surge: {outlets: 3, within: 90m, to: [desk]}}}
"""
    hour = timedelta(hours=1)
    assert [topic.alert.surge for topic in load(folder, text).topics] == [
        Surge(outlets=8, within=hour),
        None,
        Surge(outlets=3, within=1.5 * hour, to=("desk",)),
    ]


def test_the_version_names_the_text(folder: Path) -> None:
    first, again = load(folder, "topics: [a]\n").version, load(folder, "topics: [a]\n").version
    other = load(folder, "topics: [a]  # changed\n").version

    assert first == again != other
    assert len(first) == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 2\ntopics: [a]\n", "watchlist.yaml:1:10: '2' is not a version this program reads (version: 1)"),
        ("topic: [a]\n", "watchlist.yaml:1:1: unknown key 'topic' in watchlist (did you mean 'topics'?)"),
        ("- a\n", "watchlist.yaml:1:1: the list of topics stands alone (start the file with `topics:`)"),
        ("topics: []\n", "watchlist.yaml:1:1: there is no topic (add a line under topics: - the November 1 tariff)"),
        ("define: {x: [y]}\n",
         "watchlist.yaml:1:1: there is no topic (add a line under topics: - the November 1 tariff)"),
        ("topics:\n  - a\n  - {id: a, match: b}\n",
         "watchlist.yaml:3:5: the topic 'a' is already in watchlist.yaml:2 (give one of the two another id)"),
        ("topics:\n  - {id: a b, match: x}\n",
         "watchlist.yaml:2:10: 'a b' is not a topic's id (letters, digits, - _ and . only: a-b)"),
        ("topics:\n  - id: a\n", "watchlist.yaml:2:5: topic has no 'match' (add `match: …`)"),
        ("topics:\n  - id: a\n    mach: b\n    match: c\n",
         "watchlist.yaml:3:5: unknown key 'mach' in topic (did you mean 'match'?)"),
        ("topics:\n  - '***'\n", "watchlist.yaml:2:6: this topic needs an id (write {id: my-topic, match: '…'})"),
        ("topics:\n  - {id: a, match: [b]}\n",
         "watchlist.yaml:2:20: a list is not a query (join the parts by OR or AND in one text)"),
        ("topics:\n  - {id: a, match: b, alert: {to: [dusk]}}\n",
         "watchlist.yaml:2:36: there is no channel 'dusk' (did you mean 'desk'?)"),
        ("defaults: {alert: {to: [dusk]}}\ntopics: [a]\n",
         "watchlist.yaml:1:25: there is no channel 'dusk' (did you mean 'desk'?)"),
        ("defaults: {alert: {updates: some}}\ntopics: [a]\n",
         "watchlist.yaml:1:29: 'some' is not one of none, material, all"),
        ("defaults: {alert: {quiet: {from: 25:00}}}\ntopics: [a]\n",
         "watchlist.yaml:1:34: '25:00' is not a time of the day (in quotes, from 00:00 to 24:00: \"06:30\")"),
        ("defaults: {alert: {quiet: {timezone: Europe/Berlin}}}\ntopics: [a]\n",
         "watchlist.yaml:1:27: these quiet hours never end (give them an end: {from: \"22:00\", to: \"06:30\"})"),
        ("defaults: {alert: {quiet: {days: [sta]}}}\ntopics: [a]\n",
         "watchlist.yaml:1:35: 'sta' is not a day of the week (for example monday, sat, weekdays or weekend)"),
        ("defaults: {alert: {limit: {per_hour: 0}}}\ntopics: [a]\n",
         "watchlist.yaml:1:38: 0 is out of range (it must be between 1 and 1000)"),
        ("defaults: {alert: {digest: {on: monday}}}\ntopics: [a]\n",
         ("watchlist.yaml:1:28: a digest has either `at` or `every` "
         "(for example {at: \"07:00\"}, {at: \"07:00\", on: monday} or {every: 1h})")),
        ("defaults: {alert: {digest: {every: 5h}}}\ntopics: [a]\n",
         "watchlist.yaml:1:36: 18000 s does not divide a day into hours (1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h)"),
        ("defaults: {alert: {surge: {outlets: 8}}}\ntopics: [a]\n",
         "watchlist.yaml:1:27: surge has no 'within' (add `within: …`)"),
        ("defaults: {alert: {surge: {outlets: 1, within: 1h}}}\ntopics: [a]\n",
         "watchlist.yaml:1:37: 1 is out of range (it must be between 2 and 200)"),
        ("defaults: {alert: {surge: {outlets: 8, within: 2d}}}\ntopics: [a]\n",
         "watchlist.yaml:1:48: 172800 s is too long for a surge (it must be at most 24h)"),
        ("defaults: {alert: {surge: {outlets: 8, within: 1h, to: dusk}}}\ntopics: [a]\n",
         "watchlist.yaml:1:56: there is no channel 'dusk' (did you mean 'desk'?)"),
        ("topics:\n  - {id: a, match: b, alert: {priority: urgnt}}\n",
         "watchlist.yaml:2:41: 'urgnt' is not one of urgent, normal, low (did you mean 'urgent'?)"),
        ("topics:\n  - {id: a, match: b, deadline: 2025-11-31}\n",
         "watchlist.yaml:2:33: '2025-11-31' is not a day of the calendar (write year-month-day: 2025-11-01)"),
        ("topics:\n  - {id: a, match: b, expires: 1 November}\n",
         "watchlist.yaml:2:32: '1 November' is not a day of the calendar (write year-month-day: 2025-11-01)"),
        ("topics:\n  - {id: a, match: b, mode: shadw}\n",
         "watchlist.yaml:2:29: 'shadw' is not one of live, shadow (did you mean 'shadow'?)"),
        ("topics:\n  - {id: a, match: b, where: {lang: english}}\n",
         "watchlist.yaml:2:37: 'english' is not the code of a language (two letters, such as en, de or zh)"),
        ("topics:\n  - {id: a, match: {score: {threshold: x, terms: {b: 1}}}}\n",
         "watchlist.yaml:2:40: 'x' is not a number"),
        ("topics:\n  - {id: a, match: {score: {threshold: 1, terms: {b: -1}}}}\n",
         "watchlist.yaml:2:28: no term of this score adds to it (give at least one a weight above 0)"),
        ("topics:\n  - {id: a, match: {score: {threshold: 9, cap: 2, terms: {b: 3, c: 1, d: -2}}}}\n",
         ("watchlist.yaml:2:40: the threshold is 9, and the weights sum up to 8 "
         "(lower the threshold, raise weights, or count a term more than once: cap: 3)")),
        ("define: {a-b: [x]}\ntopics: [a]\n",
         "watchlist.yaml:1:10: 'a-b' is not a name that $ can stand before (letters, digits and _ only)"),
        ("define: {a: []}\ntopics: [a]\n", "watchlist.yaml:1:13: $a has no terms (add one, or delete it)"),
        ("topics:\n  - {id: a, match: b}\n  - {id: c, match: d, was: a}\n",
         "watchlist.yaml:3:28: was: a is also a name of the topic in watchlist.yaml:2 (delete this `was`)"),
        ("define: {a: [x], a: [y]}\ntopics: [a]\n",
         "watchlist.yaml:1:18: 'a' is already in line 1 (keep one of the two)"),
        ("topics:\n  - {id: a, match: b, match: c}\n",
         "watchlist.yaml:2:23: 'match' is already in line 2 (keep one of the two)"),
        ("topics:\n  - {id: a, match: *b, not: c}\n",
         ("watchlist.yaml:2:20: aliases (*b) are not read "
         "(put the whole value in single quotes, and double each ' inside it)")),
    ],
)  # fmt: skip
def test_a_wrong_watchlist_is_named_with_its_place(errors: Find, text: str, expected: str) -> None:
    assert errors("watchlist.yaml", text) == [expected]


def test_a_name_defined_in_two_files_is_named_with_both(errors: Find, folder: Path) -> None:
    (folder / "watchlist.d").mkdir()
    (folder / "watchlist.d/a.yaml").write_text("define:\n  x: [z]\n")

    found = errors("watchlist.yaml", "define: {x: [y]}\ntopics: [a]\n")

    assert found == ["watchlist.d/a.yaml:2:3: $x is already defined in watchlist.yaml:1 (rename one of the two)"]


def load(folder: Path, text: str) -> WatchlistSpec:
    (folder / "watchlist.yaml").write_text(text, encoding="utf-8")
    return load_config(folder, {}).watchlist


def told(watchlist: WatchlistSpec) -> list[tuple[str, ...]]:
    return [topic.alert.to for topic in watchlist.topics]


@pytest.mark.parametrize(
    ("defaults", "seconds"), [("", 86_400), ("defaults: {rematch: 36h}\n", 129_600), ("defaults: {rematch: 0}\n", 0)]
)
def test_how_far_back_a_changed_topic_looks_is_a_default_of_the_main_file(
    folder: Path, errors: Find, defaults: str, seconds: float
) -> None:
    assert load(folder, f"{defaults}topics: [tin]\n").rematch_s == seconds
    more = "defaults: {rematch: 1h}\ntopics: [zinc]\n"
    assert errors("watchlist.d/more.yaml", more) == [
        "watchlist.d/more.yaml:1:12: unknown key 'rematch' in defaults (known keys: alert)"
    ]


def test_a_key_written_twice_refuses_its_topic_and_no_other(folder: Path) -> None:
    spec = load(folder, "topics:\n  - {id: a, match: b, match: c}\n  - {id: d, match: {score: {threshold: 1,\n"
                "      terms: {x: 1, x: 2}}}}\n  - e\n")  # fmt: skip

    assert [topic.id for topic in spec.topics] == ["e"]
    assert [(refused.draft.id, refused.errors[0].where[-4:]) for refused in spec.refused] == [
        ("a", "2:23"),
        ("d", "4:21"),
    ]


def test_a_watchlist_that_is_no_yaml_has_no_readable_topics(folder: Path) -> None:
    (folder / "watchlist.yaml").write_text("topics:\n  - {id: a, match: [\n", encoding="utf-8")

    assert readable_topics(folder).topics == ()
