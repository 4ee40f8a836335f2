"""Articles of our own, in `tests/data`: for each a name, a title, a day and paragraphs; an empty line between two.

`rivals` are on events that are near the talks of the seeds in place, people or subject; `neighbours` are nearer still,
and some name the talks.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "data"


def events(file: str) -> dict[str, tuple[str, str, str]]:
    """Title, day and text by name."""
    found = {}
    for block in (_FOLDER / f"{file}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        name, title, day, *paragraphs = block.split("\n")
        found[name] = (title, day, "\n".join(paragraphs))
    return found
