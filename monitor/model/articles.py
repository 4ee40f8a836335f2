"""Articles: what a page says, what the store keeps, and how it stands to the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from enum import StrEnum

from monitor.model.problems import Failure


class Stage(StrEnum):
    """How far an article has come on its way. `teased`: its title and teaser were matched, its page is to be read."""

    NEW = "new"
    TEASED = "teased"
    DONE = "done"
    FAILED = "failed"


class Origin(StrEnum):
    """Who brought an article."""

    FEED = "feed"
    SEED = "seed"
    INGEST = "ingest"


class Completeness(StrEnum):
    """How much of the article its text is: all of it, the feed's own words, or those because the page was refused."""

    FULL = "full"
    TEASER = "teaser"
    BLOCKED = "blocked"


class CopyKind(StrEnum):
    """How a copy stands to its original: another text at its address, the same, cut from it, or with more in it.

    A return was here before, and was forgotten: it may have no original any more.
    """

    NONE = ""
    UPDATE = "update"
    SAME = "same"
    EXCERPT = "excerpt"
    EXTENDED = "extended"
    RETURN = "return"


class TimeSource(StrEnum):
    """Where an article's published time comes from."""

    UNKNOWN = ""
    PAGE = "page"
    FEED = "feed"
    TEXT = "text"
    DECLARED = "declared"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What was found on a page or in a plain text. `published` is aware UTC, or None if only `published_text` is known.

    `published_text` is RFC 3339 shortened to what is known (`2025-10-23`, `2025-10-23T14:05:00+02:00`); empty: nothing.
    `problem` says why there is no text, or what is wrong with the one there is. `dateline` is the place, if the text
    opens with one; `agency` a credited wire. `modified_text` is as `published_text`. `is_free` is what the page says of
    itself, None if nothing. `evidence` says from where each thing was taken: pairs such as (title, h1).
    """

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_text: str = ""
    language: str = ""
    site: str = ""
    canonical: str = ""
    image: str = ""
    dateline: str = ""
    agency: str = ""
    caption: str = ""
    modified_text: str = ""
    section: str = ""
    is_free: bool | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    problem: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """An article that a poll, a seed or `ingest` brings, before it is studied.

    `key` names it within its origin (feed entry key, seed file name, given id). `text` is plain text taken as it is;
    `html` a page to clean; `teaser` the feed's HTML.
    """

    key: str
    url: str = ""
    title: str = ""
    text: str = ""
    html: str = ""
    teaser: str = ""
    published: datetime | None = None
    published_text: str = ""
    published_from: TimeSource = TimeSource.UNKNOWN
    authors: tuple[str, ...] = ()
    language: str = ""
    source: str = ""
    guid: str = ""
    is_silent: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as the store keeps it, with its bodies.

    `external_id` is the given id of an ingested article, `seed:FILE` of a seed, else empty. `source` is the host or the
    name of who published it. `first_seen` is when this program first saw it, never the feed's word. `duplicate_of` is
    the original of a copy. `url_key` and `text_hash` are its fingerprint once it is studied.
    """

    id: int
    origin: Origin
    feed_id: int = 0
    feed_name: str = ""
    key: str = ""
    external_id: str = ""
    guid: str = ""
    url: str = ""
    url_key: str = ""
    title: str = ""
    text: str = ""
    html: str = ""
    teaser: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    source: str = ""
    site: str = ""
    image: str = ""
    dateline: str = ""
    agency: str = ""
    note: str = ""
    published: datetime | None = None
    published_text: str = ""
    published_from: TimeSource = TimeSource.UNKNOWN
    first_seen: datetime
    stage: Stage = Stage.NEW
    completeness: Completeness = Completeness.FULL
    failure: Failure | None = None
    is_silent: bool = False
    duplicate_of: int | None = None
    copy_kind: CopyKind = CopyKind.NONE
    story_id: int | None = None
    text_hash: bytes = b""
    revision: int = 0
    lease_token: int = 0

    @property
    def time(self) -> datetime | None:
        """Its published time, else first seen if a poll brought it, else None: unknown."""
        if self.published is not None:
            return self.published
        return self.first_seen if self.origin is Origin.FEED else None

    @property
    def moment(self) -> datetime | None:
        """Its time to the minute, None if that is not known: of a published day, when a poll brought it."""
        if self.published is not None and self.published.astimezone(UTC).time() != time(0):
            return self.published
        return self.first_seen if self.origin is Origin.FEED else None

    @property
    def ref(self) -> str:
        """The id a user knows it by: as given, else ours."""
        return self.external_id or str(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What tells that two articles are the same item. Empty fields match nothing.

    `url_key` is the canonical URL with its aliases folded; `text_hash` 16 bytes of blake2b over the normalised words;
    `shingles` are all runs of four words, as numbers of 48 bits; `sketch` is a sample of them, sorted, by which copies
    are looked up.
    """

    url_key: str = ""
    text_hash: bytes = b""
    shingles: frozenset[int] = frozenset()
    sketch: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored article that shares part of a fingerprint; `text` is there if that is shingles."""

    id: int
    original_id: int
    story_id: int
    url_key: str
    text_hash: bytes
    first_seen: datetime
    origin: Origin
    time: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """An article that retention deleted at a time, and that had an address or the words of another one."""

    at: datetime
    has_address: bool
    has_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs: under an original or alone; in a story or (None) in one of its own.

    One whose `kind` is a return is silent.
    """

    duplicate_of: int | None = None
    story_id: int | None = None
    kind: CopyKind = CopyKind.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as the matcher sees it. Paragraphs of `text` are separated by line breaks; offsets are code points.

    `source` is the host it came from; `time` decides the year of a date without one, None fits any year.
    """

    title: str = ""
    text: str = ""
    language: str = ""
    source: str = ""
    url: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """A seed as its index declares it. `published` is declared, never found in the text."""

    name: str
    text: str
    published_text: str = ""
    note: str = ""
    extra: dict[str, str] = field(default_factory=dict)
