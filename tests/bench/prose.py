"""Made-up news of any amount, the same in every run.

Words are as common as words are (Zipf): the commonest are those of English, the others are made of syllables, with the
endings of English, so that stemming has work to do.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded: every run has the same texts
from itertools import accumulate

_COMMONEST = """the of to and a in for on that is with by as at from it was be are an has have will its not this but
    their he they which had been or were more would who after when also said new one we about than out up over year
    people first last two time could other some into""".split()  # noqa: SIM905 - a list of 66 literals would take 66 lines
_STARTS = (*"bcdfghjklmnprstvwz", "br", "ch", "dr", "fl", "gr", "pl", "pr", "qu", "sh", "sp", "st", "tr")
_VOWELS = (*"aeiou", "ai", "ea", "io", "ou")
_ENDS = ("", *"nrlstm", "ck", "nd", "st")
_ENDINGS = ("", "", "", "s", "ed", "ing", "er", "ation", "al", "ly", "ment")
_WORDS = 30_000
_PARAGRAPH_WORDS = (30, 80)


def _made_up() -> list[str]:
    source = random.Random(0)
    words: set[str] = set()
    while len(words) < _WORDS:
        syllables = (
            source.choice(_STARTS) + source.choice(_VOWELS) + source.choice(_ENDS)
            for _ in range(source.choice((1, 2, 2, 3)))
        )
        words.add("".join(syllables) + source.choice(_ENDINGS))
    # Common words are short.
    return [*_COMMONEST, *sorted(words - set(_COMMONEST), key=lambda word: (len(word), word))][:_WORDS]


VOCABULARY = _made_up()
_WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(_WORDS)))


class Prose:
    """Writes texts; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self, count: int) -> list[str]:
        """Return words, each by how common it is."""
        return self.random.choices(VOCABULARY, cum_weights=_WEIGHTS, k=count)

    def title(self) -> str:
        """Return a headline."""
        return " ".join(self.words(9)).capitalize()

    def paragraph(self) -> str:
        """Return some sentences."""
        left = self.words(self.random.randint(*_PARAGRAPH_WORDS))
        sentences = []
        while left:
            end = self.random.randint(8, 24)
            sentence, left = left[:end], left[end:]
            if len(sentence) > 12:
                sentence[6] += ","
            sentences.append(" ".join(sentence).capitalize() + ".")
        return " ".join(sentences)

    def text(self, words: int) -> str:
        """Return an article of about so many words, a paragraph a line."""
        mean = sum(_PARAGRAPH_WORDS) / 2
        count = max(1, round(self.random.gauss(words, words / 4) / mean))
        return "\n".join(self.paragraph() for _ in range(count))
