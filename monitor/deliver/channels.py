"""From a channel's settings to the channel: the one place that knows which kinds there are."""

from __future__ import annotations

from typing import TextIO
from urllib.parse import urlsplit

from monitor.deliver.attempt import Channel
from monitor.deliver.console import Console
from monitor.deliver.mail import mailbox_of
from monitor.deliver.masking import mask_of
from monitor.deliver.smtp import MailChannel, check_mailbox
from monitor.model import ChannelSettings, SlackSettings

_SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")


def open_channel(channel: ChannelSettings, output: TextIO | None) -> Channel | None:
    """Return what sends for these settings, or None if nothing knows their address. Connects to nothing yet."""
    if channel.url.startswith("console:"):
        return Console(output)
    mask = mask_of(channel)
    if channel.mail is not None:
        return MailChannel(mailbox_of(channel.mail), mask)
    if channel.slack is not None:
        from monitor.deliver.slack import SlackChannel

        return SlackChannel(channel.slack, mask)
    from monitor.deliver.service import open_service  # Apprise and its plugins take 0.2 s

    return open_service(channel.url, mask)


def check_channel(channel: ChannelSettings) -> list[str]:
    """Return what is wrong or doubtful about a channel, a line each, without its name and its secrets."""
    if channel.url.startswith("console:"):
        return []
    if channel.mail is not None:
        return check_mailbox(mailbox_of(channel.mail))
    if channel.slack is not None:
        return _check_slack(channel.slack)
    from monitor.deliver.service import check_service

    return check_service(channel.url)


def _check_slack(slack: SlackSettings) -> list[str]:
    if slack.webhook and not _is_slack(slack.webhook):
        return ["its webhook is not an https address of hooks.slack.com: copy it from the app's Incoming Webhooks page"]
    if slack.token and not slack.token.startswith("xoxb-"):
        return ["its token is not a bot's (xoxb-…): copy the Bot User OAuth Token from the app's OAuth page"]
    return []


def _is_slack(webhook: str) -> bool:
    try:
        url = urlsplit(webhook)
    except ValueError:
        return False
    return url.scheme == "https" and url.hostname in _SLACK_HOSTS
