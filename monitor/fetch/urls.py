"""What may be asked for: http and https addresses on permitted ports, without a login in them.

One parser reads an address for the check and for the connection, so the two cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address

from yarl import URL

from monitor.fetch.faults import Fault
from monitor.model import Problem

MAX_URL_CHARS = 8_000

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
# Source: WHATWG URL, "ends in a number": such a host is an IPv4 address or nothing.
_NUMBER = re.compile(r"\d+|0[xX][0-9a-fA-F]*")


def read_url(text: str, allow_ports: Sequence[tuple[int, int]], base: URL | None = None) -> URL:
    """Return the address that `text` means (as a link on `base`), its host in ASCII, without fragment.

    Raises:
        Fault: `bad-url`, it may not be asked for.
    """
    text = text.strip()
    if len(text) > MAX_URL_CHARS:
        raise _bad(f"the address has {len(text)} characters, at most {MAX_URL_CHARS} are sent")
    if _CONTROL.search(text):
        raise _bad("the address has control characters in it")
    try:
        url = URL(text) if base is None else base.join(URL(text))
        port, host = url.port, url.raw_host or ""
    except (ValueError, IndexError) as error:  # yarl trips over `[]@`
        raise _bad(f"the address cannot be read: {error}") from error
    if url.scheme not in {"http", "https"}:
        raise _bad(_describe_scheme(text, url))
    _check_authority(url, host)
    if not any(low <= (port or 0) <= high for low, high in allow_ports):
        raise _bad(f"port {port} is not in allow_ports")
    return url.with_fragment(None)


def host_of(url: URL) -> str:
    """Return the host by which an address is counted: ASCII, lower case, no final dot."""
    return (url.raw_host or "").lower().rstrip(".")


def _check_authority(url: URL, host: str) -> None:
    if url.raw_user is not None or url.raw_password is not None:
        raise _bad("a login stands in the address: give it in `headers` instead")
    if not host.strip("."):
        raise _bad("the address names no host")
    if not (_NAME.fullmatch(host) or is_address(host)):
        raise _bad(f"{host!r} cannot be the name of a host")
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) and not is_address(host):
        raise _bad(f"{host} is neither a name nor a plain IPv4 address")


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address, as `raw_host` of a URL gives it."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _describe_scheme(text: str, url: URL) -> str:
    if url.scheme:
        return f"the address starts with {url.scheme}: but must start with http:// or https://"
    return f"{text} is not an address: it must start with http:// or https://" if text else "the address is empty"


def _bad(detail: str) -> Fault:
    return Fault(Problem.BAD_URL, detail)
