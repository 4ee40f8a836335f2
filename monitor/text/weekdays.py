"""The names of the days of the week by language, full and short."""

from __future__ import annotations

from functools import lru_cache

from monitor.text.forms import fold

_LOCALES = {"no": "nb"}
_SHORTEST = 3


@lru_cache(maxsize=64)
def weekday_names(language: str) -> frozenset[str]:
    """Return the folded names of a language's days, without dots; empty for an unknown language.

    Names under three letters are left out: they are words, too.
    """
    from babel import UnknownLocaleError
    from babel.dates import get_day_names

    locale = _LOCALES.get(language, language)
    try:
        tables = [
            get_day_names(width, context, locale)
            for width in ("wide", "abbreviated")
            for context in ("format", "stand-alone")
        ]
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = {fold(name).replace(".", "") for table in tables for name in table.values()}
    return frozenset(name for name in names if len(name) >= _SHORTEST)
