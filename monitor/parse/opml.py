"""OPML, the format in which readers exchange their lists of feeds: in and out. Source: opml.org/spec2.opml.

Folders are tags: one in another is `outer/inner`. A feed in several folders has several tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat

from monitor.parse.fields import without_control
from monitor.parse.scan import readable

MAX_FEEDS = 50_000
_MAX_DEPTH = 100
_MAX_CHARS = 500
_MAX_SHOWN = 80
_KINDS = frozenset({"rss", "rss1", "atom", "feed"})


class BadOpml(ValueError):
    """A file is no OPML, or one that is not read here. `line` counts from 1; 0: the file as a whole."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed of a list. `site` is the page it belongs to; `line` is where it stands."""

    url: str
    title: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """What a file of OPML holds; `refused` are the lines that look like feeds and have no address, with their names."""

    feeds: tuple[Outline, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


def read_opml(data: bytes) -> FeedList:
    """Read a list of feeds; one that stands in several folders is one feed with several tags.

    Raises:
        BadOpml: it is no OPML, breaks off, declares entities, or holds more than 50,000 feeds.
    """
    text, kind = readable(data, "")
    # Its first lines are gone: the declaration, and what was before it.
    reading = _Reading(lines_before=max(0, data.count(b"\n") - text.count(b"\n")))
    parser = expat.ParserCreate("utf-8" if "utf-8" in kind else None)
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.EntityDeclHandler = reading.refuse_entity
    reading.parser = parser
    try:
        parser.Parse(text, True)  # noqa: FBT003  # expat takes no keywords
    except expat.ExpatError as error:
        what = f"not valid XML: {expat.errors.messages[error.code]}"
        raise BadOpml(what, error.lineno + reading.lines_before) from error
    except (ValueError, LookupError) as error:
        if isinstance(error, BadOpml):
            raise
        raise BadOpml("in an encoding that is not known") from error
    return FeedList(feeds=tuple(reading.feeds.values()), refused=tuple(reading.refused))


@dataclass(slots=True)
class _Reading:
    lines_before: int
    parser: expat.XMLParserType | None = None
    feeds: dict[str, Outline] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    depth: int = 0

    def refuse_entity(self, *_: object) -> None:
        raise BadOpml("it declares entities, which a list of feeds needs none of", self._line())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.lower()
        if self.depth == 0 and local != "opml":
            raise BadOpml(f"the document is <{name[:_MAX_SHOWN]}>, not <opml>", self._line())
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise BadOpml(f"folders in folders, more than {_MAX_DEPTH} deep", self._line())
        self.folders.append("")
        if local == "outline":
            self._outline({key.lower(): _tidy(value) for key, value in attributes.items()})

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.folders.pop()

    def _outline(self, attributes: dict[str, str]) -> None:
        title = attributes.get("text") or attributes.get("title") or ""
        url = attributes.get("xmlurl", "")
        if url:
            self._feed(url, title, attributes.get("htmlurl", ""))
        elif attributes.get("type", "").lower() in _KINDS or attributes.get("htmlurl"):
            self.refused.append((self._line(), title))
        else:
            self.folders[-1] = title

    def _feed(self, url: str, title: str, site: str) -> None:
        folder = "/".join(name for name in self.folders if name)
        known = self.feeds.get(url)
        if known is None and len(self.feeds) >= MAX_FEEDS:
            raise BadOpml(f"more than {MAX_FEEDS} feeds", self._line())
        tags = (*(known.tags if known else ()), *([folder] if folder else []))
        self.feeds[url] = Outline(
            url=url,
            title=(known.title if known else "") or title,
            site=(known.site if known else "") or site,
            tags=tuple(dict.fromkeys(tags)),
            line=known.line if known else self._line(),
        )

    def _line(self) -> int:
        return self.lines_before + (self.parser.CurrentLineNumber if self.parser else 0)


def write_opml(feeds: Sequence[Outline], title: str) -> str:
    """Return a list of feeds as OPML 2.0, in folders by their tags; what has several stands in each."""
    root: dict[str, _Folder] = {}
    for feed in feeds:
        for tag in feed.tags or ("",):
            _folder(root, tag).append(feed)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{escape(_tidy(title))}</title></head>", "  <body>", *_lines(root, "    "), "  </body>"]
    return "\n".join([*lines, "</opml>", ""])


@dataclass(slots=True)
class _Folder:
    feeds: list[Outline] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)


def _folder(root: dict[str, _Folder], tag: str) -> list[Outline]:
    names = tag.split("/")
    if not all(names):
        names = [tag]
    level, found = root, _Folder()
    for name in names:
        found = level.setdefault(name, _Folder())
        level = found.folders
    return found.feeds


def _lines(folders: dict[str, _Folder], indent: str) -> Iterable[str]:
    for name, folder in folders.items():
        inner = f"{indent}  " if name else indent
        if name:
            yield f"{indent}<outline text={_quoted(name)} title={_quoted(name)}>"
        for feed in folder.feeds:
            title = feed.title or feed.url
            site = f" htmlUrl={_quoted(feed.site)}" if feed.site else ""
            yield (
                f'{inner}<outline type="rss" text={_quoted(title)} title={_quoted(title)} '
                f"xmlUrl={_quoted(feed.url)}{site}/>"
            )
        yield from _lines(folder.folders, inner)
        if name:
            yield f"{indent}</outline>"


def _tidy(text: str) -> str:
    return " ".join(without_control(text).split())[: 16 * _MAX_CHARS]


def _quoted(text: str) -> str:
    # Not `quoteattr`, which takes single quotes where it can: some readers know only double ones.
    return f'"{escape(_tidy(text))}"'
