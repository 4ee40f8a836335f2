"""What a message says, whatever its rows hold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.alert import InStory, compose, draft_alerts
from monitor.alert.items import safe_item
from monitor.alert.view import MAX_TOPICS, show_time
from monitor.model import AlertItem, Completeness, Match, Message, OutboxKind, OutboxRow, Phase, Placement, Sentence
from tests.unit.alert.samples import NOW, SETTINGS, TEXT, TITLE, article, row, rule, span, studied

BERLIN = ZoneInfo("Europe/Berlin")
ITEM = AlertItem(
    topic="november-1-tariff",
    topic_name="November 1 tariff",
    note="Call <them>",
    owner="trade desk",
    article_id=7,
    title="Tariffs & more",
    url="https://example.org/a?b=1&c=2",
    source="example.org",
    published="2025-10-23",
    first_seen="2025-10-23T12:05:00+00:00",
    sentences=(
        Sentence(text="Tariffs & more", marks=((0, 7),), is_title=True),
        Sentence(text="A tariff of 100% on <goods>.", marks=((2, 8), (12, 16))),
    ),
    clauses=("date(11-01)", "tariff"),
    watchlist_version="0123456789abcdef",
)


def message(*rows: OutboxRow) -> Message:
    return compose(rows, now=NOW, timezone=BERLIN)


def test_the_text_part_reads_like_this() -> None:
    assert message(row(21, ITEM)).text == (
        "Tariffs & more\n"
        "example.org · published 2025-10-23 · first seen 2025-10-23 14:05 CEST\n"
        "https://example.org/a?b=1&c=2\n"
        "\n"
        "November 1 tariff\n"
        "  Title: *Tariffs* & more\n"
        "  A *tariff* of *100%* on <goods>.\n"
        "  Why: date(11-01) · tariff\n"
        "  Note: Call <them>\n"
        "  Owner: trade desk\n"
        "\n"
        "-- \n"
        "Alert alert-21 · watchlist 0123456789ab · of no use? monitor alerts irrelevant alert-21\n"
    )


def test_the_html_part_escapes_and_marks() -> None:
    html = message(row(21, ITEM)).html
    assert '<a href="https://example.org/a?b=1&amp;c=2"' in html
    assert re.search(r"A <mark [^>]*>tariff</mark> of <mark [^>]*>100%</mark> on &lt;goods&gt;\.", html)
    assert "Call &lt;them&gt;" in html
    assert "alert-21" in html


def test_rows_of_one_story_become_one_message_that_names_all_topics() -> None:
    other = replace(ITEM, topic="rare-earth-controls", topic_name="Rare-earth controls")
    joined = message(row(30, other), row(21, ITEM))
    assert joined.id == "alert-21"
    assert joined.row_ids == (21, 30)
    assert joined.subject == "November 1 tariff, Rare-earth controls: Tariffs & more"
    assert joined.topics == ("november-1-tariff", "rare-earth-controls")
    assert joined.story_id == 5
    assert joined.text.count("Tariffs & more\nexample.org") == 1
    assert "\nRare-earth controls\n" in joined.text


def test_several_articles_in_one_message_each_have_their_block() -> None:
    joined = message(row(21, ITEM), row(22, replace(ITEM, article_id=8, title="Second", url="")))
    assert joined.subject == "November 1 tariff: Tariffs & more (+1 more)"
    assert "\n\nSecond\nexample.org" in joined.text


def test_many_topics_are_all_named() -> None:
    rows = [row(n, replace(ITEM, topic=f"t{n}", topic_name=f"Topic number {n}")) for n in range(1, 41)]
    joined = message(*rows)
    assert joined.subject.startswith("Topic number 1, Topic number 2, ")
    assert " +35: Tariffs & more" in joined.subject
    assert all(f"Topic number {n}" in joined.text and f"Topic number {n}" in joined.html for n in range(1, 41))
    assert joined.text.count("Why:") == MAX_TOPICS


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"completeness": Completeness.BLOCKED, "problem": "403: HTTP 403"},
            "The page could not be had (403: HTTP 403): only the feed's own words were matched.",
        ),
        ({"completeness": Completeness.TEASER}, "Only the feed's teaser was matched, not the whole article."),
        ({"phase": Phase.TEASER}, "Teaser only so far: the full text follows if its page can be had."),
        ({"is_copy": True}, "This is a copy of an earlier article"),
        ({}, ""),
    ],
)
def test_what_a_reader_must_allow_for_is_said(changes: dict[str, object], says: str) -> None:
    said = message(row(21, replace(ITEM, **changes)))  # type: ignore[arg-type]
    assert ("\n! " + says in said.text) if says else ("\n! " not in said.text)
    assert says.replace("'", "&#x27;") in said.html


@pytest.mark.parametrize(
    ("late", "says"),
    [
        (timedelta(minutes=10), ""),
        (timedelta(minutes=20), " (20 min before this message)"),
        (timedelta(hours=5), " (5 h 0 min before this message)"),
        (timedelta(days=3), " (3 days before this message)"),
    ],
)
def test_a_late_message_says_how_late_it_is(late: timedelta, says: str) -> None:
    first_seen = (NOW - late).isoformat()
    line = message(row(21, replace(ITEM, first_seen=first_seen))).text.splitlines()[1]
    assert line.endswith(f"{show_time(first_seen, BERLIN)}{says}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2025-10-23", "2025-10-23"),
        ("2025-10", "2025-10"),
        ("2025-10-23T14:05:00+00:00", "2025-10-23 16:05 CEST"),
        ("2025-10-26T01:30:00Z", "2025-10-26 02:30 CET"),
        ("2025-10-23T14:05:00", "2025-10-23T14:05:00"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("yesterday\n", "yesterday"),
    ],
)
def test_times_are_shown_in_the_readers_zone(value: str, shown: str) -> None:
    assert show_time(value, BERLIN) == shown


def test_notices_become_one_message() -> None:
    notices = [
        row(n, AlertItem(title=f"Notice <{n}>", body="line 1\nline <2>"), kind=OutboxKind.OPERATOR, story_id=0)
        for n in (4, 3)
    ]
    joined = message(*notices)
    assert (joined.id, joined.is_operator, joined.story_id) == ("alert-3", True, 0)
    assert joined.subject == "Monitor: 2 notices: Notice <3>; Notice <4>"
    assert "Notice <3> (2025-10-23 14:07 CEST)\nline 1\nline <2>\n\nNotice <4>" in joined.text
    assert "line 1\nline &lt;2&gt;" in joined.html


def test_one_notice_is_named_in_the_subject() -> None:
    assert message(row(3, AlertItem(title="Feed broken"), kind=OutboxKind.OPERATOR)).subject == "Monitor: Feed broken"


class _Tags(HTMLParser):
    """Collects what a browser would take for markup."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name == "href"]


