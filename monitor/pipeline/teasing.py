"""Looks at the titles and teasers of new articles for urgent topics, before their pages are fetched.

What is found is alerted at once, and what is not is studied all the same: an article waits for its page afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from monitor.clean import merge_teaser
from monitor.errors import MonitorError
from monitor.log import Log
from monitor.model import Article, Fingerprint, Phase
from monitor.pipeline.context import Context, Watch, is_told_at_once
from monitor.pipeline.studying import (
    StudyTally,
    decision,
    find_topics,
    judged,
    page_request,
    read_words,
    study_article,
)
from monitor.ports import Studied

_log = Log(__name__)


async def tease(context: Context, articles: Sequence[Article]) -> StudyTally:
    """Look at the titles and teasers of these leased articles side by side, a transaction an article."""
    return sum(await asyncio.gather(*(_tease(context, article) for article in articles)), StudyTally())


async def _tease(context: Context, article: Article) -> StudyTally:
    if await page_request(context, article) is None:
        return await study_article(context, article)  # there is no more to wait for
    watch = context.watch
    try:
        words = await read_words(context, article)
        studied = _judged(watch, merge_teaser(article, words.text, context.clock()), context.clock())
    except (MonitorError, asyncio.CancelledError):
        raise
    except Exception:  # noqa: BLE001  # what a study makes of it is the study's to tell
        _log.exception("teaser not looked at", article=article.id, url=article.url)
        studied = _nothing(article)
    now = context.clock()
    saved = await asyncio.to_thread(context.store.save_study, studied, decision(watch, now), now)
    if saved.queued:
        context.reach("after-teaser")
    return StudyTally(queued=saved.queued)


def _judged(watch: Watch, article: Article, now: datetime) -> Studied:
    found = find_topics(watch, article, now, Phase.TEASER)
    urgent = [match for match in found if is_told_at_once(watch.rules[match.topic])]
    return judged(watch, article, urgent, phase=Phase.TEASER) if urgent else _nothing(article)


def _nothing(article: Article) -> Studied:
    return Studied(article=article, fingerprint=Fingerprint(), phase=Phase.TEASER)
