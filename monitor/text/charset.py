"""Bytes to text: which encoding a feed or a page is in.

What the bytes prove goes before what they declare: servers and templates lie, UTF-8 hardly ever arises by chance.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKUP_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"<\0!\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"\0<\0!", "utf-16-be"),
)
_LABEL = re.compile(r"[A-Za-z0-9._:+-]{1,40}")
# Labels that browsers know and Python does not.
_ALIASES = {
    "dos-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-cp1254": "cp1254",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-sjis": "cp932",
    "x-x-big5": "big5hkscs",
}
# Browsers read these labels as the superset that pages really use. Source: WHATWG Encoding Standard, names and labels.
_SUPERSETS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "johab": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "utf-8-sig": "utf-8",
}
_ALLOWED = re.compile(
    r"cp(?:125[0-8]|866|874|932|949)|iso8859-(?:[2-8]|10|1[3-6])|koi8-[ru]|mac-(?:cyrillic|roman)"
    r"|big5hkscs|euc_jp|gb18030|hz|iso2022_jp|utf-8"
)
_SEVEN_BIT = {"iso2022_jp": b"\x1b", "hz": b"~{"}
_ASCII = re.compile(r"[\x00-\x7f]+")
_DECLARED_BAD_SHARE = 0.02


def codec_of(label: str) -> str:
    """Return the Python codec that browsers would use for an encoding's label; empty for one they do not know.

    Only encodings of documents pass: never `punycode`, `idna`, `rot13` or `utf-7`, which cost time or change the text;
    nor UTF-16, which a document shows by its first bytes or is not in.
    """
    label = label.strip().strip("\"'").lower()
    if not _LABEL.fullmatch(label):
        return ""
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except LookupError:
        return ""
    name = _SUPERSETS.get(name, name)
    return name if _ALLOWED.fullmatch(name) else ""


def decode_sure(body: bytes, labels: Sequence[str] = ()) -> str | None:
    """Decode `body` if its bytes prove the encoding: by a byte order mark, as UTF-8, or as UTF-8 with some damage.

    `labels` are consulted only for the 7-bit encodings, which look like ASCII. None: the bytes prove nothing.
    """
    if marked := _marked(body):
        start, codec = marked
        return body[start:].decode(codec, "replace")
    for codec in map(codec_of, labels):
        if _SEVEN_BIT.get(codec, b"\0") in body and codec in _SEVEN_BIT:
            return body.decode(codec, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad, good = _count_foreign(text)
    return text if good > 4 * bad else None


def decode(body: bytes, labels: Sequence[str], guess: Callable[[bytes], str]) -> str:
    """Decode `body`: as its bytes prove, else as one of `labels` (the most trusted first), else as `guess` says.

    Never raises: what does not decode becomes U+FFFD.
    """
    text = decode_sure(body, labels)
    if text is not None:
        return text
    codecs_declared = [codec for codec in map(codec_of, labels) if codec and codec != "utf-8"]
    for codec in codecs_declared:
        text = body.decode(codec, "replace")
        bad, good = _count_foreign(text)
        if bad <= _DECLARED_BAD_SHARE * (bad + good):
            return text
    guessed = codec_of(guess(body)) or next(iter(codecs_declared), "cp1252")
    return body.decode(guessed, "replace")


def _marked(body: bytes) -> tuple[int, str] | None:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return len(mark), codec
    for start, codec in _MARKUP_STARTS:
        if body.startswith(start):
            return 0, codec
    return None


def _count_foreign(text: str) -> tuple[int, int]:
    foreign = _ASCII.sub("", text)
    bad = foreign.count("\ufffd")
    return bad, len(foreign) - bad
