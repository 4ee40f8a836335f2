"""Loads the whole configuration, or tells all that is wrong with it."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import ConfigError, ConfigErrors
from monitor.model import Config, WatchlistSpec
from monitor.settings.channels import named_channels
from monitor.settings.feeds import read_feeds
from monitor.settings.references import References
from monitor.settings.schema import Errors
from monitor.settings.service import read_settings
from monitor.settings.tree import Node, decode, read_tree
from monitor.settings.watchlist import Surroundings, read_leniently, read_watchlist

SERVICE, FEEDS, WATCHLIST = "monitor.yaml", "feeds.yaml", "watchlist.yaml"
MAX_FEEDS_BYTES = 8_000_000
_MAX_BYTES = {SERVICE: 256_000, FEEDS: MAX_FEEDS_BYTES, WATCHLIST: 16_000_000}


def load_config(folder: Path, environ: Mapping[str, str], *, texts: Mapping[str, str] | None = None) -> Config:
    """Load the configuration in `folder`, or from `texts` (file name in it -> text) as they were when it last loaded.

    Raises:
        ConfigErrors: everything that is wrong, in the order of files and lines, if it is more than single topics.
    """
    errors = Errors()
    files = dict(texts) if texts is not None else _read(folder, tuple(_MAX_BYTES), errors)
    trees = _parse(folder, files, errors)
    references = References(folder, environ)
    settings = errors.run(read_settings, trees[SERVICE], references) if SERVICE in trees else None
    around = Surroundings(
        channels=named_channels(trees[SERVICE]) if SERVICE in trees else None,
        fallback=settings.operator if settings else (),
    )
    feeds = errors.run(read_feeds, _of(trees, FEEDS).values(), references)
    topics = _of(trees, WATCHLIST)
    watchlist = errors.run(read_watchlist, topics, around, watchlist_version(files)) if topics else None
    if errors.found or settings is None or feeds is None or watchlist is None:
        errors.found.extend(watchlist.errors if watchlist else ())
        raise ConfigErrors(tuple(sorted(errors.found, key=lambda error: _order(error, folder))))
    settings = dataclasses.replace(settings, secrets=tuple(dict.fromkeys(references.secrets)))
    return Config(
        folder=folder,
        settings=settings,
        feeds=feeds,
        watchlist=watchlist,
        files=files,
        secret_files=tuple(dict.fromkeys(references.files)),
    )


def watchlist_texts(folder: Path) -> dict[str, str]:
    """Return the texts of the watchlist's files by name, as they are now; what cannot be read is left out."""
    return _read(folder, (WATCHLIST,), Errors())


def other_texts(folder: Path) -> dict[str, str]:
    """Return the texts of all other files of the configuration by name.

    Raises:
        ConfigErrors: one cannot be read.
    """
    errors = Errors()
    files = _read(folder, (SERVICE, FEEDS), errors)
    errors.end()
    return files


def watchlist_part(files: Mapping[str, str]) -> dict[str, str]:
    """Return those of a configuration's files that make up its watchlist, in their order."""
    return {name: text for name, text in files.items() if _is_watchlist(name)}


def read_topics(folder: Path, files: Mapping[str, str], *, fallback: tuple[str, ...] = ()) -> WatchlistSpec:
    """Read a watchlist alone, by its files' texts, whatever channels there are; `fallback` are told by default.

    Raises:
        ConfigErrors: everything that is wrong with it, if it is more than topics and definitions.
    """
    errors = Errors()
    trees = _parse(folder, files, errors)
    errors.end()
    return read_watchlist(trees, Surroundings(channels=None, fallback=fallback), watchlist_version(files))


def readable_topics(folder: Path) -> WatchlistSpec:
    """Read what can be read of the watchlist, whatever else is wrong with its files or the others."""
    files = watchlist_texts(folder)
    trees = _parse(folder, files, Errors())
    return read_leniently(trees, Surroundings(channels=None, fallback=()), watchlist_version(files))[0]


