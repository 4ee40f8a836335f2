"""Puts the parts together, and holds what several commands share. The rest of the program is told the time by it."""

from __future__ import annotations

from monitor.app.archive import (
    Ingested,
    add_lines,
    article_lines,
    match_lines,
    span_object,
    story_lines,
    story_object,
    study_archive,
)
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
from monitor.app.checking import WordCounts, all_faults, routing_of, routings, try_on_archive, updates_of
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
    new_heartbeat_fetcher,
    now,
    open_app,
    open_store,
    own_folder,
    stored_config,
)
from monitor.app.daily import tell_of_the_day
from monitor.app.edits import Edit, edits
from monitor.app.explaining import (
    Live,
    Told,
    explain_document,
    explain_stored,
    find_stored,
    told_object,
)
from monitor.app.fates import Fate
from monitor.app.feedneeds import tell_of_feeds
from monitor.app.feedtrials import FeedTrial, try_feed
from monitor.app.finding import Found, Search, find_feeds, find_move
from monitor.app.frequencies import learn_words, learn_words_if_due
from monitor.app.health import feed_state, health
from monitor.app.importing import Imported, read_list
from monitor.app.imports import report_imports
from monitor.app.judging import find_alerts, judge, judgements_of
from monitor.app.mutes import end_mutes, find_live, find_target, mute_objects, mutes_everything
from monitor.app.pacing import tune_if_due
from monitor.app.precision import TopicStats, topic_stats
from monitor.app.reading import (
    archived_article,
    completeness_of,
    evidence,
    fetch_page,
    language_of,
    load_to_read,
    require_topic,
    site_rule,
    what_to_do,
)
from monitor.app.reloading import reload, tell_if_broken
from monitor.app.rematching import Rematched, rematch
from monitor.app.reminders import remind
from monitor.app.replaying import replay_drafts
from monitor.app.rounds import Progress, config_warnings, deliver_due, poll_due, study_waiting
from monitor.app.seeds import SeedReport, bring_seeds, documents_of, load_seeds, seed_articles, seed_report
from monitor.app.selfwatch import Selfwatch
from monitor.app.settling import Refusals
from monitor.app.subscribing import ImportedFeeds, RefusedFeed, export_feeds, import_feeds
from monitor.app.trials import clean_untrusted, seed_source, send_test, stored, stored_with_config
from monitor.app.unreceived import NotReceived, is_address, not_received, not_received_object
from monitor.app.versions import (
    VersionRow,
    check_version,
    diff_lines,
    find_version,
    is_taken_over,
    roll_back,
    version_rows,
)
from monitor.match import check_examples
from monitor.settings import (
    add_feeds,
    add_seed,
    address_fault,
    import_path,
    move_feed,
    remove_feed,
    selector_fault,
    slug,
    write_config,
    write_topics,
    write_unit,
)

__all__ = [
    "App",
    "Backtest",
    "Edit",
    "Fate",
    "FeedTrial",
    "Found",
    "Imported",
    "ImportedFeeds",
    "Ingested",
    "Live",
    "Loaded",
    "NotReceived",
    "Place",
    "Progress",
    "Refusals",
    "RefusedFeed",
    "Rematched",
    "Result",
    "Search",
    "SeedReport",
    "Selfwatch",
    "Told",
    "TopicStats",
    "Trial",
    "VersionRow",
    "WordCounts",
    "add_feeds",
    "add_lines",
    "add_seed",
    "address_fault",
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
    "edits",
    "end_mutes",
    "evidence",
    "explain_document",
    "explain_stored",
    "export_feeds",
    "feed_state",
    "fetch_page",
    "find_alerts",
    "find_feeds",
    "find_live",
    "find_move",
    "find_place",
    "find_stored",
    "find_target",
    "find_version",
    "has_store",
    "health",
    "import_feeds",
    "import_path",
    "is_address",
    "is_taken_over",
    "judge",
    "judgements_of",
    "language_of",
    "last_loaded",
    "learn_words",
    "learn_words_if_due",
    "load",
    "load_live",
    "load_or_last_good",
    "load_seeds",
    "load_to_read",
    "match_lines",
    "move_feed",
    "mute_objects",
    "mutes_everything",
    "new_heartbeat_fetcher",
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
    "replay_drafts",
    "report_imports",
    "require_topic",
    "roll_back",
    "routing_of",
    "routings",
    "run_backtest",
    "seed_articles",
    "seed_report",
    "seed_source",
    "selector_fault",
    "send_test",
    "site_rule",
    "slug",
    "span_object",
    "stored",
    "stored_config",
    "stored_with_config",
    "story_lines",
    "story_object",
    "study_archive",
    "study_waiting",
    "tell_if_broken",
    "tell_of_feeds",
    "tell_of_the_day",
    "told_object",
    "topic_stats",
    "try_feed",
    "try_on_archive",
    "try_query",
    "try_topics",
    "tune_if_due",
    "updates_of",
    "version_rows",
    "what_to_do",
    "write_config",
    "write_topics",
    "write_unit",
]
