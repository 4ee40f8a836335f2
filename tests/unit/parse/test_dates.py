"""The times of feeds: each whole and right, or none."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.dates import read_time

_TEN = "2025-10-23T10:00:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 822 and what became of it
        ("Thu, 23 Oct 2025 10:00:00 GMT", _TEN),
        ("Thu, 23 Oct 2025 10:00:00 +0000", _TEN),
        ("Thu, 23 Oct 2025 10:00:00 -0000", _TEN),
        ("Thu, 23 Oct 2025 10:00:00 +00:00", _TEN),
        ("Thu, 23 Oct 2025 10:00:00", _TEN),
        ("Thu, 23 Oct 2025 10:00 GMT", _TEN),
        ("23 Oct 2025 10:00:00 Z", _TEN),
        ("23 Oct 25 10:00:00 UT", _TEN),
        ("Thu, 01 Jan 98 10:00:00 GMT", "1998-01-01T10:00:00"),
        ("Thu, 3 Oct 2025 9:05:00 GMT", "2025-10-03T09:05:00"),
        ("Thursday, 23 October 2025 10:00:00 GMT", _TEN),
        ("THU, 23 OCT 2025 10:00:00 GMT", _TEN),
        ("Thu,23 Oct 2025 10:00:00 GMT", _TEN),
        ("Thu, 23 Sept 2025 10:00:00 GMT", "2025-09-23T10:00:00"),
        ("Thu, 23-Oct-2025 10:00:00 GMT", _TEN),
        ("Thu, 23 Oct 2025 12:30:00 +0230", _TEN),
        ("Thu, 23 Oct 2025 06:00:00 -0400 (EDT)", _TEN),
        ("Thu, 23 Oct 2025 06:00:00 -0400 EDT", _TEN),
        ("Thu, 23 Oct 2025 23:59:60 GMT", "2025-10-23T23:59:59"),
        ("Thu, 23 Oct 2025 24:00:00 GMT", "2025-10-24T00:00:00"),
        ("Wed, 31 Dec 2025 24:00 +0000", "2026-01-01T00:00:00"),
        ("Thu, 23 Oct 2025", "2025-10-23T00:00:00"),
        # zones by name
        ("Thu, 23 Oct 2025 12:00:00 CEST", _TEN),
        ("Thu, 23 Oct 2025 11:00:00 CET", _TEN),
        ("Thu, 23 Oct 2025 11:00:00 BST", _TEN),
        ("Thu, 23 Oct 2025 15:30:00 IST", _TEN),
        ("Thu, 23 Oct 2025 05:00:00 EST", _TEN),
        ("Thu, 23 Oct 2025 06:00:00 EDT", _TEN),
        ("Thu, 23 Oct 2025 04:00:00 CST", _TEN),
        ("Thu, 23 Oct 2025 05:00:00 CDT", _TEN),
        ("Thu, 23 Oct 2025 03:00:00 MST", _TEN),
        ("Thu, 23 Oct 2025 04:00:00 MDT", _TEN),
        ("Thu, 23 Oct 2025 02:00:00 PST", _TEN),
        ("Thu, 23 Oct 2025 03:00:00 PDT", _TEN),
        ("Thu, 23 Oct 2025 19:00:00 JST", _TEN),
        ("Thu, 23 Oct 2025 19:00:00 KST", _TEN),
        ("Thu, 23 Oct 2025 18:00:00 HKT", _TEN),
        ("Thu, 23 Oct 2025 18:00:00 SGT", _TEN),
        ("Thu, 23 Oct 2025 20:00:00 AEST", _TEN),
        ("Thu, 23 Oct 2025 21:00:00 AEDT", _TEN),
        ("Thu, 23 Oct 2025 13:00:00 MSK", _TEN),
        ("Thu, 23 Oct 2025 06:00:00 ET", _TEN),
        ("Thu, 23 Jan 2025 05:00:00 ET", "2025-01-23T10:00:00"),
        ("Thu, 23 Oct 2025 12:00:00 cest", _TEN),
        ("Thu, 23 Oct 2025 10:00:00 XYZT", None),
        ("Thu, 23 Oct 2025 06:00:00 (EDT)", _TEN),
        ("Thu, 23 Oct 2025 06:00:00 (Eastern)", None),
        ("10:00 UTC, Oct 23 2025", _TEN),
        ("Thu, 23 Oct 2025 10:00:00 +9900", None),
        # ISO 8601
        ("2025-10-23T10:00:00Z", _TEN),
        ("2025-10-23T10:00:00", _TEN),
        ("2025-10-23t10:00:00z", _TEN),
        ("2025-10-23T10:00Z", _TEN),
        ("2025-10-23T10:00:00.123Z", _TEN),
        ("2025-10-23T10:00:00,5Z", _TEN),
        ("2025-10-23T10:00:00.1234567+00:00", _TEN),
        ("2025-10-23T18:00:00+08:00", _TEN),
        ("2025-10-23T18:00:00+0800", _TEN),
        ("2025-10-23T18:00:00+08", _TEN),
        ("2025-10-23 18:00:00 +0800", _TEN),
        ("2025-10-23T05:00:00\u221205:00", _TEN),
        ("2025-10-23 10:00:00", _TEN),
        ("2025-10-23 10:00:00.0", _TEN),
        ("2025-10-23 10:00:00 UTC", _TEN),
        ("20251023T100000Z", _TEN),
        ("20251023T1000Z", _TEN),
        ("20251023T180000+0800", _TEN),
        ("2025-10-23T24:00:00Z", "2025-10-24T00:00:00"),
        ("2025-10-23T12:00:00+02:00[Europe/Berlin]", _TEN),
        ("2025-W43-4T10:00:00Z", _TEN),
        ("2025-296T10:00:00Z", _TEN),
        ("2025-10-23", "2025-10-23T00:00:00"),
        ("20251023", "2025-10-23T00:00:00"),
        ("2025-10-23Z", "2025-10-23T00:00:00"),
        ("2025-10-23+02:00", "2025-10-22T22:00:00"),
        ("2025/10/23 10:00:00", _TEN),
        ("2025.10.23 10:00", _TEN),
        # other programs
        ("1761213600", _TEN),
        ("1761213600000", _TEN),
        ("Thu Oct 23 10:00:00 2025", _TEN),
        ("Thu Oct 23 06:00:00 EDT 2025", _TEN),
        ("Thu Oct 23 2025 12:00:00 GMT+0200 (Central European Summer Time)", _TEN),
        ("Thu, 23 Oct 2025 12:00:00 UTC+2", _TEN),
        ("October 23, 2025 10:00:00", _TEN),
        ("Oct 23, 2025, 10:00am", _TEN),
        ("Oct. 23rd, 2025 at 10:00 p.m.", "2025-10-23T22:00:00"),
        ("Thu, 23 Oct 2025 10:00am", _TEN),
        ("Thu, 23 Oct 2025 12:05 AM EDT", "2025-10-23T04:05:00"),
        ("10/23/2025 10:00:00 AM", _TEN),
        ("23/10/2025 10:00", _TEN),
        ("03/04/2025 10:00", None),
        ("23.10.2025 10:00", _TEN),
        ("03.04.2025", "2025-04-03T00:00:00"),
        ("10:00 23 Oct 2025", _TEN),
        # other languages
        ("2025年10月23日", "2025-10-23T00:00:00"),
        ("2025年10月23日 10:00", _TEN),
        ("2025年10月23日(木)10時00分", _TEN),
        ("2025年10月23日 星期四 下午3:05", "2025-10-23T15:05:00"),
        ("２０２５年１０月２３日１０：００", _TEN),
        ("2025년 10월 23일 오후 3:05", "2025-10-23T15:05:00"),
        ("Do, 23. Oktober 2025 10:00", _TEN),
        ("Donnerstag, 23. Oktober 2025, 10:00 Uhr", _TEN),
        ("Do, 23 Okt 2025 12:00:00 +0200", _TEN),
        ("jeu., 23 oct. 2025 10:00:00", _TEN),
        ("mar., 4 mars 2025 10:00:00 +0000", "2025-03-04T10:00:00"),
        ("mar, 4 nov 2025 10:00:00 +0000", "2025-11-04T10:00:00"),
        ("1er février 2025 10:00", "2025-02-01T10:00:00"),
        ("23 de octubre de 2025 10:00", _TEN),
        ("23 października 2025 10:00", _TEN),
        ("Чт, 23 октября 2025 13:00:00 +0300", _TEN),
        ("23 Ekim 2025 10:00", _TEN),
        ("Fr, 23 Mär 2025 10:00:00 GMT", "2025-03-23T10:00:00"),
        # no time at all: never a part of one
        ("Do, 23. Oktober irgendwann", None),
        ("Thu, 23 Oct 2025 25:61:00 GMT", None),
        ("Thu, 31 Sep 2025 10:00:00 GMT", None),
        ("Thu, 23 Oct 10:00:00 GMT", None),
        ("October 2025", None),
        ("2025-10", None),
        ("2025", None),
        ("10:00", None),
        ("yesterday", None),
        ("Updated 23 Oct 2025 10:00 by the editor", None),
        ("2025-10-23T10:00:00Z / 2025-10-24T10:00:00Z", None),
        ("2025-10-23 to 2025-10-25", None),
        ("2025-13-23T10:00:00Z", None),
        ("123456", None),
        ("0000-00-00 00:00:00", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", "0001-01-01T00:00:00"),
        ("Thu, 23 Oct 2099 10:00:00 GMT", "2099-10-23T10:00:00"),
        ("23 Oct 2025 " + "x" * 200, None),
        ("", None),
        (None, None),
        (1761213600, None),
    ],
)
def test_a_time_is_read_whole_or_not_at_all(text: object, expected: str | None) -> None:
    found = read_time(text)

    assert (found.isoformat().removesuffix("+00:00") if found else None) == expected


def test_the_feeds_language_tells_what_a_month_of_two_meanings_is() -> None:
    assert [read_time("23 lis 2025", language) for language in ("pl", "hr", "")] == [
        read_time("2025-11-23"),
        read_time("2025-10-23"),
        None,
    ]


@given(st.datetimes(timezones=st.timezones()), st.sampled_from(["%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z"]))
def test_what_is_written_is_read_again(when, form: str) -> None:
    text = when.strftime(form)
    if when.year < 1000 or len(text.rpartition("+")[2].rpartition("-")[2]) > 4:
        return  # strftime does not pad years, and old offsets have seconds
    try:
        expected = when.replace(microsecond=0).astimezone(UTC)
    except OverflowError:
        return
    assert read_time(text) == expected


@given(st.text(max_size=120))
def test_any_text_gives_a_time_or_none(text: str) -> None:
    found = read_time(text)

    assert found is None or found.utcoffset() is not None
