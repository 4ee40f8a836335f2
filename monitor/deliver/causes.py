"""Says in words why a connection failed: the causes that mail and web services share."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What went wrong, to be read after the name of the server, and what to do about it."""

    words: str
    hint: str


_CAUSES: tuple[tuple[type[OSError], str, str], ...] = (  # the most special first
    (socket.gaierror, "has no address (DNS)", "check the spelling of the host, and this machine's DNS"),
    (
        ssl.SSLCertVerificationError,
        "has a certificate that is not trusted (TLS: {reason})",
        "check the host's name; a private CA goes into REQUESTS_CA_BUNDLE (web) or SSL_CERT_FILE (mail)",
    ),
    (ssl.SSLError, "does not speak TLS here", "check the port, and whether it wants TLS from the start"),
    (ConnectionRefusedError, "refused the connection", "check host and port, and that the server runs"),
    (TimeoutError, "did not answer in time", "check host and port, and the firewall between"),
    (ConnectionError, "cut the connection", "it is tried again; check port and security if it stays so"),
    (OSError, "cannot be reached ({reason})", "check this machine's network"),
)

_TUNNEL = "Tunnel connection failed:"  # what http.client says when a proxy refuses


def find_cause(error: BaseException) -> Cause:
    """Return the cause at the root of an error of the network."""
    for inner in _chain(error):
        if isinstance(inner, OSError) and str(inner).startswith(_TUNNEL):
            return Cause(
                words=f"cannot be reached: the proxy answered{str(inner)[len(_TUNNEL) :]}", hint="ask its operator"
            )
        for kind, words, hint in _CAUSES:
            if isinstance(inner, kind) and (kind is not OSError or inner.errno is not None):
                return Cause(words=words.format(reason=_reason(inner)), hint=hint)
    return Cause(words=f"cannot be talked to ({type(error).__name__})", hint="check that the address is right")


def _reason(error: OSError) -> str:
    return str(getattr(error, "verify_message", "") or error.strerror or "")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all it wraps, innermost first: libraries hide the cause in arguments, reasons and contexts."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 50:
        inner = waiting.pop(0)
        if isinstance(inner, BaseException) and inner not in found:
            found.append(inner)
            waiting += [inner.__cause__, inner.__context__, getattr(inner, "reason", None), *inner.args]
    return reversed(found)
