"""Puts the parts together, and holds what several commands share. The rest of the program is told the time by it."""

from __future__ import annotations

from monitor.app.archive import Ingested, add_lines, article_lines, match_lines, span_object, story_lines, study_archive
from monitor.app.backtesting import (
    Backtest,
    Result,
    Trial,
    last_loaded,
    read_other,
    run_backtest,
    try_query,
    try_topics,
)
from monitor.app.checking import all_faults, greedy_topics
from monitor.app.compose import (
    App,
    Loaded,
    Place,
    close,
    find_place,
    has_store,
    load,
    load_live,
    load_or_last_good,
    now,
    open_app,
    open_store,
    own_folder,
    stored_config,
)
from monitor.app.explaining import (
    Fate,
    Told,
    completeness_of,
    explain_document,
    explain_stored,
    find_stored,
    told_object,
)
from monitor.app.importing import Imported, read_list
from monitor.app.imports import report_imports
from monitor.app.pacing import tune_if_due
from monitor.app.reading import archived_article, evidence, fetch_page, language_of, load_to_read, what_to_do
from monitor.app.reloading import reload, tell_if_broken
from monitor.app.rematching import Rematched, rematch
from monitor.app.reminders import remind
from monitor.app.rounds import Progress, config_warnings, deliver_due, feed_state, health, poll_due, study_waiting
from monitor.app.seeds import SeedReport, bring_seeds, documents_of, load_seeds, seed_articles, seed_report
from monitor.app.settling import Refusals
from monitor.app.trials import FeedTrial, clean_untrusted, seed_source, send_test, stored, try_feed
from monitor.app.unreceived import NotReceived, is_address, not_received, not_received_object
from monitor.app.versions import VersionRow, check_version, diff_lines, find_version, roll_back, version_rows
from monitor.match import check_examples
from monitor.settings import add_feed, add_seed, import_path, remove_feed, slug, write_config, write_topics, write_unit

__all__ = [
    "App",
    "Backtest",
    "Fate",
    "FeedTrial",
    "Imported",
    "Ingested",
    "Loaded",
    "NotReceived",
    "Place",
    "Progress",
    "Refusals",
    "Rematched",
    "Result",
    "SeedReport",
    "Told",
    "Trial",
    "VersionRow",
    "add_feed",
    "add_lines",
    "add_seed",
    "all_faults",
    "archived_article",
    "article_lines",
    "bring_seeds",
    "check_examples",
    "check_version",
    "clean_untrusted",
    "close",
    "completeness_of",
    "config_warnings",
    "deliver_due",
    "diff_lines",
    "documents_of",
    "evidence",
    "explain_document",
    "explain_stored",
    "feed_state",
    "fetch_page",
    "find_place",
    "find_stored",
    "find_version",
    "greedy_topics",
    "has_store",
    "health",
    "import_path",
    "is_address",
    "language_of",
    "last_loaded",
    "load",
    "load_live",
    "load_or_last_good",
    "load_seeds",
    "load_to_read",
    "match_lines",
    "not_received",
    "not_received_object",
    "now",
    "open_app",
    "open_store",
    "own_folder",
    "poll_due",
    "read_list",
    "read_other",
    "reload",
    "rematch",
    "remind",
    "remove_feed",
    "report_imports",
    "roll_back",
    "run_backtest",
    "seed_articles",
    "seed_report",
    "seed_source",
    "send_test",
    "slug",
    "span_object",
    "stored",
    "stored_config",
    "story_lines",
    "study_archive",
    "study_waiting",
    "tell_if_broken",
    "told_object",
    "try_feed",
    "try_query",
    "try_topics",
    "tune_if_due",
    "version_rows",
    "what_to_do",
    "write_config",
    "write_topics",
    "write_unit",
]
