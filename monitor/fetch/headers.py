"""What an answer's headers say of its freshness and of when to come again.

Times are taken relative to the answer's own Date: no clock of ours is asked, and a wrong one of theirs does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_TOKEN_CHARS = 1_000
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_SHARED_MAX_AGE = re.compile(r"(?:^|[\s,])s-maxage\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,10}(?:\.\d+)?")


def read_max_age(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the answer stays fresh: 0 when it must not be kept, None when nothing is said.

    Source: RFC 9111 4.2 (max-age before Expires, less Age).
    """
    control = headers.get("Cache-Control", "")
    if _NO_CACHE.search(control):
        return 0.0
    lifetime = _read_lifetime(control, headers)
    return None if lifetime is None else max(0.0, lifetime - _read_seconds(headers.get("Age", "")))


def read_cache(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the shared cache that answered keeps an answer; None when none did, or will not.

    Source: RFC 9111 5.1: only a cache says Age; 5.2.2.10: for it s-maxage goes before max-age.
    """
    control = headers.get("Cache-Control", "")
    return None if "Age" not in headers or _NO_CACHE.search(control) else _read_lifetime(control, headers)


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return after how many seconds the server wants to be asked again, None when it does not say.

    Source: RFC 9110 10.2.3.
    """
    text = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    return _seconds_after_date(text, headers) if text else None


def read_token(headers: Mapping[str, str], name: str) -> str:
    """Return a header that is kept and sent back, as it is; empty when it could not be sent or stored."""
    value = headers.get(name, "").strip()
    return value if value.isascii() and value.isprintable() and len(value) <= _MAX_TOKEN_CHARS else ""


def _read_lifetime(control: str, headers: Mapping[str, str]) -> float | None:
    shared = _SHARED_MAX_AGE.search(control) if "Age" in headers else None
    if found := shared or _MAX_AGE.search(control):
        return float(found[1])
    if "Expires" not in headers:
        return None
    # Source: RFC 9111 5.3: an Expires that is no date (often "0") means already stale.
    return _seconds_after_date(headers["Expires"], headers) or 0.0


def _read_seconds(text: str) -> float:
    return float(text.strip()) if _SECONDS.fullmatch(text.strip()) else 0.0


def _seconds_after_date(text: str, headers: Mapping[str, str]) -> float | None:
    then, now = _read_date(text), _read_date(headers.get("Date", ""))
    return None if then is None or now is None else max(0.0, (then - now).total_seconds())


def _read_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
