"""Mail, through a real SMTP server on loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from monitor.deliver import ChannelSender
from monitor.model import ChannelSettings, Delivery, MailSettings, Message, Settings
from tests.mailserver import DROP, SILENT, MailServer

PASSWORD = "s3cret-Passw0rd"
MESSAGE = Message(
    id="alert-4711",
    recipient="me/ann@example.org",
    subject="Rare earths: 中国 tightens",
    text="Plain *words* 稀土\n",
    html="<p>Rich <mark>words</mark> 稀土</p>",
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this process trusts."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return ca


def server_context(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context


def mail_channel(port: int, **changes: object) -> ChannelSettings:
    fields: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "to": ("ann@example.org", "bob@example.org"),
        "sender": "Desk <desk@example.com>",
        **changes,
    }
    mail = MailSettings(**fields)  # type: ignore[arg-type]
    return ChannelSettings(name="me", mail=mail, recipients=tuple(f"me/{address}" for address in mail.to))


def send(channel: ChannelSettings, message: Message = MESSAGE, **options: float) -> Delivery:
    return asyncio.run(ChannelSender(Settings(channels=(channel,)), **options).send(message))


def test_a_mail_has_both_parts_one_recipient_and_the_headers_of_a_machine(server: MailServer) -> None:
    assert send(mail_channel(server.port)) == Delivery()
    (mail,) = server.received
    assert (mail.sender, mail.recipients) == ("desk@example.com", ("ann@example.org",))
    assert mail.part("plain") == MESSAGE.text
    assert mail.part("html").strip() == MESSAGE.html
    headers = mail.message
    assert headers["Subject"] == MESSAGE.subject
    assert headers["From"] == "Desk <desk@example.com>"
    assert headers["To"] == "ann@example.org"
    assert headers["List-Id"] == "Monitor <monitor.example.com>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Date"].datetime.tzinfo is not None
    assert headers.get_content_type() == "multipart/alternative"
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 78
    assert mail.raw.isascii()


def test_the_message_id_is_the_same_at_every_try(server: MailServer) -> None:
    server.answer("DATA", DROP)
    first = send(mail_channel(server.port))
    assert first.error == f"127.0.0.1:{server.port} cut the connection at the end of the message; it may have arrived"
    assert send(mail_channel(server.port)).is_sent
    assert [mail.message_id for mail in server.received] == ["<alert-4711@monitor.example.com>"] * 2


def test_a_later_mail_of_a_story_answers_the_first(server: MailServer) -> None:
    assert send(mail_channel(server.port)).is_sent
    later = replace(MESSAGE, id="alert-4712", in_reply_to=MESSAGE.id, subject="Update (now: delayed): Rare earths")
    assert send(mail_channel(server.port), later).is_sent
    first, second = (mail.message for mail in server.received)
    assert first["References"] is None
    assert second["References"] == second["In-Reply-To"] == first["Message-ID"]


def test_a_long_message_id_is_not_folded_into_something_else(server: MailServer) -> None:
    domain = f"{'a' * 60}.{'b' * 60}.example.com"
    assert send(mail_channel(server.port, sender=f"x@{domain}")).is_sent
    assert f"<alert-4711@monitor.{domain}>" in server.received[0].raw.decode()


@pytest.mark.parametrize(
    ("step", "answer", "says", "is_permanent"),
    [
        ("CONNECT", "554 5.7.1 go away", "refused the connection: 554 5.7.1 go away", True),
        ("MAIL", "550 5.7.1 not your address", "refused the sender desk@example.com: 550 5.7.1 not your address", True),
        ("MAIL", "451 4.3.0 disk full", "refused the sender desk@example.com: 451 4.3.0 disk full", False),
        ("RCPT", "550 5.1.1 no such user", "refused the recipient ann@example.org: 550 5.1.1 no such user", True),
        ("RCPT", "450 4.2.0 greylisted", "refused the recipient ann@example.org: 450 4.2.0 greylisted", False),
        ("DATA", "554 5.7.1 spam", "refused the message: 554 5.7.1 spam", True),
        ("DATA", "451 4.3.2 later", "refused the message: 451 4.3.2 later", False),
        ("MAIL", DROP, "cut the connection at the sender's address", False),
    ],
)
def test_a_refusal_says_the_step_and_the_servers_words(
    server: MailServer, step: str, answer: str, says: str, is_permanent: bool
) -> None:
    server.answer(step, answer)
    delivery = send(mail_channel(server.port))
    assert delivery.error == f"127.0.0.1:{server.port} {says}"
    assert delivery.is_permanent is is_permanent
    assert delivery.hint
    assert server.received == []
    assert send(mail_channel(server.port)).is_sent


def test_a_wrong_password_is_named_and_not_shown() -> None:
    with MailServer(login=("ann", "right")) as server:
        delivery = send(mail_channel(server.port, user="ann", password=PASSWORD))
        assert "refused the login (wrong password?): 535" in delivery.error
        assert "app password" in delivery.hint
        assert PASSWORD not in repr(delivery)
        assert delivery.is_permanent
        assert send(mail_channel(server.port, user="ann", password="right")).is_sent


def test_a_server_that_repeats_the_login_in_its_refusal_is_masked() -> None:
    with MailServer(login=("ann", PASSWORD)) as server:
        server.answer("AUTH", *[f"535 not AGFubgBzM2NyZXQtUGFzc3cwcmQ= nor {PASSWORD}"] * 3)  # one for each mechanism
        delivery = send(mail_channel(server.port, user="ann", password=PASSWORD))
    assert delivery.error.endswith("refused the login (wrong password?): 535 not *** nor ***")


def test_a_login_where_none_is_offered_is_named(server: MailServer) -> None:
    delivery = send(mail_channel(server.port, user="ann", password=PASSWORD))
    assert delivery.error == f"127.0.0.1:{server.port} offers no login"


def test_the_words_of_a_server_become_one_masked_line(server: MailServer) -> None:
    server.answer("RCPT", f"550-first\r\n550 \x1b[31m{PASSWORD} ")
    channel = mail_channel(server.port)
    settings = Settings(channels=(channel,), secrets=(PASSWORD,))
    delivery = asyncio.run(ChannelSender(settings).send(MESSAGE))
    assert delivery.error == f"127.0.0.1:{server.port} refused the recipient ann@example.org: 550 first [31m***"


def test_starttls_and_tls_are_used_and_trusted(authority: trustme.CA) -> None:
    context = server_context(authority, "127.0.0.1")
    for security, from_the_start in (("starttls", False), ("tls", True)):
        with MailServer(tls=context, from_the_start=from_the_start) as server:
            assert send(mail_channel(server.port, security=security)) == Delivery()
            assert len(server.received) == 1


@pytest.mark.parametrize(("security", "from_the_start"), [("starttls", False), ("tls", True)])
def test_a_certificate_for_another_name_is_named(authority: trustme.CA, security: str, from_the_start: bool) -> None:
    with MailServer(tls=server_context(authority, "other.test"), from_the_start=from_the_start) as server:
        delivery = send(mail_channel(server.port, security=security))
    assert "has a certificate that is not trusted (TLS: IP address mismatch" in delivery.error
    assert server.received == []


def test_a_server_without_starttls_is_named(server: MailServer) -> None:
    delivery = send(mail_channel(server.port, security="starttls"))
    assert "offers no STARTTLS" in delivery.error
    assert "security: tls" in delivery.hint


def test_tls_to_a_server_that_speaks_plainly_is_named(server: MailServer) -> None:
    assert "does not speak TLS here" in send(mail_channel(server.port, security="tls")).error


def test_a_refused_connection_and_an_unknown_host_are_told_apart(server: MailServer) -> None:
    with MailServer() as gone:
        port = gone.port
    assert send(mail_channel(port)).error == f"127.0.0.1:{port} refused the connection at the first contact"
    unknown = send(mail_channel(server.port, host="mail.invalid"))
    assert unknown.error == f"mail.invalid:{server.port} has no address (DNS) at the first contact"
    assert "DNS" in unknown.hint


@pytest.mark.parametrize("step", ["CONNECT", "RCPT", "DATA"])
def test_a_silent_server_costs_one_try_that_cannot_arrive_later(step: str) -> None:
    with MailServer() as server:
        server.answer(step, SILENT)
        delivery = send(mail_channel(server.port), timeout_s=0.3)
        assert server.is_silent.is_set()
        assert delivery.error == "channel me did not finish in time"
        assert send(mail_channel(server.port)).is_sent
        assert len(server.received) == 1


def test_other_channels_do_not_wait_for_a_silent_one() -> None:
    with MailServer() as silent, MailServer() as server:
        silent.answer("CONNECT", *[SILENT] * 3)
        stuck = ChannelSettings(name="stuck", url=f"mailto://127.0.0.1:{silent.port}/?from=a@b.org&to=c@b.org")
        sender = ChannelSender(Settings(channels=(stuck, mail_channel(server.port))), timeout_s=1.0)

        async def run() -> list[Delivery]:
            message = Message(id="alert-1", recipient="stuck", subject="s", text="t", html="h")
            waiting = [asyncio.ensure_future(sender.send(message)) for _ in range(3)]
            sent = await sender.send(MESSAGE)
            assert not any(task.done() for task in waiting)
            return [sent, *await asyncio.gather(*waiting)]

        sent, *late = asyncio.run(run())
        assert sent.is_sent
        assert all(not delivery.is_sent for delivery in late)


def test_what_waits_for_a_server_that_is_down_fails_at_once() -> None:
    with MailServer() as server:
        server.answer("CONNECT", SILENT, SILENT)
        sender = ChannelSender(Settings(channels=(mail_channel(server.port),)), timeout_s=0.6)

        async def run() -> list[Delivery]:
            return await asyncio.gather(*(sender.send(MESSAGE) for _ in range(11)))

        assert all(not delivery.is_sent for delivery in asyncio.run(run()))
        assert asyncio.run(sender.send(MESSAGE)).error == "channel me did not answer a moment ago"
        assert server.received == []


def test_a_mailto_address_has_the_stable_id_too(server: MailServer) -> None:
    url = f"mailto://127.0.0.1:{server.port}/?from=Desk<desk@example.com>&to=ann@example.org&reply=r@example.org&+X-Team=trade"
    channel = ChannelSettings(name="me", url=url, recipients=("me",))
    message = Message(id="alert-9", recipient="me", subject="s", text="t", html="<p>h</p>")
    assert send(channel, message) == Delivery()
    (mail,) = server.received
    assert mail.message_id == "<alert-9@monitor.example.com>"
    assert mail.recipients == ("ann@example.org",)
    assert (mail.message["Reply-To"], mail.message["X-Team"]) == ("r@example.org", "trade")
    assert mail.part("html").strip() == "<p>h</p>"


def test_several_addresses_in_one_url_get_a_mail_each_and_a_retry_skips_who_has_it(server: MailServer) -> None:
    url = f"mailto://127.0.0.1:{server.port}/?from=desk@example.com&to=ann@example.org,bob@example.org"
    sender = ChannelSender(Settings(channels=(ChannelSettings(name="me", url=url, recipients=("me",)),)))
    message = Message(id="alert-9", recipient="me", subject="s", text="t", html="<p>h</p>")
    server.answer("DATA", "250 OK first", "451 4.3.0 later")
    assert "451" in asyncio.run(sender.send(message)).error
    assert asyncio.run(sender.send(message)).is_sent
    assert [mail.recipients for mail in server.received] == [("bob@example.org",)]
    assert asyncio.run(sender.send(message)).is_sent
    assert [mail.recipients for mail in server.received[1:]] == [("ann@example.org",), ("bob@example.org",)]


def test_an_address_or_sender_that_cannot_be_written_is_an_answer_not_an_error(server: MailServer) -> None:
    channel = mail_channel(server.port, to=("jörg@example.org",))
    message = Message(id="alert-1", recipient="me/jörg@example.org", subject="s", text="t", html="h")
    delivery = send(channel, message)
    assert delivery.is_permanent
    assert "jörg@example.org" in delivery.error


def test_no_header_can_be_smuggled_in_by_a_setting(server: MailServer) -> None:
    assert send(mail_channel(server.port, sender="Desk\r\nBcc: x@y.z <a@b.org>")).is_sent
    assert server.received[0].recipients == ("ann@example.org",)
    assert server.received[0].message["Bcc"] is None


@pytest.mark.parametrize(("user", "sender"), [("ann@example.net", "ann@example.net"), ("ann", "monitor@")])
def test_the_sender_is_the_user_if_that_is_an_address_else_this_machine(user: str, sender: str) -> None:
    with MailServer(login=(user, "pw")) as server:
        assert send(mail_channel(server.port, sender="", user=user, password="pw")).is_sent
        assert server.received[0].sender.startswith(sender)


def test_a_recipient_that_left_the_settings_is_refused_for_good(server: MailServer) -> None:
    message = Message(id="alert-1", recipient="me/eve@example.org", subject="s", text="t", html="h")
    delivery = send(mail_channel(server.port), message)
    assert delivery.is_permanent
    assert delivery.error == "no channel has the recipient me/eve@example.org"
    assert server.received == []
