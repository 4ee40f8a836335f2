"""Column types that read the same on SQLite and PostgreSQL, and the hashes that keys are indexed by.

Keys and URLs may be longer than a PostgreSQL index entry, so their 63-bit hashes are indexed and the texts compared.
"""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta

import zstandard
from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHARDS = 1024


class Id(TypeDecorator[int]):
    """A 64-bit key; SQLite wants INTEGER to use it as the row's own number."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """Return the type of this engine."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Utc(TypeDecorator[datetime]):
    """An aware time as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        """Return the microseconds."""
        return None if value is None else micros_of(value)

    def process_result_value(self, value: int | None, _: Dialect) -> datetime | None:
        """Return the time in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def micros_of(at: datetime) -> int:
    """Return a time as `Utc` stores it: microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


class Words(TypeDecorator[str]):
    """Text of any origin: what one of the engines refuses (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        """Return the text as both engines take it."""
        return None if value is None else storable(value)


class Json(TypeDecorator[object]):
    """A value as JSON text, in ASCII, so that it holds whatever a feed may say."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, _: Dialect) -> str | None:
        """Return the JSON text."""
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, _: Dialect) -> object:
        """Return the value."""
        return None if value is None else json.loads(value)


def storable(text: str) -> str:
    """Return `text` with NUL and lone surrogates as U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def hash63(*parts: str) -> int:
    """Return a number of 63 bits for these texts, the same in every process and version."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return int.from_bytes(digest.digest(), "big") >> 1


def hash63_or_none(text: str) -> int | None:
    """Return the hash of `text`; None, which equals nothing, for an empty one."""
    return hash63(text) if text else None


def shard_of(host: str) -> int:
    """Return the shard of a host, 0 to 1023: its feeds are worked on together."""
    return hash63(host) % _SHARDS


class _Zstd(threading.local):
    """A thread's own pair: making one anew costs as much as compressing an article."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=3)
        self.decompressor = zstandard.ZstdDecompressor()


_zstd = _Zstd()


def packed(text: str) -> bytes | None:
    """Return `text` compressed; None for an empty one."""
    return _zstd.compressor.compress(storable(text).encode()) if text else None


def unpacked(data: bytes | None) -> str:
    """Return the text that `packed` was given, as far as it is storable."""
    return _zstd.decompressor.decompress(data).decode() if data else ""
