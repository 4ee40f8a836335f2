"""Replaying gives what live gave."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from monitor import app as program
from monitor.clean import document
from monitor.match import compile_watchlist
from monitor.model import OutboxKind
from tests.unit.app.home import Home, surround

TOPICS = """
topics:
  - {id: tariffs, match: tariff NEAR/4 (steel OR tin)}
  - {id: date, match: date(11-01) AND tariff}
  - {id: german, match: '*zoll*', where: {lang: [de]}}
  - {id: one, match: tin, not: [penny], alert: {group: article}}
"""
_SUBJECTS = ("steel", "tin", "penny stocks of tin", "grain", "tin and steel")
_SENTENCES = (
    "The tariff on {} was raised by a tenth, and will be paid from the first day of next month on, it was said.",
    "Of {} nothing was heard at the talks, although a tariff had been the talk of the town for many weeks before.",
    "A tariff on {} starts on November 1, the minister said on Monday to those who had come to hear him speak of it.",
    "Der Einfuhrzoll auf {} steigt, sagte die Ministerin am Montag vor der Presse in Berlin, und niemand war froh.",
)


def archive() -> list[str]:
    """Articles on these subjects, some of them copies of others at other addresses, some revised."""
    lines = []
    for number in range(60):
        subject, sentence = _SUBJECTS[number % 5], _SENTENCES[number // 5 % 4]
        text = sentence.format(subject) + ("" if number % 7 else f" This is report {number}.")
        record = {"id": f"a-{number}", "title": f"On {subject}", "text": text, "url": f"https://n{number}.example/x"}
        lines.append(json.dumps(record | {"published": f"2025-10-{1 + number % 28:02d}"}))
    return [*lines, json.dumps(json.loads(lines[3]) | {"text": "The tariff on tin is off."})]


def test_replaying_gives_what_live_gave(home: Home) -> None:
    home.write("watchlist.yaml", TOPICS)
    with home.open() as app:
        surround(app)
        asyncio.run(program.bring_seeds(app))
        program.add_lines(app.store, archive(), is_silent=False)
        asyncio.run(program.study_archive(app))

        trial = program.try_topics(app.config.watchlist)
        replayed = program.run_backtest(app.store, trial, days=None, progress=lambda _steps: None)

        live = Counter(match.topic for match in app.store.matches())
        sent = [row for row in app.store.outbox(limit=None) if row.kind is not OutboxKind.ALSO]
        names = {number: name for name, number in app.context.watch.numbers.items()}
        alerts = Counter(names[row.topic_no] for row in sent if row.topic_no)
        assert {result.topic: result.hits for result in replayed.results} == live
        assert {result.topic: result.alerts for result in replayed.results} == alerts
        assert len(live) == 4
        assert sum(alerts.values()) < sum(live.values())

        watchlist, _ = compile_watchlist(app.config.watchlist)
        again = {
            (article.ref, match.topic, match.spans)
            for article in app.store.articles(bodies=True)
            for match in watchlist.match(document(article))
        }
        assert again == {(match.article_ref, match.topic, match.spans) for match in app.store.matches()}


def test_seeds_are_found_and_count_as_no_alert(home: Home) -> None:
    with home.open() as app:
        surround(app)
        asyncio.run(program.bring_seeds(app))

        trial = program.try_query(app.config.watchlist, "tariff")
        (result,) = program.run_backtest(app.store, trial, days=None, progress=lambda _steps: None).results

        assert (result.hits, result.alerts) == (3, 0)
