"""monitor.yaml: settings and channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzlocal

from monitor.model import HeartbeatSettings, MailSettings, PollSettings, Settings
from monitor.settings import load_config

Find = Callable[..., list[str]]


def test_every_key_is_read(folder: Path) -> None:
    settings = load(
        folder,
        """\
database: env:DATABASE
timezone: Europe/Berlin
poll: {per_day: 96, min_s: 1, max_s: 3600, host_gap_s: 0.5, host_connections: 4, timeout_s: 9, full_text: no}
delivery: {retry_min_s: 0.1, retry_max_s: 5, give_up: 1h30m}
allow_networks: [192.168.0.0/16, "::1"]
allow_ports: [80, 8000-8999]
channels:
  desk: "console:"
  chat: {url: "env:CHAT"}
  me: {mail: {host: smtp.example.org, port: 465, user: me, password: "file:secret", security: tls,
              from: Monitor <m@example.org>, to: [a@example.org, b@example.org]}}
  team: {slack: {webhook: "credential:hook"}}
operator: {to: me, daily: "07:30"}
heartbeat: {url: "env:HEARTBEAT", every: 10m}
retention: {articles: 30d, fetch_log: 2w}
""",
        {
            "DATABASE": "postgresql://m:dbpassword@h/m",
            "CHAT": "tgram://token12345/chat",
            "HEARTBEAT": "https://hc-ping.example/0123456789",
            "CREDENTIALS_DIRECTORY": str(folder),
        },
    )

    assert settings.database == "postgresql://m:dbpassword@h/m"
    assert settings.timezone == ZoneInfo("Europe/Berlin")
    assert settings.poll == PollSettings(
        per_day=96, min_s=1, max_s=3600, host_gap_s=0.5, host_connections=4, timeout_s=9, full_text=False
    )
    assert (settings.delivery.retry_min_s, settings.delivery.retry_max_s, settings.delivery.give_up_s) == (0.1, 5, 5400)
    assert settings.allow_networks == (ip_network("192.168.0.0/16"), ip_network("::1"))
    assert settings.allow_ports == ((80, 80), (8000, 8999))
    assert (settings.operator, settings.daily_at) == (("me",), time(7, 30))
    assert settings.heartbeat == HeartbeatSettings(url="https://hc-ping.example/0123456789", every_s=600)
    assert "https://hc-ping.example/0123456789" in settings.secrets
    assert "0123456789" not in repr(settings)
    assert (settings.retention.articles_s, settings.retention.fetch_log_s) == (30 * 86_400, 14 * 86_400)
    desk, chat, me, team = settings.channels
    assert (desk.url, chat.url, team.slack and team.slack.webhook) == (
        "console:",
        "tgram://token12345/chat",
        "https://hooks.example/T/B/x",
    )
    assert me.mail == MailSettings(
        host="smtp.example.org", port=465, user="me", password="hunter22", security="tls",
        sender="Monitor <m@example.org>", to=("a@example.org", "b@example.org"),
    )  # fmt: skip
    assert [channel.recipients for channel in settings.channels] == [
        ("desk",), ("chat",), ("me/a@example.org", "me/b@example.org"), ("team",),
    ]  # fmt: skip
    secrets = {"tgram://token12345/chat", "hunter22", "https://hooks.example/T/B/x", "dbpassword"}
    assert secrets <= set(settings.secrets)
    assert "console:" not in settings.secrets


@pytest.mark.parametrize(
    "contact", ["mailto:me@example.org", "https://example.org/bot?a=1", "http://intra.example/~me/", ""]
)
def test_a_contact_is_read(folder: Path, contact: str) -> None:
    written = f"poll: {{contact: '{contact}'}}\n" if contact else "poll: {min_s: 60}\n"

    assert load(folder, written).poll.contact == contact


@pytest.mark.parametrize(
    "written",
    [
        "me@example.org",
        "ftp://example.org",
        "mailto:",
        "mailto:m)e@example.org",
        "https://a b",
        "https://a.b/)",
        r"https://a.b/\r\nX: y",
        "https://ä.example",
    ],
)
def test_a_contact_that_cannot_stand_in_a_header_is_refused(errors: Find, written: str) -> None:
    (found,) = errors("monitor.yaml", f'poll: {{contact: "{written}"}}\n')

    assert found.startswith("monitor.yaml:1:18: ")
    assert (
        "is not an address to be reached at (for example mailto:me@example.org or https://example.org/about)" in found
    )


def test_without_channels_there_is_the_console_and_it_is_told(folder: Path) -> None:
    settings = load(folder, "timezone: UTC\n")

    assert [(channel.name, channel.url) for channel in settings.channels] == [("desk", "console:")]
    assert settings.operator == ("desk",)
    assert settings.poll == Settings().poll


def test_an_address_in_the_clear_is_a_secret_with_its_parts(folder: Path) -> None:
    settings = load(folder, 'channels: {a: {url: "mailtos://me:p%40ssword1@example.org/?to=x@example.org"}}\n')

    assert {"p%40ssword1", "p@ssword1"} < set(settings.secrets)
    assert settings.channels[0].recipients == ("a",)


def test_the_local_time_zone_is_the_machines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzlocal.reload_localzone()

    assert str(load(folder, "timezone: local\n").timezone) == "Asia/Tokyo"
    monkeypatch.undo()
    tzlocal.reload_localzone()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pol: {}\n", "monitor.yaml:1:1: unknown key 'pol' in monitor.yaml (did you mean 'poll'?)"),
        ("poll: {per_dya: 3}\n", "monitor.yaml:1:8: unknown key 'per_dya' in poll (did you mean 'per_day'?)"),
        ("poll: fast\n",
         ("monitor.yaml:1:7: 'fast' is not a mapping "
         "(write what belongs to poll as `key: value` lines or {key: value})")),
        ("poll: {per_day: often}\n", "monitor.yaml:1:17: 'often' is not a number"),
        ("poll: {min_s: 10m}\n", "monitor.yaml:1:15: '10m' is not a number (in seconds: 600)"),
        ("poll: {min_s: 0.5}\n", "monitor.yaml:1:15: 0.5 is out of range (it must be at least 1)"),
        ("poll: {min_s: 90, max_s: 60}\n", "monitor.yaml:1:7: min_s (90) is larger than max_s (60) (swap them)"),
        ("poll: {full_text: maybe}\n", "monitor.yaml:1:19: 'maybe' is not true, false, yes or no"),
        ("poll: {host_connections: 1.5}\n", "monitor.yaml:1:26: '1.5' is not a whole number"),
        ("poll: {per_day: [1]}\n", "monitor.yaml:1:17: a list is not a number"),
        ("timezone:\n", "monitor.yaml:1:10: an empty value is not a text"),
        ("timezone: Europe/Berln\n",
         "monitor.yaml:1:11: 'Europe/Berln' is not a time zone (did you mean 'Europe/Berlin'?)"),
        ("retention: {articles: forever}\n",
         "monitor.yaml:1:23: 'forever' is not a duration (for example 30s, 10m, 1h30m, 14d or 2w)"),
        ("retention: {articles: 30}\n",
         "monitor.yaml:1:23: '30' is 30 s, too short (it must be at least 86400 s)"),
        ("allow_networks: [10.0.0.1/8]\n",
         "monitor.yaml:1:18: '10.0.0.1/8' has bits beyond its length (write 10.0.0.0/8)"),
        ("allow_networks: home\n",
         "monitor.yaml:1:17: 'home' is not a network (for example 192.168.0.0/16 or fd00::/8)"),
        ("allow_ports: [0]\n", "monitor.yaml:1:15: '0' is not a port or a range of ports from 1 to 65535"),
        ("allow_ports: http\n", "monitor.yaml:1:14: 'http' is not a port (for example 8080 or 8000-8999)"),
        ("operator: {to: [desc]}\n", "monitor.yaml:1:17: there is no channel 'desc' (did you mean 'desk'?)"),
        ("operator: {to: []}\n",
         "monitor.yaml:1:11: no one would hear of a broken feed or configuration (name a channel: {to: [desk]})"),
        ("operator: {to: desk, daily: 8}\n",
         "monitor.yaml:1:29: '8' is not a time of the day (in quotes, from 00:00 to 24:00: \"06:30\")"),
        ("heartbeat: {every: 5m}\n", "monitor.yaml:1:12: heartbeat has no 'url' (add `url: …`)"),
        ("heartbeat: {url: 'secret'}\n",
         ("monitor.yaml:1:19: this is not a web address "
          "(for example https://hc-ping.com/… , or env:HEARTBEAT_URL)")),
        ("heartbeat: {url: 'https://a.example/x', every: 5s}\n",
         "monitor.yaml:1:48: '5s' is 5 s, too short (it must be at least 30 s)"),
        ("operator: {}\n", "monitor.yaml:1:11: operator has no 'to' (add `to: …`)"),
        ("channels: {}\n", 'monitor.yaml:1:11: there is no channel (add one: desk: {url: "console:"})'),
        ("channels: {a/b: {url: 'console:'}}\n",
         "monitor.yaml:1:12: 'a/b' is not a channel's name (letters, digits, - _ and . only)"),
        ("channels: {a: {}}\n",
         'monitor.yaml:1:15: a channel is exactly one of url, mail and slack (for example {url: "console:"})'),
        ("channels: {a: {url: 'secret-but-no-url'}}\n",
         ('monitor.yaml:1:22: this is not a channel\'s address '
         '(an Apprise address such as "ntfys://ntfy.example.org/topic", or "console:")')),
        ("channels: {a: {slack: {webhook: 'T/B/secret'}}}\n",
         "monitor.yaml:1:34: this is not a webhook's address (Slack gives it as https://hooks.slack.com/services/…)"),
        ("channels: {a: {slack: {token: 'xoxb-1-secret'}}}\n",
         ("monitor.yaml:1:23: Slack is reached by a webhook, or by a token and a channel "
          '({webhook: "env:SLACK_WEBHOOK"}, or a bot: {token: "env:SLACK_TOKEN", channel: "#trade"})')),
        ("channels: {a: {slack: {token: 'secret', channel: '#a'}}}\n",
         ("monitor.yaml:1:32: this is not a token of Slack "
          "(a bot's begins with xoxb-: see the app's OAuth page)")),
        ("channels: {a: {mail: {host: h, to: [me]}}}\n",
         "monitor.yaml:1:37: 'me' is not a mail address (for example me@example.org)"),
        ("channels: {a: {mail: {host: h, to: []}}}\n",
         "monitor.yaml:1:22: this mail goes to no one (add an address: to: [me@example.org])"),
        ("channels: {a: {mail: {to: [a@b]}}}\n", "monitor.yaml:1:22: mail has no 'host' (add `host: …`)"),
        ("channels: {a: {mail: {host: h, to: a@b, security: startls}}}\n",
         "monitor.yaml:1:51: 'startls' is not one of starttls, tls, none (did you mean 'starttls'?)"),
        ("channels: {a: 'console:', b: {url: 'console:', fallback: c}}\n",
         "monitor.yaml:1:58: there is no other channel 'c' (there are: a)"),
        ("channels: {a: {url: 'console:', fallback: a}, b: 'console:'}\n",
         "monitor.yaml:1:43: there is no other channel 'a' (there are: b)"),
        ("channels: {a: {url: 'console:', away: {from: 2025-11-02, to: 2025-11-01, deputy: b}}, b: 'console:'}\n",
         ("monitor.yaml:1:39: it ends on 2025-11-01, before it begins on 2025-11-02 "
         "(swap `from` and `to`)")),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_its_place(errors: Find, text: str, expected: str) -> None:
    assert errors("monitor.yaml", text) == [expected]


def test_all_that_is_wrong_is_told_at_once(errors: Find) -> None:
    found = errors("monitor.yaml", "poll: {per_day: x, min_s: y}\nretention: {articles: z}\nfoo: 1\n")

    assert [line.split(" ")[0] for line in found] == [
        "monitor.yaml:1:17:", "monitor.yaml:1:27:", "monitor.yaml:2:23:", "monitor.yaml:3:1:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("env:CHAT_URL", "the environment variable CHAT_URL is not set (export CHAT_URL=…, or set it in the unit)"),
        ("env:EMPTY", "env:EMPTY is empty"),
        ("env:no-name", "'no-name' is not the name of an environment variable (for example env:MAIL_PASSWORD)"),
        ("file:missing", "missing cannot be read: No such file or directory"),
        ("file:inner", "inner is not a file (name the file that holds the secret alone)"),
        ("file:open", "open can be read by others (run: chmod 600 open)"),
        ("credential:hook", "there is no credential hook (add LoadCredential=hook:/path to the systemd unit)"),
        ("credential:../hook", "'../hook' is not the name of a credential (for example credential:mail-password)"),
    ],
)
def test_a_missing_secret_is_named_and_never_shown(folder: Path, errors: Find, reference: str, expected: str) -> None:
    (folder / "open").write_text("slack://secret")
    (folder / "open").chmod(0o640)
    (folder / "inner").mkdir()

    found = errors("monitor.yaml", f"channels:\n  a: {{url: '{reference}'}}\n", {"EMPTY": ""})

    assert found == [f"monitor.yaml:2:13: {expected}"]


def load(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    (folder / "monitor.yaml").write_text(text, encoding="utf-8")
    for name, secret in (("secret", "hunter22\n"), ("hook", "https://hooks.example/T/B/x\n")):
        (folder / name).write_text(secret)
        (folder / name).chmod(0o600)
    watchlist = "topics: [{match: the tariff, alert: {to: []}}]\n"
    (folder / "watchlist.yaml").write_text(watchlist)
    return load_config(folder, environ or {}).settings
