"""Reads an answer: what status and headers tell of it, and its body within the limits of the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import aiohttp

from monitor.fetch.decoding import decoder_for
from monitor.fetch.faults import Fault, explain, explain_status, name_status
from monitor.fetch.headers import read_cache, read_max_age, read_retry_after, read_token
from monitor.model import Failure, FetchRequest, FetchResult, Problem

NOT_MODIFIED = 304


def read_head(request: FetchRequest, url: str, response: aiohttp.ClientResponse, *, is_challenge: bool) -> FetchResult:
    """Return the result as far as status and headers tell it."""
    headers = response.headers
    error = _judge_status(response.status, request, is_challenge=is_challenge)
    # Validators of an answer that was not taken whole would hide behind a 304 what was missed.
    etag, last_modified = ("", "") if error else _read_validators(headers, request, response.status)
    return FetchResult(
        url=request.url,
        final_url=url,
        status=response.status,
        content_type=read_token(headers, "Content-Type"),
        etag=etag,
        last_modified=last_modified,
        max_age_s=read_max_age(headers),
        cache_s=read_cache(headers),
        retry_after_s=read_retry_after(headers),
        error=error,
    )


def _read_validators(headers: Mapping[str, str], request: FetchRequest, status: int) -> tuple[str, str]:
    etag, last_modified = read_token(headers, "ETag"), read_token(headers, "Last-Modified")
    if status == NOT_MODIFIED:
        return etag or request.etag, last_modified or request.last_modified
    return etag, last_modified


def _judge_status(status: int, request: FetchRequest, *, is_challenge: bool) -> Failure | None:
    if status >= 400 or is_challenge:
        return explain_status(status, is_challenge=is_challenge)
    if status == NOT_MODIFIED and not (request.etag or request.last_modified):
        return Failure(problem=Problem.PROTOCOL, detail="answered 304 Not Modified without having been asked")
    if not 200 <= status < 300 and status != NOT_MODIFIED:
        return Failure(problem=Problem.PROTOCOL, detail=f"answered {name_status(status)}")
    return None


async def with_body(result: FetchResult, response: aiohttp.ClientResponse, request: FetchRequest) -> FetchResult:
    """Return the result with the body of the answer, or why it cannot be had whole."""
    raw_bytes = 0
    try:
        _check_length(response.content_length or 0, request)
        decoder = decoder_for(",".join(response.headers.getall("Content-Encoding", [])), request.max_decoded_bytes)
        async for piece in response.content.iter_any():
            raw_bytes += len(piece)
            _check_length(raw_bytes, request)
            decoder.feed(piece)
        return replace(result, body=decoder.finish(), raw_bytes=raw_bytes)
    except (Fault, aiohttp.ClientError) as error:
        return replace(result, etag="", last_modified="", raw_bytes=raw_bytes, error=explain(error))


def _check_length(size_bytes: int, request: FetchRequest) -> None:
    if size_bytes > request.max_raw_bytes:
        raise Fault(Problem.TOO_LARGE, f"the answer is over {request.max_raw_bytes} bytes as sent")
