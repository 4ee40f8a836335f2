"""Seeds: the index and the files it lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import resources
from monitor.errors import ConfigErrors, UsageError
from monitor.model import SeedFile
from monitor.settings import add_seed, load_seeds


def test_the_packaged_seeds_are_read_as_given_with_their_declared_times() -> None:
    folder = resources.folder("seeds")

    seeds = load_seeds(folder)

    assert [(seed.name[:3], seed.published_text) for seed in seeds] == [
        ("000", "2025-10-23"), ("001", ""), ("002", "2025-10-24"), ("003", "2025-10-23"), ("004", "2025-10-25"),
    ]  # fmt: skip
    assert all(seed.text.encode() == (folder / seed.name).read_bytes() for seed in seeds)


def test_a_seed_is_text_byte_for_byte(tmp_path: Path) -> None:
    write(tmp_path, "seeds:\n  - {file: a.txt, as_of: 2025-10-23T14:05:00+02:00, note: 'no: x'}\n  - file: b.txt\n")
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\n\n")
    (tmp_path / "b.txt").write_text("b")

    assert load_seeds(tmp_path) == [
        SeedFile(name="a.txt", text="one\r\ntwo\n\n", published_text="2025-10-23T14:05:00+02:00", note="no: x"),
        SeedFile(name="b.txt", text="b"),
    ]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("seeds: [{file: ../monitor.yaml}]\n",
         "index.yaml:1:16: '../monitor.yaml' is not a file name (a file beside the index, without a path)"),
        ("seeds: [{file: /etc/passwd}]\n",
         "index.yaml:1:16: '/etc/passwd' is not a file name (a file beside the index, without a path)"),
        ("seeds: [{file: .hidden}]\n",
         "index.yaml:1:16: '.hidden' is not a file name (a file beside the index, without a path)"),
        ("seeds: [{file: gone.txt}]\n", "index.yaml:1:16: there is no file gone.txt (restore it, or delete this line)"),
        ("seeds: [{file: link.txt}]\n", "index.yaml:1:16: there is no file link.txt (restore it, or delete this line)"),
        ("seeds: [{file: a.txt}, {file: a.txt}]\n", "index.yaml:1:24: a.txt is listed twice (delete one of the two)"),
        ("seeds: [{file: a.txt, as_of: yesterday}]\n",
         "index.yaml:1:30: 'yesterday' is not a time (for example 2025-10-23 or 2025-10-23T14:05:00+02:00)"),
        ("seeds: [{file: a.txt, as_of: 2025-13-01}]\n",
         "index.yaml:1:30: '2025-13-01' is not a time (for example 2025-10-23 or 2025-10-23T14:05:00+02:00)"),
        ("seeds: [{as_of: 2025}]\n", "index.yaml:1:9: seed has no 'file' (add `file: …`)"),
        ("seeds: [{file: a.txt, asof: 2025}]\n", "index.yaml:1:23: unknown key 'asof' in seed (did you mean 'as_of'?)"),
        ("seeds: [{file: bytes.txt}]\n", "bytes.txt:1:1: byte 0 (0xff) is not UTF-8 (save the file as UTF-8)"),
        ("", "index.yaml: the file is empty (restore it, or run `monitor init` for a fresh one)"),
    ],
)  # fmt: skip
def test_a_wrong_index_is_named_with_its_place(tmp_path: Path, index: str, expected: str) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (tmp_path / "monitor.yaml").write_text("secret")
    (folder / "a.txt").write_text("a")
    (folder / "link.txt").symlink_to(tmp_path / "monitor.yaml")
    (folder / "bytes.txt").write_bytes(b"\xff")
    write(folder, index)

    with pytest.raises(ConfigErrors) as caught:
        load_seeds(folder)

    assert caught.value.message.replace(f"{folder}/", "") == expected


@pytest.mark.parametrize(
    "as_of", ["", "2025", "2025-10", "2025-10-23", "2025-10-23T14:05Z", "2025-10-23T14:05:00+02:00"]
)
def test_an_added_seed_is_read_back(tmp_path: Path, as_of: str) -> None:
    folder = tmp_path / "var/seeds"

    add_seed(folder, "one.txt", "Text: no\n", "2025-10-23", "a note: #1")
    path = add_seed(folder, "two.txt", "二\r\n", as_of)

    assert path == folder / "two.txt"
    assert load_seeds(folder) == [
        SeedFile(name="one.txt", text="Text: no\n", published_text="2025-10-23", note="a note: #1"),
        SeedFile(name="two.txt", text="二\r\n", published_text=as_of),
    ]


def test_adding_the_same_seed_again_changes_its_declaration_only(tmp_path: Path) -> None:
    add_seed(tmp_path, "a.txt", "text", "2025")
    add_seed(tmp_path, "a.txt", "text", "2026")

    assert load_seeds(tmp_path) == [SeedFile(name="a.txt", text="text", published_text="2026")]
    with pytest.raises(UsageError, match="another seed already"):
        add_seed(tmp_path, "a.txt", "other text")


def test_the_name_of_a_packaged_seed_is_refused_whatever_the_text(tmp_path: Path) -> None:
    packaged = load_seeds(resources.folder("seeds"))[2]

    for text in (packaged.text, "other text"):
        with pytest.raises(UsageError, match="is a packaged seed already"):
            add_seed(tmp_path / "seeds", packaged.name, text)

    assert not (tmp_path / "seeds" / packaged.name).exists()


@pytest.mark.parametrize("name", ["../a.txt", "a/b", "", ".", "..", "index.yaml", "a\x00b", "C:x", "a" * 300, "-rf"])
def test_a_seeds_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not a file name"):
        add_seed(tmp_path / "seeds", name, "text")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "as_of", "what"), [(" \n", "", "there is no text"), ("x", "soon", "is not a time")])
def test_an_empty_text_or_a_wrong_time_is_refused(tmp_path: Path, text: str, as_of: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        add_seed(tmp_path, "a.txt", text, as_of)


def write(folder: Path, index: str) -> None:
    (folder / "index.yaml").write_text(index, encoding="utf-8")
