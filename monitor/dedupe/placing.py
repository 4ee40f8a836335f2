"""Where a new article belongs: under the first article studied that is the same item, in its story.

Articles are studied side by side: the first studied need not be the first published, nor the first that came.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Candidate, Fingerprint, Placement


def place(fingerprint: Fingerprint, candidates: Sequence[Candidate]) -> Placement:
    """Return the original that an article is a copy of, with the original's story; both None if it is the first.

    A copy is listed under its original, never under another copy. Of several originals, which neither shared an address
    nor a text with each other, the one that came first is taken: ids rise with time.
    """
    same = [candidate for candidate in candidates if _is_same(fingerprint, candidate)]
    if not same:
        return Placement()
    first = min(same, key=lambda candidate: (candidate.original_id, candidate.id))
    return Placement(duplicate_of=first.original_id, story_id=first.story_id)


def _is_same(fingerprint: Fingerprint, candidate: Candidate) -> bool:
    has_url = bool(fingerprint.url_key) and fingerprint.url_key == candidate.url_key
    has_text = bool(fingerprint.text_hash) and fingerprint.text_hash == candidate.text_hash
    return has_url or has_text
