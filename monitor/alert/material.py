"""Judges what is material in a later article of a story: what it says on a topic against what was told before.

Told is what the alerts kept of their articles: facts of the sentences that matched, and the words of the article.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.alert.plain import one_line
from monitor.alert.said import LEAD, Fact, FactKind, Said
from monitor.model import AlertItem, AlertRule, Updates
from monitor.text import fold, is_of_source, registered_domain

_FEWEST_NEW_WORDS = 6
_NEW_SHARE = 0.75
_TOLD_BEFORE = " (told before: "
_MOST_SHOWN = 2  # values told before
_SHORTEST_SHARED = 4  # letters that two forms of a name share
_MONTHS_TEXT = "January February March April May June July August September October November December"
_MONTHS = _MONTHS_TEXT.split()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a later article is told of. `cause` is a word for the outbox key; `place` where the article says it."""

    cause: str
    words: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a story on a topic: values of facts by kind, and words by language."""

    facts: dict[FactKind, tuple[str, ...]]
    words: dict[str, frozenset[str]]

    @property
    def all_words(self) -> frozenset[str]:
        """The words of all languages."""
        return frozenset().union(*self.words.values())


def told_by(items: Iterable[AlertItem]) -> Told:
    """Return what these alerts told."""
    facts: dict[FactKind, dict[str, None]] = defaultdict(dict)
    words: dict[str, set[str]] = defaultdict(set)
    kinds = {str(kind): kind for kind in FactKind}
    for item in items:
        for code in item.facts:
            name, _, value = code.partition(":")
            if name in kinds:
                facts[kinds[name]][value] = None
        language, *stems = item.vocabulary.split(" ")
        words[language].update(stems)
    return Told(
        facts={kind: tuple(values) for kind, values in facts.items()},
        words={language: frozenset(stems) for language, stems in words.items()},
    )


def facts_of(said: Said, rule: AlertRule, *, outlets: int) -> tuple[str, ...]:
    """Return what an alert keeps of what its article says, beside its words. `outlets` are those of its story."""
    codes = [*(fact.code for fact in said.facts), *said.passages.values]
    codes += [f"{FactKind.OUTLETS}:{count}" for count in rule.outlets if outlets >= count]
    codes += [f"{FactKind.TRUSTED}:{source}" for source in _trusted(said, rule.trusted)]
    correction = _correction(said)
    return tuple(dict.fromkeys([*codes, *([f"{FactKind.CORRECTION}:{correction}"] if correction else [])]))


def judge(said: Said, told: Told, rule: AlertRule, *, outlets: int) -> tuple[Reason, ...]:
    """Return what is new and matters in an article of a story that was told of before; the weightiest first.

    Args:
        said: what the article says on the topic.
        told: what was told of the story on the topic.
        rule: which sources and how many outlets are news.
        outlets: how many outlets report on the story by themselves, this article's included.
    """
    found = [*_corrections(said, told), *_new_facts(said, told), *_new_words(said, told)]
    found += [
        Reason(f"{FactKind.TRUSTED}-{source}", f"first from {source}")
        for source in _trusted(said, rule.trusted)
        if not told.facts.get(FactKind.TRUSTED)
    ]
    passed = max((count for count in rule.outlets if outlets >= count), default=0)
    if passed > max(map(int, told.facts.get(FactKind.OUTLETS, ())), default=0):
        found.append(Reason(f"{FactKind.OUTLETS}-{passed}", f"{outlets} outlets report it"))
    return tuple({reason.words: reason for reason in found}.values())


def reasons_for(
    said: Said, items: Sequence[AlertItem], rule: AlertRule, *, outlets: int, original_id: int | None
) -> tuple[Reason, ...]:
    """Return why an article is an update to who was told these items; empty: it is not, by the topic's `updates`.

    `original_id`: whose copy it is.
    """
    if rule.updates is Updates.NONE:
        return ()
    reasons = judge(said, told_by(items), rule, outlets=outlets)
    article = said.passages.article
    is_new = original_id is None and all(item.article_id != article.id for item in items)
    if not reasons and rule.updates is Updates.ALL and is_new:
        return (Reason(str(article.id), "another article"),)
    return reasons


def count_outlets(sources: Iterable[str]) -> int:
    """Return how many outlets these sources are: sites of one registered domain are one."""
    return len({registered_domain(source) for source in sources if source})


def _trusted(said: Said, trusted: Sequence[str]) -> list[str]:
    source = said.passages.article.source
    return [source] if any(is_of_source(source, pattern) for pattern in trusted) else []


def _correction(said: Said) -> str:
    """Return a number for what an article says is corrected, empty if nothing."""
    place = said.passages.correction
    if place is None:
        return ""
    return hashlib.blake2b(said.passages.text(place).encode("utf-8", "replace"), digest_size=4).hexdigest()


def _corrections(said: Said, told: Told) -> Iterator[Reason]:
    correction = _correction(said)
    if correction and correction not in told.facts.get(FactKind.CORRECTION, ()):
        yield Reason(f"{FactKind.CORRECTION}-{correction}", "a correction", said.passages.correction)


def _new_facts(said: Said, told: Told) -> Iterator[Reason]:
    for kind, describe in _KINDS.items():
        seen: set[str] = set()
        for fact in said.facts:
            if fact.kind is not kind or fact.value in seen or not said.is_telling(fact):
                continue
            if words := describe(fact, said, told):
                seen.add(fact.value)
                yield Reason(f"{kind}-{fact.value.replace(' ', '-').replace(':', '-')}"[:60], words, fact.place)


def _status(fact: Fact, _said: Said, told: Told) -> str:
    return "" if fact.value in told.facts.get(FactKind.STATUS, ()) else f"now: {fact.value}"


def _phrase(fact: Fact, _said: Said, told: Told) -> str:
    return "" if fact.value in told.facts.get(FactKind.PHRASE, ()) else f"now: {one_line(fact.value, 60)}"


def _date(fact: Fact, said: Said, told: Told) -> str:
    time = said.passages.article.time
    if time is not None and fact.value <= time.date().isoformat():
        return ""  # what was is background
    dates = told.facts.get(FactKind.DATE, ())
    if any(fact.value.endswith(date) or date.endswith(fact.value) for date in dates):
        return ""
    ahead = [date for date in dates if time is None or date > time.date().isoformat()]
    year = str(time.year) if time is not None else ""
    return f"new date: {show_day(fact.value, year)}{_before(show_day(date, year) for date in ahead)}"


def _percentage(fact: Fact, _said: Said, told: Told) -> str:
    values = told.facts.get(FactKind.PERCENTAGE, ())
    if any(_is_same(fact.value, value, coarsest=Decimal(1)) for value in values):
        return ""
    return f"new number: {fact.value}%{_before(f'{value}%' for value in values)}"


def _amount(fact: Fact, _said: Said, told: Told) -> str:
    currency, _, value = fact.value.partition(" ")
    values = [
        other
        for each in told.facts.get(FactKind.AMOUNT, ())
        for name, _, other in [each.partition(" ")]
        if name == currency
    ]
    if any(_is_same(value, other) for other in values):
        return ""
    return f"new amount: {currency} {show_number(value)}{_before(show_number(other) for other in values)}"


def _count(fact: Fact, _said: Said, told: Told) -> str:
    value, _, unit = fact.value.partition(" ")
    values = [
        number
        for each in told.facts.get(FactKind.COUNT, ())
        for number, _, name in [each.partition(" ")]
        if name == unit
    ]
    # A count of something else is no change, and far from the lead it is background.
    if fact.place >= LEAD or not values or any(_is_same(value, other) for other in values):
        return ""
    return f"new number: {show_number(value)}{_before(map(show_number, values))}"


def _party(fact: Fact, _said: Said, told: Told) -> str:
    if fact.value in told.facts.get(FactKind.PARTY, ()):
        return ""
    words = [fold(word) for word in fact.value.split()]
    known = told.all_words
    if any(word in known or _is_form_of_one(word, known) for word in words):
        return ""
    return f"new party: {one_line(fact.value, 60)}"


def _is_form_of_one(word: str, known: Iterable[str]) -> bool:
    if not word.isascii() and len(word) < _SHORTEST_SHARED:
        return all(letter in known for letter in word)
    start = word[: max(_SHORTEST_SHARED, len(word) - 3)]
    return any(other.startswith(start) for other in known)


_KINDS: dict[FactKind, Callable[[Fact, Said, Told], str]] = {
    FactKind.STATUS: _status,
    FactKind.PHRASE: _phrase,
    FactKind.DATE: _date,
    FactKind.PERCENTAGE: _percentage,
    FactKind.AMOUNT: _amount,
    FactKind.COUNT: _count,
    FactKind.PARTY: _party,
}


def _new_words(said: Said, told: Told) -> Iterator[Reason]:
    """Yield the sentence that matched and says most that was never sent, if most of its words were not."""
    passages = said.passages
    known = told.words.get(passages.language)
    if not known:
        return
    best, share = None, _NEW_SHARE
    for place in (place for place in said.heart if place < LEAD):
        words = passages.telling(place).keys() - said.own_stems
        new = words - known
        if len(new) >= _FEWEST_NEW_WORDS and len(new) / len(words) >= share:
            best, share = place, len(new) / len(words)
    if best is not None:
        digest = hashlib.blake2b(passages.text(best).encode("utf-8", "replace"), digest_size=4).hexdigest()
        yield Reason(f"words-{digest}", "it says something else", best)


def _is_same(one: str, other: str, *, coarsest: Decimal | None = None) -> bool:
    """Return whether two numbers are the same but for rounding: 8.52 and 8.5, never 100 and 145."""
    a, b = Decimal(one), Decimal(other)
    if a == b:
        return True
    return abs(a - b) * 2 < max(_step(a, coarsest), _step(b, coarsest))


def _step(value: Decimal, coarsest: Decimal | None) -> Decimal:
    """Return what the last digit of a number counts that is written; of the first two if it is a round one."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal(10) ** min(exponent, value.adjusted() - 1)
    return step if coarsest is None else min(step, coarsest)


def brief(reason: str) -> str:
    """Return what is new without what was told before."""
    return reason.partition(_TOLD_BEFORE)[0]


def _before(values: Iterable[str]) -> str:
    shown = list(dict.fromkeys(values))
    return f"{_TOLD_BEFORE}{', '.join(shown)})" if 0 < len(shown) <= _MOST_SHOWN else ""


def show_day(value: str, this_year: str) -> str:
    """Return `2025-11-01` or `11-01` in words, without the year if it is this one."""
    *year, month, day = value.split("-")
    return f"{_MONTHS[int(month) - 1]} {int(day)}{f', {year[0]}' if year and year[0] != this_year else ''}"


def show_number(value: str) -> str:
    """Return a number as one reads it: `8.5 billion`, `1,200`."""
    number = float(value)
    for scale, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(number) >= scale:
            return f"{number / scale:.4g} {name}"
    return f"{number:,.10g}"
