"""Reads what the user edits, and writes what the program adds to it.

`load_config` is the way in: strict YAML (`tree`, with `astyped` for watchlists), typed by readers (`schema`) that
collect all errors with their places, one module per file of the configuration.
"""

from __future__ import annotations

from monitor.settings.access import address_fault, selector_fault
from monitor.settings.added import add_feeds, move_feed, remove_feed
from monitor.settings.folders import find_folder, state_folder
from monitor.settings.imported import ImportedTopic, import_path, write_topics
from monitor.settings.install import write_config, write_unit
from monitor.settings.lastgood import keep_last_good, last_good
from monitor.settings.load import (
    load_config,
    other_texts,
    read_topics,
    read_topics_file,
    readable_topics,
    watchlist_part,
    watchlist_texts,
    watchlist_version,
)
from monitor.settings.rollback import restore_watchlist
from monitor.settings.schema import duration_s
from monitor.settings.seeds import add_seed, load_seeds
from monitor.settings.shares import keep_shares, kept_shares, shares_kept_at
from monitor.settings.sites import read_typed_rule
from monitor.settings.topic import slug

__all__ = [
    "ImportedTopic",
    "add_feeds",
    "add_seed",
    "address_fault",
    "duration_s",
    "find_folder",
    "import_path",
    "keep_last_good",
    "keep_shares",
    "kept_shares",
    "last_good",
    "load_config",
    "load_seeds",
    "move_feed",
    "other_texts",
    "read_topics",
    "read_topics_file",
    "read_typed_rule",
    "readable_topics",
    "remove_feed",
    "restore_watchlist",
    "selector_fault",
    "shares_kept_at",
    "slug",
    "state_folder",
    "watchlist_part",
    "watchlist_texts",
    "watchlist_version",
    "write_config",
    "write_topics",
    "write_unit",
]
