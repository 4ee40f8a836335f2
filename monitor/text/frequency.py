"""How common words are in their language at large, before a store has seen enough texts to tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

# What the list lacks is rarer than its rarest words.
_RARE = 1e-7
# Codes that the word lists have under another name.
_LISTS = {"no": "nb", "nn": "nb", "sr": "sh", "hr": "sh", "bs": "sh"}


def word_frequency(word: str, language: str) -> float:
    """Return the share of a folded word among all words of its language: 0.05 for English `the`, 1e-7 at least.

    Source: wordfreq (Speer et al.), its word lists down to one in a million.
    """
    return _list(language).get(word, _RARE)


@lru_cache(maxsize=64)
def _list(language: str) -> Mapping[str, float]:
    import wordfreq

    code = _LISTS.get(language, language)
    if code not in wordfreq.available_languages("small"):
        return {}
    found: Mapping[str, float] = wordfreq.get_frequency_dict(code, "small")
    return found
