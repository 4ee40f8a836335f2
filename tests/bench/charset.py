"""How often pages are read in the right encoding: real ones in UTF-8, encoded anew as sites without it do.

Each page in the legacy encodings of its language and script, declared in four ways: by its meta tag, by the header
only, not at all, and falsely as UTF-8. And as UTF-8 that is damaged: a stray byte in the middle, or cut off in a
character. What an encoding lacks is a character reference, as on real pages. A page is right if 98 of 100 of its
letters that are not ASCII are. Beside it what trafilatura makes of the same bytes, which sees no header.
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from monitor.clean.page import decode_page
from tests.bench.report import print_table, progress

# By the script that most of a page's letters beyond ASCII are in, and for Latin by language.
_ENCODINGS = {
    "LATIN": ("windows-1252", "iso-8859-15"),
    "LATIN cs hr hu pl ro sk sl": ("windows-1250", "iso-8859-2"),
    "LATIN tr az": ("windows-1254",),
    "CYRILLIC": ("windows-1251", "koi8-r"),
    "GREEK": ("windows-1253",),
    "HEBREW": ("windows-1255",),
    "ARABIC": ("windows-1256",),
    "THAI": ("windows-874",),
    "CJK": ("gb18030", "big5"),
    "HIRAGANA": ("shift_jis", "euc-jp"),
    "HANGUL": ("euc-kr",),
}
_DECLARED = re.compile(rb"""<meta[^>]*charset[^>]*>|<\?xml[^>]*\?>""", re.IGNORECASE)
_LANGUAGE = re.compile(rb"""<html[^>]*\slang=["']?([a-zA-Z]{2})""")
_FEWEST_LETTERS = 40
_MOST_LOST = 0.02
_MOST_WRITTEN = 0.8
_WAYS = ("meta", "header only", "none", "false UTF-8")

Decode = Callable[[bytes, str], str]


def run(folder: Path | None) -> None:
    """Print how often each way of declaring an encoding, and of damaging UTF-8, is read right."""
    if folder is None or not (folder / "gold.jsonl").exists():
        progress("encodings are left out: no folder of pages, name one by --pages DIR")
        return
    pages = list(_pages(folder))
    progress(f"encodings of {len(pages)} pages")
    decoders: dict[str, Decode] = {"Monitor": decode_page, "trafilatura": _trafilatura()}
    encoded = [(page, encoding) for page, language in pages for encoding in _encodings(page, language)]
    rows = []
    for encoding in sorted({encoding for _, encoding in encoded}):
        own = [body for page, one in encoded if one == encoding if (body := _encode(page, encoding))]
        rows += [[encoding, len(own), *_rights(own, encoding, decoders)]] if own else []
    totals = [sum(int(row[column]) for row in rows) for column in range(1, 2 + len(_WAYS) * len(decoders))]
    headings = ["encoding", "pages", *(f"{name}: {way}" for name in decoders for way in _WAYS)]
    print_table("Pages in legacy encodings read right", headings, [*rows, ["all", *totals]])
    damaged = [[damage(page) for page, _ in pages] for damage in (_stray, _cut)]
    shown = [
        [name, *(sum(_is_right(decode(body, ""), true) for body, true in bodies) for bodies in damaged)]
        for name, decode in decoders.items()
    ]
    print_table(f"{len(pages)} damaged pages in UTF-8 read right", ["", "a stray byte", "cut off"], shown)


def _pages(folder: Path) -> Iterator[tuple[bytes, str]]:
    """Yield the pages in UTF-8 that hold enough letters beyond ASCII, without a declaration, and their languages."""
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
        row = json.loads(line)
        body = _DECLARED.sub(b"", gzip.decompress((folder / row["path"]).read_bytes()))
        try:
            if sum(_letters(body.decode()).values()) >= _FEWEST_LETTERS:
                tag = _LANGUAGE.search(body)
                yield body, tag.group(1).decode().lower() if tag else ""
        except UnicodeDecodeError:
            continue


def _letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char > "\x7f" and char.isalpha())


def _encodings(page: bytes, language: str) -> Sequence[str]:
    scripts = Counter[str]()
    for letter, count in _letters(page.decode()).items():
        scripts[unicodedata.name(letter, "?").split()[0].replace("KATAKANA", "HIRAGANA")] += count
    script = "HIRAGANA" if scripts["HIRAGANA"] > scripts.total() / 10 else scripts.most_common(1)[0][0]
    exact = next((found for key, found in _ENCODINGS.items() if language and language in key.split()[1:]), ())
    return exact or _ENCODINGS.get(script, ())


def _encode(page: bytes, encoding: str) -> bytes:
    """Return a page in an encoding; empty if that cannot write most of its letters."""
    text = page.decode()
    body = text.encode(encoding, "xmlcharrefreplace")
    return body if _letters(body.decode(encoding)).total() >= _MOST_WRITTEN * _letters(text).total() else b""


def _rights(bodies: Sequence[bytes], encoding: str, decoders: dict[str, Decode]) -> Iterator[int]:
    for decode in decoders.values():
        for way in _WAYS:
            declared = {"header only": encoding, "false UTF-8": "utf-8"}.get(way)
            header = f"text/html; charset={declared}" if declared else "text/html"
            meta = {"meta": encoding, "false UTF-8": "utf-8"}.get(way)
            tag = f'<meta charset="{meta}">'.encode() if meta else b""
            read = (decode(re.sub(rb"<head[^>]*>", rb"\g<0>" + tag, body, count=1), header) for body in bodies)
            yield sum(_is_right(text, body.decode(encoding)) for text, body in zip(read, bodies, strict=True))


def _is_right(text: str, true: str) -> bool:
    found, wanted = _letters(text), _letters(true)
    return (found & wanted).total() >= (1 - _MOST_LOST) * max(found.total(), wanted.total())


def _stray(page: bytes) -> tuple[bytes, str]:
    """Return a page with a byte of another encoding where its body begins, and its true text."""
    at = page.index(b">", max(0, page.find(b"<body"))) + 1
    return page[:at] + b"\xe9" + page[at:], page.decode()


def _cut(page: bytes) -> tuple[bytes, str]:
    """Return a page that ends within its last character of several bytes, and its true text before that."""
    last = max(at for at, byte in enumerate(page) if byte >= 0xC2)
    return page[: last + 1], page[:last].decode()


def _trafilatura() -> Decode:
    decode = importlib.import_module("trafilatura.utils").decode_file
    return lambda body, _header: str(decode(body))
