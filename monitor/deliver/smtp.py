"""The talk with a mail server, step by step, so that a failure says at which step and in the server's own words."""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from email.utils import parseaddr

from monitor.deliver.attempt import Attempt
from monitor.deliver.causes import Cause, find_cause
from monitor.deliver.mail import Mailbox, own_name, write_mail
from monitor.deliver.masking import Mask
from monitor.model import Delivery, Message

_STEP_S = 15.0  # the longest silence of a server
_QUIT_S = 2.0
_TRY_LATER = "the server asks to try later; it is tried again"


class _Refused(Exception):
    """The server answered a step with no."""

    def __init__(self, what: str, code: int, words: bytes | str, hint: str) -> None:
        super().__init__(what)
        self.what, self.code, self.words, self.hint = what, code, words, hint


class MailChannel:
    """Sends by one mailbox."""

    def __init__(self, box: Mailbox, mask: Mask) -> None:
        self._box = box
        self._mask = mask.adding(_login_forms(box))
        self._partly: dict[str, set[str]] = {}

    def send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        """Send to `address`; if it is empty to all addresses of the mailbox, each its own message.

        When one of several fails, the next try skips those that got it.
        """
        done = self._partly.pop(message.id, set())
        for recipient in (address,) if address else self._box.to:
            if recipient in done:
                continue
            delivery = self._send_one(message, recipient, attempt)
            if not delivery.is_sent:
                if done:
                    self._partly[message.id] = done
                return delivery
            done.add(recipient)
        return Delivery()

    def _send_one(self, message: Message, recipient: str, attempt: Attempt) -> Delivery:
        try:
            raw = write_mail(message, self._box, recipient)
        except (ValueError, UnicodeError) as error:
            hint = "check `from` and `to` of the channel"
            return self._failed(f"no mail can be written to {recipient}: {error}", hint, is_permanent=True)
        conversation = _Conversation(self._box, attempt)
        try:
            conversation.deliver(raw, recipient)
        except _Refused as no:
            return self._answer(no)
        except UnicodeError:
            hint = "use an address of plain letters"
            return self._failed(f"{self._box.server} does not take the address {recipient}", hint, is_permanent=True)
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(error, conversation.step)
        return Delivery()

    def _answer(self, no: _Refused) -> Delivery:
        is_permanent = 500 <= no.code < 600
        words = no.words.decode("utf-8", "replace") if isinstance(no.words, bytes) else no.words
        error = f"{self._box.server} {no.what}: {no.code} {words}"
        return self._failed(error, no.hint if is_permanent else _TRY_LATER, is_permanent=is_permanent)

    def _broken(self, error: Exception, step: str) -> Delivery:
        """Explain a talk that broke off."""
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return self._failed(f"{self._box.server} {_missing(self._box)[0]}", _missing(self._box)[1])
        # smtplib has no word but this for a server that goes away or falls silent.
        is_cut = isinstance(error, smtplib.SMTPServerDisconnected)
        cause = _CUT if is_cut and not isinstance(error.__context__, OSError) else find_cause(error)
        doubt = "; it may have arrived" if step == "the end of the message" else ""
        return self._failed(f"{self._box.server} {cause.words} at {step}{doubt}", cause.hint)

    def _failed(self, error: str, hint: str, *, is_permanent: bool = False) -> Delivery:
        return Delivery(error=self._mask.show(error), hint=hint, is_permanent=is_permanent)


_CUT = Cause(words="cut the connection", hint="it is tried again; check port and security if it stays so")


def _missing(box: Mailbox) -> tuple[str, str]:
    """Say what a server does not offer: STARTTLS if that was asked for, else a login."""
    if box.security == "starttls":
        return "offers no STARTTLS or no login", "set `security: tls` (port 465), or `none` if you trust the way"
    return "offers no login", "leave `user` and `password` out, or use `security: starttls`"


