"""Keeps secrets out of what a server, a library or an error says."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from monitor.alert import one_line
from monitor.log import masked
from monitor.model import ChannelSettings

_MIN_CHARACTERS = 6  # of a part of an address: shorter ones are words like `api`
_MAX_SHOWN = 300


class Mask:
    """Shows text of the outside as one short line without the secrets of a channel."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({secret for secret in secrets if len(secret) >= 4}, key=len, reverse=True)

    def adding(self, secrets: Iterable[str]) -> Mask:
        """Return a mask that hides these, too."""
        return Mask([*self._secrets, *secrets])

    def show(self, text: str | bytes) -> str:
        """Return `text` masked, on one line, cut to 300 characters."""
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        for secret in self._secrets:
            words = words.replace(secret, "***")
        return one_line(masked(words), _MAX_SHOWN)


def secrets_of(channel: ChannelSettings) -> tuple[str, ...]:
    """Return what must never be shown of a channel's settings as a whole: addresses with tokens, and passwords."""
    password = channel.mail.password if channel.mail else ""
    url = "" if channel.url.startswith("console:") else channel.url
    slack = (channel.slack.webhook, channel.slack.token) if channel.slack else ()
    return tuple(filter(None, (url, *slack, password)))


def mask_of(channel: ChannelSettings) -> Mask:
    """Return a mask for a channel that also hides each part of its address that may be a token."""
    whole = secrets_of(channel)
    addresses = (channel.url, channel.slack.webhook if channel.slack else "")
    parts = [part for address in addresses for part in _parts(address)]
    return Mask([*whole, *parts])


def _parts(address: str) -> Iterable[str]:
    if address.startswith("console:"):
        return
    try:
        url = urlsplit(address)
    except ValueError:
        return
    host = url.hostname or ""
    words = [url.password or "", "" if "." in host else host, "" if "." in host else host.upper()]
    words += [] if "." in url.netloc else url.netloc.replace("@", ":").split(":")
    words += url.path.split("/")
    words += [value for pair in url.query.split("&") for value in pair.split("=")[1:]]
    for word in words:
        for form in (word, unquote(word)):
            if len(form) >= _MIN_CHARACTERS and "@" not in form:
                yield form
