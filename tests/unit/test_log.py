"""Log lines: one record a line, quoted, without secrets in any of the forms they travel in."""

from __future__ import annotations

import base64
import logging
from urllib.parse import quote, quote_plus

import pytest

from monitor import log
from monitor.log import Log, mask_secrets, masked

SECRET = 'pass"wörd\\ /?one'


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_secrets", [])
    mask_secrets([SECRET, "abc", "tok/en"])


def written(caplog: pytest.LogCaptureFixture, **fields: object) -> str:
    with caplog.at_level(logging.INFO):
        Log("monitor.test").info("it was so", **fields)
    return caplog.messages[-1]


def test_values_are_quoted_when_they_need_it(caplog: pytest.LogCaptureFixture) -> None:
    line = written(caplog, plain="a/b", spaced="a b", lines="a\nERROR b", script="稀土", abc="abc")

    assert line == r'it was so plain=a/b spaced="a b" lines="a\nERROR b" script="\u7a00\u571f" abc=abc'


def test_a_secret_is_masked_before_it_is_quoted(caplog: pytest.LogCaptureFixture) -> None:
    assert written(caplog, login=SECRET, text=f"no {SECRET}, he said") == 'it was so login=*** text="no ***, he said"'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        repr(SECRET)[1:-1],
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    ],
)
def test_a_secret_is_masked_in_the_forms_it_has_in_addresses_and_headers(form: str) -> None:
    assert masked(f"https://a.example/{form}/x") == "https://a.example/***/x"


def test_bytes_of_the_environment_that_are_no_text_are_masked_too() -> None:
    mask_secrets(["token\udcff", "token\ud800"])

    assert masked("a=token\udcff b=token\ud800") == "a=*** b=***"
