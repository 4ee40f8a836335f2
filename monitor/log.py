"""Log lines: a constant sentence with its data in named fields, one record a line.

Values are quoted, so that nothing a feed says can start a line of its own; secrets are masked (`mask_secrets`).
"""

from __future__ import annotations

import json
import logging
import re
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

_PLAIN = re.compile(r"[\w.:/@%+,*~\-\[\]]+", re.ASCII)
_secrets: list[str] = []  # the longest first, as one may be part of another


class Log:
    """A named logger whose methods take the sentence and the fields: `log.info("feed fetched", feed=url, ms=12)`."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, sentence: str, **fields: object) -> None:
        """Record a detail."""
        self._write(logging.DEBUG, sentence, fields)

    def info(self, sentence: str, **fields: object) -> None:
        """Record a step that went well."""
        self._write(logging.INFO, sentence, fields)

    def warning(self, sentence: str, **fields: object) -> None:
        """Record a failure that will be tried again."""
        self._write(logging.WARNING, sentence, fields)

    def error(self, sentence: str, **fields: object) -> None:
        """Record a failure that needs a person."""
        self._write(logging.ERROR, sentence, fields)

    def exception(self, sentence: str, **fields: object) -> None:
        """Record a bug, with its stack."""
        self._write(logging.ERROR, sentence, fields, stack=True)

    def _write(self, level: int, sentence: str, fields: dict[str, object], *, stack: bool = False) -> None:
        if self._logger.isEnabledFor(level):
            line = " ".join([sentence, *(f"{name}={_quote(value)}" for name, value in fields.items())])
            self._logger.log(level, "%s", line, exc_info=stack)


def mask_secrets(values: Iterable[str]) -> None:
    """Mask these texts in every log line from now on; texts under 4 characters would mask words, and are left.

    Masked too is how each stands in an address, in a header (Base64) and in an error's quotes.
    """
    forms = {form for value in values if len(value) >= 4 for form in _forms(value)}
    _secrets[:] = sorted(forms.union(_secrets), key=len, reverse=True)


def masked(text: str) -> str:
    """Return `text` with every known secret as `***`."""
    for secret in _secrets:
        text = text.replace(secret, "***")
    return text


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")  # the environment may hold bytes that are no text
    in_base64 = (encode(raw).decode("ascii").rstrip("=") for encode in (b64encode, urlsafe_b64encode))
    return {secret, repr(secret)[1:-1], quote(raw), quote(raw, safe=""), quote_plus(raw), *in_base64}


def set_up(*, verbose: bool = False) -> None:
    """Send the program's log lines to stderr; under systemd the journal adds the time itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("monitor").setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.getLogger("storage").setLevel(logging.DEBUG if verbose else logging.INFO)
    # At DEBUG these libraries write addresses with their tokens; Apprise's logger is the deliver room's business.
    for name in ("urllib3", "requests", "aiohttp", "asyncio", "trafilatura", "htmldate", "apscheduler"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def _quote(value: object) -> str:
    # Before the quoting, which writes quotes, backslashes and other scripts in another way.
    text = masked(str(value))
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)
