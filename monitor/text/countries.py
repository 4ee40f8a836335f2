"""The names of countries, in the languages that the locale data knows."""

from __future__ import annotations

from functools import lru_cache

from monitor.text.forms import fold
from monitor.text.stems import stems

_CODE = 2  # letters; numbers stand for regions of the world


@lru_cache(maxsize=32)
def country_names(language: str) -> tuple[str, ...]:
    """Return the countries by their names in a language; empty for an unknown language."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return ()
    return tuple(str(name) for code, name in territories.items() if len(code) == _CODE and code.isalpha())


def is_country(name: str, language: str) -> bool:
    """Return whether a name is that of a country, a single word in any of its forms."""
    if " " in name:
        return fold(name) in _folded(language)
    return any(stem in _stems(language) for stem in stems(name, language))


@lru_cache(maxsize=32)
def _stems(language: str) -> frozenset[str]:
    names = (name for name in country_names(language) if " " not in name)
    return frozenset(stem for name in names for stem in stems(name, language))


@lru_cache(maxsize=32)
def _folded(language: str) -> frozenset[str]:
    return frozenset(map(fold, country_names(language)))
