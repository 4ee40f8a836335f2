"""Reads `monitor.yaml`: the service's settings and its channels."""

from __future__ import annotations

import re
from datetime import time
from ipaddress import IPv4Network, IPv6Network, ip_network

from monitor.model import (
    ChannelSettings,
    DeliverySettings,
    HeartbeatSettings,
    PollSettings,
    RetentionSettings,
    RobotsPolicy,
    Settings,
)
from monitor.settings.channels import CONSOLE, channel_names, read_channels
from monitor.settings.clock import clock, read_timezone
from monitor.settings.references import References
from monitor.settings.schema import Keys, boolean, choice, duration, listed, number, text, whole, wrong
from monitor.settings.sites import read_sites
from monitor.settings.tree import Node

_DAY_S = 86_400
_OFTEN_S = 30
_WEB = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
# It stands in a comment of the User-Agent header: visible ASCII without what would end the comment.
_CONTACT = re.compile(r"(?:mailto:[!-'*-?A-\[\]-~]+@|https?://)[!-'*-\[\]-~]+", re.ASCII)


def read_settings(node: Node, references: References) -> Settings:
    """Read the settings. Without `channels` there is the console; without `operator`, the first channel is told.

    Raises:
        ConfigErrors: all that is wrong.
    """
    keys = Keys(node, "monitor.yaml")
    default = Settings()
    channels = keys.take("channels", lambda node: read_channels(node, references), (CONSOLE,))
    everyone = ((channels[0].name,), None)
    operator, daily_at = keys.take("operator", lambda node: _operator(node, channels), everyone)
    settings = Settings(
        database=keys.take("database", references.text, default.database),
        timezone=keys.take("timezone", read_timezone, default.timezone),
        poll=keys.take("poll", _poll, default.poll),
        delivery=keys.take("delivery", _delivery, default.delivery),
        retention=keys.take("retention", _retention, default.retention),
        sites=keys.take("sites", lambda node: read_sites(node, references), ()),
        allow_networks=keys.take("allow_networks", listed(_network), ()),
        allow_ports=keys.take("allow_ports", listed(_ports), default.allow_ports),
        channels=channels,
        operator=operator,
        daily_at=daily_at,
        heartbeat=keys.take("heartbeat", lambda node: _heartbeat(node, references), None),
    )
    keys.end()
    return settings


def _poll(node: Node) -> PollSettings:
    keys, default = Keys(node, "poll"), PollSettings()
    poll = PollSettings(
        per_day=keys.take("per_day", number(0.1, _DAY_S), default.per_day),
        min_s=keys.take("min_s", number(1), default.min_s),
        max_s=keys.take("max_s", number(1), default.max_s),
        host_gap_s=keys.take("host_gap_s", number(0), default.host_gap_s),
        host_connections=keys.take("host_connections", whole(1, 64), default.host_connections),
        timeout_s=keys.take("timeout_s", number(1, 600), default.timeout_s),
        full_text=keys.take("full_text", boolean, default.full_text),
        contact=keys.take("contact", read_contact, default.contact),
        robots=keys.take("robots", choice(RobotsPolicy), default.robots),
    )
    keys.end()
    if poll.min_s > poll.max_s:
        raise node.error(f"min_s ({poll.min_s:g}) is larger than max_s ({poll.max_s:g})", "swap them")
    return poll


def read_contact(node: Node) -> str:
    """Read the address at which sites can reach the user."""
    value = text(node)
    if not _CONTACT.fullmatch(value):
        raise wrong(
            node, "an address to be reached at", "for example mailto:me@example.org or https://example.org/about"
        )
    return value


def _delivery(node: Node) -> DeliverySettings:
    keys, default = Keys(node, "delivery"), DeliverySettings()
    delivery = DeliverySettings(
        retry_min_s=keys.take("retry_min_s", number(0.01), default.retry_min_s),
        retry_max_s=keys.take("retry_max_s", number(0.01), default.retry_max_s),
        flood=keys.take("flood", whole(0, 10_000), default.flood),
        give_up_s=keys.take("give_up", duration(1), default.give_up_s),
    )
    keys.end()
    if delivery.retry_min_s > delivery.retry_max_s:
        what = f"retry_min_s ({delivery.retry_min_s:g}) is larger than retry_max_s ({delivery.retry_max_s:g})"
        raise node.error(what, "swap them")
    return delivery


def _retention(node: Node) -> RetentionSettings:
    keys, default = Keys(node, "retention"), RetentionSettings()
    retention = RetentionSettings(
        articles_s=keys.take("articles", duration(_DAY_S), default.articles_s),
        fetch_log_s=keys.take("fetch_log", duration(_DAY_S), default.fetch_log_s),
    )
    keys.end()
    return retention


def _network(node: Node) -> IPv4Network | IPv6Network:
    value = text(node)
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise wrong(node, "a network", "for example 192.168.0.0/16 or fd00::/8") from None
    if "/" in value and network.network_address != ip_network(value.split("/")[0]).network_address:
        raise node.error(f"{value!r} has bits beyond its length", f"write {network}")
    return network


def _ports(node: Node) -> tuple[int, int]:
    first, dash, last = text(node).partition("-")
    try:
        low, high = int(first), int(last if dash else first)
    except ValueError:
        raise wrong(node, "a port", "for example 8080 or 8000-8999") from None
    if not 1 <= low <= high <= 65_535:
        raise wrong(node, "a port or a range of ports from 1 to 65535")
    return low, high


def _operator(node: Node, channels: tuple[ChannelSettings, ...]) -> tuple[tuple[str, ...], time | None]:
    keys = Keys(node, "operator")
    names = keys.need("to", channel_names(frozenset(channel.name for channel in channels)))
    daily_at = keys.take("daily", clock, None)
    keys.end()
    if not names:
        raise node.error("no one would hear of a broken feed or configuration", "name a channel: {to: [desk]}")
    return names, daily_at


def _heartbeat(node: Node, references: References) -> HeartbeatSettings:
    keys = Keys(node, "heartbeat")
    url = keys.need("url", lambda value: _heartbeat_url(value, references))
    every_s = keys.take("every", duration(_OFTEN_S), HeartbeatSettings(url=url).every_s)
    keys.end()
    return HeartbeatSettings(url=url, every_s=every_s)


def _heartbeat_url(node: Node, references: References) -> str:
    url = references.text(node)
    # Not shown: who knows it can keep the alarm from being raised.
    if not _WEB.fullmatch(url):
        raise node.error("this is not a web address", "for example https://hc-ping.com/… , or env:HEARTBEAT_URL")
    references.hide(url)
    return url
