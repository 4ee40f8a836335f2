"""Sees what a web service answers to Apprise, which itself says only that a message failed.

Every HTTP plugin of Apprise sends by `requests`. Here its one way out is watched: within `watching()` the answers and
errors of the same thread are kept, and a try that was cut sends nothing more. Elsewhere nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests

from monitor.deliver.attempt import Attempt
from monitor.deliver.causes import find_cause
from monitor.deliver.masking import Mask
from monitor.model import Delivery

_MAX_RETRY_AFTER_S = 86_400.0  # a longer one is a mistake, or meant to silence the program
_MAX_EXCERPT = 120
_HINTS = {
    401: "the token or login is not accepted: make a new one and put it into the channel's address",
    403: "the service refuses this channel: check the token and what it may do",
    404: "the address no longer exists: make a new webhook or token",
    410: "the address was removed for good: make a new webhook or token",
    413: "the message is too long for this service",
    429: "too many messages: it is tried again when the service allows it",
}


class Watch:
    """What one try saw: the last answer, or the error instead of one."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.last: requests.Response | requests.RequestException | None = None

    def explain(self, service: str, mask: Mask) -> Delivery | None:
        """Return the failure in words, or None if nothing was sent by HTTP."""
        if isinstance(self.last, requests.Response):
            return _explain_answer(self.last, service, mask)
        if self.last is not None:
            return _explain_error(self.last, service, mask)
        return None


def is_watched() -> bool:
    """Return True inside `watching()`."""
    return _watch.get() is not None


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(attempt: Attempt) -> Iterator[Watch]:
    """Keep what is answered to requests sent inside."""
    watch = Watch(attempt)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def _explain_answer(answer: requests.Response, service: str, mask: Mask) -> Delivery:
    status = answer.status_code
    body = answer.content[:_MAX_EXCERPT].decode("utf-8", "replace").strip()
    is_page = "html" in answer.headers.get("Content-Type", "").lower() or body.startswith("<")
    excerpt = f": {body}" if body and not is_page else ""
    page = " with a web page" if is_page else ""
    if status < 400:
        error = f"{service} answered {status}{page}, but did not say that it took the message{excerpt}"
        return Delivery(
            error=mask.show(error), hint="check that the address is the service's own, not a page or a proxy"
        )
    return Delivery(
        error=mask.show(f"{service} answered {status} {_phrase(status)}{page}{excerpt}"),
        hint=_HINTS.get(status, _hint(status)),
        is_permanent=status < 500 and status not in (408, 425, 429),
        retry_after_s=_retry_after(answer),
    )


def _explain_error(error: requests.RequestException, service: str, mask: Mask) -> Delivery:
    cause = find_cause(error)
    words, hint = cause.words, cause.hint
    if isinstance(error, requests.exceptions.ProxyError):
        service, hint = f"{service} (through the proxy)", f"check HTTPS_PROXY; {hint}"
    # An address may be a secret: the error's own text, which has it, is never shown.
    return Delivery(error=mask.show(f"{service} {words}"), hint=hint)


def _retry_after(answer: requests.Response) -> float | None:
    """Return the seconds the service asks for; a time is counted from the service's own clock."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _MAX_RETRY_AFTER_S)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait.total_seconds(), 0.0), _MAX_RETRY_AFTER_S)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""


def _hint(status: int) -> str:
    return "the service has a fault: it is tried again" if status >= 500 else "check the channel's address"


def _watch_requests() -> None:
    send = requests.Session.send

    def watched_send(
        self: requests.Session,
        request: requests.PreparedRequest,
        **kwargs: Any,  # noqa: ANN401 - as the method replaced
    ) -> requests.Response:
        watch = _watch.get()
        if watch is None:
            return send(self, request, **kwargs)
        try:
            watch.attempt.hold()
            answer = send(self, request, **kwargs)
        except requests.RequestException as error:
            watch.last = error
            raise
        except TimeoutError as error:  # the try was cut
            raise requests.Timeout from error
        watch.last = answer
        return answer

    requests.Session.send = watched_send  # type: ignore[method-assign]  # the seam that all plugins share


_watch_requests()
