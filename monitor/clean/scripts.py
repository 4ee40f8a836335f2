"""The article inside a page's scripts: pages that are built in the browser carry their text as JSON.

Looked at only if the page shows no text by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from monitor.clean.fragment import clean_fragment

_MAX_CHARS = 3_000_000
_MAX_VALUES = 50_000
_SHORTEST = 200
_SENTENCES = re.compile(r"[.!?。！？]['\"”’」)]*(?:\s|<|$)|[。！？]")
_PUSHED = re.compile(r"self\.__next_f\.push\((\[.*\])\)\s*;?\s*$", re.DOTALL)
_ASSIGNED = re.compile(r"^\s*(?:window\.|var |let |const |self\.)[\w.$\[\]'\"]+\s*=\s*(?=[{\[])")
_NAMES = re.compile(r"(?:^|_)(?:body|content|text|html|article|paragraph|story|value)", re.IGNORECASE)


def text_in_scripts(tree: HtmlElement) -> str:
    """Return the longest prose among the JSON values of a page's scripts; empty if there is none."""
    best = ""
    for script in tree.iter("script"):
        text = script.text or ""
        if _SHORTEST < len(text) <= _MAX_CHARS and (value := _value_of(text, script.get("type") or "")) is not None:
            best = max(best, *_prose(value), key=len)
    return clean_fragment(best)


def _value_of(text: str, kind: str) -> object:
    if pushed := _PUSHED.search(text):
        text = pushed.group(1)
    elif assigned := _ASSIGNED.match(text):
        text = text[assigned.end() :]
    elif "json" not in kind.lower():
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text.strip())[0]
    except (ValueError, RecursionError):
        return None


def _prose(value: object) -> Iterator[str]:
    """Yield the texts of some length in a JSON value, those of one list or one kind of field put together."""
    yield ""
    waiting: list[object] = [value]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        found = waiting.pop()
        if isinstance(found, str) and _is_prose(found):
            yield found
        elif isinstance(found, list):
            yield "\n".join(text for item in found if _is_sentence(text := _said(item)))
            waiting.extend(found)
        elif isinstance(found, dict):
            waiting.extend(found.values())


def _said(item: object) -> str:
    if isinstance(item, dict):
        item = next((value for name, value in item.items() if isinstance(value, str) and _NAMES.search(name)), "")
    return item if isinstance(item, str) else ""


def _is_sentence(text: str) -> bool:
    return bool(_SENTENCES.search(text)) and (" " in text or not text.isascii())


def _is_prose(text: str) -> bool:
    return len(text) >= _SHORTEST and len(_SENTENCES.findall(text)) > 1 and _is_sentence(text)
