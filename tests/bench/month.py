"""A month of 300 feeds at speed: the daemon's own jobs on a real store, by a clock of its own, ten minutes a step.

The web and the recipients are in memory and behave as they do outside: feeds answer 304, are down for hours, show the
newest entries only, edit and copy; recipients refuse now and then. Each entry has a token of its own, which is counted
in the messages that were taken. Memory is that of the process after each day.
"""

from __future__ import annotations

import asyncio
import gc
import random  # noqa: TID251  # seeded: every run has the same month
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory

import psutil

from monitor import app as program
from monitor.app import compose
from monitor.daemon import Daemon
from monitor.model import Delivery, Failure, FetchRequest, FetchResult, Message, Problem
from tests.bench.prose import Prose
from tests.bench.report import print_table, progress
from tests.fakes import FakeSandbox
from tests.servers import Item, rss

START = datetime(2025, 10, 10, 0, 0, tzinfo=UTC)  # both changes of the clock are within 30 days
_STEP = timedelta(minutes=10)
_STEPS_A_DAY = 144
_SHOWN = 30  # entries on a feed's page
_SETTLED_DAYS = 3  # then memory should be flat
_TOKEN = re.compile(r"T\d{7}Q")

# Who is told at once, in digests of two zones, after the night, and by a limit.
_WORDS = {"tariff": ("desk",), "copper": ("desk", "boss"), "nickel": ("desk",), "zinc": ("boss",)}
_FILES = {
    "monitor.yaml": """
timezone: Europe/Berlin
poll: {per_day: 12, full_text: false}
retention: {articles: 5d, fetch_log: 2d}
channels: {desk: {url: "console:"}, boss: {url: "console:"}, operator: {url: "console:"}}
operator: {to: [operator]}
""",
    "watchlist.yaml": """
version: 1
topics:
  - {id: tariffs, match: tariff, alert: {to: [desk]}}
  - {id: copper, match: copper, alert: {to: [desk, boss], digest: {at: "07:00", timezone: America/New_York}}}
  - {id: nickel, match: nickel, alert: {to: [desk], quiet: {from: "22:00", to: "06:30"}}}
  - {id: zinc, match: zinc, alert: {to: [boss], limit: {per_hour: 1}}}
""",
}


@dataclass
class Ledger:
    """What was published on which word, by token, and how many messages to a recipient named it."""

    words: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)  # edited or copied: may be told of again
    named: Counter[tuple[str, str]] = field(default_factory=Counter)
    published: int = 0
    messages: int = 0
    refused: int = 0

    def missing(self) -> list[tuple[str, str]]:
        """Return the tokens that a recipient did not hear of."""
        return [one for one in self._wanted() if not self.named[one]]

    def repeated(self) -> list[tuple[str, str]]:
        """Return the tokens that a recipient heard of more than once, though nothing happened to them."""
        return [one for one in self._wanted() if self.named[one] > 1 and one[0] not in self.touched]

    def strangers(self) -> list[tuple[str, str]]:
        """Return the tokens that a recipient heard of who should not."""
        wanted = set(self._wanted())
        return [one for one in self.named if one not in wanted]

    def _wanted(self) -> list[tuple[str, str]]:
        return [(token, to) for token, word in self.words.items() for to in _WORDS[word]]


@dataclass
class Source:
    """A feed: its newest entries, and until when it is down."""

    url: str
    items: deque[Item] = field(default_factory=lambda: deque(maxlen=_SHOWN))
    changes: int = 0
    down_until: datetime = START
    rate: float = 1.0

    def show(self, item: Item) -> None:
        self.items.appendleft(item)
        self.changes += 1


