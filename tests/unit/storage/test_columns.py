from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage.columns import Json, Utc, hash63, packed, shard_of, storable, unpacked

ANY_TEXT = st.text(st.characters())  # surrogates and NUL included
DIALECT = sqlite.dialect()


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))])))
def test_a_time_comes_back_to_the_microsecond_in_utc(time: datetime) -> None:
    column = Utc()
    back = column.process_result_value(column.process_bind_param(time, DIALECT), DIALECT)
    assert back == time
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError):
        Utc().process_bind_param(datetime(2025, 1, 1), DIALECT)


@given(ANY_TEXT)
def test_what_is_storable_is_utf8_without_nul(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept.encode().decode()
    assert storable(kept) == kept


@given(st.text())
def test_text_without_nul_is_stored_as_it_is(text: str) -> None:
    assert storable(text) == text.replace("\0", "\ufffd")


@given(ANY_TEXT)
def test_a_packed_text_comes_back(text: str) -> None:
    assert unpacked(packed(text)) == storable(text)


def test_texts_pack_well() -> None:
    assert len(packed("The tariff of November 1. " * 200) or b"") < 100
    assert packed("") is None


@given(
    st.recursive(ANY_TEXT | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner))
)
def test_json_holds_whatever_a_feed_may_say(value: object) -> None:
    column = Json()
    text = column.process_bind_param(value, DIALECT)
    assert text is None or (text.isascii() and "\0" not in text)
    assert storable_all(column.process_result_value(text, DIALECT)) == storable_all(value)


def storable_all(value: object) -> object:
    """A pair of lone surrogates is read back as the one character it means."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [storable_all(item) for item in value]
    if isinstance(value, dict):
        return {storable_all(name): storable_all(item) for name, item in value.items()}
    return value


@given(st.lists(ANY_TEXT), st.lists(ANY_TEXT))
def test_a_hash_tells_its_parts_apart(one: list[str], two: list[str]) -> None:
    assert (hash63(*one) == hash63(*two)) == (one == two)
    assert 0 <= hash63(*one) < 2**63


def test_hashes_and_shards_never_change() -> None:
    assert hash63("https://example.org/") == 1932567800325434549
    assert shard_of("example.org") == 901
    assert len({shard_of(f"{n}.example") for n in range(20_000)}) == 1024
