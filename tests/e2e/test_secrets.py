"""Every way out fails at DEBUG, with a secret in each place that may have one: none is in any log, output or dump."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
import zstandard

from tests.e2e.world import Program, Story, Web
from tests.mailserver import MailServer
from tests.proxyserver import ProxyServer
from tests.servers import Answer, HttpServer
from tests.slackserver import WEBHOOK, Post, SlackServer
from tests.slackserver import Answer as Reply

# Each stands in one place; none is a word that occurs elsewhere.
SECRETS = {
    "MAIL_PASSWORD": "mail/Pa ss-qzx1",
    "SLACK_WEBHOOK": WEBHOOK,
    "SLACK_TOKEN": "xoxb-31415926-qzx2Token",
    "JSON_URL": "json://ann:hookPa-qzx3@127.0.0.1:1/in/tokenqzx4?+X-Api-Key=headerqzx5",
    "TELEGRAM_URL": "tgram://123456789:AAbbCCddEEff-qzx6/42424242",
    "MAILTO_URL": "mailto://ann:mailtoPa-qzx7@127.0.0.1:1/?from=a@example.org&to=b@example.org&mode=insecure",
    "FEED_HEADER": "Bearer feedheaderqzx8",
    "FEED_COOKIE": "cookieqzx9",
    "FEED_PASSWORD": "feedPa-qzx10",
    "PROXY_URL": "http://paula:proxyPa-qzx11@127.0.0.1:{proxy}",
    "SITE_HEADER": "siteheaderqzx12",
    "HEARTBEAT_URL": "http://127.0.0.1:{web}/ping/heartbeatqzx13",
}
IN_AN_ADDRESS = "urlPa-qzx14"
HIDDEN = [
    *("mail/Pa ss-qzx1", WEBHOOK.rpartition("/")[2], "qzx2Token", "hookPa-qzx3", "tokenqzx4", "headerqzx5"),
    *("AAbbCCddEEff-qzx6", "mailtoPa-qzx7", "feedheaderqzx8", "cookieqzx9", "feedPa-qzx10", "proxyPa-qzx11"),
    *("siteheaderqzx12", "heartbeatqzx13", IN_AN_ADDRESS),
]
CHANNELS = ("me", "team", "bot", "hook", "phone", "letter")
MONITOR = """
timezone: UTC
poll: {{per_day: 86400, min_s: 1, max_s: 2, host_gap_s: 0, robots: ignore}}
delivery: {{retry_min_s: 1, retry_max_s: 1}}
allow_networks: [127.0.0.0/8]
allow_ports: [1, {web}, {news}]
sites: {{127.0.0.1: {{headers: {{X-Key: "env:SITE_HEADER"}}}}}}
heartbeat: {{url: "env:HEARTBEAT_URL", every: 1m}}
channels:
  me:
    mail: {{host: 127.0.0.1, port: {mail}, security: none, user: ann, password: "env:MAIL_PASSWORD", to: [a@b.org]}}
  team: {{slack: {{webhook: "env:SLACK_WEBHOOK"}}}}
  bot: {{slack: {{token: "env:SLACK_TOKEN", channel: "#trade"}}}}
  hook: {{url: "env:JSON_URL"}}
  phone: {{url: "env:TELEGRAM_URL"}}
  letter: {{url: "env:MAILTO_URL"}}
  out: {{url: "console:"}}
operator: {{to: [out]}}
"""
FEEDS = """
feeds:
  - {{url: "{news}", backfill: silent}}
  - {{url: "http://127.0.0.1:{web}/header", headers: {{Authorization: "env:FEED_HEADER"}}}}
  - {{url: "http://127.0.0.1:{web}/cookie", cookies: {{session: "env:FEED_COOKIE"}}}}
  - {{url: "http://127.0.0.1:{web}/login", auth: {{user: ann, password: "env:FEED_PASSWORD"}}}}
  - {{url: "http://127.0.0.1:1/gone", auth: {{user: ann, password: "env:FEED_PASSWORD"}}}}
  - {{url: "http://127.0.0.1:{web}/proxied", proxy: "env:PROXY_URL"}}
  - "http://ann:{login}@127.0.0.1:{web}/in-the-address"
  - {{url: "http://bob:{login}@127.0.0.1:1/dead", name: Dead}}
