"""Reads the `channels` of `monitor.yaml`. Errors never show an address: it is a secret."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from monitor.model import Away, ChannelSettings, MailSettings, SlackSettings
from monitor.settings.references import References
from monitor.settings.schema import Keys, Reader, choice, day, listed, paired, text, whole, wrong
from monitor.settings.spelling import near
from monitor.settings.tree import Node, Pairs, Scalar

CONSOLE = ChannelSettings(name="desk", url="console:", recipients=("desk",))

_NAME = re.compile(r"\w[\w.-]*")
_ADDRESS = re.compile(r"[^@\s,;<>/]+@[^@\s,;<>/]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


class _Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def read_channels(node: Node, references: References) -> tuple[ChannelSettings, ...]:
    """Read all channels.

    Raises:
        ConfigErrors: all that is wrong.
    """
    names = frozenset(key.text for key, _ in node.pairs) if isinstance(node, Pairs) else frozenset[str]()
    channels = paired(lambda key, value: _channel(key, value, references, names))(node)
    if not channels:
        raise node.error("there is no channel", 'add one: desk: {url: "console:"}')
    return channels


def named_channels(node: Node) -> frozenset[str]:
    """Return the names of the channels in `monitor.yaml`, right or wrong; without any there is `desk`."""
    channels = (
        next((value for key, value in node.pairs if key.text == "channels"), None) if isinstance(node, Pairs) else None
    )
    return (
        frozenset(key.text for key, _ in channels.pairs) if isinstance(channels, Pairs) else frozenset({CONSOLE.name})
    )


def channel_names(known: frozenset[str] | None) -> Reader[tuple[str, ...]]:
    """Make a reader of lists of channel names; `known` is None while the channels themselves cannot be read."""

    def read(node: Node) -> str:
        name = text(node)
        if known is not None and name not in known:
            hint = near(name, known) or f"monitor.yaml has: {', '.join(sorted(known))}"
            raise node.error(f"there is no channel {name!r}", hint)
        return name

    return lambda node: tuple(dict.fromkeys(listed(read)(node)))


def _channel(name: Scalar, node: Node, references: References, names: frozenset[str]) -> ChannelSettings:
    if not _NAME.fullmatch(name.text):
        raise wrong(name, "a channel's name", "letters, digits, - _ and . only")
    if isinstance(node, Scalar):
        return _built(name, url=_address(node, references))
    keys = Keys(node, "channel")
    url = keys.take("url", lambda value: _address(value, references), "")
    mail: MailSettings | None = keys.take("mail", lambda value: _mail(value, references), None)
    slack: SlackSettings | None = keys.take("slack", lambda value: _slack(value, references), None)
    others = names - {name.text}
    fallback = keys.take("fallback", lambda value: _other(value, others), "")
    away = keys.take("away", listed(lambda value: _away(value, others)), ())
    keys.end()
    if sum(map(bool, (url, mail, slack))) != 1:
        raise node.error("a channel is exactly one of url, mail and slack", 'for example {url: "console:"}')
    return replace(_built(name, url=url, mail=mail, slack=slack), fallback=fallback, away=away)


def _other(node: Node, others: frozenset[str]) -> str:
    name = text(node)
    if name not in others:
        hint = near(name, others) or f"there are: {', '.join(sorted(others))}"
        raise node.error(f"there is no other channel {name!r}", hint)
    return name


def _away(node: Node, others: frozenset[str]) -> Away:
    keys = Keys(node, "away")
    first, last = keys.need("from", day), keys.need("to", day)
    deputy = keys.need("deputy", lambda value: _other(value, others))
    keys.end()
    if last < first:
        raise node.error(f"it ends on {last}, before it begins on {first}", "swap `from` and `to`")
    return Away(first=first, last=last, deputy=deputy)


def _built(
    name: Scalar, *, url: str = "", mail: MailSettings | None = None, slack: SlackSettings | None = None
) -> ChannelSettings:
    recipients = tuple(f"{name.text}/{address}" for address in mail.to) if mail else (name.text,)
    return ChannelSettings(name=name.text, url=url, mail=mail, slack=slack, recipients=recipients, where=name.where)


def _address(node: Node, references: References) -> str:
    url = references.text(node)
    if url == "console:":
        return url
    if not _SCHEME.fullmatch(url):
        hint = 'an Apprise address such as "ntfys://ntfy.example.org/topic", or "console:"'
        raise node.error("this is not a channel's address", hint)
    references.hide(url)
    return url


def _slack(node: Node, references: References) -> SlackSettings:
    keys = Keys(node, "slack")
    webhook = keys.take("webhook", lambda value: _webhook(value, references), "")
    token = keys.take("token", lambda value: _token(value, references), "")
    to = keys.take("channel", references.text, "")
    keys.end()
    if bool(webhook) == bool(token) or bool(token) != bool(to):
        hint = '{webhook: "env:SLACK_WEBHOOK"}, or a bot: {token: "env:SLACK_TOKEN", channel: "#trade"}'
        raise node.error("Slack is reached by a webhook, or by a token and a channel", hint)
    return SlackSettings(webhook=webhook, token=token, to=to)


def _token(node: Node, references: References) -> str:
    token = references.text(node)
    if not re.fullmatch(r"xox[a-z]-[\w-]+", token):
        raise node.error("this is not a token of Slack", "a bot's begins with xoxb-: see the app's OAuth page")
    references.hide(token)
    return token


def _webhook(node: Node, references: References) -> str:
    url = references.text(node)
    if not re.fullmatch(r"https?://[^\s/]+/\S+", url):
        raise node.error("this is not a webhook's address", "Slack gives it as https://hooks.slack.com/services/…")
    references.hide(url)
    return url


def _mail(node: Node, references: References) -> MailSettings:
    keys = Keys(node, "mail")
    port = keys.take("port", whole(1, 65_535), 0)
    user = keys.take("user", references.text, "")
    password = keys.take("password", references.text, "")
    sender = keys.take("from", lambda value: _sender(value, references), "")
    security = keys.take("security", choice(_Security), _Security.STARTTLS)
    host = keys.need("host", references.text)
    to = keys.need("to", listed(lambda value: _mailbox(value, references)))
    keys.end()
    if not to:
        raise node.error("this mail goes to no one", "add an address: to: [me@example.org]")
    if password:
        references.hide(password)
    return MailSettings(
        host=host,
        port=port,
        user=user,
        password=password,
        sender=sender,
        security=security.value,
        to=tuple(dict.fromkeys(to)),
    )


def _mailbox(node: Node, references: References) -> str:
    address = references.text(node)
    if not _ADDRESS.fullmatch(address):
        raise wrong(node, "a mail address", "for example me@example.org")
    return address


def _sender(node: Node, references: References) -> str:
    sender = references.text(node)
    if "@" not in sender:
        raise wrong(node, "a mail address", "for example monitor@example.org or Monitor <monitor@example.org>")
    return sender
