"""The words of a query: one pass over its text, each token with its offset, every wrong character refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import NamedTuple

from monitor.match.terms import Form
from monitor.text import is_language

ZONES = ("title", "lead", "body")
FUNCTIONS = ("date", "pct", "amount")
_FIELDS = (*ZONES, "source", "lang")
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<score>SCORE\b\s*(?P<threshold>[\d.]*)(?:\s*CAP\s*(?P<cap>\d*))?\s*(?P<score_of>OF\b)?)
  | (?P<count>(?P<number>\d+)\s+OF(?=\s*\())
  | (?P<distance>(?P<operator>[A-Za-z]+)/(?P<words>\d+)(?![\w/.]))
  | (?P<plain>(?:AND|OR|NOT|SENT|PARA)(?![^\s()"'“”$=,]))
  | (?P<bare>(?:NEAR|PRE|EXCEPT|OF)(?![^\s()"'“”$=,/]))
  | (?P<sign>\|\|?|&&?)
  | (?P<condition>(?P<what>source|lang):(?:"(?P<quoted>[^"]*)"|\((?P<several>[^()]*)\)|(?P<value>[^\s()",]*)))
  | (?P<field>(?P<zone>[A-Za-z_]+):(?!//))
  | (?P<function>(?P<name>[A-Za-z_]+)\((?P<argument>[^()]*)\)?)
  | (?P<reference>\$(?P<define>[^\W\d]\w*))
  | (?P<phrase>(?P<mark>=)?(?:"(?P<text>[^"]*)(?P<end>")?|[“„«](?P<curly>[^“”„«»]*)(?P<curly_end>[”“»])?))
  | (?P<exact>'(?P<words_exact>(?:[^']|'(?=\w))*)(?P<exact_end>')?
      |‘(?P<words_curly>(?:[^‘’]|’(?=\w))*)(?P<curly_exact_end>’)?)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<comma>,)
  | (?P<weight>\^\s*(?P<by>[+-]?[\d.]+))
  | (?P<word>(?P<cased>=)?(?:[^\s()"“”„«»$=,^|&<>\[\]{}]|(?<=\w)&(?=\w)|(?<=\w),(?=\d))+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ODD = re.compile(r"[~!\\@#+]|^[-/]|/$")
# What other query languages mark words with: refused, lest it be dropped in silence.
_FOREIGN = re.compile(r"[-+!~](?=[^\W\d])|/.*/")
# A path in a message is no word of the query.
_LONG_WORD = re.compile(r"([^\s/]{60})[^\s/]{20,}([^\s/])")
_OR_BETWEEN = re.compile(r"\s+OR\s+|\s*[|,]\s*")
_CODE = re.compile(r"[A-Za-z](?:\+\+|#)")
_PERCENT = re.compile(r"\d[\d.,]*[%％]")
_QUOTE_HINT = "quote the text it belongs to"
_NEAR_HINT = "the distance operators are NEAR/n, PRE/n and EXCEPT/n, in capitals; quote the text to search for it"


class Wrong(Exception):
    """What is wrong with a query, at an offset of its text."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = _LONG_WORD.sub(r"\1…\2", message)
        self.offset = offset
        self.hint = hint


class Lexeme(NamedTuple):
    """A token of a query: its type (a terminal of the grammar), its text, where it starts, and what it holds."""

    type: str
    text: str
    offset: int
    value: object = None


def scan(text: str) -> list[Lexeme]:
    """Return the tokens of a query.

    Raises:
        Wrong: a character or an operator that the language does not have, or a quote that is not closed.
    """
    return [lexeme for match in _TOKEN.finditer(text) if (lexeme := _read(match))]


def has_syntax(text: str) -> bool:
    """Return whether a text is a query, not plain words: it has an operator, a quote, a bracket or `$`."""
    return any(_is_syntax(match) for match in _TOKEN.finditer(text))


