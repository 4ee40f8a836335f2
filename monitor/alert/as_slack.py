"""Messages as blocks of Slack's Block Kit, with everything that is not ours escaped: nothing pings or fakes a link.

Lines are packed into as few sections as hold them: Slack takes 50 blocks of 3,000 characters in a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitor.alert.as_text import news_of
from monitor.alert.digest import Digest, StoryView
from monitor.alert.view import ArticleView
from monitor.model import AlertItem, Sentence

Block = Mapping[str, Any]

_MAX_SECTION = 3_000
_MAX_TITLE = 300
_DIVIDER: Block = {"type": "divider"}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Marks of Slack's own: outside of what is ours they become their neighbours in Unicode, which mean nothing to it.
_PLAIN = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_ITALIC = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_APART = "\u200b"  # Slack sees a mark only at the edge of a word; Chinese has none


def blocks_of(views: Sequence[ArticleView], footer: str, earlier: str = "") -> tuple[Block, ...]:
    """Return the blocks of an alert: the articles, and below each its topics with what matched in bold.

    `earlier` is a line on the message before it, if there was one.
    """
    blocks: list[Block] = []
    for view in views:
        blocks += [_DIVIDER] if blocks else []
        blocks += [*_sections([f"*{_linked(view)}*"]), _context(" · ".join(view.facts))]
        blocks += _sections(f":warning: {slack_text(line)}" for line in view.warnings)
        for item in view.topics:
            blocks += _sections(_topic(item))
        blocks += _sections([f"*Also:* {slack_text(', '.join(view.further))}"] if view.further else [])
    return (*blocks, *([_context(earlier)] if earlier else []), _context(footer))


def blocks_of_digest(digest: Digest, footer: str) -> tuple[Block, ...]:
    """Return the blocks of a digest: a heading for each topic, and below it its stories."""
    blocks: list[Block] = [*_sections([f"*{slack_text(digest.title)}*"])]
    blocks += [_context(digest.when)] if digest.when else []
    for topic in digest.topics:
        blocks.append(_DIVIDER)
        note = [f"_Note:_ {slack_text(topic.note)}"] if topic.note else []
        lines = [f"*{slack_text(topic.name)}* ({slack_text(topic.count)})", *note]
        blocks += _sections([*lines, *(line for story in topic.stories for line in _story(story))])
    if digest.uncovered:
        uncovered = (f"• {slack_text(line)}" for line in digest.uncovered)
        blocks += [_DIVIDER, *_sections([":warning: *Not covered:*", *uncovered])]
    return (*blocks, _context(footer))


def blocks_of_notices(notices: Sequence[tuple[str, str]], footer: str) -> tuple[Block, ...]:
    """Return the blocks of (title, text) notices."""
    blocks: list[Block] = []
    for title, text in notices:
        blocks += _sections([f"*{slack_text(title)}*", *map(slack_text, text.splitlines())])
    return (*blocks, _context(footer))


def blocks_of_text(text: str) -> tuple[Block, ...]:
    """Return the blocks of any text, line by line."""
    return tuple(_sections(map(slack_text, text.splitlines())))


def slack_text(text: str) -> str:
    """Return `text` so that Slack shows it without reading anything into it."""
    return _ITALIC.sub("\uff3f", text.translate(_PLAIN)).translate(_ESCAPES)


def _topic(item: AlertItem) -> Iterator[str]:
    yield f"*{slack_text(item.topic_name)}*"
    yield from [f"*Update:* {slack_text(' · '.join(item.reasons))}"] if item.reasons else []
    for sentence in item.sentences:
        yield f"> {'Title: ' if sentence.is_title else ''}{_marked(sentence)}"
    facts = {"Why": " · ".join(item.clauses), "Deadline": item.deadline, "Note": item.note, "Owner": item.owner}
    yield from (f"_{label}:_ {slack_text(text)}" for label, text in facts.items() if text)


def _story(story: StoryView) -> Iterator[str]:
    yield ""
    if story.first:
        first = story.first
        yield f"• *{_linked(first)}*"
        yield slack_text(" · ".join(first.facts))
        yield from [f"*Update:* {slack_text(' · '.join(first.news))}"] if first.news else []
        yield from (f":warning: {slack_text(line)}" for line in first.warnings)
        yield from (f"> {_marked(one)}" for one in first.topics[0].sentences[:1] if not one.is_title)
    if story.also:
        yield f"_{slack_text(story.label)}:_"
        yield from (f"    ◦ {slack_text(one.facts[0])}: {_linked(one)}{slack_text(news_of(one))}" for one in story.also)


def _linked(view: ArticleView) -> str:
    title = slack_text(view.title[:_MAX_TITLE]) or "(no title)"
    # `|` would end the address; the others cannot be in one that is shown as a link.
    url = view.url.replace("|", "%7C").translate(_ESCAPES)
    return f"<{url}|{title}>" if url and len(url) < _MAX_SECTION // 2 else title


def _marked(sentence: Sentence) -> str:
    text, pieces, at = sentence.text, [], 0
    for start, end in sentence.marks:
        before = _APART if text[start - 1 : start].isalnum() else ""
        after = _APART if text[end : end + 1].isalnum() else ""
        pieces += [slack_text(text[at:start]), f"{before}*{slack_text(text[start:end])}*{after}"]
        at = end
    return "".join([*pieces, slack_text(text[at:])])


def _context(text: str) -> Block:
    line = next(_pieces(slack_text(text)))
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": line or " "}]}


def _sections(lines: Iterable[str]) -> Iterator[Block]:
    """Yield sections that hold these lines, each as many as fit."""
    held: list[str] = []
    for line in lines:
        for piece in _pieces(line):
            if held and sum(map(len, held)) + len(held) + len(piece) > _MAX_SECTION:
                yield _section(held)
                held = []
            held.append(piece)
    if any(held):
        yield _section(held)


def _pieces(line: str) -> Iterator[str]:
    """Yield a line in pieces that fit, cut between words and never within what Slack escapes or links."""
    while len(line) > _MAX_SECTION:
        at = line.rfind(" ", 0, _MAX_SECTION)
        if at <= 0:
            entity = line.rfind("&", _MAX_SECTION - 4, _MAX_SECTION)
            at = entity if entity > 0 else _MAX_SECTION
        yield line[:at]
        line = line[at:]
    yield line


def _section(lines: Sequence[str]) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines).strip("\n")}}
