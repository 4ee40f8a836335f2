"""What the user asks for: feeds as written in the configuration, and how each is asked and read."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from enum import StrEnum


class Backfill(StrEnum):
    """What becomes of the entries of a feed's first successful fetch."""

    SUMMARY = "summary"
    SILENT = "silent"
    ALERT = "alert"


class Priority(StrEnum):
    """How often a feed is asked beside others that publish as much: twice as often, as often, half as often."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """Where the entries stand on a page that has no feed, as CSS selectors; empty: by what the page's HTML says."""

    links: str
    title: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAccess:
    """How a feed is asked and read. It may hold secrets: it lives in the configuration and in memory, never in a store.

    `headers` go to the feed's own origin only, cookies and login among them; `user_agent` and `proxy` are empty for the
    program's own and none. Entries are kept that have one of the words `keep`, if there are any, and none of `skip`.
    """

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    user_agent: str = ""
    proxy: str = field(default="", repr=False)
    picks: Picks | None = None
    keep: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed as the user wrote it.

    `every_s` is the wanted seconds between polls (None: by `poll.per_day`, within `every_min_s` and `every_max_s`);
    `was` is the address it had before; `site` the page it belongs to; `picks` is set for a page without a feed; `auth`
    is user and password; `where` is `file:line`.
    """

    url: str
    was: str = ""
    name: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    every_s: float | None = None
    every_min_s: float | None = None
    every_max_s: float | None = None
    priority: Priority = Priority.NORMAL
    full_text: bool | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)
    user_agent: str = ""
    contact: str = ""
    proxy: str = field(default="", repr=False)
    picks: Picks | None = None
    is_sitemap: bool = False
    keep: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    language: str = ""
    backfill: Backfill = Backfill.SUMMARY
    where: str = ""

    @property
    def access(self) -> FeedAccess:
        """How it is asked and read: cookies and login as the headers they are sent in."""
        headers = list(self.headers)
        if self.cookies:
            headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies)))
        if self.auth:
            headers.append(("Authorization", f"Basic {b64encode(':'.join(self.auth).encode()).decode()}"))
        return FeedAccess(
            headers=tuple(headers),
            user_agent=self.user_agent or (agent_of(self.contact) if self.contact else ""),
            proxy=self.proxy,
            picks=self.picks,
            keep=self.keep,
            skip=self.skip,
        )


def agent_of(contact: str = "") -> str:
    """Return the User-Agent of this program; `contact` is where its user can be reached."""
    from monitor import __version__

    return f"monitor/{__version__} (feed reader{f'; +{contact}' if contact else ''})"