class _Conversation:
    """One connection, one message. `step` is where it is, in words."""

    def __init__(self, box: Mailbox, attempt: Attempt) -> None:
        self._box = box
        self._attempt = attempt
        self.step = "the first contact"

    def deliver(self, raw: bytes, recipient: str) -> None:
        """Connect, log in, hand over the message.

        Raises:
            _Refused: the server said no.
            OSError: the connection failed.
            smtplib.SMTPException: the server does not keep to the protocol, or lacks what is asked for.
            UnicodeError: the address has letters the server does not take.
        """
        smtp = self._connect()
        try:
            self._attempt.hold(smtp.sock)
            self._secure(smtp)
            self._log_in(smtp)
            self._hand_over(smtp, raw, recipient)
            with suppress(OSError, smtplib.SMTPException):
                # The message is theirs now; a bad farewell is no failure.
                if smtp.sock:
                    smtp.sock.settimeout(_QUIT_S)
                smtp.quit()
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        self._attempt.hold()
        try:
            return _Smtp(self._box, self._attempt)
        except smtplib.SMTPConnectError as no:
            hint = "the server does not want this machine: ask its operator"
            raise _Refused("refused the connection", no.smtp_code, no.smtp_error, hint) from no

    def _secure(self, smtp: smtplib.SMTP) -> None:
        if self._box.security != "starttls":
            return
        self.step = "STARTTLS"
        smtp.starttls(context=_tls(self._box))
        # Wrapping made a new socket of the old one.
        self._attempt.hold(smtp.sock)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if not self._box.user or not self._box.password:
            return
        self.step = "the login"
        try:
            smtp.login(self._box.user, self._box.password)
        except smtplib.SMTPAuthenticationError as no:
            hint = "check user and password; many providers want an app password made for programs"
            raise _Refused("refused the login (wrong password?)", no.smtp_code, no.smtp_error, hint) from no

    def _hand_over(self, smtp: smtplib.SMTP, raw: bytes, recipient: str) -> None:
        sender = parseaddr(self._box.sender)[1]
        self.step = "the hello"
        try:
            smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPHeloError as no:
            raise _Refused("refused the hello", no.smtp_code, no.smtp_error, "ask the server's operator") from no
        self.step = "the sender's address"
        hint = "set `from` to an address that this login may use, or set `user` and `password`"
        _expect(smtp.mail(sender), f"refused the sender {sender}", hint)
        self.step = "the recipient's address"
        hint = "check the address, and that the server may send there"
        _expect(smtp.rcpt(parseaddr(recipient)[1]), f"refused the recipient {recipient}", hint)
        self.step = "the end of the message"
        hint = "the server does not want this message: read its words, or ask its operator"
        try:
            _expect(smtp.data(raw), "refused the message", hint)
        except smtplib.SMTPDataError as no:
            raise _Refused("refused the message", no.smtp_code, no.smtp_error, hint) from no


class _Smtp(smtplib.SMTP):
    """A connection that can be cut from its first moment on."""

    def __init__(self, box: Mailbox, attempt: Attempt) -> None:
        self._box = box
        self._attempt = attempt
        super().__init__(box.host, box.port, own_name(), timeout=_STEP_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        # The hook by which the standard library's own SMTP_SSL differs from SMTP.
        connection = socket.create_connection((host, port), timeout)
        try:
            self._attempt.hold(connection)
            if self._box.security == "tls":
                connection = _tls(self._box).wrap_socket(connection, server_hostname=host)
                self._attempt.hold(connection)
        except OSError:
            connection.close()
            raise
        return connection


def _expect(answer: tuple[int, bytes], what: str, hint: str) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise _Refused(what, code, words, hint)


def _tls(box: Mailbox) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not box.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def check_mailbox(box: Mailbox) -> list[str]:
    """Return what is doubtful about a mailbox."""
    if box.password and box.security == "none" and not _is_local(box.host):
        return [f"the password goes to {box.server} unencrypted: use `starttls` or `tls`"]
    return []


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _login_forms(box: Mailbox) -> tuple[str, ...]:
    """Return the forms in which SMTP sends a login: some servers repeat them in a refusal."""
    plain = f"\0{box.user}\0{box.password}"
    return (box.password, *(b64encode(text.encode()).decode() for text in (plain, box.password) if box.password))
