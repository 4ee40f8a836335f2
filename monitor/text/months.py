"""Month names by language, full and short, in every grammatical form the locale data knows."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from monitor.text.flat import flatten
from monitor.text.forms import fold

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
    "hi": {"नवम्बर": 11, "अक्तूबर": 10, "सितम्बर": 9, "दिसम्बर": 12},
}
_SHORTEST = 3
_NUMBERED = re.compile(r"[\d\u4e00-\u9fff]")
# What may be set before a month's name without a space.
_PREFIXES = {"he": "[\u05d1\u05dc\u05de\u05d4\u05d5]?", "ar": "[\u0648\u0628\u0644]?"}
# Forms that the locale data lacks, from January on.
_FORMS_TEXT = {
    "lv": "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
    "sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "sr": "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra "
    "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    "bs": "januara februara marta aprila maja juna jula augusta septembra oktobra novembra decembra",
    "eu": "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren urriaren "
    "azaroaren abenduaren",
}
_FORMS = {
    language: {fold(name): index % 12 + 1 for index, name in enumerate(names.split())}
    for language, names in _FORMS_TEXT.items()
}
_NO_LETTER_BEFORE = r"(?<![^\W\d_\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])"
_NO_LETTER_AFTER = r"(?![^\W\d_\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])"


@lru_cache(maxsize=64)
def month_names(language: str) -> dict[str, int]:
    """Return the folded month names of a language, without dots, with their numbers; empty for an unknown language.

    Names of several words (Levantine Arabic) have one space between them. Numbered months (Chinese) are not names.
    """
    names: dict[str, int] = {}
    for locale in _REGIONS.get(language, (language,)):
        names.update(_names_of(locale))
    names.update(_EXTRA.get(language, {}))
    names.update(_FORMS.get(language, {}))
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


class Months:
    """The names of some months in a language and in English, as they stand in a plain text."""

    def __init__(self, language: str, wanted: Collection[int]) -> None:
        names = month_names("en") | month_names(language)
        self._numbers = {flatten(name): number for name, number in names.items() if number in wanted}
        alternatives = "|".join(
            re.escape(name).replace(r"\ ", r"\s+") for name in sorted(self._numbers, key=len, reverse=True)
        )
        prefix = _PREFIXES.get(language, "")
        self.pattern = re.compile(rf"{_NO_LETTER_BEFORE}{prefix}({alternatives}){_NO_LETTER_AFTER}")
        self.beginnings = tuple({name[:_SHORTEST] for name in self._numbers})

    def number(self, name: str) -> int:
        """Return the number of a month by a name that was found."""
        return self._numbers[" ".join(name.split())]


@lru_cache(maxsize=128)
def months(language: str, wanted: frozenset[int]) -> Months:
    """Return the names of some months in a language."""
    return Months(language, wanted)
