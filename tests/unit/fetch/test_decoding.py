from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.decoding import decoder_for
from monitor.fetch.faults import Fault
from monitor.model import Problem

TEXT = b"<rss>" + b"Rare-earth controls were tightened on Thursday. " * 500 + b"</rss>"
LIMIT = 1_000_000


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def decode(coding: str, body: bytes, piece_bytes: int = 1 << 16, limit: int = LIMIT) -> bytes:
    decoder = decoder_for(coding, limit)
    for start in range(0, len(body), piece_bytes):
        decoder.feed(body[start : start + piece_bytes])
    return decoder.finish()


def problem_of(coding: str, body: bytes, limit: int = LIMIT) -> Problem:
    with pytest.raises(Fault) as caught:
        decode(coding, body, limit=limit)
    return caught.value.failure.problem


@pytest.mark.parametrize("piece_bytes", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("", bytes),
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("x-gzip", gzip.compress),
        ("identity, gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", bare_deflate),
        ("br", brotli.compress),
        ("gzip", bytes),
        ("gzip", zlib.compress),
    ],
)
def test_a_body_comes_back_as_it_was(coding: str, pack: Callable[[bytes], bytes], piece_bytes: int) -> None:
    assert decode(coding, pack(TEXT), piece_bytes) == TEXT


@pytest.mark.parametrize("over", range(-2, 260, 3))
def test_a_body_that_ends_just_past_a_step_is_whole(over: int) -> None:
    body = bytes((1 << 16) + over)

    assert decode("deflate", bare_deflate(body)) == body


@pytest.mark.parametrize("piece_bytes", [1, 1 << 16])
def test_several_gzip_members_are_one_body_and_padding_is_none(piece_bytes: int) -> None:
    packed = gzip.compress(b"<rss>") + gzip.compress(b"</rss>") + b"\0\0\0"

    assert decode("gzip", packed, piece_bytes) == b"<rss></rss>"


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_an_empty_body_is_empty_or_broken_but_never_a_crash(coding: str) -> None:
    if coding == "br":
        assert problem_of(coding, b"") is Problem.PROTOCOL
    else:
        assert decode(coding, b"") == b""


@pytest.mark.parametrize("coding", ["zstd", "gzip, gzip", "gzip, br", "br, gzip", "compress", "gzip;q=1", "aes128gcm"])
def test_codings_that_were_not_asked_for_are_refused(coding: str) -> None:
    assert problem_of(coding, TEXT) is Problem.ENCODING


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(TEXT)[:-20]),
        ("gzip", gzip.compress(TEXT)[:-1]),
        ("gzip", gzip.compress(TEXT)[:5]),
        ("gzip", gzip.compress(TEXT)[:-8] + b"\0" * 8),
        ("gzip", gzip.compress(TEXT)[:10] + b"\xff" * 500),
        ("deflate", zlib.compress(TEXT)[:-3]),
        ("br", brotli.compress(TEXT)[:-3]),
        ("br", b"\xff" * 500),
        ("br", TEXT),
    ],
)
def test_a_broken_or_cut_off_body_is_a_protocol_fault(coding: str, packed: bytes) -> None:
    assert problem_of(coding, packed) is Problem.PROTOCOL


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
def test_the_limit_is_of_decoded_bytes_and_exact(coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert decode(coding, pack(TEXT), limit=len(TEXT)) == TEXT
    assert problem_of(coding, pack(TEXT), limit=len(TEXT) - 1) is Problem.TOO_LARGE


def gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(1 << 20)) for _ in range(256)) + packer.finish()


@pytest.mark.parametrize(("coding", "make"), [("gzip", gzip_bomb), ("br", brotli_bomb)])
def test_a_bomb_costs_no_more_memory_than_the_limit(coding: str, make: Callable[[], bytes]) -> None:
    bomb = make()
    tracemalloc.start()
    try:
        assert problem_of(coding, bomb) is Problem.TOO_LARGE
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak_bytes < 3 * LIMIT


@given(st.sampled_from(["", "gzip", "deflate", "br"]), st.lists(st.binary(max_size=64), max_size=8))
def test_any_bytes_are_decoded_or_named(coding: str, pieces: list[bytes]) -> None:
    decoder = decoder_for(coding, LIMIT)
    problem, body = None, b""
    try:
        for piece in pieces:
            decoder.feed(piece)
        body = decoder.finish()
    except Fault as fault:
        problem = fault.failure.problem

    assert problem in {None, Problem.PROTOCOL}
    assert len(body) <= LIMIT
