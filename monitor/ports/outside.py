"""The ports to the world: what fetches, reads untrusted bytes, and sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from monitor.model import Delivery, FetchRequest, FetchResult, Message, PageText, ParsedFeed, Picks, SiteRule

Clock = Callable[[], datetime]


class Fetcher(Protocol):
    """Fetches feeds and pages politely. Never raises for what the network does: see `FetchResult.error`."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Fetch one address, following redirects by hand, within its limits."""

    async def close(self) -> None:
        """Let go of all connections, when the last fetch has ended."""


class Sandbox(Protocol):
    """Reads untrusted bytes in killable workers. A hang, a memory blow-up or a crash costs that one call."""

    async def parse_feed(self, result: FetchResult, picks: Picks | None = None, *, reader: str = "") -> ParsedFeed:
        """Read a feed's body, or find the links `picks` names; a killed worker is `Failure(Problem.HARMFUL)`.

        `reader` is that of the feed's answer before.
        """

    async def clean_page(
        self, html: bytes | str, url: str = "", content_type: str = "", *, rule: SiteRule | None = None
    ) -> PageText:
        """Find the article on a page, by its site's rule if any; a killed worker is `Failure(Problem.HARMFUL)`."""

    async def clean_fragment(self, html: str) -> PageText:
        """Read a feed's HTML, paragraphs on lines of their own; a killed worker is `Failure(Problem.HARMFUL)`."""

    async def named_feeds(self, result: FetchResult) -> tuple[str, ...]:
        """Find the addresses that a page calls feeds, at most 50; none if a worker had to be killed over it."""

    async def close(self) -> None:
        """End the workers."""


class Sender(Protocol):
    """Sends messages to recipients. Never raises for what a server answers: see `Delivery.error`."""

    async def send(self, message: Message) -> Delivery:
        """Send one message to its one recipient."""
