"""From a channel's settings to the channel: the one place that knows which kinds there are."""

from __future__ import annotations

from typing import TextIO
from urllib.parse import urlsplit

from monitor.deliver.attempt import Channel
from monitor.deliver.console import Console
from monitor.deliver.mail import mailbox_of
from monitor.deliver.masking import mask_of
from monitor.deliver.smtp import MailChannel, check_mailbox
from monitor.model import ChannelSettings

_SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_SLACK_OPTIONS = "footer=no&timestamp=no&image=no"


def open_channel(channel: ChannelSettings, output: TextIO | None) -> Channel | None:
    """Return what sends for these settings, or None if nothing knows their address. Connects to nothing yet."""
    if channel.url.startswith("console:"):
        return Console(output)
    mask = mask_of(channel)
    if channel.mail is not None:
        return MailChannel(mailbox_of(channel.mail), mask)
    from monitor.deliver.service import open_service  # Apprise and its plugins take 0.2 s

    return open_service(_address(channel), mask)


def check_channel(channel: ChannelSettings) -> list[str]:
    """Return what is wrong or doubtful about a channel, a line each, without its name and its secrets."""
    if channel.url.startswith("console:"):
        return []
    if channel.mail is not None:
        return check_mailbox(mailbox_of(channel.mail))
    if channel.slack_webhook and not _is_slack(channel.slack_webhook):
        return ["its webhook is not an https address of hooks.slack.com: copy it from the app's Incoming Webhooks page"]
    from monitor.deliver.service import check_service

    return check_service(_address(channel))


def _address(channel: ChannelSettings) -> str:
    if not channel.slack_webhook:
        return channel.url
    return f"{channel.slack_webhook}{'&' if '?' in channel.slack_webhook else '?'}{_SLACK_OPTIONS}"


def _is_slack(webhook: str) -> bool:
    try:
        url = urlsplit(webhook)
    except ValueError:
        return False
    return url.scheme == "https" and url.hostname in _SLACK_HOSTS
