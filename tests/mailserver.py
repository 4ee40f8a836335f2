"""A mail server on loopback whose answers a test writes.

    with MailServer() as server:
        server.answer("DATA", "451 4.3.0 try later", DROP)   # then it accepts again

What it took is in `received`, counted there and not by the sender. A message is `received` also when the connection is
dropped after DATA: the server has it, the sender cannot know.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.background import BackgroundLoop

DROP = "drop"
SILENT = "silent"


@dataclass(frozen=True)
class Mail:
    """A message as it came: envelope and content."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """Return the `plain` or `html` part."""
        body = self.message.get_body((kind,))
        assert body is not None, f"no {kind} part"
        return str(body.get_content()).replace("\r\n", "\n")


class MailServer:
    """Speaks SMTP. `login`: (user, password) it wants; `tls`: a server context, for STARTTLS or from the start."""

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
    ) -> None:
        self.received: list[Mail] = []
        self.is_silent = threading.Event()
        self._connections: list[_Smtp] = []
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        self._login = login
        self._tls = tls
        self._from_the_start = from_the_start

    def answer(self, step: str, *answers: str) -> None:
        """Give these answers, in this order, to the next CONNECT, AUTH, MAIL, RCPT or DATA; also DROP and SILENT."""
        self._answers[step].extend(answers)

    @property
    def is_talking(self) -> bool:
        """True while a connection is open."""
        return any(one.transport is not None for one in self._connections)

    def __enter__(self) -> Self:
        self._background = BackgroundLoop().__enter__()
        listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = listener.getsockname()[1]
        self._server = self._background.run(self._listen(listener))
        return self

    def __exit__(self, *_: object) -> None:
        self._background.run(self._close())
        self._background.__exit__()

    async def _close(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cut()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    async def _listen(self, listener: socket.socket) -> asyncio.Server:
        context = self._tls if self._from_the_start else None
        return await self._background.loop.create_server(self._connection, sock=listener, ssl=context)

    def _connection(self) -> asyncio.Protocol:
        options: dict[str, Any] = {
            "hostname": "mail.test",
            "loop": self._background.loop,
            "auth_require_tls": self._login is None,
        }
        if self._tls is not None and not self._from_the_start:
            options["tls_context"] = self._tls
        if self._login is not None:
            options["authenticator"] = self._authenticate
        connection = _Smtp(self, **options)
        self._connections.append(connection)
        return connection

    def next_answer(self, step: str) -> str | None:
        return self._answers[step].popleft() if self._answers[step] else None

    async def decide(self, step: str, smtp: _Smtp) -> str | None:
        """Return the answer that the test wrote for this step, or None to go on."""
        answer = self.next_answer(step)
        if answer == DROP:
            smtp.cut()
            return "421 dropped"
        if answer == SILENT:
            self.is_silent.set()
            await asyncio.Event().wait()
        return answer

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        assert self._login is not None
        assert isinstance(login, LoginPassword)
        user, password = self._login
        if answer := self.next_answer("AUTH"):
            self._background.loop.create_task(server.push(answer))
            return AuthResult(success=False, handled=True)
        is_right = (login.login, login.password) == (user.encode(), password.encode())
        return AuthResult(success=is_right, handled=False)

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: _Smtp, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.decide("MAIL", server)
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: _Smtp, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.decide("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: _Smtp, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        mail = Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.original_content or b"")
        if self._answers["DATA"] and self._answers["DATA"][0] == DROP:
            self.received.append(mail)
        answer = await self.decide("DATA", server)
        if answer is None:
            self.received.append(mail)
        return answer or "250 OK"


class _Smtp(SMTP):
    def __init__(self, owner: MailServer, **options: Any) -> None:
        super().__init__(owner, **options)
        self._owner = owner

    async def push(self, status: Any) -> None:
        # The greeting is the first word of a connection, and has no hook.
        if not self._greeted:
            self._greeted = True
            answer = await self._owner.decide("CONNECT", self)
            if answer:
                status = answer
        await super().push(status)

    _greeted = False

    def cut(self) -> None:
        """Cut the connection without a word."""
        if self.transport is not None:
            self.transport.abort()
            self._writer.close()
