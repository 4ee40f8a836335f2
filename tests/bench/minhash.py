"""Runs MinHash-LSH of datasketch for the bench of copies: a process of its own, with its own libraries.

Reads a JSON list of texts, fills an index with as many other articles as it is told, looks each text up and adds it.
Imports nothing of this project, as it lives in an environment without it.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from typing import Any


def main(size: int, texts: list[str]) -> dict[str, Any]:
    """Return the seconds and CPU seconds of all texts, each look-up's ms in rising order, copies found, peak memory."""
    datasketch, numpy = importlib.import_module("datasketch"), importlib.import_module("numpy")
    index = datasketch.MinHashLSH(threshold=0.3, num_perm=128)
    source, other = numpy.random.default_rng(7), datasketch.MinHash(num_perm=128)
    for number in range(size):
        other.hashvalues = source.integers(0, 2**32, 128, dtype=other.hashvalues.dtype)
        index.insert(f"stored{number}", other)
    found, waits = 0, []
    wall, cpu = time.monotonic(), time.process_time()
    for number, text in enumerate(texts):
        words = text.casefold().split()
        mark = datasketch.MinHash(num_perm=128)
        mark.update_batch([" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)])
        started = time.perf_counter()
        found += bool(index.query(mark))
        waits.append((time.perf_counter() - started) * 1000)
        index.insert(f"b{number}", mark)
    return {
        "wall": time.monotonic() - wall,
        "cpu": time.process_time() - cpu,
        "waits": sorted(waits),
        "found": found,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), json.load(sys.stdin))))
