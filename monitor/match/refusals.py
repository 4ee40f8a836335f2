"""What to say to a query that the grammar does not take: what is wrong, where, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from monitor.match.lexer import Lexeme, Wrong
from monitor.match.logic import And, Named, Not
from monitor.match.nodes import Node

STARTS = frozenset({"TERM", "VALUE", "REFERENCE", "CONDITION", "ZONE", "LANGUAGE", "COUNT", "SCORE", "_OPEN", "_NOT"})
_LISTS = {"COUNT": "a, b, c", "SCORE": "word^15, other^5"}
ENDS = frozenset({"TERM", "VALUE", "REFERENCE", "CONDITION", "_CLOSE"})


def unexpected(lexemes: list[Lexeme], index: int | None) -> Wrong:  # noqa: PLR0911 - a table of what may be wrong
    """Return the error for a token, by its number, that cannot stand where it does; None is the end."""
    if index is None:
        return _ended(lexemes)
    lexeme = lexemes[index]
    before = lexemes[index - 1] if index else None
    if before and before.type in ENDS and lexeme.type in STARTS:
        return _side_by_side(before, lexeme)
    if before and lexeme.type in {"_COMMA", "_CLOSE"} and before.type in ENDS and _is_in_score(lexemes[:index]):
        return Wrong(f"{before.text} needs a weight", before.offset, f"write {before.text}^5")
    match lexeme.type:
        case "_CLOSE" if before and before.type == "_OPEN":
            return Wrong(
                "there is nothing between ( and )", before.offset, "write what to search for, or take the brackets away"
            )
        case "_CLOSE" if before and before.type in ENDS | {"WEIGHT"}:
            return Wrong("a ) has no (", lexeme.offset, "take it away, or open the bracket")
        case "_COMMA":
            return Wrong("a comma stands only in n OF (a, b, c)", lexeme.offset, 'write OR, or quote the words: "a, b"')
        case "WEIGHT":
            return Wrong(
                f"the weight {lexeme.text} stands only in SCORE", lexeme.offset, "write SCORE 20 OF (word^15, other^5)"
            )
        case _ if before and before.type == "LANGUAGE":
            return Wrong(f"{before.text} needs a word or phrase behind it", before.offset, f"write {before.text}word")
    return _no_term(before, "right") if before and before.type != "_OPEN" else _no_term(lexeme, "left")


def _no_term(lexeme: Lexeme, side: str) -> Wrong:
    """Return the error of a bracket or operator that has no term beside it."""
    text = lexeme.text
    if lexeme.type == "_OPEN":
        return Wrong("there is no term behind (", lexeme.offset, "write what to search for, and a )")
    if lexeme.type == "_COMMA":
        return Wrong(f"there is no term on the {side} of a comma", lexeme.offset, "write one, or take the comma away")
    if lexeme.type in {"COUNT", "SCORE"}:
        return Wrong(f"{text} needs a list", lexeme.offset, f"write {text} ({_LISTS[lexeme.type]})")
    word = text.partition("/")[0]
    hint = f'to search for the word itself, quote it: "{word}"' if word.isalpha() else f"write {text}word"
    return Wrong(f"{text} needs a term on its {side}", lexeme.offset, hint)


def _is_in_score(lexemes: list[Lexeme]) -> bool:
    """Return whether the innermost bracket that is open after these tokens is that of a SCORE."""
    depth = 0
    for lexeme, before in zip(reversed(lexemes), [*reversed(lexemes[:-1]), None], strict=True):
        depth += (lexeme.type == "_CLOSE") - (lexeme.type == "_OPEN")
        if depth < 0:
            return before is not None and before.type == "SCORE"
    return False


def _ended(lexemes: list[Lexeme]) -> Wrong:
    if not lexemes:
        return Wrong("the query is empty", 0, "write what to search for")
    depth = 0
    for lexeme in reversed(lexemes):
        depth += (lexeme.type == "_CLOSE") - (lexeme.type == "_OPEN")
        if depth < 0 and lexemes[-1].type in ENDS | {"WEIGHT"}:
            return Wrong("a ( is not closed", lexeme.offset, "add a )")
    return _no_term(lexemes[-1], "right")


def _side_by_side(before: Lexeme, lexeme: Lexeme) -> Wrong:
    message = f"{before.text} and {lexeme.text} stand side by side"
    for word in (before, lexeme):
        if word.text.upper() in {"AND", "OR", "NOT"}:
            return Wrong(message, word.offset, f"operators are in capitals: {word.text.upper()}")
    both = f'"{before.text} {lexeme.text}"' if before.text.isalnum() and lexeme.text.isalnum() else '"…"'
    return Wrong(message, lexeme.offset, f"join them with AND, OR or NEAR/10, or quote them as a phrase: {both}")


def check_place(item: Node, operator: Lexeme) -> None:
    """Raise if a node has no place in the text, and so cannot stand beside an operator on places.

    Raises:
        Wrong: it has none.
    """
    if item.is_positional:
        return
    name = operator.text.partition("/")[0]
    core = item.item if isinstance(item, Named) else item
    match core:
        case Not():
            raise Wrong(f"NOT stands inside {name}", operator.offset, "use EXCEPT/n, or AND NOT for the whole article")
        case And():
            raise Wrong(
                f"AND stands inside {name}",
                operator.offset,
                f"join the parts by {operator.text} too: a {operator.text} b {operator.text} c",
            )
    raise Wrong(
        f"{item.text()} has no place in the text, so it cannot stand beside {name}", operator.offset, "join it with AND"
    )


def unknown_name(name: str, names: Mapping[str, object]) -> Wrong:
    """Return the error for a reference to no definition."""
    near = difflib.get_close_matches(name, list(names), 1)
    hint = f"did you mean ${near[0]}?" if near else "define it: define: {" + name + ": [word, other word]}"
    return Wrong(f"${name} is not defined", 0, hint)
