"""What a digest and a summary say: by topic, then by story, each article named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alert import compose
from monitor.model import AlertItem, OutboxRow, Sentence
from tests.unit.alert.samples import NOW, row

BERLIN = ZoneInfo("Europe/Berlin")
UNTIL = datetime.fromisoformat("2025-10-23T12:07+00:00")


def item(number: int, topic: str = "rare-earths", **changes: object) -> AlertItem:
    made = AlertItem(
        topic=topic,
        topic_name=topic.replace("-", " ").capitalize(),
        article_id=number,
        title=f"Piece {number} <b>",
        url=f"https://example.org/{number}",
        source=f"Paper {number}",
        sentences=(Sentence(text="A tariff comes.", marks=((2, 8),)),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def held(row_id: int, story: int, made: AlertItem, topic_no: int = 1, kind: str = "digest") -> OutboxRow:
    bundle = f"{kind}:2025-10-23T14:07+0200"
    return row(row_id, made, story_id=story, topic_no=topic_no, bundle=bundle, hold="the digest", held_until=UNTIL)


ROWS = (
    held(1, 5, item(1, note="Call them")),
    held(2, 6, item(2)),
    held(3, 5, item(3, is_folded=True)),
    held(4, 9, item(4, "tariff", is_folded=True, sentences=()), topic_no=2),
)


def test_a_digest_reads_like_this() -> None:
    made = compose(ROWS, now=NOW, timezone=BERLIN, uncovered=("Mining.com: failing since yesterday (timeout)",))
    assert made.subject == "Digest: 4 articles on 3 stories: Rare earths, Tariff"
    assert made.text == (
        "Digest: 4 articles on 3 stories\n"
        "held until 2025-10-23 14:07 CEST\n\n"
        "== Rare earths (3 articles on 2 stories)\n"
        "  Note: Call them\n\n"
        "* Piece 1 <b>\n  Paper 1\n  https://example.org/1\n  > A *tariff* comes.\n"
        "  Also on this story:\n  - Paper 3: Piece 3 <b> https://example.org/3\n\n"
        "* Piece 2 <b>\n  Paper 2\n  https://example.org/2\n  > A *tariff* comes.\n\n"
        "== Tariff (1 article)\n\n"
        "* Also on a story told of before:\n  - Paper 4: Piece 4 <b> https://example.org/4\n\n"
        "Not covered:\n- Mining.com: failing since yesterday (timeout)\n\n"
        "-- \nAlert alert-1 · each can be seen by: monitor alerts list --message alert-1\n"
    )


def test_the_html_of_a_digest_names_all_and_escapes() -> None:
    html = compose(ROWS, now=NOW, timezone=BERLIN, uncovered=("A & B failing",)).html
    assert "Piece 1 &lt;b&gt;" in html
    assert "A &amp; B failing" in html
    for number in range(1, 5):
        assert html.count(f'<a href="https://example.org/{number}"') == 1


def test_what_quiet_hours_held_comes_as_one_summary_with_its_count() -> None:
    made = compose([replace(one, bundle="quiet:x") for one in ROWS[:2]], now=NOW, timezone=BERLIN)
    assert made.subject.startswith("While it was quiet: 2 articles: ")
    assert (made.id, made.row_ids, made.topics) == ("alert-1", (1, 2), ("rare-earths",))


def test_what_was_folded_names_the_story_by_its_first_alert() -> None:
    folded = held(1, 5, item(1, is_folded=True, about="The <first> report", sentences=()))
    made = compose([folded], now=NOW, timezone=BERLIN)
    assert "* Also on “The <first> report”:\n  - Paper 1: Piece 1 <b>" in made.text
    assert "Also on “The &lt;first&gt; report”:" in made.html
    assert "_Also on “The &lt;first&gt; report”:_" in str(made.blocks)
