"""The articles that benches run on, where there is a file of them."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from monitor.model import Document

# A collection of news articles beside the checkout, if its owner has one.
BESIDE = Path(__file__).parents[3] / "shared/data/story-stream/articles.jsonl"


def first_texts(path: Path, count: int) -> list[Document]:
    """Return the first articles of a JSONL file with the fields of `monitor ingest`."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, count)]
    return [
        Document(title=row.get("title", ""), text=row.get("text", ""), language=row.get("lang", "en")) for row in rows
    ]