ALLOWED = {
    ("html", ()), ("head", ()), ("meta", ("charset",)), ("meta", ("name", "content")), ("body", ("style",)),
    ("div", ("style",)), ("h1", ("dir", "style")), ("h2", ("style",)), ("p", ("style",)), ("b", ()), ("br", ()),
    ("a", ("href", "style")), ("blockquote", ("dir", "style")), ("mark", ("style",)), ("span", ("style",)),
}  # fmt: skip

HOSTILE = st.text(max_size=300) | st.sampled_from(
    [
        "x" * 5_000,
        "\u202e\u2066gnp.exe\x00\x1b[31m",
        "<script>alert(1)</script>",
        "\" onmouseover='x' <b>",
        "line\r\nBcc: all@example.org\r\n\r\nbody",
        "\ud800 lone \udfff",
        "\u200b" * 400,
        "&lt;b&gt; &amp;",
        "\u2028-- \u2029",
        "😀" * 300,
    ]
)


@given(title=HOSTILE, source=HOSTILE, note=HOSTILE, clause=HOSTILE, url=HOSTILE, body=HOSTILE)
@settings(max_examples=60, deadline=None)
@example(title="", source="", note="", clause="", url="", body="")
def test_any_text_of_a_feed_gives_a_message_it_cannot_break_out_of(
    title: str, source: str, note: str, clause: str, url: str, body: str
) -> None:
    text = f"{body} tariff {body}"
    match = Match(topic="t", spans=(span(text, "tariff", clause),))
    page = article(title=title, source=source, url=f"https://example.org/{url}", text=text)
    known = {"t": replace(rule("t"), note=note, name=note)}
    (draft,) = draft_alerts(
        studied(match, of=page), InStory(placement=Placement(), story_id=5), rules=known, settings=SETTINGS, now=NOW
    )
    made = message(row(1, draft.item))
    assert_sound(made)
    assert safe_item(draft.item) == draft.item
    raw = AlertItem(
        title=title, source=source, note=note, clauses=(clause,), body=body, topic_name=note, first_seen=url
    )
    assert_sound(message(row(1, raw)))
    assert_sound(message(row(1, raw, kind=OutboxKind.OPERATOR)))
    assert "*tariff*" in made.text
    assert "<mark " in made.html


