"""The whole configuration: which files, from where, and every error at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import resources
from monitor.errors import ConfigErrors
from monitor.settings import load_config
from tests.unit.settings.conftest import FILES

Find = Callable[..., list[str]]


def test_the_packaged_configuration_loads() -> None:
    config = load_config(resources.folder("config"), {})

    assert config.settings.operator == ("desk",)
    assert len(config.feeds) >= 17
    assert {"rare-earth-controls", "november-1-tariff"} <= {topic.id for topic in config.watchlist.topics}
    assert all(topic.alert.to for topic in config.watchlist.topics)
    assert len({feed.name for feed in config.feeds}) == len(config.feeds)


def test_a_configuration_loads_again_from_its_texts_alone(folder: Path) -> None:
    (folder / "feeds.d").mkdir()
    (folder / "feeds.d/more.yaml").write_text("feeds: [http://a.b/]\n")
    config = load_config(folder, {})
    for path in folder.glob("**/*.yaml"):
        path.write_text("broken: [")

    again = load_config(folder, {}, texts=config.files)

    assert again == config
    assert sorted(config.files) == ["feeds.d/more.yaml", "feeds.yaml", "monitor.yaml", "watchlist.yaml"]


def test_errors_of_all_files_come_in_the_order_of_files_and_lines(folder: Path, errors: Find) -> None:
    (folder / "feeds.yaml").write_text("feeds:\n  - x\n  - y\n")
    (folder / "monitor.yaml").write_text("foo: 1\nbar: [\n")

    found = errors("watchlist.yaml", "topics:\n  - {id: a}\n")

    assert [line.split(" ")[0] for line in found] == [
        "monitor.yaml:2:6:", "feeds.yaml:2:5:", "feeds.yaml:3:5:", "watchlist.yaml:2:5:",
    ]  # fmt: skip


def test_channels_that_cannot_be_read_are_not_missed_again_in_the_watchlist(errors: Find, folder: Path) -> None:
    (folder / "watchlist.yaml").write_text("topics:\n  - {id: a, match: b, alert: {to: chat}}\n")

    assert errors("monitor.yaml", "channels: [\n")[0].startswith("monitor.yaml:1:11: a bracket")
    assert errors("monitor.yaml", "channels: {chat: {url: 'env:MISSING'}}\n") == [
        "monitor.yaml:1:25: the environment variable MISSING is not set (export MISSING=…, or set it in the unit)"
    ]


@pytest.mark.parametrize("name", ["monitor.yaml", "feeds.yaml", "watchlist.yaml"])
@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (Path.unlink, "the file is missing (run: monitor init {folder} (writes what is missing, overwrites nothing))"),
        (lambda path: path.rename(path.with_suffix(".yml")), "the file is missing (rename {stem}.yml to {stem}.yaml)"),
        (lambda path: path.write_bytes(b""), "the file is empty (restore it, or run `monitor init` for a fresh one)"),
        (lambda path: path.write_bytes(b"# only\n"), "holds nothing but comments (see the comments for what it takes)"),
        (lambda path: (path.unlink(), path.mkdir()), "this is not a file (put a text file in its place)"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "this is not a file (put a text file in its place)"),
        (lambda path: (path.unlink(), path.symlink_to(path)),
         "cannot be read: Too many levels of symbolic links (check its permissions)"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_there_is_an_error_and_never_nothing(
    folder: Path, name: str, spoil: Callable[[Path], object], expected: str
) -> None:
    spoil(folder / name)

    with pytest.raises(ConfigErrors) as caught:
        load_config(folder, {})

    assert caught.value.message == f"{folder / name}: {expected.format(folder=folder, stem=name.removesuffix('.yaml'))}"


@pytest.mark.parametrize(("name", "limit"), [("monitor.yaml", 256_000), ("feeds.yaml", 8_000_000)])
def test_a_file_that_is_too_large_is_not_parsed(folder: Path, name: str, limit: int) -> None:
    (folder / name).write_bytes(b"#" * (limit + 1))

    with pytest.raises(ConfigErrors, match=f"{limit + 1} bytes are too many"):
        load_config(folder, {})


def test_a_file_with_the_wrong_ending_is_an_error_and_hidden_ones_are_not_read(folder: Path, errors: Find) -> None:
    (folder / "feeds.d").mkdir()
    (folder / "feeds.d/.#more.yaml").write_text("[")

    found = errors("feeds.d/more.yml", "feeds: []\n")

    assert found == ["feeds.d/more.yml: this file is not read (rename it to end in .yaml)"]


_PIECES = [
    *"ab:-'\"[]{}#&*!|>%@,\n?\\=$", "  ", ": ", "\n  - ", "\n    ", "topics:", "match:", "define:", "feeds:",
    "channels:", "url", "env:X", "score:", "alert:", "to:", "desk", "version: 1", "no", "10m", "poll:", "name:", "https://a.b/",
    "稀土", "\x00", "\u2028",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join), st.sampled_from(list(FILES)))
def test_any_text_in_a_file_loads_or_is_told(text: str, name: str) -> None:
    try:
        found = load_config(Path("config"), {}, texts={**FILES, name: text}).files[name]
    except ConfigErrors as error:
        found = text if error.errors and all(one.where.startswith("config/") for one in error.errors) else ""

    assert found == text


def test_errors_carry_their_places_for_programs_too(folder: Path) -> None:
    (folder / "monitor.yaml").write_text("pol: {}\n")

    with pytest.raises(ConfigErrors) as caught:
        load_config(folder, {})

    assert [error.where for error in caught.value.errors] == [f"{folder}/monitor.yaml:1:1"]
    assert caught.value.exit_code == 2
