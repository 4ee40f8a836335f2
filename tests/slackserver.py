"""Slack, and any other web service, on loopback: a CONNECT proxy that ends TLS for hooks.slack.com with its own CA.

The program runs unchanged: its environment gets `environment()`, and it sends to the real addresses. A bot's message
to slack.com gets a name (`ts`), as there. The same server takes plain HTTP posts for `json://127.0.0.1:PORT/`.

    with SlackServer(tmp_path) as slack:
        slack.answer(Answer(429, {"Retry-After": "7"}))   # then it says ok again
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import trustme

WEBHOOK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@dataclass(frozen=True)
class Answer:
    """What the server says. `is_drop`: nothing, it cuts the connection; `is_silent`: nothing, until it is closed."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    is_drop: bool = False
    is_silent: bool = False


@dataclass(frozen=True)
class Post:
    """What was posted, and where to."""

    host: str
    path: str
    payload: Any

    @property
    def words(self) -> str:
        """All that the blocks of the message say, a line each."""
        texts = [
            part["text"]
            for block in self.payload["blocks"]
            for part in block.get("elements", [block])
            if block["type"] != "divider"
        ]
        return "\n".join(text["text"] if isinstance(text, dict) else text for text in texts)


class SlackServer:
    """Answers to posts, through the proxy or direct, one thread for each connection."""

    def __init__(self, folder: Path, hosts: tuple[str, ...] = ("hooks.slack.com", "slack.com")) -> None:
        self.received: list[Post] = []
        self.taken: list[Post] = []  # those that it said ok to
        self.is_silent = threading.Event()
        self.refuse_tunnels = False
        self._answers: deque[Answer] = deque()
        self._hosts = hosts
        self._closing = threading.Event()
        self._ca_file = folder / "slack-ca.pem"

    def answer(self, *answers: Answer) -> None:
        """Give these answers, in this order, to the next posts."""
        self._answers.extend(answers)

    def environment(self) -> dict[str, str]:
        """Return the variables that send a program's https traffic here and make it trust the CA."""
        proxy = f"http://127.0.0.1:{self.port}"
        bypass = "127.0.0.1,localhost"
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": bypass,
            "no_proxy": bypass,
            "REQUESTS_CA_BUNDLE": str(self._ca_file),
        }

    def __enter__(self) -> Self:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self._ca_file)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*self._hosts).configure_cert(self.tls)
        owner = self

        class Handler(_Handler):
            server_owner = owner

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, post: Post) -> Answer:
        """Record a post and return what to answer."""
        self.received.append(post)
        answer = self._answers.popleft() if self._answers else self._usual(post)
        if answer.status == 200 and not answer.is_drop and not answer.is_silent:
            self.taken.append(post)
        return answer

    def _usual(self, post: Post) -> Answer:
        if post.host != "slack.com":
            return Answer()
        return Answer(body=json.dumps({"ok": True, "ts": f"1761220800.{len(self.received):06}"}).encode())

    def stay_silent(self) -> None:
        """Keep a connection open without a word until the server is closed."""
        self.is_silent.set()
        self._closing.wait()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server_owner: SlackServer

    def do_CONNECT(self) -> None:
        if self.server_owner.refuse_tunnels:
            self.send_error(403)
            return
        self.send_response_only(200)
        self.end_headers()
        # The same handler goes on inside the tunnel, with the decrypted stream.
        tunnel: socket.socket = self.server_owner.tls.wrap_socket(self.connection, server_side=True)
        self.connection = self.request = tunnel
        self.rfile = tunnel.makefile("rb")
        self.wfile = tunnel.makefile("wb", buffering=0)  # type: ignore[assignment]
        self.close_connection = False

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server_owner.take(Post(self.headers["Host"], self.path, json.loads(body)))
        self.close_connection = True
        if answer.is_silent:
            self.server_owner.stay_silent()
        if answer.is_drop or answer.is_silent:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
