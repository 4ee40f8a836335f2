"""Finds what a misspelt name was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name spelled most like this one, or nothing."""
    return next(iter(difflib.get_close_matches(name.casefold(), list(known), n=1, cutoff=0.6)), "")


def near(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?", or nothing."""
    found = nearest(name, known)
    return f"did you mean '{found}'?" if found else ""
