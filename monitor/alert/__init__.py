"""What to say, to whom and when: outbox rows from matches, messages from outbox rows.

Pure: everything is decided from values given; what a feed says is made safe here, before it is stored or shown.
"""

from __future__ import annotations

from monitor.alert.as_slack import blocks_of_text, slack_text
from monitor.alert.backoff import retry_at
from monitor.alert.compose import compose
from monitor.alert.coverage import uncovered
from monitor.alert.daily import day_line, day_of, words_of_the_day
from monitor.alert.digest import counted
from monitor.alert.episodes import turn
from monitor.alert.muting import live_mute_lines, mute_ended
from monitor.alert.phases import follow_teaser
from monitor.alert.plain import one_line
from monitor.alert.policy import InStory, draft_alerts, notice
from monitor.alert.recipients import fall_back
from monitor.alert.routing import describe, describe_updates
from monitor.alert.surge import add_surge
from monitor.alert.surplus import surplus
from monitor.alert.times import next_digest, quiet_until
from monitor.alert.troubles import Words, advice_of, line_of, words_of, words_of_end
from monitor.alert.view import days_left

__all__ = [
    "InStory",
    "Words",
    "add_surge",
    "advice_of",
    "blocks_of_text",
    "compose",
    "counted",
    "day_line",
    "day_of",
    "days_left",
    "describe",
    "describe_updates",
    "draft_alerts",
    "fall_back",
    "follow_teaser",
    "line_of",
    "live_mute_lines",
    "mute_ended",
    "next_digest",
    "notice",
    "one_line",
    "quiet_until",
    "retry_at",
    "slack_text",
    "surplus",
    "turn",
    "uncovered",
    "words_of",
    "words_of_end",
    "words_of_the_day",
]
