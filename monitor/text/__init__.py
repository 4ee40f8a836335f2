"""Words, stems, sentences, dates and languages of texts: what matching, finding duplicates and alerts share.

Offsets are code points of the text as given: words are normalised to be compared, texts never are.
"""

from __future__ import annotations

from monitor.text.amounts import find_amounts
from monitor.text.countries import country_names, is_country
from monitor.text.dates import FoundDate, find_dates, is_day
from monitor.text.domains import is_of_source, registered_domain
from monitor.text.forms import clean_word, fold, normalised_words, plain_digits, spellings, strip_accents
from monitor.text.frequency import word_frequency
from monitor.text.language import detect_language, guess_language
from monitor.text.money import CURRENCIES, scale_of
from monitor.text.months import month_names
from monitor.text.numbers import FoundNumber
from monitor.text.percents import find_percentages
from monitor.text.sentences import paragraphs, sentences
from monitor.text.stems import base_language, is_language, is_listed, stem, stems, term_stems
from monitor.text.tokens import CLAUSE_STOPS, SPACED_STARTS, Words, pieces, word_ranges, words
from monitor.text.traces import beginnings_of_stem, english_traces
from monitor.text.weekdays import weekday_names

__all__ = [
    "CLAUSE_STOPS",
    "CURRENCIES",
    "SPACED_STARTS",
    "FoundDate",
    "FoundNumber",
    "Words",
    "base_language",
    "beginnings_of_stem",
    "clean_word",
    "country_names",
    "detect_language",
    "english_traces",
    "find_amounts",
    "find_dates",
    "find_percentages",
    "fold",
    "guess_language",
    "is_country",
    "is_day",
    "is_language",
    "is_listed",
    "is_of_source",
    "month_names",
    "normalised_words",
    "paragraphs",
    "pieces",
    "plain_digits",
    "registered_domain",
    "scale_of",
    "sentences",
    "spellings",
    "stem",
    "stems",
    "strip_accents",
    "term_stems",
    "weekday_names",
    "word_frequency",
    "word_ranges",
    "words",
]