def _is_syntax(match: re.Match[str]) -> bool:
    kind = match.lastgroup
    if kind == "field":
        is_attached = not match.string[match.end() : match.end() + 1].isspace()
        return match["zone"] in _FIELDS or (is_attached and match.end() < len(match.string))
    if kind == "word":
        return bool(match["cased"]) or bool(_FOREIGN.match(match[0]))
    if kind == "bare":
        return match[0] != "OF"
    if kind == "other":
        is_money = match[0] == "$" and match.string[match.end() : match.end() + 2].strip()[:1].isdecimal()
        return match[0] in "$[]{}^<>|&" and not is_money
    is_closed = bool(match["exact_end"] or match["curly_exact_end"])
    return kind not in {"space", "comma", "exact"} or (kind == "exact" and is_closed)


def _read(match: re.Match[str]) -> Lexeme | None:
    kind = _kind(match)
    if kind == "space":
        return None
    reader = _READERS.get(kind)
    if reader is None:
        hint = (
            "names of define: start with a letter; for money write amount(USD 8.5bn)"
            if match[0] == "$"
            else _QUOTE_HINT
        )
        raise Wrong(f"{match[0]!r} has no meaning in a query", match.start(), hint)
    return reader(match)


def _kind(match: re.Match[str]) -> str:
    return match.lastgroup or "other"


def _lexeme(kind: str, match: re.Match[str], value: object = None) -> Lexeme:
    return Lexeme(kind, match[0], match.start(), value)


def _score(match: re.Match[str]) -> Lexeme:
    if not match["threshold"] or not match["score_of"]:
        raise Wrong("SCORE without a threshold", match.start(), "write SCORE 20 OF (word^15, other^5)")
    try:
        threshold = float(match["threshold"])
    except ValueError:
        raise Wrong(
            f"{match['threshold']!r} is no threshold", match.start(), "write a number: SCORE 20 OF (…)"
        ) from None
    cap = match["cap"]
    if cap is not None and not cap.strip("0"):
        raise Wrong("CAP needs a number of 1 or more", match.start(), "write SCORE 20 CAP 2 OF (…)")
    return _lexeme("SCORE", match, (threshold, int(cap or 1)))


def _count(match: re.Match[str]) -> Lexeme:
    return _lexeme("COUNT", match, int(match["number"][:9]))


def _distance(match: re.Match[str]) -> Lexeme:
    operator = match["operator"]
    if operator not in {"NEAR", "PRE", "EXCEPT"}:
        near = difflib.get_close_matches(operator.upper(), ["NEAR", "PRE", "EXCEPT"], 1)
        hint = f"did you mean {near[0]}/{match['words']}?" if near else _NEAR_HINT
        raise Wrong(f"{match[0]} is no operator", match.start(), hint)
    return _lexeme("EXCEPT" if operator == "EXCEPT" else "WINDOW", match, (operator, int(match["words"][:9])))


def _plain(match: re.Match[str]) -> Lexeme:
    word = match[0]
    return _lexeme("WINDOW", match, (word, 0)) if word in {"SENT", "PARA"} else _lexeme(f"_{word}", match)


def _bare(match: re.Match[str]) -> Lexeme:
    if match[0] == "OF":
        raise Wrong(
            "OF needs a number before it and a list after it",
            match.start(),
            'write 2 OF (a, b, c), or "OF" for the word',
        )
    raise Wrong(f"{match[0]} needs a distance", match.start(), f"write {match[0]}/10 for ten words")


def _sign(match: re.Match[str]) -> Lexeme:
    return _lexeme("_OR" if match[0][0] == "|" else "_AND", match)


def _condition(match: re.Match[str]) -> Lexeme:
    what = match["what"]
    value = next(found for found in (match["quoted"], match["several"], match["value"]) if found is not None)
    values = _OR_BETWEEN.split(value.strip()) if match["several"] else [value.strip()]
    if not all(values) or (match["several"] and any(" " in one for one in values)):
        example = "source:reuters.com OR source:ft.com" if what == "source" else "lang:en OR lang:de"
        raise Wrong(f"{what}: needs a value right behind it", match.start(), f"write {example}")
    return _lexeme("CONDITION", match, (what, values))