"""
TOPIC = f"version: 1\ntopics:\n  - {{id: tariffs, match: tariff, alert: {{to: [{', '.join(CHANNELS)}]}}}}\n"


class EchoingSlack(SlackServer):
    """Refuses all, and repeats what it was asked with."""

    def take(self, post: Post) -> Reply:
        self.received.append(post)
        secret = SECRETS["SLACK_TOKEN"] if post.host == "slack.com" else post.path.rpartition("/")[2]
        return Reply(404, {}, f"no {secret}".encode())


@dataclass
class World:
    """A program whose every way out fails, and the feed that gives it something to tell."""

    web: Web
    server: HttpServer
    mail: MailServer
    program: Program


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    login = ("ann", "another")
    with ExitStack() as stack:
        web, server = stack.enter_context(Web()), stack.enter_context(HttpServer())
        mail, slack = stack.enter_context(MailServer(login=login)), stack.enter_context(EchoingSlack(tmp_path))
        proxy = stack.enter_context(ProxyServer({}, login="Basic none"))
        password = SECRETS["MAIL_PASSWORD"]
        echo = b64encode(f"\0ann\0{password}".encode()).decode()
        mail.answer("AUTH", *[f"535 no {password} {echo}"] * 300)
        for path, secret in (("header", "feedheaderqzx8"), ("cookie", "cookieqzx9"), ("login", "feedPa-qzx10")):
            server.put(f"/{path}", Answer(f"you sent {secret}", 401, headers={"X-Echo": secret}))
        server.put("/in-the-address", Answer(f"no {IN_AN_ADDRESS}", 403))
        feed = web.feed("news")
        ports = {"web": server.port, "news": web.ports[0], "mail": mail.port, "proxy": proxy.port}
        values = {
            name: value.replace("{proxy}", str(proxy.port)).replace("{web}", str(server.port))
            for name, value in SECRETS.items()
        }
        program = Program(tmp_path, slack.environment() | values)
        stack.callback(program.close)
        program.write("monitor.yaml", MONITOR.format(**ports))
        program.write("feeds.yaml", FEEDS.format(**ports | {"news": feed.url}, login=IN_AN_ADDRESS))
        program.write("watchlist.yaml", TOPIC)
        yield World(web, server, mail, program)


def forms_of(secret: str) -> set[str]:
    raw = secret.encode()
    sent = (b64encode(user + raw).decode().rstrip("=") for user in (b"", b"ann:"))
    return {secret, quote(secret), quote(secret, safe=""), *sent}


def found_in(text: str) -> list[str]:
    return [secret for secret in HIDDEN if any(form in text for form in forms_of(secret))]


def dump(state: Path) -> str:
    """Return all that the database says: its statements, its files as they are, and what is compressed in them."""
    with closing(sqlite3.connect(state / "monitor.db")) as store:
        lines = list(store.iterdump())
        packed = store.execute("SELECT text_z, teaser_z, html_z FROM body").fetchall()
    unpack = zstandard.ZstdDecompressor().decompress
    texts = [unpack(value).decode("utf-8", "replace") for row in packed for value in row if value]
    raw = [file.read_bytes().decode("latin-1") for file in state.glob("monitor.db*")]
    return "\n".join([*lines, *texts, *raw])


def test_no_secret_shows_when_every_way_fails(world: World) -> None:
    program = world.program
    daemon = program.start("--verbose", "run")
    program.wait("it is ready", lambda: " ready feeds=" in program.log())
    program.wait("the silent first poll", lambda: "feed polled" in program.log())
    world.web.feeds[0].publish(Story("Failing", "Importers brace for the tariff."))
    program.wait("each channel failed", lambda: all(f"recipient={name}" in program.log() for name in CHANNELS))
    paths = {"/header", "/cookie", "/login", "/in-the-address"}
    program.wait("each feed was asked", lambda: paths <= set(world.server.paths))
    program.wait("the heart beat", lambda: any("heartbeat" in path for path in world.server.paths))
    shown = [" ".join(psutil.Process(daemon.pid).cmdline())]
    shown += [" ".join(child.cmdline()) for child in psutil.Process(daemon.pid).children(recursive=True)]
    commands = (
        ("status",),
        ("feeds", "list", "--json"),
        ("alerts", "list", "--json"),
        *(("send-test", name) for name in ("me", "bot", "phone")),
        ("feeds", "test", f"http://127.0.0.1:{world.server.port}/proxied"),
    )
    outputs = {}
    for words in commands:
        done = program.run("--verbose", *words)
        outputs[" ".join(words)] = done.stdout + done.stderr
    program.stop(daemon)
    outputs |= {"log": program.log(), "stdout": (program.folder / "stdout.log").read_text(), "ps": "\n".join(shown)}
    outputs["database"] = dump(program.state)

    assert {name: found for name, text in outputs.items() if (found := found_in(text))} == {}
    sent = json.dumps([dict(request.headers) for request in world.server.requests] + world.server.paths)
    travelled = ("feedheaderqzx8", "cookieqzx9", "feedPa-qzx10", "heartbeatqzx13", IN_AN_ADDRESS)
    assert set(travelled) <= set(found_in(sent)), "they were used, and would have been found"
    kept = [file for file in program.state.rglob("*") if file.is_file() and IN_AN_ADDRESS in file.read_text("latin-1")]
    assert all(file.stat().st_mode & 0o077 == 0 for file in kept), "what the user wrote into the files stays the user's"
