"""The grammar of the query language, and the tree of nodes that a query becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token, Tree, UnexpectedToken
from lark.lexer import Lexer

from monitor.match.conditions import FromSource, InLanguage, InZone, Score
from monitor.match.lexer import Lexeme, Wrong, scan
from monitor.match.logic import And, AtLeast, Named, Not, Or
from monitor.match.nodes import Node, walk
from monitor.match.reader import read_term, read_value
from monitor.match.refusals import STARTS, check_place, unexpected
from monitor.match.terms import Form
from monitor.match.windows import MOST_DISTANCE, Except, Near, Within
from monitor.text import is_language

GRAMMAR = """
    start: any
    ?any: all (_OR all)*
    ?all: negation (_AND negation | but)*
    but: _NOT negation -> negated
    ?negation: _NOT negation -> negated
        | window
    ?window: guarded (WINDOW guarded)*
    ?guarded: atom (EXCEPT atom)*
    ?atom: _OPEN any _CLOSE
        | TERM -> term
        | VALUE -> value
        | REFERENCE -> reference
        | CONDITION -> condition
        | ZONE atom -> zone
        | LANGUAGE TERM -> in_language
        | COUNT _OPEN any (_COMMA any)* _CLOSE -> at_least
        | SCORE _OPEN weighted (_COMMA weighted)* _CLOSE -> score
    weighted: any WEIGHT
    %declare _OR _AND _NOT _OPEN _CLOSE _COMMA WINDOW EXCEPT COUNT SCORE WEIGHT
    %declare TERM VALUE REFERENCE CONDITION ZONE LANGUAGE
"""
MOST_CHARACTERS = 20_000
MOST_NODES = 2_000
DEEPEST = 50
MOST_EXPANDED = 20_000
_LONGEST_SHAPE = 60
_PREFIXES = frozenset({"_NOT", "ZONE", "_OPEN"})

# Resolves a definition's name; a `Wrong` from it is given the place of the reference.
Definitions = Callable[[str], Node]


def parse(text: str, define: Definitions) -> Node:
    """Return the tree of a query.

    Raises:
        Wrong: what is wrong with it, and where.
    """
    lexemes = scan(text)
    _check_size(text, lexemes)
    types = tuple(lexeme.type for lexeme in lexemes)
    try:
        tree = (_shape if len(types) <= _LONGEST_SHAPE else _parsed)(types)
    except UnexpectedToken as error:
        raise unexpected(lexemes, None if error.token.type == "$END" else cast("int", error.token.value)) from None
    node = _Builder(define, lexemes).build(tree)
    if "REFERENCE" in types and sum(1 for _ in walk(node)) > MOST_EXPANDED:
        raise Wrong(f"with its definitions the query has more than {MOST_EXPANDED:,} parts", 0, "split the topic")
    return node


def _parsed(types: tuple[str, ...]) -> Tree[Any]:
    """Return the tree of a sequence of tokens, each of which has its number for a value."""
    return cast("Tree[Any]", cast("Tree[Any]", _parser().parse(cast("Any", types))).children[0])


# A tree depends on the types of its tokens alone, and most queries are of a few shapes.
_shape = lru_cache(maxsize=2_000)(_parsed)


class _Stream(Lexer):
    """Hands the types of tokens to the parser."""

    def __init__(self, lexer_conf: object) -> None:
        del lexer_conf

    def lex(self, lexer_state: object, parser_state: object = None) -> Iterator[Token]:
        """Yield them as the parser's own."""
        del parser_state
        for number, kind in enumerate(cast("tuple[str, ...]", lexer_state)):
            token = Token(kind, kind, start_pos=number)
            token.value = number
            yield token


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=cast("Any", _Stream))


def _check_size(text: str, lexemes: list[Lexeme]) -> None:
    if len(text) > MOST_CHARACTERS:
        raise Wrong(
            f"the query has {len(text):,} characters, the most is {MOST_CHARACTERS:,}",
            0,
            "split the topic, or move lists to define:",
        )
    if len(lexemes) <= DEEPEST:
        return
    parts = [lexeme for lexeme in lexemes if lexeme.type in STARTS and lexeme.type != "_OPEN"]
    if len(parts) > MOST_NODES:
        raise Wrong(
            f"the query has more than {MOST_NODES:,} parts",
            parts[MOST_NODES].offset,
            "split the topic, or move lists to define:",
        )
    depth = prefixes = 0
    for lexeme in lexemes:
        depth += (lexeme.type == "_OPEN") - (lexeme.type == "_CLOSE")
        prefixes = prefixes + 1 if lexeme.type in _PREFIXES else 0
        if max(depth, prefixes) > DEEPEST:
            raise Wrong(f"the query is nested more than {DEEPEST} deep", lexeme.offset, "name its parts in define:")


