"""Words in capitals among others in capitals: `JOIN US` does not name a country."""

from __future__ import annotations

from collections.abc import Sequence

_AROUND = 3
_EDGES = ".,;:!?()[]\"'“”‘’-–—"
# Written in capitals for emphasis, these are the common words.
_COMMON_TEXT = """
ALL AM AN AND ARE AS AT BE BY CAN DO FOR GO HAD HAS HE HER HIM HIS IF IN IS IT MAY ME MY NO NOT OF ON OR OUR OUT SHE
SO THE TO UP WE YOU
"""
_COMMON = frozenset(_COMMON_TEXT.split())
# After these `US` are people.
_BEFORE_US_TEXT = """
ABOUT ALL ASK AMONG BEHIND BETWEEN BOTH BRING BUY CALL CONTACT EMAIL FOLLOW FORGIVE GET GIVE GIVES GAVE HELP HELPS JOIN
JOINS KEEP LEND LET LETS MAKE MAKES OF SAVE SEND SHOW SHOWS TAKE TAKES TEACH TELL TELLS TOLD TRUST VISIT WATCH WRITE
"""
_BEFORE_US = frozenset(_BEFORE_US_TEXT.split())
DOUBTFUL = _COMMON | {"US"}


def is_common_word(word: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether a word of `DOUBTFUL` is no name here, by the pieces of the text before and after it.

    Where all is in capitals, capitals tell nothing; `US` still is a country there, unless a verb such as JOIN precedes.
    """
    near = [*before[-_AROUND:], *after[:_AROUND]]
    if not any(piece.isupper() for piece in near) or any(piece != piece.upper() for piece in near):
        return False
    return word in _COMMON or (bool(before) and before[-1].strip(_EDGES) in _BEFORE_US)
