"""Looks at the titles and teasers of new articles for urgent topics, before their pages are fetched.

What is found is alerted at once, and what is not is studied all the same: an article waits for its page afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from monitor.clean import merge_teaser
from monitor.errors import MonitorError
from monitor.log import Log
from monitor.model import Article, Fingerprint, Phase
from monitor.pipeline.context import Context, is_told_at_once
from monitor.pipeline.studying import StudyTally, decision, judge, page_request, read_words, study_article
from monitor.ports import Studied

_log = Log(__name__)


async def tease(context: Context, articles: Sequence[Article]) -> StudyTally:
    """Look at the titles and teasers of these leased articles side by side, a transaction an article."""
    return sum(await asyncio.gather(*(_tease(context, article) for article in articles)), StudyTally())


async def _tease(context: Context, article: Article) -> StudyTally:
    if await page_request(context, article) is None:
        return await study_article(context, article)  # there is no more to wait for
    try:
        studied = await _judge_teaser(context, article)
    except (MonitorError, asyncio.CancelledError):
        raise
    except Exception:  # noqa: BLE001  # what a study makes of it is the study's to tell
        _log.exception("teaser not looked at", article=article.id, url=article.url)
        studied = Studied(article=article, fingerprint=Fingerprint(), phase=Phase.TEASER)
    now = context.clock()
    saved = await asyncio.to_thread(context.store.save_study, studied, decision(context.watch, now), now)
    if saved.queued:
        context.reach("after-teaser")
    return StudyTally(queued=saved.queued)


async def _judge_teaser(context: Context, article: Article) -> Studied:
    watch, now = context.watch, context.clock()
    words = await read_words(context, article)
    studied = judge(watch, (merge_teaser(article, words.text, now), ""), now, Phase.TEASER)
    urgent = tuple(match for match in studied.matches if is_told_at_once(watch.rules[match.topic]))
    return replace(studied, matches=urgent, topics=tuple((match.topic, watch.numbers[match.topic]) for match in urgent))
