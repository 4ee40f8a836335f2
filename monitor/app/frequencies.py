"""How often words are in the articles of the store: presearch files topics under what is rare there.

They are counted once a day and kept in the state folder, so that a start reads them in milliseconds. They decide how
fast topics are found, never which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from monitor import settings
from monitor.app.compose import App, now
from monitor.log import Log
from monitor.match import Frequencies
from monitor.model import Origin, Stage
from monitor.ports import Store

_log = Log(__name__)

_SAMPLE = 2_000
_FEWEST = 200
_EVERY = timedelta(hours=23, minutes=45)


async def learn_words_if_due(app: App) -> int:
    """Count the words of the newest articles, once a day; returns of how many, 0 if it was not due.

    Raises:
        MonitorError: the state folder cannot be written.
    """
    counted, moment = settings.shares_kept_at(app.place.state), now()
    # A time to come was written by a clock that has been set back since.
    if counted and timedelta() <= moment - datetime.fromtimestamp(counted, UTC) < _EVERY:
        return 0
    return await asyncio.to_thread(learn_words, app.store, app.place.state)


def learn_words(store: Store, state: Path) -> int:
    """Count the words of the newest 2,000 articles; returns of how many, 0 if there are too few to tell.

    Raises:
        MonitorError: the state folder cannot be written.
    """
    count = 0

    def texts() -> Iterator[str]:
        nonlocal count
        for article in islice(store.articles(stage=Stage.DONE, bodies=True), _SAMPLE):
            if article.origin is not Origin.SEED:
                count += 1
                yield f"{article.title}\n{article.text}"

    found = Frequencies.of_texts(texts())
    if count < _FEWEST:
        return 0
    # A word of one article says nothing, and there are as many of them as of all others.
    settings.keep_shares(state, {word: share for word, share in found.shares.items() if share * count > 1.5})
    _log.info("words counted", articles=count)
    return count
