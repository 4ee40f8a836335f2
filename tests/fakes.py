"""Fakes with behaviour, one per port; the store is always a real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.clean import clean_fragment, clean_page, named_feeds, safe_html
from monitor.model import (
    Delivery,
    Failure,
    FetchRequest,
    FetchResult,
    Message,
    PageText,
    ParsedFeed,
    Picks,
    Problem,
    SiteRule,
)
from monitor.parse import parse_feed
from monitor.sandbox import links_feed

NOON = datetime(2025, 10, 24, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass
class FakeFetcher:
    """A web of addresses; each answers with a body, a failure, or 304 when asked with the ETag it gave."""

    pages: dict[str, bytes | Failure] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    requests: list[FetchRequest] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        self.requests.append(request)
        found = self.pages.get(request.url, Failure(problem=Problem.NOT_FOUND))
        if isinstance(found, Failure):
            return FetchResult(url=request.url, final_url=request.url, error=found)
        etag = self.etags.get(request.url, "")
        if etag and request.etag == etag:
            return FetchResult(url=request.url, final_url=request.url, status=304, etag=etag)
        return FetchResult(
            url=request.url, final_url=request.url, status=200, etag=etag, body=found, raw_bytes=len(found)
        )

    async def close(self) -> None:
        pass


@dataclass
class FakeSandbox:
    """Runs the real parsers in this process; `poison` names bodies over which a worker dies."""

    poison: Callable[[bytes | str], bool] = lambda _body: False

    async def parse_feed(self, result: FetchResult, picks: Picks | None = None, *, reader: str = "") -> ParsedFeed:
        if self.poison(result.body):
            return ParsedFeed(failure=Failure(problem=Problem.HARMFUL, detail="took longer than 10 s"))
        if picks is not None:
            return links_feed(result.body, result.final_url, result.content_type, picks)
        return parse_feed(result.body, url=result.final_url, content_type=result.content_type, reader=reader)

    async def clean_page(
        self, html: bytes | str, url: str = "", content_type: str = "", *, rule: SiteRule | None = None
    ) -> PageText:
        if self.poison(html):
            return PageText(problem=Failure(problem=Problem.HARMFUL, detail="took longer than 10 s"))
        return clean_page(html, url, content_type, rule=rule)

    async def clean_fragment(self, html: str) -> PageText:
        if self.poison(html):
            return PageText(problem=Failure(problem=Problem.HARMFUL, detail="took longer than 10 s"))
        return PageText(text=clean_fragment(safe_html(html)))

    async def named_feeds(self, result: FetchResult) -> tuple[str, ...]:
        if self.poison(result.body):
            return ()
        return tuple(feed.url for feed in named_feeds(result.body, result.final_url, result.content_type))

    async def close(self) -> None:
        pass


@dataclass
class FakeSender:
    """Takes every message, unless `answer` says otherwise for a recipient."""

    sent: list[Message] = field(default_factory=list)
    answers: dict[str, Delivery] = field(default_factory=dict)

    async def send(self, message: Message) -> Delivery:
        answer = self.answers.get(message.recipient, Delivery())
        if answer.is_sent:
            self.sent.append(message)
        return answer
