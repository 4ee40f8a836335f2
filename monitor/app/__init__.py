"""Puts the parts together, and holds what several commands share. The rest of the program is told the time by it."""

from __future__ import annotations

from monitor.app.archive import Ingested, add_lines, article_lines, match_lines, span_object, story_lines, study_archive
from monitor.app.compose import (
    App,
    Loaded,
    Place,
    close,
    find_place,
    load,
    load_or_last_good,
    now,
    open_app,
    open_store,
    own_folder,
    stored_config,
)
from monitor.app.imports import report_imports
from monitor.app.reading import archived_article, evidence, fetch_page, language_of, what_to_do
from monitor.app.reloading import reload, tell_if_broken
from monitor.app.rounds import Progress, config_warnings, deliver_due, feed_state, health, poll_due, study_waiting
from monitor.app.seeds import SeedReport, bring_seeds, documents_of, load_seeds, seed_articles, seed_report
from monitor.app.trials import FeedTrial, seed_source, send_test, stored, try_feed
from monitor.match import check_examples
from monitor.settings import add_feed, add_seed, remove_feed, write_config, write_unit

__all__ = [
    "App",
    "FeedTrial",
    "Ingested",
    "Loaded",
    "Place",
    "Progress",
    "SeedReport",
    "add_feed",
    "add_lines",
    "add_seed",
    "archived_article",
    "article_lines",
    "bring_seeds",
    "check_examples",
    "close",
    "config_warnings",
    "deliver_due",
    "documents_of",
    "evidence",
    "feed_state",
    "fetch_page",
    "find_place",
    "health",
    "language_of",
    "load",
    "load_or_last_good",
    "load_seeds",
    "match_lines",
    "now",
    "open_app",
    "open_store",
    "own_folder",
    "poll_due",
    "reload",
    "remove_feed",
    "report_imports",
    "seed_articles",
    "seed_report",
    "seed_source",
    "send_test",
    "span_object",
    "stored",
    "stored_config",
    "story_lines",
    "study_archive",
    "study_waiting",
    "tell_if_broken",
    "try_feed",
    "what_to_do",
    "write_config",
    "write_unit",
]
