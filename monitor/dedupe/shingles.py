"""Shingles: every four words that follow each other, as numbers, and the sample of them by which copies are found.

Two texts are compared by how many shingles they share. Which of them are in the sample depends on their value alone, so
that an excerpt samples the same ones as the text it was cut from.

Source: A. Broder, On the resemblance and containment of documents (1997).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from heapq import nsmallest

from monitor.dedupe.normal import normal_words

# What is longer is known by its beginning.
MAX_WORDS = 5_000
# Below this a text is known by its hash alone.
MIN_WORDS = 40
_MASK = 2**64 - 1
_LOW_BITS = 16  # dropped: they depend on the low bits of the words' hashes only
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_SAMPLE = 8
_SAMPLE_AT_LEAST = 4


def shingles(words: Sequence[str]) -> frozenset[int]:
    """Return the shingles of a text's normal words, as numbers of 48 bits; none for a text under 40 words."""
    if len(words) < MIN_WORDS:
        return frozenset()
    first, second, third = _FACTORS
    hashes = [word_hash(word) for word in words[:MAX_WORDS]]
    return frozenset(
        ((a * first + b * second + c * third + d) & _MASK) >> _LOW_BITS
        for a, b, c, d in zip(hashes, hashes[1:], hashes[2:], hashes[3:], strict=False)
    )


def sketch(found: frozenset[int]) -> tuple[int, ...]:
    """Return the sample of a text's shingles, sorted: one in eight, and four at least."""
    sample = [shingle for shingle in found if not shingle % _SAMPLE]
    if len(sample) < _SAMPLE_AT_LEAST:
        sample = list({*sample, *nsmallest(_SAMPLE_AT_LEAST, found)})
    return tuple(sorted(sample))


@lru_cache(maxsize=512)
def shingles_of(text: str) -> frozenset[int]:
    """Return the shingles of a text; those of texts that are copied often are at hand."""
    return shingles(normal_words(text))


@lru_cache(maxsize=65_536)
def word_hash(word: str) -> int:
    """Return a number of 64 bits for a word, the same in every process."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")
