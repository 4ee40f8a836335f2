"""The daemon: a handful of scheduled jobs, and the files that the user edits.

The jobs only claim work and start tasks for it, so that one slow feed or mail server holds up nobody. The watchdog is
fed only while every one of tick, study and deliver goes round; a loop that stands still stops it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from watchfiles import awatch

from monitor import app as program
from monitor.app import App, Selfwatch, now
from monitor.daemon.crew import Crew, end, guarded
from monitor.daemon.files import Stamps, is_config, take_stamps
from monitor.daemon.heartbeat import Heartbeat
from monitor.daemon.rounds import Rounds
from monitor.daemon.times import Every, keep_running
from monitor.daemon.trouble import StoreTrouble
from monitor.daemon.upkeep import back_up_if_due, forget_if_due
from monitor.log import Log
from monitor.model import Article, Feed, OutboxRow, Phase
from monitor.pipeline import MESSAGES_A_CHANNEL, Context, Polled, StudyTally, deliver, pacing, poll, study, tease

Step = Callable[[Context, Sequence[Article]], Awaitable[StudyTally]]

_log = Log(__name__)

_POLLS = 256  # feeds polled at once
_STUDIES = 16  # articles studied at once
_TEASERS = 32  # articles looked at before their pages are fetched, at once
_A_FEED = 4  # of these, of one feed: the pages of a host come one by one, and others must not wait for them
_MESSAGES = 32  # messages being sent at once
_POLL_LEASE_S = 300.0  # a feed may wait long for its turn at a busy host
_STUDY_LEASE_S = 300.0
_TEASER_LEASE_S = 60.0
_SEND_LEASE_S = 120.0
_KICKS_S = 2.0  # what SIGTERM leaves to jobs that claim work
_DRAIN_S = 5.0  # and to messages in hand
_LOOK_S = 5.0  # between looks at the files themselves
_LOOKS_AT_BROKEN = 6  # then a refused configuration is read again: what it lacks may have come from elsewhere


class Daemon:
    """The running daemon. Work is found in the tables, so a lost task is found again when its lease has run out."""

    def __init__(
        self, app: App, *, notify: Callable[[str], None] = lambda _state: None, health_every_s: float = 10.0
    ) -> None:
        self.app = app
        self.notify = notify
        self.health_every_s = health_every_s
        self.stopping = asyncio.Event()
        self.polls = Crew("poll", _POLLS)
        self.studies = Crew("study", _STUDIES)
        self.teasers = Crew("tease", _TEASERS)
        self.messages = Crew("deliver", _MESSAGES)
        self.rounds = Rounds()
        self.polled = Polled()
        self.kicks: dict[str, asyncio.Task[None]] = {}
        self.begun: set[str] = set()
        self.again: dict[str, Callable[[], Awaitable[None]]] = {}
        self.reading = asyncio.Lock()
        self.read_stamps: Stamps | None = None
        self.looks = 0
        self.trouble = StoreTrouble()
        self.selfwatch = Selfwatch(context=app.context, state=app.place.state)
        self.pulse = Heartbeat(app)

    async def run(self) -> None:
        """Run until `stop`, then finish what is in hand."""
        scheduler = self.schedule()
        program.tell_if_broken(self.app)
        scheduler.start()
        watchers = [
            asyncio.create_task(one)
            for one in (guarded(self.watch_files)(), keep_running(scheduler, now, self.stopping))
        ]
        self.kick(self.tick)
        self.kick(self.deliver)
        self.notify("READY=1")
        _log.info("ready", feeds=len(self.app.config.feeds), topics=len(self.app.config.watchlist.topics))
        await self.stopping.wait()
        self.notify("STOPPING=1")
        scheduler.shutdown(wait=False)
        for watcher in watchers:
            watcher.cancel()
        await self._finish()

    def schedule(self) -> AsyncIOScheduler:
        """Return the scheduler with all jobs, not yet started."""
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        jobs: list[tuple[Callable[[], Awaitable[None]], float]] = [
            (self.tick, 1),
            (self.study, 1),
            (self.deliver, 1),
            (self.reap, 30),
            (self.health, self.health_every_s),
            (self.look_at_files, _LOOK_S),
            (self.imports, 10),
            (self.end_mutes, 10),
            (self.rematch, 2),
            (self.watch, 60),
            (self.heartbeat, 15),
        ]
        for job, every_s in jobs:
            scheduler.add_job(guarded(job), Every(timedelta(seconds=every_s)), id=job.__name__)
        hourly = Every(timedelta(hours=1), first=timedelta(minutes=1))
        for job in (self.tune, self.tell_of_feeds, self.retention, self.backup, self.remind):
            scheduler.add_job(guarded(job), hourly, id=job.__name__)
        return scheduler

    def stop(self) -> None:
        """End the daemon soon; may be called from a signal handler of the loop."""
        self.stopping.set()

    def kick(self, job: Callable[[], Awaitable[None]]) -> None:
        """Run a job now instead of at its next time; once more after a kick of it that has begun."""
        name = job.__name__
        if self.stopping.is_set():
            return
        if name in self.begun:
            self.again[name] = job
        elif name not in self.kicks:
            self.kicks[name] = asyncio.create_task(self._kicked(job))
            self.kicks[name].add_done_callback(lambda _task: self._after_kick(name))

    async def _kicked(self, job: Callable[[], Awaitable[None]]) -> None:
        self.begun.add(job.__name__)
        await guarded(job)()

    def _after_kick(self, name: str) -> None:
        del self.kicks[name]
        self.begun.discard(name)
        if job := self.again.pop(name, None):
            self.kick(job)

    async def tick(self) -> None:
        """Claim the feeds that are due and poll each in a task of its own."""
        self.rounds.count("tick", self.polls)
        async with self.polls.claiming:
            if self._may_claim(self.polls):
                feeds = await asyncio.to_thread(
                    self.app.store.claim_due_feeds, now(), limit=self.polls.room, lease_s=_POLL_LEASE_S
                )
                for feed in feeds:
                    self.polls.start(self._poll([feed]))
        if not self.polls.tasks and self.polled.feeds:
            self._summarise()

    async def study(self) -> None:
        """Claim unstudied articles and study each in a task of its own; first the teasers, if a topic is urgent."""
        self.rounds.count("study", self.studies)
        is_urgent = self.app.context.watch.has_urgent
        if is_urgent:
            await self._claim_articles(self.teasers, tease, _TEASER_LEASE_S, Phase.TEASER)
        await self._claim_articles(self.studies, study, _STUDY_LEASE_S, Phase.FULL if is_urgent else None)

    async def _claim_articles(self, crew: Crew, step: Step, lease_s: float, phase: Phase | None) -> None:
        async with crew.claiming:
            while self._may_claim(crew):
                articles = await asyncio.to_thread(
                    self.app.store.claim_new_articles,
                    now(),
                    limit=min(crew.room, _A_FEED),
                    lease_s=lease_s,
                    phase=phase,
                    without_feeds=[feed_id for feed_id, count in crew.of.items() if count >= _A_FEED],
                )
                for article in articles:
                    crew.start(self._study(step, [article]), of=article.feed_id)
                if not articles:
                    break

    async def deliver(self) -> None:
        """Claim the messages that are due and send each in a task of its own."""
        self.rounds.count("deliver", self.messages)
        async with self.messages.claiming:
            if self.messages.room > 0 and not self.stopping.is_set():
                moment = now()
                groups = await asyncio.to_thread(
                    self.app.store.claim_messages,
                    moment,
                    limit=self.messages.room,
                    lease_s=_SEND_LEASE_S,
                    per_channel=MESSAGES_A_CHANNEL,
                    pace=pacing(self.app.context.watch, moment),
                )
                for rows in groups:
                    self.messages.start(self._deliver([rows]))

    async def reap(self) -> None:
        """Free leases that ran out, and those of work that the store would not take."""
        given_up = self.trouble.given_up.copy()
        freed = await asyncio.to_thread(self.app.store.reap, now(), given_up=given_up)
        del self.trouble.given_up[: len(given_up)]
        if freed:
            _log.warning("leases ran out and were freed", leases=freed)

    async def health(self) -> None:
        """Feed the watchdog, if tick, study and deliver have all gone round since it was last fed."""
        if self.rounds.have_all_gone("watchdog"):
            self.notify("WATCHDOG=1")

    async def imports(self) -> None:
        """Tell the operator, in one message, what the first fetches of feeds brought."""
        await program.report_imports(self.app)

    async def end_mutes(self) -> None:
        """Tell of mutes that are over."""
        if await asyncio.to_thread(program.end_mutes, self.app.store, now()):
            self.kick(self.deliver)

    async def rematch(self) -> None:
        """Match what came lately against topics that changed."""
        if (await program.rematch(self.app)).queued:
            self.kick(self.deliver)

    async def remind(self) -> None:
        """Remind of the topics' deadlines."""
        if await program.remind(self.app):
            self.kick(self.deliver)

    async def tune(self) -> None:
        """Tune how often feeds are asked to what they publish, if that was not done within the hour."""
        await asyncio.to_thread(program.tune_if_due, self.app.context)

    async def watch(self) -> None:
        """Tell the operator what goes wrong with feeds or the monitor itself, and that it is over; and of the day."""
        try:
            queued = await asyncio.to_thread(self.selfwatch.look)
            queued += await asyncio.to_thread(program.tell_of_the_day, self.app)
        finally:
            self.notify(f"STATUS={self.selfwatch.line}")
        if queued:
            self.kick(self.deliver)

    async def heartbeat(self) -> None:
        """Ask the address that watches the monitor, if tick, study and deliver have gone round since it was asked."""
        if self.pulse.is_due and self.rounds.have_all_gone("heartbeat"):
            await self.pulse.beat()

    async def tell_of_feeds(self) -> None:
        """Tell the operator of feeds that have moved."""
        if await asyncio.to_thread(program.tell_of_feeds, self.app.context):
            self.kick(self.deliver)

    async def retention(self) -> None:
        """Forget what is old, and count the words of what is new, if that was not done lately."""
        await forget_if_due(self.app)
        await program.learn_words_if_due(self.app)

    async def backup(self) -> None:
        """Back the store up, if that was not done today."""
        await back_up_if_due(self.app)

    async def watch_files(self) -> None:
        """Read the configuration again as soon as one of its files changes."""
        folder = self.app.place.config
        async for _changes in awatch(folder, debounce=400, step=50, stop_event=self.stopping, watch_filter=is_config):
            await guarded(self.read_config)()

    async def look_at_files(self) -> None:
        """Read the configuration again if its files changed unnoticed, as behind links and on network file systems.

        Secrets in files of their own are looked at too.
        """
        self.looks += 1
        is_time = self.app.broken is not None and self.looks % _LOOKS_AT_BROKEN == 0
        if is_time or await self._stamps() != self.read_stamps:
            await self.read_config()

    async def read_config(self) -> None:
        """Read the configuration and take it over if it changed."""
        async with self.reading:
            stamps = await self._stamps()
            if await program.reload(self.app):
                self.kick(self.tick)
            self.kick(self.deliver)
            self.read_stamps = stamps

    async def _stamps(self) -> Stamps:
        return await asyncio.to_thread(take_stamps, self.app.place.config, self.app.config.secret_files)

    async def _poll(self, feeds: Sequence[Feed]) -> None:
        with self.trouble.watching(feeds):
            polled = await poll(self.app.context, feeds)
        self.polled += polled
        if polled.new_articles:
            self.kick(self.study)

    async def _study(self, step: Step, articles: Sequence[Article]) -> None:
        with self.trouble.watching(articles):
            tally = await step(self.app.context, articles)
        if tally.queued:
            self.kick(self.deliver)
        # More may wait than there was room for.
        self.kick(self.study)

    async def _deliver(self, groups: Sequence[Sequence[OutboxRow]]) -> None:
        sent = await deliver(self.app.context, groups)
        if sent.sent:
            self.kick(self.deliver)

    def _may_claim(self, crew: Crew) -> bool:
        return crew.room > 0 and not self.stopping.is_set() and not self.trouble.is_resting

    def _summarise(self) -> None:
        polled, self.polled = self.polled, Polled()
        failing = sum(polled.problems.values())
        if failing:
            words = ", ".join(f"{problem} {count}" for problem, count in polled.problems.most_common())
            _log.warning(
                "feeds failing, see `monitor feeds list`", failing=failing, polled=polled.feeds, problems=words
            )

    async def _finish(self) -> None:
        # Messages first: one that was sent must be marked. Polls and studies lose nothing: they are claimed again.
        await end(list(self.kicks.values()), _KICKS_S)
        await self.messages.drain(_DRAIN_S)
        await asyncio.gather(self.polls.drain(0.1), self.teasers.drain(1.0), self.studies.drain(1.0))
        await self.pulse.close()
        await program.close(self.app)
        _log.info("stopped")
