"""How well and at what cost the text of pages is found, beside other extractors in the same run.

Runs on a folder of labelled pages: `gold.jsonl` with `id`, `url`, `path` of a gzipped page, its true `text`; the part
of an id before the first slash is where the page is from. F1 is of words as a multiset (a character of a script
without spaces is a word), the mean over pages; CPU is without reading the file, the trimmed mean without the slowest
hundredth.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests.bench.peers import peer_python
from tests.bench.report import print_table, progress

# Labelled pages beside the checkout, if its owner has them.
BESIDE = Path(__file__).parents[3] / "shared/data/pages"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PEERS = {
    "resiliparse": ("resiliparse",),
    "newspaper4k": ("newspaper4k", "lxml_html_clean"),
    "readability-lxml": ("readability-lxml", "lxml_html_clean"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    origin: str
    f1: float
    cpu_s: float


def run(folder: Path | None) -> None:
    """Print how the extractors do on a folder of labelled pages."""
    if folder is None or not (folder / "gold.jsonl").exists():
        progress("cleaning is left out: no folder of labelled pages, name one by --pages DIR")
        return
    gold = _gold(folder)
    pythons: dict[str, Path | None] = {"monitor": Path(sys.executable), "trafilatura": Path(sys.executable)}
    pythons |= {name: peer_python(*packages) for name, packages in _PEERS.items()}
    results = {}
    for name, python in pythons.items():
        if python is not None:
            progress(f"cleaning {len(gold)} pages: {name}")
            results[name] = _pages(name, python, folder, gold)
    origins = sorted({page.origin for page in results["monitor"]})
    rows = [_row(name, pages, origins, results["trafilatura"]) for name, pages in results.items()]
    headings = (
        "extractor",
        *(f"F1 {origin}" for origin in origins),
        "F1",
        "ms mean",
        "trimmed",
        "to trafilatura",
        "slowest",
    )
    note = (
        "trafilatura as it comes, with its metadata; Monitor with its own. `to trafilatura` is of the means / trimmed."
    )
    print_table(f"cleaning {len(gold)} pages", headings, rows, note)


def _gold(folder: Path) -> dict[str, Counter[str]]:
    rows = map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"))
    return {row["id"]: _words(row["text"]) for row in rows if row.get("text")}


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def _pages(name: str, python: Path, folder: Path, gold: Mapping[str, Counter[str]]) -> list[_Page]:
    script = Path(__file__).with_name("extractors.py")
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} if name == "monitor" else None
    command = [str(python), str(script), name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [
        _Page(origin=row["id"].partition("/")[0], f1=_f1(_words(row["text"]), gold[row["id"]]), cpu_s=row["cpu_s"])
        for row in rows
        if row["id"] in gold
    ]


def _f1(found: Counter[str], true: Counter[str]) -> float:
    shared = (found & true).total()
    return 2 * shared / (found.total() + true.total()) if shared else float(not found and not true)


def _row(name: str, pages: Sequence[_Page], origins: Sequence[str], other: Sequence[_Page]) -> list[str]:
    scores = [f"{mean(page.f1 for page in pages if page.origin == origin):.3f}" for origin in origins]
    ratios = f"{_mean_ms(pages) / _mean_ms(other):.2f} / {_trimmed_ms(pages) / _trimmed_ms(other):.2f}"
    costs = [f"{_mean_ms(pages):.1f}", f"{_trimmed_ms(pages):.1f}", ratios]
    return [name, *scores, f"{mean(page.f1 for page in pages):.3f}", *costs, f"{max(p.cpu_s for p in pages):.2f} s"]


def _mean_ms(pages: Sequence[_Page]) -> float:
    return 1000 * mean(page.cpu_s for page in pages)


def _trimmed_ms(pages: Sequence[_Page]) -> float:
    costs = sorted(page.cpu_s for page in pages)
    return 1000 * mean(costs[: max(1, int(len(costs) * 0.99))])