class Web:
    """Feeds in memory that publish as time goes by."""

    def __init__(self, feeds: int, ledger: Ledger, start: datetime, on_topic: float) -> None:
        self.chance = random.Random(1)
        self.ledger = ledger
        self.prose = Prose(1)
        self.on_topic = on_topic
        self.asked: list[tuple[datetime, str]] = []
        self.sources = {f"https://news{n}.example/feed": Source(f"https://news{n}.example/feed") for n in range(feeds)}
        for source in self.sources.values():
            source.rate = self.chance.choice((0.5, 1.0, 2.0, 4.5))
            source.down_until = start
            self._publish(source, start - timedelta(hours=12))
        self.ledger.words.clear()  # a first import alerts nobody

    def live(self, now: datetime) -> None:
        """Let a step's entries be published, some copied or edited, and some feeds go down for hours."""
        share = _STEP / timedelta(days=1)
        for source in self.sources.values():
            if self.chance.random() < source.rate * share:
                self._publish(source, now)
            if self.chance.random() < 0.1 * share:
                self._edit(source)
            if self.chance.random() < 0.05 * share:
                source.down_until = now + timedelta(hours=self.chance.uniform(1, 8))

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Answer as a server does."""
        self.asked.append((program.now(), request.url))
        source = self.sources.get(request.url)
        if source is None:
            failure = Failure(problem=Problem.NOT_FOUND, detail="answered 404")
            return FetchResult(url=request.url, final_url=request.url, status=404, error=failure)
        if program.now() < source.down_until:
            failure = Failure(problem=Problem.SERVER_ERROR, detail="answered 503")
            return FetchResult(url=request.url, final_url=request.url, status=503, error=failure)
        etag = f'"{source.changes}"'
        if request.etag == etag:
            return FetchResult(url=request.url, final_url=request.url, status=304, etag=etag)
        body = rss(list(source.items), title=source.url).encode()
        return FetchResult(
            url=request.url,
            final_url=request.url,
            status=200,
            etag=etag,
            body=body,
            content_type="application/rss+xml",
            raw_bytes=len(body),
        )

    async def close(self) -> None:
        """Nothing is open."""

    def _publish(self, source: Source, now: datetime) -> None:
        ledger = self.ledger
        token = f"T{ledger.published:07}Q"
        ledger.published += 1
        text = self.prose.text(120)
        if self.chance.random() < self.on_topic:
            ledger.words[token] = word = self.chance.choice(list(_WORDS))
            text = f"{text}\nThe ministry spoke of {word} on the record."
        published = f"{now:%a, %d %b %Y %H:%M:%S} GMT"
        link = f"{source.url.removesuffix('feed')}{token.lower()}"
        item = Item(link, f"{self.prose.title()} {token}", link, text, published)
        source.show(item)
        if self.chance.random() < 0.1:
            ledger.touched.add(token)
            self.chance.choice(list(self.sources.values())).show(item)

    def _edit(self, source: Source) -> None:
        if source.items:
            place = self.chance.randrange(len(source.items))
            old = source.items[place]
            source.items[place] = Item(old.key, old.title, old.link, f"{old.summary} Corrected.", old.published)
            source.changes += 1
            self.ledger.touched.update(_TOKEN.findall(old.title))


class Recipients:
    """Takes messages, and refuses one in thirty for now."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.chance = random.Random(2)

    async def send(self, message: Message) -> Delivery:
        """Count the tokens of a message that is taken."""
        if self.chance.random() < 1 / 30:
            self.ledger.refused += 1
            return Delivery(error="451 try again later")
        self.ledger.messages += 1
        for token in set(_TOKEN.findall(f"{message.subject}\n{message.text}")):
            self.ledger.named[token, message.recipient] += 1
        return Delivery()


@dataclass(frozen=True)
class Day:
    """What the process and its store came to at the end of a day."""

    memory_mb: float
    store_mb: float
    articles: int