def read_topics_file(file: Path) -> WatchlistSpec:
    """Read a watchlist file on its own, whatever its name.

    Raises:
        ConfigErrors: everything that is wrong with it, if it is more than topics and definitions.
    """
    errors = Errors()
    text = errors.run(read_text, file.parent, file.name, max_bytes=_MAX_BYTES[WATCHLIST])
    tree = errors.run(read_tree, text, str(file), is_watchlist=True) if text is not None else None
    errors.end()
    assert text is not None
    assert tree is not None
    around = Surroundings(channels=None, fallback=())
    return read_watchlist({WATCHLIST: tree}, around, watchlist_version({WATCHLIST: text}))


def watchlist_version(files: Mapping[str, str]) -> str:
    """Return the name of the watchlist in these files: 12 hexadecimal digits, other texts give others."""
    parts = (part for name, text in watchlist_part(files).items() for part in (name, text))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def read_feed_trees(folder: Path) -> dict[str, Node]:
    """Return the trees of `feeds.yaml` and `feeds.d/*.yaml`, by name.

    Raises:
        ConfigErrors: a file cannot be read.
    """
    errors = Errors()
    trees = _parse(folder, _read(folder, (FEEDS,), errors), errors)
    errors.end()
    return trees


def read_text(folder: Path, name: str, *, max_bytes: int) -> str:
    """Return the text of a file the user edits; `name` is relative to `folder`.

    Raises:
        ConfigError: it is missing, cannot be read, is empty, too large or not UTF-8.
    """
    path = folder / name
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ConfigError("this is not a file", where=str(path), hint="put a text file in its place")
        with path.open("rb") as stream:
            raw = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise ConfigError("the file is missing", where=str(path), hint=_missing_hint(path)) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=str(path), hint="check its permissions") from None
    return decode(raw, str(path), max_bytes=max_bytes)


def _missing_hint(path: Path) -> str:
    other = path.with_suffix(".yml")
    if other.exists():
        return f"rename {other.name} to {path.name}"
    return f"run: monitor init {path.parent} (writes what is missing, overwrites nothing)"


def _read(folder: Path, mains: tuple[str, ...], errors: Errors) -> dict[str, str]:
    found = {}
    for main in mains:
        for name in (main, *_additions(folder, main, errors)):
            if (text := errors.run(read_text, folder, name, max_bytes=_MAX_BYTES[main])) is not None:
                found[name] = text
    return found


def _additions(folder: Path, main: str, errors: Errors) -> list[str]:
    """Return the names of the files that add to `main`: those of `feeds.d` to `feeds.yaml`."""
    paths = [] if main == SERVICE else sorted((folder / main.replace(".yaml", ".d")).glob("[!.]*.y*ml"))
    for path in paths:
        if path.suffix != ".yaml":
            errors.add(ConfigError("this file is not read", where=str(path), hint="rename it to end in .yaml"))
    return [f"{path.parent.name}/{path.name}" for path in paths if path.suffix == ".yaml"]


def _parse(folder: Path, files: Mapping[str, str], errors: Errors) -> dict[str, Node]:
    found = {}
    for name, text in files.items():
        if (tree := errors.run(read_tree, text, str(folder / name), is_watchlist=_is_watchlist(name))) is not None:
            found[name] = tree
    return found


def _of(trees: Mapping[str, Node], main: str) -> dict[str, Node]:
    folder = main.replace(".yaml", ".d/")
    return {name: tree for name, tree in trees.items() if name == main or name.startswith(folder)}


def _is_watchlist(name: str) -> bool:
    return name == WATCHLIST or name.startswith(WATCHLIST.replace(".yaml", ".d/"))


def _order(error: ConfigError, folder: Path) -> tuple[int, str, int]:
    found = re.fullmatch(r"(.*?)(?::(\d+))?(?::(\d+))?", error.where)
    file, line = (found[1], int(found[2] or 0)) if found else (error.where, 0)
    name = file.removeprefix(str(folder)).lstrip("/")
    return next((place for place, main in enumerate(_MAX_BYTES) if name[:5] == main[:5]), len(_MAX_BYTES)), file, line
