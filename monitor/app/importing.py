"""Reads lists of keywords and lines as typed for Google Alerts, each line a topic; nothing of them is lost in silence.

Source: Google's search operators, as its help and users describe them: OR binds closer than the AND between words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.errors import QueryError
from monitor.match import compile_watchlist
from monitor.model import QueryText, TopicSpec, WatchlistSpec
from monitor.settings import ImportedTopic, slug

_TOKEN = re.compile(
    r"(?P<around>AROUND\(\d+\))|(?P<open>-?\()|(?P<close>\))"
    r'|(?P<minus>-(?=[\w"]))?(?P<operator>[A-Za-z]+:(?=\S))?(?P<value>"[^"]*"|[^\s()"]+)|(?P<quote>")'
)
_AROUND = re.compile(r"AROUND\((\d+)\)", re.IGNORECASE)
_SYNTAX = re.compile(
    r'["()|]|(?<!\S)[-+~](?=\w)|(?<!\S)(?:OR|AND)(?!\S)|\b[a-z]+:(?=\S)|AROUND\(|(?<!\S)\*(?!\S)|\d\.\.\$?\d'
)
_QUOTES = str.maketrans("“”„‟«»＂", '"""""""')
_RANGE = re.compile(r"\$?\d[\d.,]*\.\.\$?\d[\d.,]*")
_DASH = re.compile(r'(?<!\S)[–−‐](?=[\w"(])')
_HOST = re.compile(r"(?:\*?\.)?((?:[\w-]+\.)*[\w-]+)(/.*)?")
_BLANK = re.compile(
    r"(?<!\S)(-?(?:(?:all)?in(?:title|text|url|anchor)|site|source|filetype|location|related|cache|before|after):)\s+(?=\S)",
    re.IGNORECASE,
)
_TITLE = frozenset({"intitle", "allintitle"})
_BODY = frozenset({"intext", "allintext"})
_OPERATORS = frozenset({"AND", "OR", "NOT", "SENT", "PARA", "OF", "SCORE", "NEAR", "PRE", "EXCEPT"})
_MOST_NEAR = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCarried:
    """A piece of a line that has no meaning here, or another one; `line` counts from 1."""

    line: int
    piece: str
    why: str


@dataclass(slots=True)
class Imported:
    """What a list came to."""

    topics: list[ImportedTopic] = field(default_factory=list)
    losses: list[NotCarried] = field(default_factory=list)


def read_list(lines: Iterable[str], taken: Iterable[str] = ()) -> Imported:
    """Read a list, a topic a line; empty lines and comments (`# …`) are none. Ids are not of those `taken`."""
    result = Imported()
    ids, seen = set(taken), dict[str, int]()
    for number, raw in enumerate(lines, 1):
        line = " ".join(raw.lstrip("\ufeff").split())
        if not line or line == "#" or line.startswith("# "):
            continue
        if line.casefold() in seen:
            result.losses.append(_whole(number, line, f"the same as line {seen[line.casefold()]}"))
            continue
        seen[line.casefold()] = number
        topic = _topic(line, number, result.losses)
        if topic is not None:
            result.topics.append(_named(topic, ids))
    return result


def _topic(line: str, number: int, losses: list[NotCarried]) -> ImportedTopic | None:
    """Return the topic of a line; None if nothing of it can be searched for, which is then among the losses."""
    typed = _BLANK.sub(r"\1", _DASH.sub("-", line.translate(_QUOTES)))
    reader = _Line(typed, number)
    try:
        query, vetoes = reader.read()
        _check(query, vetoes)
    except (ValueError, QueryError) as error:
        losses += [*reader.losses, _whole(number, line, str(getattr(error, "what", error)))]
        return None
    losses += reader.losses
    return ImportedTopic(id=slug(line), written=line, line=number, query=query, vetoes=vetoes)


def _named(topic: ImportedTopic, ids: set[str]) -> ImportedTopic:
    wanted = topic.id[:60].strip("-") or f"topic-{topic.line}"
    name, count = wanted, 1
    while name in ids:
        count += 1
        name = f"{wanted}-{count}"
    ids.add(name)
    return ImportedTopic(id=name, written=topic.written, line=topic.line, query=topic.query, vetoes=topic.vetoes)


def _check(query: str, vetoes: tuple[str, ...]) -> None:
    """Make sure that the query is one.

    Raises:
        QueryError: it is not.
    """
    texts = tuple(QueryText(text=text, is_phrase=True) for text in vetoes)
    topic = TopicSpec(id="t", name="t", match=QueryText(text=query), not_anywhere=texts)
    _, errors = compile_watchlist(WatchlistSpec(topics=(topic,)))
    if errors:
        raise QueryError(errors[0].what.removeprefix("topic t: "))


def _whole(number: int, line: str, why: str) -> NotCarried:
    return NotCarried(line=number, piece=line, why=f"{why}; the line was left out")


class _Line:
    """Reads one line into a query, and collects what has no place in it."""

    def __init__(self, text: str, number: int) -> None:
        self.losses: list[NotCarried] = []
        self._text, self._number = text, number
        self._tokens: list[re.Match[str]] = []
        self._at = 0
        self._vetoes: list[str] = []

    def read(self) -> tuple[str, tuple[str, ...]]:
        """Return the query, and what is to be nowhere in the article.

        Raises:
            ValueError: a quote or bracket is not closed, or nothing is left to search for.
        """
        if not _SYNTAX.search(self._text):
            return self._plain(), ()
        self._tokens = list(_TOKEN.finditer(self._text))
        query = self._all(depth=0)
        if self._at < len(self._tokens):
            raise ValueError("a ) has no (")
        if not query:
            raise ValueError("nothing is left to search for")
        return query, tuple(self._vetoes)

    def _plain(self) -> str:
        """Return plain words as they are; words between commas are alternatives."""
        parts = [part.strip() for part in re.split(r"[,;]", self._text) if part.strip()]
        return " OR ".join(_term(part) for part in parts) if len(parts) > 1 else self._text

    def _all(self, depth: int) -> str:
        parts = []
        while (token := self._peek()) is not None and not token["close"]:
            if _word(token) == "AND":
                self._at += 1
            elif part := self._any(depth):
                parts.append(part)
        return " AND ".join(_grouped(part, " OR ") if len(parts) > 1 else part for part in parts)

    def _any(self, depth: int) -> str:
        parts, idle = [self._near(depth)], []
        while (token := self._peek()) is not None and _word(token) in {"OR", "|"}:
            self._at += 1
            told = len(self.losses)
            parts.append(self._near(depth))
            if not (parts[-2] and parts[-1]) and len(self.losses) == told:
                idle.append(token)
        found = [part for part in parts if part]
        for token in idle if found else ():
            self._lose(token, "it has no word on each side")
        return " OR ".join(_grouped(part, " AND ") if len(found) > 1 else part for part in found)

    def _near(self, depth: int) -> str:
        part = self._unit(depth)
        while (token := self._peek()) is not None and (around := _AROUND.fullmatch(token[0])):
            self._at += 1
            other = self._unit(depth)
            if not (part and other):
                self._lose(token, "it has no word on each side")
                part = part or other
            else:
                distance = min(max(int(around[1]), 1), _MOST_NEAR)
                part = f"{_grouped(part, ' OR ')} NEAR/{distance} {_grouped(other, ' OR ')}"
        return part

    def _unit(self, depth: int) -> str:
        token = self._peek()
        if token is None or token["close"] or _word(token) in {"AND", "OR", "|"}:
            return ""
        self._at += 1
        if token["around"]:
            return self._lose(token, "it has no word on each side")
        if _word(token) == "NOT":
            inner = self._unit(depth)
            return f"NOT {inner}" if inner else ""
        if token["quote"]:
            raise ValueError("a quote is not closed")
        if not token["open"]:
            return self._single(token, depth)
        inner = self._all(depth + 1)
        if self._peek() is None:
            raise ValueError("a ( is not closed")
        self._at += 1
        text = _grouped(_grouped(inner, " AND "), " OR ")
        return f"NOT {text}" if inner and token["open"].startswith("-") else text

    def _single(self, token: re.Match[str], depth: int) -> str:
        if token["operator"]:
            text = self._conditioned(token)
            return f"NOT {text}" if text and token["minus"] else text
        if _RANGE.fullmatch(token["value"]):
            return self._lose(token, "there are no ranges of numbers; see pct(10..25) and amount(USD 1m..5m)")
        text = self._words(token)
        is_alone = depth == 0 and not self._is_alternative()
        if token["minus"] and text and is_alone and not re.search(r" (?:PRE|NEAR)/", text):
            self._vetoes.append(text.strip('"'))
            return ""
        return f"NOT {text}" if text and token["minus"] else text

    def _conditioned(self, token: re.Match[str]) -> str:
        name, value = token["operator"][:-1].casefold(), token["value"].strip('"')
        if name == "site":
            return self._site(token, value)
        if name in _TITLE | _BODY:
            zone = "title" if name in _TITLE else "body"
            if name.startswith("all"):
                return f"{zone}:({' AND '.join([_term(value), *self._following()])})"
            return f"{zone}:{_term(value)}"
        return self._lose(token, "there is nothing like it here")

    def _following(self) -> list[str]:
        """Return the words that follow, as terms, up to an operator or bracket."""
        found = []
        while (token := self._peek()) is not None and _word(token) not in {"", "AND", "OR", "NOT", "|"}:
            self._at += 1
            found.append(self._words(token))
        return [term for term in found if term]

    def _site(self, token: re.Match[str], value: str) -> str:
        found = _HOST.fullmatch(value)
        if found is None:
            return self._lose(token, "it names no site")
        if found[2] and found[2] != "/":
            self._lose(token, f"read as source:{found[1]}: a part of a site cannot be told")
        return f"source:{'*.' if '.' not in found[1] else ''}{found[1].casefold()}"

    def _words(self, token: re.Match[str]) -> str:
        value = token["value"]
        if not value.startswith('"') and value[:1] in "+~":
            if value[0] == "~":
                self._lose(token, "read without ~: inflections are found, other words of like meaning are not")
            value = value[1:]
        if re.fullmatch(r"\d+\.\.\d+", value):
            return self._lose(token, "ranges of numbers are written pct(10..25) or amount(USD 1m..5m)")
        words = value.strip('"').split()
        if value == "*":
            return self._lose(token, "outside quotes any words may stand between two")
        if "*" in words:
            parts = [part.strip() for part in " ".join(words).split("*") if part.strip()]
            self._lose(token, "read as at most 3 words in place of each *")
            return " PRE/3 ".join(map(_term, parts)) if parts else ""
        is_word = any(map(str.isalnum, value))
        return _term(value.strip('"')) if is_word else self._lose(token, "it has no word in it")

    def _is_alternative(self) -> bool:
        """Return whether the token just read stands beside an OR or AROUND."""
        around = [self._peek(), self._tokens[self._at - 2] if self._at > 1 else None]
        return any(token is not None and (_word(token) in {"OR", "|"} or _AROUND.match(token[0])) for token in around)

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _lose(self, token: re.Match[str], why: str) -> str:
        self.losses.append(NotCarried(line=self._number, piece=token[0], why=why))
        return ""


def _word(token: re.Match[str]) -> str:
    return token["value"] or "" if not (token["operator"] or token["minus"]) else ""


def _term(text: str) -> str:
    """Return a word or phrase as the query language writes it; two to four capitals are a name."""
    if text.upper() in _OPERATORS or not re.fullmatch(r"\w+", text) or text.isdecimal():
        return f'"{text}"'
    return f"={text}" if re.fullmatch(r"[A-Z]{2,4}", text) else text


def _grouped(part: str, operator: str) -> str:
    """Return a part in parentheses, if the operator joins it where none are around it."""
    outside, depth = [], 0
    for piece in re.split(r'("[^"]*"|[()])', part):
        depth += (piece == "(") - (piece == ")")
        outside.append(piece if depth == 0 and not piece.startswith('"') else "x")
    return f"({part})" if operator in "".join(outside) else part
