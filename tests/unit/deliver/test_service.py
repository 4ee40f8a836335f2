"""Web services: Slack, and what goes by Apprise's plugins, through a server on loopback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apprise.decorators import notify

from monitor.deliver import ChannelSender, check_channel
from monitor.deliver.masking import mask_of
from monitor.model import ChannelSettings, Delivery, Message, Settings, SlackSettings
from tests.slackserver import WEBHOOK, Answer, SlackServer

TOKEN = WEBHOOK.rpartition("/")[2]
HOOK = ChannelSettings(name="team", slack=SlackSettings(webhook=WEBHOOK), recipients=("team",))
URL = replace(HOOK, slack=None, url=f"slack://{WEBHOOK.partition('services/')[2]}")
HOSTILE = "<!channel> <@U123> [click](http://evil.test) <http://evil.test|bank> *bold* & `code`"
MESSAGE = Message(
    id="alert-1", recipient="team", subject=f"Topic: {HOSTILE}", text=f"A *word* of {HOSTILE}\n", html="<p>x</p>"
)


@pytest.fixture
def slack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer(tmp_path) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def send(channel: ChannelSettings, message: Message = MESSAGE, timeout_s: float = 30.0) -> Delivery:
    message = replace(message, recipient=channel.name)
    return asyncio.run(ChannelSender(Settings(channels=(channel,)), timeout_s=timeout_s).send(message))


@pytest.mark.parametrize(
    ("answer", "error", "is_permanent", "retry_after_s"),
    [
        (Answer(429, {"Retry-After": "7"}, b"rate_limited"), "429 Too Many Requests: rate_limited", False, 7.0),
        (Answer(429, {"Retry-After": "9999999"}, b""), "429 Too Many Requests", False, 86_400.0),
        (
            Answer(
                503,
                {"Date": "Fri, 31 Oct 2025 23:59:00 GMT", "Retry-After": "Sat, 01 Nov 2025 00:00:30 GMT"},
                b"",
            ),
            "503 Service Unavailable",
            False,
            90.0,
        ),
        (Answer(503, {"Retry-After": "soon"}, b""), "503 Service Unavailable", False, None),
        (Answer(404, {}, b"no_service"), "404 Not Found: no_service", True, None),
        (Answer(410, {}, b"channel_is_archived"), "410 Gone: channel_is_archived", True, None),
        (Answer(403, {}, f"bad {TOKEN}\r\n\x1b[0m".encode()), "403 Forbidden: bad *** [0m", True, None),
        (
            Answer(502, {"Content-Type": "text/html"}, b"<html>Oops</html>"),
            "502 Bad Gateway with a web page",
            False,
            None,
        ),
        (
            Answer(200, {"Content-Type": "text/html"}, b"<html>Log in to the hotel</html>"),
            "200 with a web page, but did not say that it took the message",
            False,
            None,
        ),
    ],
)
def test_an_answer_of_slack_is_told_in_words(
    slack: SlackServer, answer: Answer, error: str, is_permanent: bool, retry_after_s: float | None
) -> None:
    slack.answer(answer)
    delivery = send(HOOK)
    assert delivery.error == f"Slack answered {error}"
    assert delivery.hint
    assert (delivery.is_permanent, delivery.retry_after_s) == (is_permanent, retry_after_s)
    assert send(HOOK).is_sent


def test_a_cut_connection_is_told_in_words(slack: SlackServer) -> None:
    slack.answer(Answer(is_drop=True))
    assert send(HOOK).error == "Slack (through the proxy) cut the connection"


def test_a_proxy_that_refuses_is_named(slack: SlackServer) -> None:
    slack.refuse_tunnels = True
    assert send(HOOK).error == "Slack (through the proxy) cannot be reached: the proxy answered 403 Forbidden"


def test_an_untrusted_certificate_is_named(slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    delivery = send(HOOK)
    assert delivery.error.startswith("Slack has a certificate that is not trusted (TLS: ")
    assert "REQUESTS_CA_BUNDLE" in delivery.hint


def test_a_proxy_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with SlackServer(tmp_path) as server:
        environment = server.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert send(HOOK).error == "Slack (through the proxy) refused the connection"


def test_a_silent_service_costs_one_try(slack: SlackServer) -> None:
    slack.answer(Answer(is_silent=True))
    assert send(HOOK, timeout_s=0.5).error == "channel team did not finish in time"
    assert slack.is_silent.is_set()


def test_any_other_service_gets_title_and_text(slack: SlackServer) -> None:
    channel = ChannelSettings(name="hook", url=f"json://127.0.0.1:{slack.port}/in", recipients=("hook",))
    assert send(channel) == Delivery()
    payload = slack.received[0].payload
    assert (payload["title"], payload["message"]) == (MESSAGE.subject, MESSAGE.text.rstrip())


@pytest.mark.parametrize(
    ("host", "error"), [("127.0.0.1:1", "JSON refused the connection"), ("host.invalid", "JSON has no address (DNS)")]
)
def test_a_service_that_cannot_be_reached_says_why(host: str, error: str) -> None:
    assert send(ChannelSettings(name="hook", url=f"json://{host}/in", recipients=("hook",))).error == error


def test_a_service_that_does_not_speak_http_says_what_the_library_knows() -> None:
    @notify(on="pager", name="Pager")
    def page(body: str, title: str, *args: object, **kwargs: object) -> bool:
        logging.getLogger("apprise").warning("line 1 is engaged, said TOKEN-S3CRET")
        return False

    delivery = send(ChannelSettings(name="log", url="pager://TOKEN-S3CRET", recipients=("log",)))
    assert delivery.error == "Pager failed: line 1 is engaged, said ***; Failed to send Pager notification."


def test_optional_and_retry_in_an_address_do_not_hide_a_failure(slack: SlackServer) -> None:
    slack.answer(Answer(500), Answer(500))
    url = f"json://127.0.0.1:{slack.port}/in?optional=yes&retry=5&wait=0"
    assert not send(ChannelSettings(name="hook", url=url, recipients=("hook",))).is_sent
    assert len(slack.received) == 1


BROKEN = (
    "slack://not/aTOKEN-S3CRET/at-all-S3CRET",
    "nonsense://TOKEN-S3CRET",
    "TOKEN-S3CRET",
    "mailto://127.0.0.1:25/TOKEN-S3CRET",
    "tgram://TOKEN-S3CRET/",
)


@pytest.mark.parametrize("url", BROKEN)
def test_a_broken_address_is_an_error_that_does_not_show_it(
    url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    channel = ChannelSettings(name="chat", url=url, recipients=("chat",))
    caplog.set_level(logging.DEBUG)
    delivery = send(channel)
    (line,) = check_channel(channel)
    out = capfd.readouterr()
    assert delivery.error == "the address of channel chat is not one that Apprise knows"
    assert delivery.is_permanent
    assert line.startswith("its address is not one that Apprise knows")
    assert "S3CRET" not in repr(delivery) + line + caplog.text + out.out + out.err + repr(channel)


def test_a_failure_shows_no_part_of_an_address_even_at_debug(
    slack: SlackServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.answer(Answer(404), Answer(is_drop=True))
    seen = [repr(send(HOOK)), repr(send(HOOK))]
    out = capfd.readouterr()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("urllib3")]
    for part in WEBHOOK.split("/")[-3:]:
        assert part not in "".join([*seen, *ours, out.out, out.err])


@pytest.mark.parametrize(
    ("channel", "text", "shown"),
    [
        (HOOK, f"no {TOKEN} here", "no *** here"),
        (URL, "T1JJ3T3L2 and A1BRTD4JD", "*** and ***"),
        (
            ChannelSettings(name="c", url="json://ann:passw0rd%21@example.org/in"),
            "passw0rd! or passw0rd%21",
            "*** or ***",
        ),
        (ChannelSettings(name="c", url="tgram://123456789:AbCdEf_gh/42"), "bot123456789:AbCdEf_gh", "bot***:***"),
        (
            ChannelSettings(name="c", url="json://example.org/in?+X-Key=abcdef99"),
            "key abcdef99 of example.org",
            "key *** of example.org",
        ),
    ],
)
def test_each_part_of_an_address_that_may_be_a_token_is_masked(channel: ChannelSettings, text: str, shown: str) -> None:
    assert mask_of(channel).show(text) == shown


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        (HOOK, ""),
        (ChannelSettings(name="c", url="console:"), ""),
        (
            ChannelSettings(name="c", slack=SlackSettings(webhook="https://example.org/services/a/b/c")),
            "not an https address of hooks.slack.com",
        ),
        (
            ChannelSettings(name="c", slack=SlackSettings(token="xoxp-1-2", to="#a")),
            "not a bot's (xoxb-…)",
        ),
        (ChannelSettings(name="c", url="mailto://ann:pw123@mail.test?to=a@b.org&mode=insecure"), "unencrypted"),
        (ChannelSettings(name="c", url="mailtos://ann:pw123@mail.test?to=a@b.org,c@d.org"), "several recipients"),
        (ChannelSettings(name="c", url="mailtos://ann:pw123@mail.test?to=a@b.org&pgp=encrypt"), "PGP"),
    ],
)
def test_check_says_what_is_doubtful(channel: ChannelSettings, says: str) -> None:
    lines = check_channel(channel)
    assert len(lines) == bool(says)
    assert all(says in line for line in lines)
