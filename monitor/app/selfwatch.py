"""The monitor watches its feeds and itself: what goes wrong is told to the operator once, and once that it is over.

What was told is remembered in the same transaction, so that neither a restart nor a second process tells it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from monitor import alert, cadence
from monitor.app.standing import NOTE, Standing, dump_standing, present
from monitor.errors import StoreError
from monitor.model import Episode, Feed, OutboxDraft, Settings, Trouble, TroubleKind
from monitor.pipeline import Context
from monitor.ports import Store

LOW_BYTES = 500_000_000
_ROOM_BYTES = 600_000_000
LATE = timedelta(hours=1)
_STUDY_LATE = timedelta(hours=2)
_UNWRITABLE_S = 120.0
_SET_BACK_S = 300.0


@dataclass(slots=True, kw_only=True)
class Selfwatch:
    """Looks after the whole; `line` says in short how it is.

    `unwritable` is since when the store cannot be written, and why: it cannot be told then. `is_daemon`: it looks every
    minute, so that a longer pause means that nobody was there.
    """

    context: Context
    state: Path
    is_daemon: bool = True
    unwritable: Episode | None = None
    line: str = "starting"

    def look(self) -> int:
        """Queue the notices of what went wrong or is over since the last look; returns how many are new.

        Raises:
            StoreError: the store cannot be used; the first look that can tells for how long.
        """
        moment = self.context.clock()
        try:
            text, standing, set_back_s = present(self.context.store, moment, is_daemon=self.is_daemon)
            queued = self._tell(text, standing, moment, set_back_s)
        except StoreError as error:
            began = Episode(kind=TroubleKind.STORE, since=moment.timestamp(), word=error.message)
            self.unwritable = self.unwritable or began
            self.line = f"the store cannot be used since {_clock(self.unwritable.since)}: {error.message}"
            raise
        self.unwritable = None
        return queued

    def _tell(self, text: str, standing: Standing, moment: datetime, set_back_s: float) -> int:
        store, now = self.context.store, moment.timestamp()
        feeds = store.feeds(enabled_only=True)
        view = cadence.view_feeds(feeds, moment, told=standing.told, blind_until=standing.blind_until)
        own = list(own_troubles(store, self.state, moment, standing.blind_until))
        if set_back_s > _SET_BACK_S:
            own.append(Trouble(kind=TroubleKind.CLOCK, since=now, count=round(set_back_s)))
        told = [one for one in standing.told if one not in view.gone]
        self.line = _line(feeds, [*own, *view.found])
        turn = alert.turn(told, [*own, *view.found], [*view.over, *_over(told, own)], now)
        ended = [one for one in turn.ended if one.kind is not TroubleKind.RECIPIENT or self._is_reached(one)]
        ended += self._store_is_back(now)
        if any(one.kind is TroubleKind.NETWORK for one in ended):
            standing = replace(standing, blind_until=round(now))
        drafts = self._drafts(turn.new, ended, feeds, moment)
        after = dump_standing(replace(standing, told=turn.told))
        if after == text and not drafts:
            return 0
        return len(drafts) if store.tell_once(drafts, moment, note=NOTE, before=text, after=after) else 0

    def _drafts(
        self, new: Sequence[Trouble], ended: Sequence[Episode], feeds: Sequence[Feed], moment: datetime
    ) -> list[OutboxDraft]:
        settings: Settings = self.context.watch.settings
        words = alert.words_of_end(ended, settings.timezone, feeds=len(feeds))
        words += alert.words_of(new, moment.timestamp(), settings.timezone)
        recipients = settings.recipients(settings.operator)
        return [
            draft
            for number, one in enumerate(words)
            for draft in alert.notice(f"watch-{moment:%Y%m%dT%H%M%S}-{number}", one.title, one.body, recipients)
        ]

    def _store_is_back(self, now: float) -> list[Episode]:
        lost = self.unwritable
        return [replace(lost, well_at=now)] if lost and now - lost.since >= _UNWRITABLE_S else []

    def _is_reached(self, episode: Episode) -> bool:
        """Tell whether a recipient was reached again; else its alerts were given up, which is told elsewhere."""
        return self.context.store.sent_to(episode.subject, datetime.fromtimestamp(episode.since, UTC)) > 0


def own_troubles(store: Store, state: Path, moment: datetime, blind_until: float = 0.0) -> Iterator[Trouble]:
    """Yield what is wrong with the monitor itself; what waited while it did not run is given time from then on."""
    free = disk_usage(state).free if state.exists() else _ROOM_BYTES
    if free < LOW_BYTES:
        yield Trouble(kind=TroubleKind.DISK, since=moment.timestamp(), subject=str(state), count=free)
    running_since = datetime.fromtimestamp(blind_until, UTC)
    unstudied, due = store.oldest_waiting(moment)
    if unstudied and moment - max(unstudied, running_since) > _STUDY_LATE:
        count = store.counts(moment).unstudied
        yield Trouble(kind=TroubleKind.STUDY, since=unstudied.timestamp(), count=count)
    failing = [one for one in store.failing() if moment - one.since > LATE]
    for one in failing:
        since = one.since.timestamp()
        yield Trouble(kind=TroubleKind.RECIPIENT, since=since, subject=one.recipient, count=one.waiting)
    if due and not failing and moment - max(due, running_since) > LATE:
        yield Trouble(kind=TroubleKind.DELIVERY, since=due.timestamp())


def _over(told: Sequence[Episode], own: Sequence[Trouble]) -> Iterator[Episode]:
    """Yield the episodes of the monitor's own that are over; a disk only when it has more room than it needs."""
    wrong = {trouble.key for trouble in own}
    for one in told:
        if one.kind is TroubleKind.DISK:
            is_over = not Path(one.subject).exists() or disk_usage(one.subject).free > _ROOM_BYTES
        else:
            is_over = one.key not in wrong and not one.kind.is_of_feed and one.kind is not TroubleKind.NETWORK
        if is_over:
            yield one


def _line(feeds: Sequence[Feed], found: Sequence[Trouble]) -> str:
    read = sum(feed.failing_since is None and feed.succeeded_at is not None for feed in feeds)
    wrong = f"; {len(found)} to look at: monitor status" if found else ""
    return f"{read} of {len(feeds)} feeds can be read{wrong}"


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
