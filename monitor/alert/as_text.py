"""Messages as plain text: the text part of a mail, the console, Slack and every other chat."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.alert.view import ArticleView
from monitor.model import AlertItem, Sentence


def text_of(views: Sequence[ArticleView], footer: str) -> str:
    """Return the whole text: a block for each article, the words that matched between asterisks."""
    return "\n\n".join([*("\n\n".join(_article(view)) for view in views), f"-- \n{footer}"]) + "\n"


def mark_words(sentence: Sentence) -> str:
    """Return the sentence with its marked words between asterisks, which chats show in bold."""
    pieces: list[str] = []
    at = 0
    for start, end in sentence.marks:
        pieces += [sentence.text[at:start], "*", sentence.text[start:end], "*"]
        at = end
    return "".join([*pieces, sentence.text[at:]])


def _article(view: ArticleView) -> list[str]:
    link = [view.url] if view.url else []
    head = [view.title, " · ".join(view.facts), *link, *(f"! {line}" for line in view.warnings)]
    blocks = ["\n".join(head), *("\n".join(_topic(item)) for item in view.topics)]
    return [*blocks, f"Also: {', '.join(view.further)}"] if view.further else blocks


def _topic(item: AlertItem) -> list[str]:
    lines = [item.topic_name]
    lines += [f"  {'Title: ' if sentence.is_title else ''}{mark_words(sentence)}" for sentence in item.sentences]
    lines += [f"  Why: {' · '.join(item.clauses)}"] if item.clauses else []
    lines += [f"  Deadline: {item.deadline}"] if item.deadline else []
    lines += [f"  Note: {item.note}"] if item.note else []
    lines += [f"  Owner: {item.owner}"] if item.owner else []
    return lines
