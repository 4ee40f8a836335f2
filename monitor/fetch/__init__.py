"""Fetches feeds and pages by HTTP: politely, within limits of bytes and time, and never from a forbidden address.

The way of one fetch is read in `http.py`; each of its worries has a file: `urls` (what may be asked for), `guard`
(where we may connect), `resolver` (names), `politeness` (whose turn it is), `decoding` (bombs), `headers`, `faults`.
"""

from __future__ import annotations

from monitor.fetch.http import HttpFetcher

__all__ = ["HttpFetcher"]
