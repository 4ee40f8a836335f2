from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedupe import fingerprint, place
from monitor.model import Candidate, CopyKind, Fingerprint, Origin, Placement

_NOON = datetime(2025, 10, 23, 12, tzinfo=UTC)


def prose(name: str, length: int = 200) -> list[str]:
    """Words of which no two texts of other names have four in a row in common."""
    return [f"{name}{number}" for number in range(length)]


def mark(words: Sequence[str], url: str = "") -> Fingerprint:
    return fingerprint(url=url, canonical="", title="A title", text=" ".join(words))


def stored(number: int, words: Sequence[str], *, original: int = 0, time: datetime | None = None) -> Candidate:
    return Candidate(
        id=number,
        original_id=original or number,
        story_id=100 + (original or number),
        url_key=f"ex.org/{number}",
        text_hash=mark(words).text_hash,
        first_seen=_NOON,
        origin=Origin.FEED,
        time=time,
        text=" ".join(words),
    )


WIRE = prose("wire")
KINDS = [
    ("a changed word", [*WIRE[:100], "else", *WIRE[101:]], CopyKind.SAME),
    ("its beginning", WIRE[:60], CopyKind.EXCERPT),
    ("a part from its middle", WIRE[80:150], CopyKind.EXCERPT),
    ("more than it says", [*WIRE, *prose("more", 100)], CopyKind.EXTENDED),
    ("other paragraphs before and after", [*prose("intro", 40), *WIRE[20:], *prose("end", 30)], CopyKind.EXTENDED),
]


@pytest.mark.parametrize(("words", "kind"), [case[1:] for case in KINDS], ids=[case[0] for case in KINDS])
def test_a_near_copy_is_listed_under_its_original_as_what_it_is(words: list[str], kind: CopyKind) -> None:
    assert place(mark(words), [stored(1, WIRE)]) == Placement(duplicate_of=1, story_id=101, kind=kind)


@pytest.mark.parametrize(
    "words",
    [
        [*prose("own", 180), *WIRE[:30]],
        [*prose("own", 2_000), *WIRE],
        prose("own"),
        WIRE[:30],
    ],
    ids=["a quotation", "a book that has all of it", "nothing in common", "too short to tell"],
)
def test_what_shares_little_is_no_copy(words: list[str]) -> None:
    assert place(mark(words), [stored(1, WIRE)]) == Placement()


def test_a_round_up_of_several_articles_is_nobodys_copy() -> None:
    pieces = [prose(name, 100) for name in ("one", "two", "three", "four")]
    round_up = [word for piece in pieces for word in piece]
    candidates = [stored(number, piece) for number, piece in enumerate(pieces, 1)]
    assert place(mark(round_up), candidates) == Placement()
    assert place(mark(round_up), candidates[:1]).duplicate_of == 1


def test_an_excerpt_is_one_although_a_round_up_has_it_too() -> None:
    excerpt = [*prose("one")[:60], *prose("note", 12)]
    round_up = [*prose("one")[20:60], *prose("two", 400)]
    found = place(mark(excerpt), [stored(1, prose("one")), stored(2, round_up)])
    assert (found.duplicate_of, found.kind) == (1, CopyKind.EXCERPT)


def test_a_copy_of_a_near_copy_is_listed_under_the_original() -> None:
    longer = [*WIRE, *prose("more", 150)]
    copy = stored(7, longer, original=3)
    assert place(mark(longer[210:330]), [copy]).duplicate_of == 3


def test_the_likelier_source_wins_over_the_earlier_one() -> None:
    other = [*WIRE[:70], *prose("other", 130)]
    found = place(mark([*WIRE, *prose("end", 10)]), [stored(1, other), stored(2, WIRE)])
    assert found.duplicate_of == 2


@pytest.mark.parametrize(
    ("words", "days", "is_copy"),
    [
        ([*WIRE[:120], *prose("new", 60)], 29, True),
        ([*WIRE[:120], *prose("new", 60)], 31, False),
        ([*WIRE[:199], "else"], 400, True),
    ],
    ids=["within a month", "the next report of its kind", "an archive brought again"],
)
def test_after_a_month_only_nearly_the_same_is_a_copy(words: list[str], days: int, is_copy: bool) -> None:
    for later in (timedelta(days=days), timedelta(days=-days)):
        found = place(mark(words), [stored(1, WIRE, time=_NOON)], time=_NOON + later)
        assert (found.duplicate_of == 1) == is_copy
    assert place(mark(words), [stored(1, WIRE, time=_NOON)]).duplicate_of == 1


def test_scripts_without_spaces_are_compared_by_the_character() -> None:
    text = "中国商务部宣布对稀土相关物项实施出口管制措施自公布之日起正式施行违反规定的出口经营者将依法承担法律责任" * 1
    whole = text + "美国财政部长表示双方将在吉隆坡继续就关税问题进行磋商并争取达成框架协议"
    found = place(mark([text]), [stored(1, [whole])])
    assert (found.duplicate_of, found.kind) == (1, CopyKind.EXCERPT)


@given(st.text())
def test_any_text_has_a_fingerprint(text: str) -> None:
    found = fingerprint(url=text, canonical=text, title=text, text=text)
    assert set(found.sketch) <= found.shingles
    assert len(found.sketch) >= min(4, len(found.shingles))
    assert all(0 <= shingle < 2**48 for shingle in found.shingles)


@given(st.binary(max_size=400))
def test_any_bytes_that_are_read_as_text_have_one_too(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert fingerprint(url=text, canonical="", title=text, text=text) == fingerprint(
        url=text, canonical="", title=text, text=text
    )


def test_an_excerpt_samples_what_its_source_does() -> None:
    whole, part = mark(prose("long", 3_000)), mark(prose("long", 3_000)[1_000:1_400])
    assert part.shingles <= whole.shingles
    assert set(part.sketch) <= set(whole.sketch)
