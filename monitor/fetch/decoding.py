"""Undoes gzip, deflate and brotli within a limit of bytes, so that a bomb costs no more than a large page.

Only one coding is undone, and only those that were asked for: stacked codings multiply their factors.
"""

from __future__ import annotations

import codecs
import zlib
from typing import Protocol

import brotli

from monitor.fetch.faults import Fault
from monitor.model import Problem

_STEP_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class Decoder(Protocol):
    """Takes a body piece by piece. Both methods raise `Fault` when it is too large or broken."""

    def feed(self, piece: bytes) -> None:
        """Take the next piece as it was sent."""

    def finish(self) -> bytes:
        """Return the decoded body."""


def decoder_for(content_encoding: str, max_bytes: int) -> Decoder:
    """Return the decoder for a Content-Encoding header, all its lines joined by commas.

    Raises:
        Fault: `encoding`, it is not one that was asked for, or more than one.
    """
    codings = [name for part in content_encoding.split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if not codings:
        return _Plain(max_bytes)
    if len(codings) == 1 and codings[0] in {"gzip", "x-gzip", "deflate"}:
        return _Zlib(max_bytes)
    if codings == ["br"]:
        return _Brotli(max_bytes)
    raise Fault(Problem.ENCODING, f"the answer is coded as {content_encoding}")


class _Plain:
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size_bytes = 0

    def feed(self, piece: bytes) -> None:
        self._size_bytes += len(piece)
        if self._size_bytes > self._max_bytes:
            raise Fault(Problem.TOO_LARGE, f"the answer is over {self._max_bytes} bytes")
        self._parts.append(piece)

    def finish(self) -> bytes:
        return b"".join(self._parts)


class _Zlib(_Plain):
    """Gzip, also of several members; zlib or bare deflate; and plain bytes from a server that only says it packed."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self._head = b""
        self._unpack: zlib._Decompress | None = None
        self._members = 0
        self._is_plain = False
        self._is_over = False

    def feed(self, piece: bytes) -> None:
        piece, self._head = self._head + piece, b""
        while piece and not self._is_over:
            if self._is_plain:
                return super().feed(piece)
            if self._unpack is not None:
                piece = self._inflate(self._unpack, piece)
            elif len(piece) < len(_GZIP_MAGIC):
                self._head = piece
                return None
            else:
                self._begin(piece)
        return None

    def finish(self) -> bytes:
        if self._unpack is not None:
            raise Fault(Problem.PROTOCOL, "the compressed answer breaks off before its end")
        if self._head and self._members == 0:
            super().feed(self._head)
        return super().finish()

    def _begin(self, head: bytes) -> None:
        """Choose how to read what starts with `head`, of two bytes at least."""
        if head.startswith(_GZIP_MAGIC):
            self._unpack = zlib.decompressobj(wbits=31)
        elif self._members:
            # What follows the last member is padding, as every browser takes it.
            self._is_over = True
        elif head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0:
            self._unpack = zlib.decompressobj(wbits=15)
        elif head.lstrip()[:1] in {b"<", b"{", b"["} or head.startswith(codecs.BOM_UTF8[:2]):
            self._is_plain = True
        else:
            self._unpack = zlib.decompressobj(wbits=-15)

    def _inflate(self, unpack: zlib._Decompress, piece: bytes) -> bytes:
        """Take what fits into one step; returns what is left of the piece."""
        try:
            out = unpack.decompress(piece, _STEP_BYTES)
            super().feed(out)
            # A full step may leave output in zlib itself, with no input left that would bring it out.
            while len(out) == _STEP_BYTES and not (unpack.unconsumed_tail or unpack.eof):
                out = unpack.decompress(b"", _STEP_BYTES)
                super().feed(out)
        except zlib.error as error:
            raise Fault(Problem.PROTOCOL, f"the compressed answer is broken: {error}") from error
        if unpack.eof:
            self._members += 1
            self._unpack = None
            return unpack.unused_data
        return unpack.unconsumed_tail


class _Brotli(_Plain):
    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self._unpack = brotli.Decompressor()

    def feed(self, piece: bytes) -> None:
        if self._unpack.is_finished():
            return
        try:
            super().feed(self._unpack.process(piece, output_buffer_limit=_STEP_BYTES))
            while not self._unpack.can_accept_more_data():
                super().feed(self._unpack.process(b"", output_buffer_limit=_STEP_BYTES))
        except brotli.error as error:
            raise Fault(Problem.PROTOCOL, f"the compressed answer is broken: {error}") from error

    def finish(self) -> bytes:
        if not self._unpack.is_finished():
            raise Fault(Problem.PROTOCOL, "the compressed answer breaks off before its end")
        return super().finish()
