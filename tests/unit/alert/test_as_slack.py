"""Messages for Slack: within its limits, whole, and nothing of a feed means anything to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.alert import blocks_of_text, compose, slack_text
from monitor.model import AlertItem, Message, OutboxKind, Sentence
from tests.unit.alert.samples import NOW, row
from tests.unit.alert.test_digest import ROWS

HOSTILE = "<!channel> <@U1> <http://evil.test|bank> *b* _i_ ~s~ `c` & snake_case"
ITEM = AlertItem(
    topic="rare-earths",
    topic_name="Rare earths",
    article_id=7,
    title="China tightens <controls>",
    url="https://example.org/a?b=1&c=2",
    source="example.org",
    sentences=(Sentence(text="中国稀土出口 and rare earths.", marks=((2, 4), (11, 22))),),
    clauses=("rare NEAR/3 earths",),
    note="Call them",
)
# What may stand between < and >: our own links.
_LINK = re.compile(r"<https?://[^<>|]+\|[^<>]*>")


def texts(message: Message) -> list[str]:
    found: list[str] = []
    for block in message.blocks:
        parts: list[Any] = block.get("elements", [block.get("text")])
        found += [part["text"] for part in parts if part]
    return found


def test_an_alert_in_blocks_reads_like_this() -> None:
    message = compose([row(1, ITEM)], now=NOW, timezone=UTC)
    assert texts(message) == [
        "*<https://example.org/a?b=1&amp;c=2|China tightens &lt;controls&gt;>*",
        "example.org",
        "*Rare earths*\n> 中国\u200b*稀土*\u200b出口 and *rare earths*.\n_Why:_ rare NEAR/3 earths\n_Note:_ Call them",
        "Alert alert-1 · of no use? monitor alerts irrelevant alert-1",
    ]


def test_a_digest_in_blocks_names_every_article() -> None:
    message = compose(ROWS, now=NOW, timezone=UTC, uncovered=("Mining.com: failing since yesterday (timeout)",))
    words = "\n".join(texts(message))
    assert words.startswith("*Digest: 4 articles on 3 stories*\nheld until 2025-10-23 12:07 UTC\n*Rare earths* (3 ")
    for number in range(1, 5):
        assert f"<https://example.org/{number}|Piece {number} &lt;b&gt;>" in words
    assert "_Also on this story:_\n    ◦ Paper 3: <" in words
    assert ":warning: *Not covered:*\n• Mining.com: failing since yesterday (timeout)" in words


def test_a_notice_in_blocks_keeps_its_lines() -> None:
    notice = row(1, AlertItem(title="A <feed> broke", body="first\nsecond"), kind=OutboxKind.OPERATOR)
    found = texts(compose([notice], now=NOW, timezone=UTC))
    assert found[0] == "*A &lt;feed&gt; broke (2025-10-23 12:07 UTC)*\nfirst\nsecond"


def test_marks_and_mentions_of_a_feed_mean_nothing_to_slack() -> None:
    assert slack_text(HOSTILE) == (
        "&lt;!channel&gt; &lt;@U1&gt; &lt;http://evil.test|bank&gt; ∗b∗ \uff3fi\uff3f ∼s∼ ˋcˋ &amp; snake_case"
    )


def test_a_bar_in_an_address_does_not_end_it() -> None:
    item = replace(ITEM, url="https://example.org/a%7Cb", title="A|B")
    assert texts(compose([row(1, item)], now=NOW, timezone=UTC))[0] == "*<https://example.org/a%7Cb|A|B>*"


@given(st.lists(st.text(min_size=1, max_size=5_000), min_size=1, max_size=12), st.text(max_size=400))
def test_any_words_keep_to_slacks_limits_and_have_only_our_links(sentences: list[str], title: str) -> None:
    found = tuple(Sentence(text=text, marks=((0, len(text)),)) for text in sentences)
    message = compose([row(1, replace(ITEM, sentences=found, title=title))], now=NOW, timezone=UTC)
    for text in texts(message):
        assert 0 < len(text) <= 3_000
        assert "<" not in _LINK.sub("", text)


def test_a_long_text_is_cut_between_words_and_never_inside_an_entity() -> None:
    for text in ("word " * 2_000, "&" * 4_000, "a" * 7_000):
        parts = [block["text"]["text"] for block in blocks_of_text(text)]
        assert all(len(part) <= 3_000 for part in parts)
        assert "".join(parts).replace("&amp;", "&").replace(" ", "").replace("\n", "") == text.replace(" ", "")
        assert not any(re.search(r"&(?!amp;)", part) for part in parts)
