"""Tells a wall against robots from a plain refusal: by what its makers write in the headers, else by its page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp

from monitor.fetch.decoding import decoder_for
from monitor.fetch.faults import Fault
from monitor.text.walls import is_challenge

# The statuses that Cloudflare, Akamai, AWS, DataDome, Imperva and their like answer with.
_STATUSES = frozenset({202, 401, 403, 405, 429, 503})
_PAGE_BYTES = 200_000
_PAGE_S = 1.0


async def is_wall(response: aiohttp.ClientResponse) -> bool:
    """Tell whether an answer is a bot check. Reads a page of an error for it, up to 200 kB and a second."""
    if response.status not in _STATUSES:
        return False
    if has_wall_header(response.headers):
        return True
    is_page = response.status != 202 and "html" in response.headers.get("Content-Type", "").lower()
    return is_page and is_challenge(await _peek(response))


def has_wall_header(headers: Mapping[str, str]) -> bool:
    """Tell whether the headers of an answer name a bot check."""
    mitigated = headers.get("cf-mitigated", "").strip().lower()
    action = headers.get("x-amzn-waf-action", "").strip().lower()
    return mitigated == "challenge" or action in {"challenge", "captcha"}


async def _peek(response: aiohttp.ClientResponse) -> str:
    try:
        async with asyncio.timeout(_PAGE_S):
            decoder = decoder_for(response.headers.get("Content-Encoding", ""), _PAGE_BYTES)
            async for piece in response.content.iter_any():
                decoder.feed(piece)
            return decoder.finish().decode("utf-8", "replace")
    except (TimeoutError, Fault, aiohttp.ClientError):
        return ""
