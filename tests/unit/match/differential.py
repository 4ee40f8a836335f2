"""Compares the live code with the slow reference: `python -m tests.unit.match.differential TEXTS TOPICS SEED`.

Words are few, so that topics often match; all operators, zones, languages and values occur.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded: every run has the same topics
import sys
from datetime import UTC, datetime

from monitor.match import compile_watchlist
from monitor.match.reading import Reading
from monitor.model import Document, QueryText, TopicSpec, WatchlistSpec
from tests.unit.match.slow import SlowMatcher

_WORDS_TEXT = """
alpha beta betas gamma tariff tariffs Tariff China US us U.S. 稀土 Zölle Strafzölle 1,100 l'accord alpha-beta BETA café
controls controlled mice delta omega
"""
_WORDS = _WORDS_TEXT.split()
_TEXT = [
    *_WORDS * 3,
    *["other", "words", "that", "are", "only", "there"] * 4,
    *["November 1", "Nov. 1, 2025", "1 November 2018", "100%", "55 percent", "$8.5bn", "EUR3m", "China US"],
    *[". Alpha", ".", "\n", ",", "JOIN US", "; ", "\u00a0", "ta\u00adriff", "稀土出口"],
]
_TERMS = [
    *[word for word in _WORDS if word != "1,100"],
    *["'tariff'", "=US", '="China US"', '"alpha beta"', '"beta gamma tariff*"', "alph*", "*amm*", "b?ta", "*zöl*"],
    *["'alpha betas'", "de:Zölle", '"alpha =US"', "date(11-01)", "date(2025-10-30..2025-11-02)", "pct(100)"],
    *["pct(>=50)", "amount(USD >=1bn)", "alpha-beta", "=*ET*", "ga*a", '"tariff on"', "unheard", "mouse"],
]


class Maker:
    """Makes texts and queries."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def document(self) -> Document:
        """Return an article."""
        pick = self._random
        return Document(
            title=" ".join(pick.choices(_TEXT, k=pick.randint(0, 6))),
            text=" ".join(pick.choices(_TEXT, k=pick.randint(0, 35))),
            language=pick.choice(["en", "en", "en", "de", "zh", ""]),
            source=pick.choice(["", "news.example.org", "other.org"]),
            time=pick.choice([None, datetime(2025, 10, 24, tzinfo=UTC)]),
        )

    def query(self) -> str:
        """Return a query."""
        return self._place(2) if self._random.random() < 0.5 else self._count(2)

    def _place(self, depth: int) -> str:
        pick, number = self._random, self._random.randint(1, 6)
        if depth == 0 or pick.random() < 0.3:
            return pick.choice(_TERMS)
        one, other, third = (self._place(depth - 1) for _ in range(3))
        return pick.choice(
            [
                f"({one} OR {other})",
                f"({one} OR {other} OR {third})",
                f"({one} NEAR/{number} {other})",
                f"({one} PRE/{number} {other})",
                f"({one} NEAR/{number} {other} NEAR/{number} {third})",
                f"({one} {pick.choice(['SENT', 'PARA'])} {other})",
                f"({one} EXCEPT/{number - 1} {other})",
                f"{pick.choice(['title', 'lead', 'body'])}:{one}",
            ]
        )

    def _count(self, depth: int) -> str:
        pick = self._random
        if depth == 0 or pick.random() < 0.2:
            return self._place(depth)
        one, other, third = (self._count(depth - 1) for _ in range(3))
        return pick.choice(
            [
                f"({one} AND {other})",
                f"({one} AND {other} AND {third})",
                f"({one} OR {other})",
                f"({one} AND NOT {other})",
                f"2 OF ({one}, {other}, {third})",
                f"SCORE 10 CAP 2 OF ({one}^5, {other}^8, {third}^-4)",
                f"{pick.choice(['title', 'body'])}:({one})",
                f'(source:"example.org" AND {one})',
                f"(lang:en AND {one})",
            ]
        )


def differences(texts: int, topics: int, seed: int) -> tuple[list[str], int]:
    """Return where the live code and the slow reference do not agree, and how many matches there were."""
    maker = Maker(seed)
    specs = tuple(TopicSpec(id=str(number), name="", match=QueryText(text=maker.query())) for number in range(topics))
    watchlist, _ = compile_watchlist(WatchlistSpec(topics=specs))
    found, matches = [], 0
    for _ in range(texts):
        document = maker.document()
        reading = Reading(document, watchlist._index.lexicon, watchlist._index.values)
        slow = SlowMatcher(reading)
        expected = {topic.id for topic in watchlist.topics if slow.holds(topic.query)}
        live = {match.topic for match in watchlist.match(document)}
        matches += len(expected)
        found += [f"{watchlist.topic(name).query_text!r} in {document!r}" for name in live ^ expected]
    return found, matches


if __name__ == "__main__":
    _texts, _topics, _seed = map(int, sys.argv[1:])
    _found, _matches = differences(_texts, _topics, _seed)
    print(f"{_texts} texts, {_topics} topics, {_matches} matches, {len(_found)} differences", *_found[:10], sep="\n")
