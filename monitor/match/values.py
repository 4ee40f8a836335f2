"""Values in the text: dates, percentages and amounts of money, however they are written."""
# ruff: noqa: D102 - Node says what these methods do

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from monitor.match.nodes import Costs, Cover, Hit, View
from monitor.match.terms import Term
from monitor.text import FoundDate, FoundNumber

_MONTHS_TEXT = """
January February March April May June July August September October November December
"""
_MONTHS = _MONTHS_TEXT.split()
YEN_OR_YUAN = "¥"


class Value(Term):
    """A term that is found by what it means, under its text as key."""

    __slots__ = ()

    def holds(self, view: View) -> bool:
        return bool(view.values(self.text()))

    def hits(self, view: View) -> list[Hit]:
        return view.values(self.text())

    def cover(self, costs: Costs) -> Cover | None:
        return Cover(cost=costs.of(self.text()), anchors=(self.text(),))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Day:
    """A day of a year, or of any year."""

    year: int | None
    month: int
    day: int

    def __str__(self) -> str:
        day = f"{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{day}" if self.year is not None else day

    @property
    def english(self) -> str:
        """The day in words."""
        return f"{_MONTHS[self.month - 1]} {self.day}" + (f", {self.year}" if self.year is not None else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateIn(Value):
    """A day from `first` to `last`, both with a year or both without."""

    first: Day
    last: Day
    written_text: str = field(init=False, default="", compare=False, repr=False)

    def _written(self) -> str:
        return f"date({self.first})" if self.first == self.last else f"date({self.first}..{self.last})"

    def english(self) -> str:
        return f"the date {self.first.english}" + ("" if self.first == self.last else f" to {self.last.english}")

    def accepts(self, found: FoundDate, time: datetime | None) -> bool:
        """Return whether a day named in an article of that time is meant.

        A day without a year is of the year nearest to the article; without a known time, of any year.
        """
        nearest = nearest_year(found.month, found.day, time) if time else None
        if self.first.year is None:
            is_other_year = found.year is not None and nearest is not None and found.year != nearest
            return self._has_day(found.month, found.day) and not is_other_year
        assert self.last.year is not None
        year = found.year if found.year is not None else nearest
        years = range(self.first.year, self.last.year + 1) if year is None else (year,)
        first = (self.first.year, self.first.month, self.first.day)
        last = (self.last.year, self.last.month, self.last.day)
        return any(first <= (year, found.month, found.day) <= last for year in years)

    def _has_day(self, month: int, day: int) -> bool:
        first, last, this = (self.first.month, self.first.day), (self.last.month, self.last.day), (month, day)
        return first <= this <= last if first <= last else this >= first or this <= last


def months_of(dates: DateIn) -> frozenset[int]:
    """Return the months that a range of days is in."""
    first, last = dates.first.month, dates.last.month
    if dates.first.year is not None and dates.last.year is not None:
        last += 12 * (dates.last.year - dates.first.year)
    elif last < first or (last == first and dates.last.day < dates.first.day):
        last += 12
    return frozenset(month % 12 + 1 for month in range(first - 1, min(last, first + 11)))


def nearest_year(month: int, day: int, time: datetime) -> int:
    """Return the year in which a day comes nearest to a time."""
    today = time.date()
    if (month, day) == (2, 29):
        month, day = 3, 1
    years = (today.year - 1, today.year, today.year + 1)
    return min(years, key=lambda year: abs((date(min(max(year, 1), 9999), month, day) - today).days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a number may be. A missing bound is None; `is_*_open` leaves the bound itself out."""

    low: Decimal | None = None
    high: Decimal | None = None
    is_low_open: bool = False
    is_high_open: bool = False

    def accepts(self, value: Decimal) -> bool:
        """Return whether a number is within."""
        if self.low is not None and (value < self.low or (self.is_low_open and value == self.low)):
            return False
        return self.high is None or value < self.high or (not self.is_high_open and value == self.high)

    @property
    def only(self) -> Decimal | None:
        """The one number that is meant, None for a range."""
        return self.low if self.low == self.high else None

    def english(self, unit: str) -> str:
        """Return the bounds in words, each number followed by `unit`."""
        if self.only is not None:
            return f"{plain(self.only)}{unit}"
        if self.low is None:
            assert self.high is not None
            return f"{'less than' if self.is_high_open else 'at most'} {plain(self.high)}{unit}"
        if self.high is None:
            return f"{'more than' if self.is_low_open else 'at least'} {plain(self.low)}{unit}"
        return f"{plain(self.low)} to {plain(self.high)}{unit}"

    def text(self) -> str:
        """Return the bounds as they are written in a query."""
        if self.only is not None:
            return plain(self.only)
        if self.low is None:
            assert self.high is not None
            return f"{'<' if self.is_high_open else '<='}{plain(self.high)}"
        if self.high is None:
            return f"{'>' if self.is_low_open else '>='}{plain(self.low)}"
        return f"{plain(self.low)}..{plain(self.high)}"


def plain(number: Decimal) -> str:
    """Return a number without exponent and needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage(Value):
    """A percentage within bounds."""

    bounds: Bounds
    written_text: str = field(init=False, default="", compare=False, repr=False)

    def _written(self) -> str:
        return f"pct({self.bounds.text()})"

    def english(self) -> str:
        return self.bounds.english(" percent")

    def accepts(self, found: FoundNumber) -> bool:
        """Return whether a percentage is meant."""
        return self.bounds.accepts(found.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Value):
    """An amount of money within bounds; `currency` is an ISO 4217 code, ¥ for yen or yuan, empty for any."""

    bounds: Bounds
    currency: str = ""
    written_text: str = field(init=False, default="", compare=False, repr=False)

    def _written(self) -> str:
        return f"amount({self.currency} {self.bounds.text()})" if self.currency else f"amount({self.bounds.text()})"

    def english(self) -> str:
        return self.bounds.english(f" {' or '.join(self.currencies)}" if self.currency else " of any currency")

    @property
    def currencies(self) -> tuple[str, ...]:
        """The codes of the currencies it may be of; none: any."""
        return ("JPY", "CNY") if self.currency == YEN_OR_YUAN else (self.currency,) if self.currency else ()

    def accepts(self, found: FoundNumber) -> bool:
        """Return whether an amount is meant."""
        return (not self.currency or found.currency in self.currencies) and self.bounds.accepts(found.value)
