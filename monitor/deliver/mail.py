"""Mail: one message, one recipient, one stable id.

The id makes a second copy after a crash recognisable, and is why mail does not go through Apprise's own sender, which
makes a new Message-ID at each try and drops the server's reply.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import formataddr, formatdate, parseaddr
from functools import cache

from monitor.model import MailSettings, Message

DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
# Seven bits: not every server takes eight, and no line is too long.
_POLICY = policy.SMTP.clone(cte_type="7bit")
_OWN_HEADERS = frozenset(
    (
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "list-id",
        "auto-submitted",
        "mime-version",
        "content-type",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """How mail leaves. `security`: starttls, tls or none; `sender` may have a name; `to` are the addresses known.

    `headers` are further ones that the user asked for; `verify`: the server's certificate must be trusted.
    """

    host: str
    port: int
    security: str
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    verify: bool = True

    @property
    def server(self) -> str:
        """The server as errors name it."""
        return f"{self.host}:{self.port}"


def mailbox_of(mail: MailSettings) -> Mailbox:
    """Return the mailbox of the `mail:` form, with its defaults."""
    return Mailbox(
        host=mail.host,
        port=mail.port or DEFAULT_PORTS[mail.security],
        security=mail.security,
        sender=mail.sender or default_sender(mail.user),
        to=mail.to,
        user=mail.user,
        password=mail.password,
    )


def default_sender(user: str) -> str:
    """Return the sender when none is set: the user, if that is an address, else this program at this machine."""
    return user if "@" in parseaddr(user)[1] else f"monitor@{own_name().strip('[]')}"


def write_mail(message: Message, box: Mailbox, address: str) -> bytes:
    """Return the message as it goes over the wire.

    Raises:
        ValueError: an address or a header of the settings cannot stand in a mail.
    """
    name, sender = parseaddr(box.sender)
    domain = sender.rpartition("@")[2] or own_name()
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = formataddr((name or "Monitor", sender))
    mail["To"] = address
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = f"<{message.id}@monitor.{domain}>"
    if message.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = f"<{message.in_reply_to}@monitor.{domain}>"
    mail["List-Id"] = f"Monitor <monitor.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    for header, value in box.headers:
        if header.lower() not in _OWN_HEADERS:
            mail[header] = value
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail.as_bytes()


@cache
def own_name() -> str:
    """Return this machine's name as mail servers want it: with a domain, else as an address in brackets."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"
