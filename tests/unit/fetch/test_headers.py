from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.headers import read_cache, read_max_age, read_retry_after, read_token

DATE = "Mon, 27 Oct 2025 12:00:00 GMT"
LATER = "Mon, 27 Oct 2025 12:05:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": "public, MAX-AGE = 600"}, 600),
        ({"Cache-Control": 'max-age="600"'}, 600),
        ({"Cache-Control": "s-maxage=900"}, None),
        ({"Cache-Control": "max-age=600", "Age": "200"}, 400),
        ({"Cache-Control": "max-age=600", "Age": "900"}, 0),
        ({"Cache-Control": "max-age=600", "Age": "soon"}, 600),
        ({"Cache-Control": "max-age=600", "Expires": DATE, "Date": DATE}, 600),
        ({"Cache-Control": "no-cache, max-age=600"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": 'no-cache="set-cookie"'}, 0),
        ({"Cache-Control": "max-age=99999999999999999999999"}, 9_999_999_999),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Expires": LATER, "Date": DATE}, 300),
        ({"Expires": LATER, "Date": DATE, "Age": "60"}, 240),
        ({"Expires": DATE, "Date": LATER}, 0),
        ({"Expires": LATER}, 0),
        ({"Expires": "0", "Date": DATE}, 0),
        ({"Expires": "-1"}, 0),
        ({"Expires": "Monday, 27-Oct-25 12:05:00 GMT", "Date": DATE}, 300),
        ({"Expires": "Mon Oct 27 12:05:00 2025", "Date": DATE}, 300),
        ({"Expires": "Mon, 99 Oct 99999 12:05:00 GMT", "Date": DATE}, 0),
    ],
)
def test_freshness_is_read_from_cache_control_then_expires_less_age(
    headers: dict[str, str], expected: float | None
) -> None:
    assert read_max_age(headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 120 "}, 120),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": LATER, "Date": DATE}, 300),
        ({"Retry-After": DATE, "Date": LATER}, 0),
        ({"Retry-After": LATER}, None),
        ({"Retry-After": "9" * 5_000}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_beside_the_answers_own(
    headers: dict[str, str], expected: float | None
) -> None:
    assert read_retry_after(headers) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"abc"', '"abc"'),
        ('W/"abc"', 'W/"abc"'),
        ("  x  ", "x"),
        ("", ""),
        ("naïve", ""),
        ("a\x00b", ""),
        ("\udcff", ""),
        ("x" * 1_001, ""),
    ],
)
def test_a_token_that_could_not_be_sent_back_is_dropped(value: str, expected: str) -> None:
    assert read_token({"ETag": value}, "ETag") == expected


@given(st.dictionaries(st.sampled_from(["Cache-Control", "Expires", "Age", "Date", "Retry-After"]), st.text()))
def test_any_headers_give_seconds_or_nothing(headers: dict[str, str]) -> None:
    for found in (read_max_age(headers), read_retry_after(headers)):
        assert found is None or found >= 0


@pytest.mark.parametrize(
    ("headers", "kept_s", "left_s"),
    [
        ({"Cache-Control": "max-age=600"}, None, 600),
        ({"Cache-Control": "max-age=600", "Age": "0"}, 600, 600),
        ({"Cache-Control": "max-age=600", "Age": "50"}, 600, 550),
        ({"Cache-Control": "max-age=60, s-maxage=900", "Age": "100"}, 900, 800),
        ({"Cache-Control": "max-age=60, s-maxage=900"}, None, 60),
        ({"Cache-Control": "no-cache, max-age=600", "Age": "50"}, None, 0),
        ({"Expires": LATER, "Date": DATE, "Age": "10"}, 300, 290),
        ({"Age": "50"}, None, None),
    ],
)
def test_a_shared_cache_shows_by_its_age(headers: dict[str, str], kept_s: float | None, left_s: float | None) -> None:
    assert (read_cache(headers), read_max_age(headers)) == (kept_s, left_s)
