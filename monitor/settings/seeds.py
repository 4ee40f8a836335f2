"""Reads and adds seeds: the text files that an `index.yaml` lists, with the times it declares for them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import yaml

from monitor import resources
from monitor.errors import UsageError
from monitor.model import SeedFile
from monitor.settings.atomic import locked, write_text
from monitor.settings.load import read_text
from monitor.settings.schema import Errors, Keys, listed, text, wrong
from monitor.settings.tree import Node, read_tree

INDEX = "index.yaml"
_INDEX_BYTES, _SEED_BYTES = 1_000_000, 5_000_000
_TIME = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?)?)?")
_NAME = re.compile(r"[^./\\:*?\"<>|\s-][^/\\:*?\"<>|]*")
_HEADER = "# Written by `monitor seeds add`.\n"


def load_seeds(folder: Path) -> list[SeedFile]:
    """Return the seeds listed in the folder's index, in its order.

    Raises:
        ConfigErrors: all that is wrong with the index or a file it names.
    """
    errors = Errors()
    source = errors.run(read_text, folder, INDEX, max_bytes=_INDEX_BYTES)
    tree = errors.run(read_tree, source, str(folder / INDEX)) if source else None
    seeds: dict[str, SeedFile] = {}
    for node in (errors.run(_seed_nodes, tree) if tree else None) or ():
        if seed := errors.run(_read_seed, node, folder):
            if seed.name in seeds:
                errors.add(node.error(f"{seed.name} is listed twice", "delete one of the two"))
            seeds[seed.name] = seed
    errors.end()
    return list(seeds.values())


def add_seed(folder: Path, name: str, text: str, as_of: str = "", note: str = "") -> Path:
    """Write a seed and list it in the folder's index, making both if need be; returns its file.

    `as_of` is RFC 3339 shortened to what is known, or empty.

    Raises:
        UsageError: the name or time cannot be taken, or a packaged seed or another text has that name.
        ConfigErrors: the index cannot be read.
        MonitorError: the folder cannot be written.
    """
    if not _is_plain(name) or name == INDEX:
        raise UsageError(f"{name!r} is not a file name", hint="letters, digits, spaces, - _ and . only")
    if as_of and not _is_time(as_of):
        raise UsageError(f"{as_of!r} is not a time", hint="for example 2025-10-23 or 2025-10-23T14:05:00+02:00")
    if not text.strip():
        raise UsageError(f"{name}: there is no text", hint="name a page or a text file with an article")
    packaged = resources.folder("seeds")
    if folder.resolve() != packaged and name in {seed.name for seed in load_seeds(packaged)}:
        raise UsageError(f"{name} is a packaged seed already", hint="rename the file, if its text is another one")
    with locked(folder):
        seeds = {seed.name: seed for seed in load_seeds(folder)} if (folder / INDEX).exists() else {}
        path = folder / name
        if name in seeds and seeds[name].text != text:
            raise UsageError(f"{path} is another seed already", hint="give this one another name")
        seeds[name] = SeedFile(name=name, text=text, published_text=as_of, note=note)
        write_text(path, text)
        write_text(folder / INDEX, _HEADER + _dumped(list(seeds.values())))
    return path


def _dumped(seeds: list[SeedFile]) -> str:
    rows = [
        {
            key: value
            for key, value in (("file", seed.name), ("as_of", seed.published_text), ("note", seed.note))
            if value
        }
        for seed in seeds
    ]
    return yaml.safe_dump({"seeds": rows}, allow_unicode=True, sort_keys=False, width=10_000)


def _seed_nodes(tree: Node) -> tuple[Node, ...]:
    keys = Keys(tree, "index")
    nodes = keys.need("seeds", listed(lambda node: node))
    keys.end()
    return nodes


def _read_seed(node: Node, folder: Path) -> SeedFile:
    keys = Keys(node, "seed")
    as_of = keys.take("as_of", _time, "")
    note = keys.take("note", text, "")
    name = keys.need("file", _name)
    keys.end()
    path = folder / name
    if not path.exists() or path.resolve().parent != folder.resolve():
        place = keys.node("file") or node
        raise place.error(f"there is no file {path}", "restore it, or delete this line")
    return SeedFile(name=name, text=read_text(folder, name, max_bytes=_SEED_BYTES), published_text=as_of, note=note)


def _name(node: Node) -> str:
    name = text(node)
    if not _is_plain(name):
        raise wrong(node, "a file name", "a file beside the index, without a path")
    return name


def _is_plain(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name.isprintable() and len(name.encode()) <= 200


def _time(node: Node) -> str:
    value = text(node)
    if not _is_time(value):
        raise wrong(node, "a time", "for example 2025-10-23 or 2025-10-23T14:05:00+02:00")
    return value


def _is_time(value: str) -> bool:
    if not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value + "-01-01"[: 10 - len(value)] if len(value) < 10 else value)
    except ValueError:
        return False
    return True
