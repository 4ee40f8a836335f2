"""Undoes the gzip of a document that was packed before it was put on its server, as sitemaps are: within a limit."""

from __future__ import annotations

import zlib

_MAGIC = b"\x1f\x8b"
MAX_BYTES = 20_000_000


def unpacked(body: bytes) -> bytes:
    """Return a document, unpacked if it is packed; one that breaks off as far as it goes.

    Raises:
        ValueError: it is over 20 MB, or no gzip after its first bytes.
    """
    if not body.startswith(_MAGIC):
        return body
    unpack = zlib.decompressobj(wbits=31)
    try:
        text = unpack.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise ValueError("packed as gzip, but broken") from error
    if unpack.unconsumed_tail:
        raise ValueError(f"packed as gzip, and over {MAX_BYTES // 1_000_000} MB when unpacked")
    return text
