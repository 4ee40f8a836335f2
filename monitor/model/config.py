"""The settings, as read from `monitor.yaml` and typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, tzinfo
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.model.routing import Away
from monitor.model.subscriptions import FeedSpec
from monitor.model.watch import WatchlistSpec


class RobotsPolicy(StrEnum):
    """Whether article pages are fetched that a site's robots.txt asks programs not to fetch."""

    OBEY = "obey"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How often and how hard feeds are asked. `*_s` are seconds; `per_day` is requests a feed and day.

    `timeout_s` bounds a fetch from look-up to last byte, redirects included, waiting for a turn not.
    `contact` is the address, `mailto:` or `https://`, at which sites can reach the user; empty: they are not told.
    `robots`: whether article pages are left alone that a site's robots.txt asks programs not to fetch.
    """

    per_day: float = 48
    min_s: float = 60
    max_s: float = 86_400
    host_gap_s: float = 1
    host_connections: int = 2
    timeout_s: float = 30
    full_text: bool = True
    contact: str = ""
    robots: RobotsPolicy = RobotsPolicy.OBEY


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """Back-off of an unsent message: doubling from `retry_min_s` to `retry_max_s`, given up after `give_up_s`.

    More than `flood` messages a minute, of one topic to one recipient, are joined; 0: never.
    """

    retry_min_s: float = 30
    retry_max_s: float = 3600
    give_up_s: float = 5 * 86_400
    flood: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long things stay, in seconds. Matched articles and seeds stay for good."""

    articles_s: float = 365 * 86_400
    fetch_log_s: float = 14 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSettings:
    """An address of a service that raises the alarm when it is not asked for: asked every `every_s`, a secret."""

    url: str = field(repr=False)
    every_s: float = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """How the pages of a site and the sites below it are read.

    `keep` and `drop` are CSS or XPath selectors: the parts that are the text, and those that never are.
    `is_feed_enough`: the feed's own words are the text, no page is fetched. `headers` go to this site only.
    """

    host: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    is_feed_enough: bool = False
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """A mailbox to send by. `security`: starttls, tls or none."""

    host: str
    to: tuple[str, ...]
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    security: str = "starttls"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How Slack is reached: by an incoming `webhook`, or by a bot's `token`, which writes to `to` and into threads."""

    webhook: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """A named channel: exactly one of `url` (an Apprise address or `console:`), `mail` and `slack` is set.

    `recipients` are the names of its outbox rows: `channel`, or `channel/address` for each address of a mail.
    `fallback` is the channel that gets what this one cannot deliver; `away` says when another stands in for it.
    """

    name: str
    url: str = field(default="", repr=False)
    mail: MailSettings | None = None
    slack: SlackSettings | None = None
    recipients: tuple[str, ...] = ()
    where: str = ""
    fallback: str = ""
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's settings. `allow_ports` are inclusive ranges. `secrets` are the texts that must never be shown.

    `daily_at` is when the operator gets the line of the day, in `timezone`; None: he does not.
    """

    database: str = "sqlite:///monitor.db"
    timezone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))
    poll: PollSettings = PollSettings()
    delivery: DeliverySettings = DeliverySettings()
    retention: RetentionSettings = RetentionSettings()
    sites: tuple[SiteRule, ...] = ()
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    allow_ports: tuple[tuple[int, int], ...] = ((80, 80), (443, 443), (8080, 8080), (8443, 8443))
    channels: tuple[ChannelSettings, ...] = ()
    operator: tuple[str, ...] = ()
    daily_at: time | None = None
    heartbeat: HeartbeatSettings | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def channel(self, name: str) -> ChannelSettings | None:
        """Return the channel of that name."""
        return next((channel for channel in self.channels if channel.name == name), None)

    def site(self, host: str) -> SiteRule | None:
        """Return the rule for a host: its own, or that of the nearest site above it."""
        found = [rule for rule in self.sites if host == rule.host or host.endswith(f".{rule.host}")]
        return max(found, key=lambda rule: len(rule.host), default=None)

    def recipients(self, channels: tuple[str, ...]) -> tuple[str, ...]:
        """Return the recipients of these channels, each once, in order."""
        found = [recipient for name in channels if (channel := self.channel(name)) for recipient in channel.recipients]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that the user edits, read at one moment. `folder` is where; `files` maps each file read to its text.

    `secret_files` are the files that `file:` and `credential:` refer to.
    """

    folder: Path
    settings: Settings
    feeds: tuple[FeedSpec, ...]
    watchlist: WatchlistSpec
    files: dict[str, str] = field(default_factory=dict, repr=False)
    secret_files: tuple[Path, ...] = ()
