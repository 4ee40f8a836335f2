"""Every other service, by Apprise. The only module that knows apprise; imported when first needed.

Messages go as plain text: Apprise then escapes all that a service would read as markup, so that nothing in a feed can
ping a channel or fake a link.
"""

from __future__ import annotations

import logging
import re
import threading
from email.utils import formataddr

import apprise
from apprise.plugins.email import NotifyEmail
from apprise.plugins.slack import NotifySlack, SlackMode

from monitor.deliver.answers import is_watched, watching
from monitor.deliver.attempt import Attempt, Channel
from monitor.deliver.mail import DEFAULT_PORTS, Mailbox
from monitor.deliver.masking import Mask
from monitor.deliver.slack import SlackChannel
from monitor.deliver.smtp import MailChannel, check_mailbox
from monitor.model import Delivery, Message, SlackSettings

# Apprise writes tokens at DEBUG, and of an address it cannot read at any level. So only what it warns of while it sends
# is kept, to be read from its results and masked; nothing goes to the program's log.
_logger = logging.getLogger("apprise")
_logger.setLevel(logging.WARNING)
_logger.propagate = False
_logger.addFilter(lambda _: is_watched())

_loading = threading.Lock()  # the first address loads all plugins
_WEBHOOKS = (SlackMode.WEBHOOK, SlackMode.WEBHOOK_GOV)
_CHANNEL = re.compile(r"[+#]?[\w-]+")
_SECURITY = {"starttls": "starttls", "ssl": "tls", "insecure": "none"}


class ServiceChannel:
    """Sends by one Apprise plugin, one message at a time, at the pace that the plugin keeps."""

    def __init__(self, plugin: apprise.NotifyBase, mask: Mask) -> None:
        self._apprise = apprise.Apprise(plugin)
        self._name = str(plugin.service_name)
        self._mask = mask

    def send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        """Send a message as text with a title."""
        del address
        with watching(attempt) as watch:
            result = self._apprise.notify(title=message.subject, body=message.text, body_format="text")
            if result:
                return Delivery()
            return watch.explain(self._name, self._mask) or self._unexplained(result)

    def _unexplained(self, result: apprise.AppriseResult) -> Delivery:
        words = "; ".join(entry.message for entry in result.logs()) or "no reason given"
        return Delivery(error=self._mask.show(f"{self._name} failed: {words}"), hint="check the channel's address")


def open_service(url: str, mask: Mask) -> Channel | None:
    """Return the channel behind an Apprise address, or None if Apprise does not know it.

    Mail and Slack are sent to by our own senders, but for what only Apprise can do: PGP, Slack's workflows, its users
    found by mail address, and several channels of one address.
    """
    plugin = _plugin(url)
    if isinstance(plugin, NotifyEmail) and plugin.pgp_mode == "no":
        return MailChannel(_mailbox(plugin), mask)
    if isinstance(plugin, NotifySlack) and (slack := _slack(plugin)):
        return SlackChannel(slack, mask)
    return ServiceChannel(plugin, mask) if plugin else None


def check_service(url: str) -> list[str]:
    """Return what is wrong or doubtful about an Apprise address, without saying any of it."""
    plugin = _plugin(url)
    if plugin is None:
        return ["its address is not one that Apprise knows: see https://appriseit.com/services/ for the right form"]
    doubts: list[str] = []
    if isinstance(plugin, NotifyEmail):
        if plugin.pgp_mode != "no":
            doubts.append("mail with PGP goes by Apprise's own sender: a repeated message has another Message-ID")
        doubts += check_mailbox(_mailbox(plugin))
    if len(plugin) > 1:
        doubts.append(
            "its address has several recipients, which are tried again together: one channel for each is safer"
        )
    return doubts


def _plugin(url: str) -> apprise.NotifyBase | None:
    asset = apprise.AppriseAsset(
        app_id="Monitor",
        app_desc="Monitor alerts",
        app_url="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        service_timeout=0,  # the time is ours to keep; with it Apprise would use threads of its own
    )
    with _loading:
        plugin = apprise.Apprise.instantiate(url, asset=asset)
    if plugin is not None:
        # A failure is told as one, and trying again is ours to do.
        plugin.optional = False
        plugin.retry = 0
        if "overflow=" not in url:
            plugin.overflow_mode = apprise.OverflowMode.SPLIT
    return plugin


def _slack(plugin: NotifySlack) -> SlackSettings | None:
    if plugin.mode in _WEBHOOKS and plugin.channels == [None]:
        root = plugin.webhook_url if plugin.mode == SlackMode.WEBHOOK else plugin.webhook_gov_url
        return SlackSettings(webhook=f"{root}/{plugin.token_a}/{plugin.token_b}/{plugin.token_c}")
    if plugin.mode != SlackMode.BOT or len(plugin.channels) != 1 or not _CHANNEL.fullmatch(plugin.channels[0]):
        return None
    name = plugin.channels[0]
    return SlackSettings(token=str(plugin.access_token), to=name[1:] if name[0] == "+" else f"#{name.lstrip('#')}")


def _mailbox(plugin: NotifyEmail) -> Mailbox:
    name, address = plugin.from_addr
    security = _SECURITY[str(plugin.secure_mode)]
    targets = [target for _, target in plugin.targets]
    reply_to = {"Reply-To": ", ".join(sorted(plugin.reply_to))} if plugin.reply_to else {}
    return Mailbox(
        host=plugin.smtp_host,
        port=plugin.port or DEFAULT_PORTS[security],
        security=security,
        sender=formataddr((str(name or ""), str(address))),
        to=tuple(dict.fromkeys([*targets, *sorted(plugin.cc), *sorted(plugin.bcc)])),
        user=plugin.user or "",
        password=plugin.password or "",
        headers=tuple({**reply_to, **plugin.headers}.items()),
        verify=bool(plugin.verify_certificate),
    )