def assert_sound(made: Message) -> None:
    assert 0 < len(made.subject) <= 200
    assert not {unicodedata.category(character) for character in made.subject} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    made.subject.encode()
    for part in (made.text, made.html):
        part.encode()
        assert not set(part) & set("\x00\x1b\r\u2028\u2029\u202e\u2066\u200b")
    parser = _Tags()
    parser.feed(made.html)
    assert set(parser.tags) <= ALLOWED
    assert all(link.startswith("https://example.org/") for link in parser.links)


def test_the_message_is_the_same_at_every_try_but_for_its_lateness() -> None:
    first = compose([row(21, ITEM)], now=NOW, timezone=UTC)
    assert compose([row(21, ITEM)], now=NOW + timedelta(minutes=1), timezone=UTC) == first
    assert compose([row(21, ITEM)], now=NOW + timedelta(hours=1), timezone=UTC).id == first.id


def test_a_matched_article_is_told_with_its_words() -> None:
    match = Match(topic="t", spans=(span(TEXT, "controls"), span(TEXT, "rare earths")))
    (draft,) = draft_alerts(
        studied(match), InStory(placement=Placement(), story_id=5), rules={"t": rule("t")}, settings=SETTINGS, now=NOW
    )
    made = message(row(1, draft.item))
    assert made.subject == f"T: {TITLE}"
    assert "  The ministry widened its *controls* on *rare earths* and on magnets.\n" in made.text


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ("2025-11-01", "2025-11-01 (9 days left)"),
        ("2025-10-24", "2025-10-24 (tomorrow, 1 day left)"),
        ("2025-10-23", "2025-10-23 (today)"),
        ("2025-10-22", "2025-10-22 (passed 1 day ago)"),
        ("2025-10-13", "2025-10-13 (passed 10 days ago)"),
    ],
)
def test_a_message_says_how_far_the_deadline_is(deadline: str, words: str) -> None:
    message = compose([row(1, replace(ITEM, deadline=deadline))], now=NOW, timezone=UTC)
    assert f"\n  Deadline: {words}\n" in message.text
    assert f"<b>Deadline:</b> {words}" in message.html


def test_the_days_left_are_those_of_the_reader() -> None:
    late = NOW.replace(hour=23)
    message = compose([row(1, replace(ITEM, deadline="2025-11-01"))], now=late, timezone=BERLIN)
    assert "(8 days left)" in message.text
    assert "Deadline" not in compose([row(1, replace(ITEM, deadline="soon"))], now=NOW, timezone=UTC).text


def test_what_was_found_afterwards_says_so() -> None:
    message = compose([row(1, replace(ITEM, is_late=True))], now=NOW, timezone=UTC)
    assert "! Found afterwards: the topic was added or changed" in message.text