@dataclass
class Month:
    """Some days of some feeds, and what came of them. `jumps` is how far the clock is set, by the step before."""

    feeds: int
    days: int
    start: datetime = START
    on_topic: float = 0.12
    jumps: Mapping[int, timedelta] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    web: Web = field(init=False)
    found: list[Day] = field(default_factory=list)

    def run(self, folder: Path) -> None:
        """Live through the days, and one more in which what is held goes out."""
        self.web = Web(self.feeds, self.ledger, self.start, self.on_topic)
        listed = "".join(f"  - {url}\n" for url in self.web.sources)
        for name, text in (_FILES | {"feeds.yaml": f"feeds:\n{listed}"}).items():
            (folder / name).write_text(text, encoding="utf-8")
        place = program.Place(config=folder, state=folder / "state", environ={})
        with _clock(self.start) as clock:
            asyncio.run(self._live(place, clock))

    async def _live(self, place: program.Place, clock: Clock) -> None:
        with program.open_app(place) as app:
            context = app.context
            await program.close(app)
            context.fetcher, context.sandbox, context.sender = self.web, FakeSandbox(), Recipients(self.ledger)
            daemon = Daemon(app)
            jobs = [(job.func, job.trigger.interval) for job in daemon.schedule().get_jobs()]
            due = [self.start] * len(jobs)
            end = self.start + timedelta(days=self.days)
            step = 0
            while clock.now < end + timedelta(days=1.5):
                step += 1
                clock.step(self.jumps.get(step, timedelta()))
                if self.start + timedelta(hours=1) < clock.now < end:
                    self.web.live(clock.now)
                for number, (job, interval) in enumerate(jobs):
                    # As the daemon does when the clock was set back: nothing waits longer than its interval.
                    if clock.now >= due[number] or due[number] - clock.now > interval:
                        due[number] = clock.now + interval
                        await job()
                        await settle(daemon)
                if step % _STEPS_A_DAY == 0:
                    self._note(app, place)

    def _note(self, app: program.App, place: program.Place) -> None:
        gc.collect()
        memory = psutil.Process().memory_info().rss / 1e6
        size = sum(file.stat().st_size for file in place.state.glob("monitor.db*")) / 1e6
        self.found.append(Day(memory, size, app.store.counts(program.now()).articles))
        progress(f"month: day {len(self.found)} of {self.days + 1}, {memory:.0f} MB, {self.ledger.messages} messages")

    @property
    def growth_mb(self) -> float:
        """How much memory grows a day after the third, by a straight line through the days."""
        flat = [day.memory_mb for day in self.found[_SETTLED_DAYS:]]
        return linear_regression(range(len(flat)), flat).slope


class Clock:
    """The program's time, apart from the machine's."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def step(self, jump: timedelta) -> None:
        """Let ten minutes pass, and set the clock by `jump`."""
        self.now += _STEP + jump
        compose._AHEAD = self.now - datetime.now(UTC)  # noqa: TID251  # what is set off against it


@contextmanager
def _clock(start: datetime) -> Iterator[Clock]:
    before = compose._AHEAD
    compose._AHEAD = start - datetime.now(UTC)  # noqa: TID251  # what is set off against it
    try:
        yield Clock(start)
    finally:
        compose._AHEAD = before


async def settle(daemon: Daemon) -> None:
    """Wait until the crews and what they kicked off are done."""
    crews = [value for value in vars(daemon).values() if hasattr(value, "tasks")]
    while tasks := [*daemon.kicks.values(), *(task for crew in crews for task in crew.tasks)]:
        await asyncio.wait(tasks)
        await asyncio.sleep(0)


def run(feeds: int = 300, days: int = 30) -> None:
    """Run the bench and print its tables."""
    month = Month(feeds, days)
    with TemporaryDirectory() as folder:
        month.run(Path(folder))
    ledger = month.ledger
    print_table(
        f"{days} days of {feeds} feeds at speed",
        ["what", "count"],
        [
            ["entries published", ledger.published],
            ["of these on a topic", len(ledger.words)],
            ["requests", len(month.web.asked)],
            ["messages taken", ledger.messages],
            ["messages refused, and sent later", ledger.refused],
            ["on a topic and not told of", len(ledger.missing())],
            ["told of twice", len(ledger.repeated())],
            ["told of to somebody else", len(ledger.strangers())],
            ["memory a day after the third, MB", f"{month.growth_mb:+.2f}"],
        ],
    )
    rows = [
        [number, f"{day.memory_mb:.0f}", f"{day.store_mb:.1f}", day.articles]
        for number, day in enumerate(month.found, 1)
        if number % 3 == 0 or number == 1
    ]
    print_table("At the end of the day", ["day", "memory, MB", "store, MB", "articles"], rows)
