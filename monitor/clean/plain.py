"""Plain text to an article: a text file or a mail has only its lines to tell the article from what stood around it.

Removes whole lines, never words, and only those it has a reason for; the reason is kept in tests, line by line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from monitor.clean.dateline import read_dateline
from monitor.clean.phrases import (
    agency_of,
    is_author_heading,
    is_caption,
    is_furniture,
    name_in_bio,
    names_in_byline,
    own_site,
)
from monitor.clean.tidy import tidy_lines
from monitor.model import Failure, PageText, Problem

_TITLE_WORDS = 30
_TITLE_CHARS = 250
_TITLE_ZONE = 8
_TAIL_SHARE = 0.4
_SHORT_WORDS = 4
_SHORT_CHARS = 40
_BIO_WORDS = 12
_REPEAT_WORDS = 4
_END_MARKS = tuple(".!?…。！？।؟:;\"'”’»)]」』")
_BULLETS = tuple("•*·-–—▪◦‣")


@dataclass(slots=True)
class _Draft:
    """The lines that are left, and what those taken out told."""

    lines: list[str]
    title: str = ""
    authors: tuple[str, ...] = ()
    agency: str = ""
    captions: list[str] = field(default_factory=list)


def clean_text(text: str) -> PageText:
    """Find the article in a plain text: drop the lines around it, take the title, dateline, author, agency, caption.

    Every other line survives but for its spaces. Paragraphs of the result are separated by single line breaks. Nothing
    is guessed: no title if the text starts with its body, no date without a year.
    """
    draft = _Draft(lines=[line for line in tidy_lines(text) if not is_furniture(line)])
    _take_title(draft)
    _take_captions(draft)
    _drop_repeats(draft)
    _take_author(draft)
    _take_agency(draft)
    _drop_tail(draft)
    if not draft.lines and not draft.title:
        return PageText(problem=Failure(problem=Problem.NO_TEXT))
    page = PageText(
        text="\n".join(draft.lines),
        title=draft.title,
        authors=draft.authors,
        agency=draft.agency,
        caption=draft.captions[0] if draft.captions else "",
    )
    return _with_dateline(page, draft.lines)


def _take_title(draft: _Draft) -> None:
    if not draft.lines or not _is_title(draft.lines[0], draft.lines[1:]):
        return
    draft.title = title = draft.lines.pop(0)
    for at, line in reversed(list(enumerate(draft.lines[:_TITLE_ZONE]))):
        rest = line.removeprefix(title)
        if not rest:
            del draft.lines[at]
        elif rest != line and (rest[0].isalnum() or rest[0] in "“\"'‘"):
            draft.lines[at] = rest  # glued to the first sentence without a space


def _is_title(line: str, after: list[str]) -> bool:
    is_short = len(line.split()) <= _TITLE_WORDS and len(line) <= _TITLE_CHARS
    return is_short and not line.endswith((".", "。", ",", ";", ":")) and any(len(other) > len(line) for other in after)


def _take_captions(draft: _Draft) -> None:
    draft.captions = [line for line in draft.lines if is_caption(line)]
    kept = [line for line in draft.lines if not is_caption(line)]
    if kept:
        draft.lines = kept


def _drop_repeats(draft: _Draft) -> None:
    seen: set[str] = set()
    kept = []
    for line in draft.lines:
        if line not in seen or len(line.split()) < _REPEAT_WORDS:
            kept.append(line)
        seen.add(line)
    draft.lines = kept


def _take_author(draft: _Draft) -> None:
    for at, line in enumerate(draft.lines[:_TITLE_ZONE]):
        if names := names_in_byline(line):
            draft.authors = names
            del draft.lines[at]
            break
    for at in range(int(len(draft.lines) * (1 - _TAIL_SHARE)), len(draft.lines)):
        if at and is_author_heading(draft.lines[at]):
            end = at + 1
            while end < len(draft.lines) and _is_about_author(draft.lines[end]):
                name = name_in_bio(draft.lines[end])
                draft.authors = draft.authors or ((name,) if name else ())
                end += 1
            del draft.lines[at:end]
            return


def _is_about_author(line: str) -> bool:
    return bool(name_in_bio(line)) or len(line.split()) <= _BIO_WORDS


def _take_agency(draft: _Draft) -> None:
    for at, line in enumerate(draft.lines):
        if agency := agency_of(line):
            draft.agency = agency
            del draft.lines[at]
            return


def _drop_tail(draft: _Draft) -> None:
    while len(draft.lines) > 1 and _is_leftover(draft.lines[-1]) and any(map(_is_sentence, draft.lines[:-1])):
        draft.lines.pop()


def _is_leftover(line: str) -> bool:
    is_short = len(line.split()) <= _SHORT_WORDS and len(line) <= _SHORT_CHARS
    return is_short and not line.endswith(_END_MARKS) and not line.startswith(_BULLETS)


def _is_sentence(line: str) -> bool:
    return line.endswith(_END_MARKS)


def _with_dateline(page: PageText, lines: list[str]) -> PageText:
    if not lines:
        return page
    dateline = read_dateline(lines[0])
    return replace(
        page,
        dateline=dateline.place,
        published_text=dateline.day,
        agency=page.agency or dateline.agency,
        site=own_site(lines[-1]),
    )
