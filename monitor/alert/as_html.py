"""Messages as HTML: one column, inline styles, readable on a phone. Everything that is not ours is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.alert.as_text import news_of
from monitor.alert.digest import Digest, StoryView, TopicView
from monitor.alert.view import ArticleView
from monitor.model import AlertItem, Sentence

_PAGE = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '</head>\n<body style="margin:0;padding:16px;background:#ffffff;color:#1f2328;'
    "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">\n"
    '<div style="max-width:600px;margin:0 auto;overflow-wrap:anywhere">\n'
)
_WARNING = "background:#fff8e6;border-left:4px solid #d4a72c;margin:8px 0;padding:4px 12px"
_LIST = "margin:4px 0;padding-left:24px"
_QUIET = "color:#59636e;font-size:14px"
_MARK = '<mark style="background:#fff1a8;color:inherit;padding:0 2px;border-radius:2px">'


def html_of(views: Sequence[ArticleView], footer: str, earlier: str = "") -> str:
    """Return the whole page: a block for each article, the words that matched in `<mark>`; `earlier` as in text."""
    before = f'<p style="{_QUIET};margin:24px 0 0">{escape(earlier)}</p>\n' if earlier else ""
    return _page("".join(map(_article, views)) + before, footer)


def html_of_notices(notices: Sequence[tuple[str, str]], footer: str) -> str:
    """Return the whole page of (title, text) notices; line breaks of the text are kept."""
    blocks = (
        f'<h2 style="font-size:18px;margin:16px 0 4px">{escape(title)}</h2>\n'
        f'<p style="margin:0;white-space:pre-wrap">{escape(text)}</p>\n'
        for title, text in notices
    )
    return _page("".join(blocks), footer)


def html_of_digest(digest: Digest, footer: str) -> str:
    """Return the whole page of a digest: a heading for each topic, and below it its stories."""
    when = f'<p style="{_QUIET};margin:0">{escape(digest.when)}</p>\n' if digest.when else ""
    uncovered = "".join(f"<li>{escape(line)}</li>" for line in digest.uncovered)
    return _page(
        f'<h1 style="font-size:20px;line-height:1.3;margin:16px 0 4px">{escape(digest.title)}</h1>\n{when}'
        f"{''.join(map(_digest_topic, digest.topics))}"
        + (f'<div style="{_WARNING}">Not covered:<ul style="{_LIST}">{uncovered}</ul></div>\n' if uncovered else ""),
        footer,
    )


def _digest_topic(topic: TopicView) -> str:
    return (
        f'<h2 style="font-size:17px;margin:24px 0 4px;border-bottom:1px solid #d1d9e0">{escape(topic.name)} '
        f'<span style="{_QUIET};font-weight:normal">{escape(topic.count)}</span></h2>\n'
        f"{_line('Note', topic.note)}{''.join(map(_digest_story, topic.stories))}"
    )


def _digest_story(story: StoryView) -> str:
    head = ""
    if story.first:
        first = story.first
        warnings = "".join(f'<p style="{_WARNING}">{escape(line)}</p>\n' for line in first.warnings)
        quotes = "".join(_quote(sentence) for sentence in first.topics[0].sentences[:1] if not sentence.is_title)
        head = (
            f'<h3 dir="auto" style="font-size:16px;margin:12px 0 0">{_linked(first)}</h3>\n'
            f'<p style="{_QUIET};margin:0">{escape(" · ".join(first.facts))}</p>\n'
            f"{_update(first.news)}{warnings}{quotes}"
        )
    if not story.also:
        return head
    also = "".join(
        f'<li dir="auto">{escape(one.facts[0])}: {_linked(one)}{escape(news_of(one))}</li>' for one in story.also
    )
    return f'{head}<p style="{_QUIET};margin:4px 0 0">{escape(story.label)}:</p><ul style="{_LIST}">{also}</ul>\n'


def _linked(view: ArticleView) -> str:
    title = escape(view.title)
    return f'<a href="{escape(view.url)}" style="color:#0550ae;text-decoration:none">{title}</a>' if view.url else title


def _page(body: str, footer: str) -> str:
    foot = f'<p style="{_QUIET};border-top:1px solid #d1d9e0;margin-top:24px;padding-top:8px">{escape(footer)}</p>\n'
    return f"{_PAGE}{body}{foot}</div>\n</body></html>\n"


def _article(view: ArticleView) -> str:
    warnings = "".join(f'<p style="{_WARNING}">{escape(line)}</p>\n' for line in view.warnings)
    link = f'<a href="{escape(view.url)}" style="color:#0550ae">{escape(view.url)}</a>' if view.url else ""
    return (
        f'<h1 dir="auto" style="font-size:20px;line-height:1.3;margin:16px 0 4px">{_linked(view)}</h1>\n'
        f'<p style="{_QUIET};margin:0">{escape(" · ".join(view.facts))}<br>{link}</p>\n'
        f"{warnings}{''.join(map(_topic, view.topics))}{_line('Also', ', '.join(view.further))}"
    )


def _topic(item: AlertItem) -> str:
    return (
        f'<h2 style="font-size:16px;margin:20px 0 4px">{escape(item.topic_name)}</h2>\n'
        f"{_update(item.reasons)}{''.join(map(_quote, item.sentences))}"
        f"{_line('Why', ' · '.join(item.clauses))}{_line('Deadline', item.deadline)}"
        f"{_line('Note', item.note)}{_line('Owner', item.owner)}"
    )


def _update(reasons: Sequence[str]) -> str:
    return f'<p style="margin:4px 0"><b>Update:</b> {escape(" · ".join(reasons))}</p>\n' if reasons else ""


def _quote(sentence: Sentence) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in sentence.marks:
        pieces += [escape(sentence.text[at:start]), _MARK, escape(sentence.text[start:end]), "</mark>"]
        at = end
    words = "".join([*pieces, escape(sentence.text[at:])])
    label = f'<span style="{_QUIET}">Title: </span>' if sentence.is_title else ""
    style = "margin:4px 0;padding:0 12px;border-left:4px solid #d1d9e0"
    return f'<blockquote dir="auto" style="{style}">{label}{words}</blockquote>\n'


def _line(label: str, text: str) -> str:
    return f'<p style="margin:4px 0;{_QUIET}"><b>{label}:</b> {escape(text)}</p>\n' if text else ""
