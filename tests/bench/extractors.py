"""Runs one extractor over a folder of pages, for the bench of cleaning: a process of its own, with its own libraries.

Prints a line of JSON a page: its id, the text found, and the CPU seconds it took. Imports nothing of this project but
for `monitor` itself, as the other extractors live in environments without it.
"""

from __future__ import annotations

import gzip
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Extract = Callable[[bytes, str], str]


def _monitor() -> Extract:
    from monitor.clean import clean_page

    return lambda html, url: clean_page(html, url).text


def _trafilatura() -> Extract:
    trafilatura = importlib.import_module("trafilatura")

    def extract(html: bytes, url: str) -> str:
        found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        return (found.text or "") if found else ""

    return extract


def _resiliparse() -> Extract:
    encoding = importlib.import_module("resiliparse.parse.encoding")
    plain = importlib.import_module("resiliparse.extract.html2text")

    def extract(html: bytes, _url: str) -> str:
        text = encoding.bytes_to_str(html, encoding.detect_encoding(html))
        found: str = plain.extract_plain_text(text, main_content=True, alt_texts=False)
        return found

    return extract


def _newspaper4k() -> Extract:
    newspaper = importlib.import_module("newspaper")

    def extract(html: bytes, url: str) -> str:
        article = newspaper.Article(url or "https://example.org/a", fetch_images=False)
        article.download(input_html=html.decode("utf-8", "replace"))
        article.parse()
        return article.text or ""

    return extract


def _readability() -> Extract:
    readability, lxml = importlib.import_module("readability"), importlib.import_module("lxml.html")

    def extract(html: bytes, _url: str) -> str:
        summary = readability.Document(html.decode("utf-8", "replace")).summary()
        return " ".join(lxml.fromstring(summary).itertext())

    return extract


_EXTRACTORS = {
    "monitor": _monitor,
    "trafilatura": _trafilatura,
    "resiliparse": _resiliparse,
    "newspaper4k": _newspaper4k,
    "readability-lxml": _readability,
}


def main(name: str, folder: Path) -> None:
    """Extract the text of every page that the folder's `gold.jsonl` names."""
    extract = _EXTRACTORS[name]()
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
        page = json.loads(line)
        html = gzip.decompress((folder / page["path"]).read_bytes())
        start = time.process_time()
        try:
            text = extract(html, page.get("url") or "")
        except Exception:  # noqa: BLE001  # a page that an extractor cannot take counts as one it found nothing on
            text = ""
        cpu_s = time.process_time() - start
        print(json.dumps({"id": page["id"], "text": text, "cpu_s": cpu_s}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
