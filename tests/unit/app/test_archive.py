"""Archive lines in and out: any line is a draft or a reason why not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import app as program
from monitor.app.archive import read_line, read_time
from monitor.model import ArticleDraft, TimeSource
from tests.unit.app.home import Home

FIELDS = ("id", "url", "guid", "title", "text", "html", "published", "language", "lang", "source")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=[])),
    st.lists(st.text()),
)


def read(**record: object) -> ArticleDraft:
    return read_line(json.dumps(record), is_silent=True)


@given(st.one_of(st.text(), st.dictionaries(st.sampled_from(FIELDS), VALUES).map(json.dumps)))
def test_any_line_is_a_draft_that_can_be_stored_or_a_reason(line: str) -> None:
    found = read_or_reason(line)

    if isinstance(found, str):
        assert found
        return
    assert found.key
    assert found.title or found.text or found.html
    texts = (found.key, found.url, found.guid, found.title, found.text, found.html, found.source)
    assert all("\0" not in text and text.encode().decode() == text for text in texts)
    assert found.published is None or found.published.utcoffset() is not None


def read_or_reason(line: str) -> ArticleDraft | str:
    try:
        return read_line(line, is_silent=False)
    except ValueError as error:
        return str(error)


def test_all_fields_are_taken_and_others_left() -> None:
    draft = read(
        id="a", url="https://a/1", guid="g", title="T", text="X", published="2025-10-24T08:00:00+02:00",
        language="de", source="a.example", color="red",
    )  # fmt: skip

    assert draft == ArticleDraft(
        key="a",
        url="https://a/1",
        guid="g",
        title="T",
        text="X",
        published=datetime(2025, 10, 24, 6, tzinfo=UTC),
        published_text="2025-10-24T08:00:00+02:00",
        published_from=TimeSource.GIVEN,
        language="de",
        source="a.example",
        is_silent=True,
    )


def test_a_text_wins_over_a_page_and_lang_stands_for_language() -> None:
    draft = read(id=7, text="X", html="<p>Y</p>", lang="fr")

    assert (draft.key, draft.text, draft.html, draft.language) == ("7", "X", "", "fr")
    assert read(id=7, html="<p>Y</p>").html == "<p>Y</p>"


@pytest.mark.parametrize(("record", "key"), [({"guid": "g", "url": "u"}, "g"), ({"url": "u"}, "u"), ({"id": 0}, "0")])
def test_without_an_id_the_guid_or_the_address_is_one(record: dict[str, object], key: str) -> None:
    assert read(title="T", **record).key == key


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not an object but list"),
        ("null", "not an object but NoneType"),
        ("{}", "no `id`"),
        ('{"id": "", "title": "t"}', "no `id`"),
        ('{"id": "a"}', "no `title`, `text` or `html`"),
        ('{"id": "a", "text": ["x"]}', "`text` is list, not text"),
        ('{"id": true, "text": "x"}', "`id` is bool, not text"),
    ],
)
def test_a_broken_line_says_what_is_wrong(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason.replace("[", r"\[")):
        read_line(line, is_silent=True)


@pytest.mark.parametrize(
    ("given_text", "moment", "text"),
    [
        ("", None, ""),
        ("yesterday", None, ""),
        ("9999-12-31T23:59:59-23:59", None, ""),
        ("2025", None, "2025"),
        ("2025-10", None, "2025-10"),
        ("2025-13", None, ""),
        ("2025-10-24", datetime(2025, 10, 24, tzinfo=UTC), "2025-10-24"),
        ("20251024", datetime(2025, 10, 24, tzinfo=UTC), "2025-10-24"),
        ("2025-10-24 08:00", datetime(2025, 10, 24, 8, tzinfo=UTC), "2025-10-24T08:00:00"),
        ("2025-10-24T08:00Z", datetime(2025, 10, 24, 8, tzinfo=UTC), "2025-10-24T08:00Z"),
        ("2025-10-24T08:00:00.5+08:00", datetime(2025, 10, 24, 0, 0, 0, 500_000, UTC), "2025-10-24T08:00:00.5+08:00"),
        ("Fri, 24 Oct 2025 08:00:00 +0200", datetime(2025, 10, 24, 6, tzinfo=UTC), "2025-10-24T08:00:00+02:00"),
    ],
)
def test_times_are_read_as_far_as_they_are_known(given_text: str, moment: datetime | None, text: str) -> None:
    assert read_time(given_text) == (moment, text)


@given(st.text())
def test_any_time_is_read_to_one_that_is_read_the_same_again(text: str) -> None:
    moment, shown = read_time(text)

    assert read_time(shown) == (moment, shown)


def test_lines_are_stored_in_order_and_the_broken_are_numbered(home: Home) -> None:
    steps: list[int] = []
    lines = ["{", *(json.dumps({"id": str(number), "text": "x"}) for number in range(1200)), "", "[]"]
    with home.open() as app:
        result = program.add_lines(app.store, lines, is_silent=True, progress=steps.append)
        ids = [article.ref for article in app.store.articles(newest_first=False)]

    assert (result.new, [number for number, _ in result.broken]) == (1200, [1, 1203])
    assert ids == [str(number) for number in range(1200)]
    assert sum(steps) == 1202
    assert len(steps) > 3
