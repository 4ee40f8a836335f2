"""Month names by language, full and short, in every grammatical form the locale data knows."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.text.forms import fold, spellings

# Regions whose names differ from the language's own.
_REGIONS = {
    "ar": ("ar", "ar_SY", "ar_DZ", "ar_MA"),
    "de": ("de", "de_AT"),
    "no": ("nb",),
    "nn": ("nb", "nn"),
    "sr": ("sr", "sr_Latn"),
    "en": ("en", "en_GB"),
}
_EXTRA = {
    "en": {"sept": 9, "febr": 2},
    "fr": {"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
    "de": {"janner": 1, "feber": 2},
    "es": {"setiembre": 9, "sept": 9, "set": 9},
}
_SHORTEST = 3
_NUMBERED = re.compile(r"[\d\u4e00-\u9fff]")
_VERBS = frozenset({"may", "march", "mar"})
_HEBREW_IN = "\u05d1"
_MOST_WORDS = 20_000


@lru_cache(maxsize=64)
def month_names(language: str) -> dict[str, int]:
    """Return the folded month names of a language, without dots, with their numbers; empty for an unknown language.

    Names of several words (Levantine Arabic) have one space between them. Numbered months (Chinese) are not names.
    """
    names: dict[str, int] = {}
    for locale in _REGIONS.get(language, (language,)):
        names.update(_names_of(locale))
    names.update(_EXTRA.get(language, {}))
    return names


def _names_of(locale: str) -> dict[str, int]:
    from babel import UnknownLocaleError
    from babel.dates import get_month_names

    try:
        tables = [
            get_month_names(width, context, locale)
            for width in ("wide", "abbreviated")
            for context in ("format", "stand-alone")
        ]
    except (UnknownLocaleError, ValueError):
        return {}
    found = {}
    for table in tables:
        for number, name in table.items():
            key = " ".join(fold(name).replace(".", " ").split())
            if len(key) >= _SHORTEST and not _NUMBERED.search(key):
                found[key] = int(number)
    return found


class MonthTable(dict[str, int]):
    """The month that each word names in a language or in English, 0 for none; learns the words it meets."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._names = month_names("en") | month_names(language)
        self._language = language
        self._prefix = _HEBREW_IN if language == "he" else ""
        self.has_long_names = any(" " in name for name in self._names)

    def __missing__(self, word: str) -> int:
        key = fold(spellings(word, self._language)[0])
        month = self._names.get(key, 0)
        if not month and self._prefix and key.startswith(self._prefix):
            month = self._names.get(key[1:], 0)
        # `may` and `march` are months only with a capital; so is `mar`.
        if month and word in _VERBS:
            month = 0
        if len(self) > _MOST_WORDS:
            self.clear()
        self[word] = month
        return month

    def long_name(self, first: str, second: str) -> int:
        """Return the month that two words name together, 0 for none."""
        return self._names.get(f"{fold(first)} {fold(second)}", 0)


@lru_cache(maxsize=64)
def month_table(language: str) -> MonthTable:
    """Return the month table of a language."""
    return MonthTable(language)
