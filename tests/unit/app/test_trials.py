"""Pages that a command reads, of any size and malice."""

from __future__ import annotations

import asyncio

from monitor.app import clean_untrusted
from monitor.model import Problem


def test_a_page_that_would_take_minutes_is_given_up_after_its_time() -> None:
    page = asyncio.run(clean_untrusted(b"<p>a" * 1_000_000, timeout_s=1))

    assert page.problem is not None
    assert (page.problem.problem, page.problem.detail) == (Problem.HARMFUL, "took longer than 1 s")


def test_a_large_page_is_read_as_a_small_one_is() -> None:
    paragraph = b"<p>The ministry said on Friday that the controls on magnets would stay in place for now.</p>"
    small = b"<html><head><title>Controls stay</title></head><body><article>" + paragraph + b"</article></body></html>"
    large = small.replace(b"</head>", b"<style>" + b" " * 400_000 + b"</style></head>")

    assert asyncio.run(clean_untrusted(large, "https://ex.org/a")) == asyncio.run(
        clean_untrusted(small, "https://ex.org/a")
    )