def _field(match: re.Match[str]) -> Lexeme:
    name = match["zone"]
    if name in ZONES:
        return _lexeme("ZONE", match, name)
    if is_language(name):
        return _lexeme("LANGUAGE", match, name)
    near = difflib.get_close_matches(name.casefold(), _FIELDS, 1)
    hint = (
        f"did you mean {near[0]}:?"
        if near
        else f"the fields are {', '.join(f'{field}:' for field in _FIELDS)}; quote the text to search for it"
    )
    raise Wrong(f"there is no field {name}:", match.start(), hint)


def _function(match: re.Match[str]) -> Lexeme:
    name = match["name"]
    if name not in FUNCTIONS:
        near = difflib.get_close_matches(name.casefold(), FUNCTIONS, 1)
        hint = f"did you mean {near[0]}(…)?" if near else "set a space and an operator before the bracket"
        raise Wrong(f"there is no {name}(…)", match.start(), hint)
    if not match[0].endswith(")"):
        raise Wrong(f"{name}( is not closed", match.start(), "add a )")
    return _lexeme("VALUE", match, (name, match["argument"], match.start("argument")))


def _reference(match: re.Match[str]) -> Lexeme:
    return _lexeme("REFERENCE", match, match["define"])


def _phrase(match: re.Match[str]) -> Lexeme:
    if not (match["end"] or match["curly_end"]):
        raise Wrong('a quote " is not closed', match.start(), 'add the closing "')
    text = match["text"] if match["text"] is not None else match["curly"]
    start = match.start("text") if match["text"] is not None else match.start("curly")
    return _lexeme("TERM", match, (text, Form.CASED if match["mark"] else Form.INFLECTED, start))


def _exact(match: re.Match[str]) -> Lexeme:
    group = "words_exact" if match[0][0] == "'" else "words_curly"
    if not (match["exact_end"] or match["curly_exact_end"]):
        raise Wrong(f"a quote {match[0][0]} is not closed", match.start(), "add the closing one")
    return _lexeme("TERM", match, (match[group], Form.EXACT, match.start(group)))


def _word(match: re.Match[str]) -> Lexeme:
    word = match[0].removeprefix("=")
    start = match.end() - len(word)
    if _PERCENT.fullmatch(word):
        return _lexeme("VALUE", match, ("pct", word, start))
    if word.startswith("-") and len(word) > 1:
        raise Wrong(
            f"{word!r}: a minus does not exclude", match.start(), f"write NOT {word[1:]}, or AND NOT {word[1:]}"
        )
    if word.startswith("+") and len(word) > 1:
        raise Wrong(
            f"{word!r}: a plus does not require", match.start(), f"join what must be there by AND: x AND {word[1:]}"
        )
    if word.startswith("/") or word.endswith("/"):
        raise Wrong(f"{word!r}: there are no regular expressions", match.start(), "use * and ? for parts of a word")
    if _ODD.search(word) and not _CODE.fullmatch(word):
        raise Wrong(
            f"{word!r} has a character with no meaning in a query",
            match.start(),
            f'write "{word}" to search for its words',
        )
    return _lexeme("TERM", match, (word, Form.CASED if match["cased"] else Form.INFLECTED, start))


def _weight(match: re.Match[str]) -> Lexeme:
    try:
        return _lexeme("WEIGHT", match, float(match["by"]))
    except ValueError:
        raise Wrong(f"{match['by']!r} is no weight", match.start(), "write a number: word^15") from None


def _punctuation(match: re.Match[str]) -> Lexeme:
    return _lexeme(f"_{_kind(match).upper()}", match)


_READERS: dict[str, Callable[[re.Match[str]], Lexeme]] = {
    "score": _score,
    "count": _count,
    "distance": _distance,
    "plain": _plain,
    "bare": _bare,
    "sign": _sign,
    "condition": _condition,
    "field": _field,
    "function": _function,
    "reference": _reference,
    "phrase": _phrase,
    "exact": _exact,
    "word": _word,
    "weight": _weight,
    "open": _punctuation,
    "close": _punctuation,
    "comma": _punctuation,
}