class _Builder:
    """Turns a parse tree into nodes; a method for each rule that makes one."""

    def __init__(self, define: Definitions, lexemes: list[Lexeme]) -> None:
        self._define = define
        self._lexemes = lexemes

    def _lexeme(self, token: Token) -> Lexeme:
        return self._lexemes[cast("int", token.value)]

    def build(self, tree: Tree[Any]) -> Node:
        """Return the node of a tree."""
        rule = cast("Callable[[list[Any]], Node]", getattr(self, f"_{tree.data}"))
        return rule(tree.children)

    def _any(self, children: list[Any]) -> Node:
        items = [self.build(child) for child in children]
        return Or(items=tuple(part for item in items for part in (item.items if isinstance(item, Or) else (item,))))

    def _all(self, children: list[Any]) -> Node:
        items = [self.build(child) for child in children]
        return And(items=tuple(part for item in items for part in (item.items if isinstance(item, And) else (item,))))

    def _negated(self, children: list[Any]) -> Node:
        return Not(item=self.build(children[0]))

    def _window(self, children: list[Any]) -> Node:
        items = tuple(self.build(child) for child in children[::2])
        operators = [self._lexeme(child) for child in children[1::2]]
        name, distance = cast("tuple[str, int]", operators[0].value)
        for operator in operators[1:]:
            if operator.value != operators[0].value:
                raise Wrong(
                    f"{operators[0].text} and {operator.text} stand in one chain",
                    operator.offset,
                    "set one of them in parentheses",
                )
        for item, operator in zip(items, [operators[0], *operators], strict=True):
            check_place(item, operator)
        if name in {"SENT", "PARA"}:
            return Within(items=items, unit=name)
        if not 1 <= distance <= MOST_DISTANCE:
            hint = (
                'for words side by side write a phrase: "a b"'
                if distance == 0
                else "use PARA or AND for what is farther"
            )
            raise Wrong(f"{operators[0].text}: the distance is 1 to {MOST_DISTANCE}", operators[0].offset, hint)
        return Near(items=items, distance=distance, is_ordered=name == "PRE")

    def _guarded(self, children: list[Any]) -> Node:
        node = self.build(children[0])
        for token, child in zip(children[1::2], children[2::2], strict=True):
            operator = self._lexeme(token)
            _, distance = cast("tuple[str, int]", operator.value)
            if distance > MOST_DISTANCE:
                raise Wrong(
                    f"{operator.text}: the distance is 0 to {MOST_DISTANCE}",
                    operator.offset,
                    "use AND NOT for the whole article",
                )
            unwanted = self.build(child)
            check_place(node, operator)
            check_place(unwanted, operator)
            node = Except(item=node, unwanted=unwanted, distance=distance)
        return node

    def _term(self, children: list[Any], language: str = "") -> Node:
        text, form, offset = cast("tuple[str, Form, int]", self._lexeme(children[0]).value)
        return read_term(text, form, offset, language)

    def _in_language(self, children: list[Any]) -> Node:
        lexeme = self._lexeme(children[1])
        _, form, _ = cast("tuple[str, Form, int]", lexeme.value)
        if form is not Form.INFLECTED:
            raise Wrong(
                f"{lexeme.text} has no inflection for a language to decide", lexeme.offset, "take the language away"
            )
        return self._term(children[1:], cast("str", self._lexeme(children[0]).value))

    def _value(self, children: list[Any]) -> Node:
        return read_value(*cast("tuple[str, str, int]", self._lexeme(children[0]).value))

    def _reference(self, children: list[Any]) -> Node:
        lexeme = self._lexeme(children[0])
        name = cast("str", lexeme.value)
        try:
            return Named(name=name, item=self._define(name))
        except Wrong as error:
            raise Wrong(error.message, lexeme.offset, error.hint) from None

    def _condition(self, children: list[Any]) -> Node:
        lexeme = self._lexeme(children[0])
        what, values = cast("tuple[str, list[str]]", lexeme.value)
        items = tuple(self._one_condition(what, value, lexeme.offset) for value in values)
        return items[0] if len(items) == 1 else Or(items=items)

    def _one_condition(self, what: str, value: str, offset: int) -> Node:
        if what == "source":
            return FromSource(pattern=value)
        if not is_language(value):
            raise Wrong(f"{value!r} is no language known here", offset, "write its ISO code: lang:en, lang:zh")
        return InLanguage(code=value)

    def _zone(self, children: list[Any]) -> Node:
        return InZone(zone=cast("str", self._lexeme(children[0]).value), item=self.build(children[1]))

    def _at_least(self, children: list[Any]) -> Node:
        lexeme = self._lexeme(children[0])
        count = cast("int", lexeme.value)
        items = tuple(self.build(child) for child in children[1:])
        if not 1 <= count <= len(items):
            raise Wrong(
                f"{lexeme.text} ({len(items)} items): the count is 1 to {len(items)}",
                lexeme.offset,
                "write 2 OF (a, b, c)",
            )
        return AtLeast(count=count, items=items)

    def _score(self, children: list[Any]) -> Node:
        lexeme = self._lexeme(children[0])
        threshold, cap = cast("tuple[float, int]", lexeme.value)
        items = tuple(
            (self.build(child.children[0]), cast("float", self._lexeme(child.children[1]).value))
            for child in children[1:]
        )
        return make_score(threshold, items, cap, lexeme.offset)


def make_score(threshold: float, items: tuple[tuple[Node, float], ...], cap: int, offset: int) -> Score:
    """Return a weighted list.

    Raises:
        Wrong: its threshold is not above 0, or can never be reached.
    """
    if threshold <= 0:
        raise Wrong(f"the threshold is {threshold:g}", offset, "give a number above 0")
    most = sum(max(weight, 0) * (cap if item.is_positional else 1) for item, weight in items)
    if most < threshold:
        raise Wrong(
            f"the threshold is {threshold:g}, and the weights sum up to {most:g}",
            offset,
            "lower the threshold or raise weights",
        )
    return Score(threshold=threshold, items=items, cap=cap)
