"""Which articles are the same item: canonical URLs, fingerprints, and where a new article belongs.

Pure. Only exact evidence counts here: the same address, or the same words.
"""

from monitor.dedupe.fingerprints import fingerprint
from monitor.dedupe.placing import place
from monitor.dedupe.urls import canonical_url, url_key

__all__ = ["canonical_url", "fingerprint", "place", "url_key"]
