"""What an article is about, and a story that others may join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an article is about, before a store says how rare its terms are.

    `language` has two or three letters. A term is a number of 63 bits that stands for a stem of the language; at the
    same place in `weights` is how much it weighs in the article, and in `frequencies` how common its word is, 0 to 1.
    """

    language: str = ""
    terms: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()
    frequencies: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStory:
    """A story that articles may still join: the sum of what they are about, and the span of their known times.

    `size` counts its articles without copies.
    """

    id: int
    size: int = 0
    terms: Mapping[int, float] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None
