"""Words by which entries are kept or skipped."""

from __future__ import annotations

import pytest

from monitor.model import Entry
from monitor.parse import has_chosen_word

ENTRY = Entry(
    key="1", title="China’s Rare-Earth controls", summary="<p>Le <b>contrôle</b> des 稀土出口 &amp; tariffs</p>"
)


@pytest.mark.parametrize(
    ("keep", "skip", "expected"),
    [
        ((), (), True),
        (("controls",), (), True),
        (("CONTROLE",), (), True),
        (("control",), (), False),
        (("tariffs", "absent"), (), True),
        (("absent",), (), False),
        (("des 稀土",), (), True),
        (("出口",), (), True),
        ((), ("earth",), False),
        ((), ("art",), True),
        (("controls",), ("tariffs",), False),
        (("controls le",), (), False),
    ],
)
def test_words_stand_by_themselves_in_title_or_teaser(
    keep: tuple[str, ...], skip: tuple[str, ...], expected: bool
) -> None:
    assert has_chosen_word(ENTRY, keep, skip) is expected
