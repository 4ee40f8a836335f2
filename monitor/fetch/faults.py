"""What went wrong on the wire, in the words of `Problem`.

Inside this room a failure travels as the exception `Fault`; out of it goes the value it carries.
"""

from __future__ import annotations

import os
import ssl
from http import HTTPStatus

import aiohttp

from monitor.model import Failure, Problem

_MAX_DETAIL = 200

_BY_STATUS = {
    401: Problem.UNAUTHORIZED,
    403: Problem.FORBIDDEN,
    404: Problem.NOT_FOUND,
    410: Problem.GONE,
    429: Problem.TOO_MANY,
}


class Fault(Exception):
    """One failure on its way out of this room."""

    def __init__(self, problem: Problem, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(problem=problem, detail=_shown(detail))


def explain_status(status: int, *, is_challenge: bool) -> Failure:
    """Return the failure of an HTTP status; `is_challenge`: a wall against robots answered."""
    if is_challenge:
        return Failure(problem=Problem.CHALLENGE, detail=f"answered {name_status(status)} with a challenge")
    other = Problem.CLIENT_ERROR if status < 500 else Problem.SERVER_ERROR if status < 600 else Problem.PROTOCOL
    return Failure(problem=_BY_STATUS.get(status, other), detail=f"answered {name_status(status)}")


def name_status(status: int) -> str:
    """Return a status with its standard phrase; never the server's own, which can be anything."""
    return f"{status} {HTTPStatus(status).phrase}" if status in HTTPStatus._value2member_map_ else str(status)


def explain(error: Exception) -> Failure:
    """Return the failure behind an exception of aiohttp or of the sockets under it."""
    if isinstance(error, Fault):
        return error.failure
    for kinds, problem in _PROBLEMS:
        if isinstance(error, kinds):
            return Failure(problem=problem, detail=_shown(_describe(error)))
    return Failure(problem=Problem.PROTOCOL, detail=_shown(_describe(error)))


# In the order of asking: the first kind that fits decides.
_PROBLEMS: tuple[tuple[tuple[type[Exception], ...], Problem], ...] = (
    ((aiohttp.ClientConnectorDNSError,), Problem.DNS),
    ((aiohttp.ClientSSLError, ssl.SSLError, ssl.CertificateError), Problem.TLS),
    ((aiohttp.InvalidURL, ValueError), Problem.BAD_URL),
    ((aiohttp.ClientHttpProxyError,), Problem.CONNECT),
    ((aiohttp.ClientPayloadError, aiohttp.ClientResponseError), Problem.PROTOCOL),
    ((aiohttp.ClientConnectionError, OSError), Problem.CONNECT),
)


def _describe(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            text = str(getattr(error.certificate_error, "verify_message", "") or error.certificate_error)
        case aiohttp.ClientHttpProxyError():
            text = f"the proxy answers {name_status(error.status)}"
        case aiohttp.ClientProxyConnectionError():
            text = f"the proxy does not answer: {_describe_os_error(error.os_error)}"
        case aiohttp.ClientConnectorError():
            text = _describe_os_error(error.os_error)
        case aiohttp.ServerDisconnectedError():
            text = "the server closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            text = "the answer breaks off before its end"
        case aiohttp.ClientResponseError():
            text = f"the answer is not valid HTTP: {error.message}"
        case ValueError():
            text = f"the request cannot be sent: {error}"
        case OSError():
            text = _describe_os_error(error)
        case _:
            text = str(error)
    return text or type(error).__name__


def _describe_os_error(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason.replace("_", " ").lower() if error.reason else str(error)
    if isinstance(error, ConnectionResetError):
        return "Connection reset by peer"
    return os.strerror(error.errno) if error.errno else error.strerror or str(error) or type(error).__name__


def _shown(text: str) -> str:
    """Return a detail that can be printed and stored anywhere: one line, no control characters, no lone surrogates."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * _MAX_DETAIL]).split())
    return line if len(line) <= _MAX_DETAIL else line[: _MAX_DETAIL - 1] + "…"
