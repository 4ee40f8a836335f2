"""Messages as plain text: the text part of a mail, the console, Slack and every other chat."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.alert.digest import Digest, StoryView, TopicView
from monitor.alert.view import ArticleView
from monitor.model import AlertItem, Sentence


def text_of(views: Sequence[ArticleView], footer: str, earlier: str = "") -> str:
    """Return the whole text: a block for each article, the words that matched between asterisks.

    `earlier` is a line on the message before it, if there was one.
    """
    blocks = ["\n\n".join(_article(view)) for view in views]
    return "\n\n".join([*blocks, *([earlier] if earlier else []), f"-- \n{footer}"]) + "\n"


def text_of_digest(digest: Digest, footer: str) -> str:
    """Return the whole text of a digest: a block for each topic, and in it one for each story."""
    uncovered = ["\n".join(["Not covered:", *(f"- {line}" for line in digest.uncovered)])] if digest.uncovered else []
    head = "\n".join(filter(None, (digest.title, digest.when)))
    blocks = [block for topic in digest.topics for block in _digest_topic(topic)]
    return "\n\n".join([head, *blocks, *uncovered, f"-- \n{footer}"]) + "\n"


def _digest_topic(topic: TopicView) -> list[str]:
    head = [f"== {topic.name} ({topic.count})", *([f"  Note: {topic.note}"] if topic.note else [])]
    return ["\n".join(head), *("\n".join(_digest_story(story)) for story in topic.stories)]


def _digest_story(story: StoryView) -> list[str]:
    lines: list[str] = []
    if story.first:
        first = story.first
        lines = [f"* {first.title}", f"  {' · '.join(first.facts)}", *([f"  {first.url}"] if first.url else [])]
        lines += [f"  Update: {' · '.join(first.news)}"] if first.news else []
        lines += [f"  ! {line}" for line in first.warnings]
        lines += [f"  > {mark_words(sentence)}" for sentence in first.topics[0].sentences[:1] if not sentence.is_title]
    if story.also:
        lines.append(f"{'  ' if lines else '* '}{story.label}:")
        lines += [
            f"  - {one.facts[0]}: {one.title}{news_of(one)}{f' {one.url}' if one.url else ''}" for one in story.also
        ]
    return lines


def news_of(view: ArticleView) -> str:
    """Return what is new in an update, in brackets; nothing for what is none."""
    return f" (update: {', '.join(view.news)})" if view.news else ""


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
    lines = [item.topic_name, *([f"  Update: {' · '.join(item.reasons)}"] if item.reasons else [])]
    lines += [f"  {'Title: ' if sentence.is_title else ''}{mark_words(sentence)}" for sentence in item.sentences]
    lines += [f"  Why: {' · '.join(item.clauses)}"] if item.clauses else []
    lines += [f"  Deadline: {item.deadline}"] if item.deadline else []
    lines += [f"  Note: {item.note}"] if item.note else []
    lines += [f"  Owner: {item.owner}"] if item.owner else []
    return lines
