"""Which articles say the same, and which are of one story: URL keys, fingerprints, copies, profiles, stories.

Pure. What is in the store already comes by a `StudyView` or as values.
"""

from monitor.dedupe.facts import Disagreement, Fact, FactSheet, fact_sheet
from monitor.dedupe.fingerprints import fingerprint
from monitor.dedupe.placing import is_return, place
from monitor.dedupe.profiles import profile
from monitor.dedupe.stories import join_story, rejoin_story
from monitor.dedupe.urls import canonical_url, url_key

__all__ = [
    "Disagreement",
    "Fact",
    "FactSheet",
    "canonical_url",
    "fact_sheet",
    "fingerprint",
    "is_return",
    "join_story",
    "place",
    "profile",
    "rejoin_story",
    "url_key",
]
