"""Where a new article belongs: under the first article studied that says the same, in its story.

Articles are studied side by side: the first studied need not be the first published, nor the first that came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.dedupe.shingles import shingles_of
from monitor.model import Article, Candidate, CopyKind, Fingerprint, Forgotten, Placement

# Of two texts: shared shingles to all of both (resemblance), and to those of the shorter one (containment).
_RESEMBLANCE = 0.25
_CONTAINMENT = 0.65
_SHORTER_TO_LONGER = 0.10
_FEWEST_SHARED = 12
_SAME = 0.9
# A round-up resembles none of its articles like this, nor is most of it in one: it is nobody's copy.
_NOT_A_ROUND_UP = 0.35
_MOST = 0.65
# Wire copies come within days. What comes later and says nearly the same is the next report of a kind.
_WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Likeness:
    """How a new text stands to a stored one, 0 to 1 each.

    `share` is how much of the new text is in the other; `is_longer`: the new one has more to say.
    """

    candidate: Candidate
    resemblance: float
    containment: float
    share: float
    is_longer: bool

    @property
    def rank(self) -> tuple[float, float, int]:
        """What is higher is likelier the article's source; of equals the one that came first."""
        return max(self.resemblance, self.containment), self.resemblance, -self.candidate.id


def place(fingerprint: Fingerprint, candidates: Sequence[Candidate], *, time: datetime | None = None) -> Placement:
    """Return the original that an article is a copy of, with the original's story; both None if it is the first.

    A copy is listed under its original, never under another copy. An article with the same address or the same words
    goes before one that resembles it. Of several originals, which neither shared an address nor a text with each other,
    the one that came first is taken: ids rise with time.

    Args:
        fingerprint: the article's own.
        candidates: stored articles that share part of it.
        time: the article's time; None: unknown, and no copy is too late.
    """
    same = [candidate for candidate in candidates if _is_same_item(fingerprint, candidate)]
    if same:
        first = min(same, key=lambda candidate: (candidate.original_id, candidate.id))
        has_text = any(_has_same_text(fingerprint, candidate) for candidate in same)
        kind = CopyKind.SAME if has_text else CopyKind.UPDATE
        return Placement(duplicate_of=first.original_id, story_id=first.story_id, kind=kind)
    return _place_near(fingerprint, candidates, time)


def is_return(article: Article, forgotten: Forgotten | None) -> bool:
    """Tell whether an article was here before: it has the words and the address of one that was forgotten.

    If it has one of these only, it must have been published long before that was forgotten. A bulletin may have the
    words of another, and a page may live on under its address: in doubt it is new.
    """
    if forgotten is None:
        return False
    if forgotten.has_address and forgotten.has_words:
        return True
    return article.published is not None and article.published < forgotten.at - _WINDOW


def _place_near(fingerprint: Fingerprint, candidates: Sequence[Candidate], time: datetime | None) -> Placement:
    near = [like for like in (_compare(fingerprint, candidate) for candidate in candidates) if _is_copy(like, time)]
    if not near:
        return Placement()
    if _is_round_up(near):
        return Placement()
    best = max(near, key=lambda like: like.rank)
    candidate = best.candidate
    return Placement(duplicate_of=candidate.original_id, story_id=candidate.story_id, kind=_kind(best))


def _compare(fingerprint: Fingerprint, candidate: Candidate) -> _Likeness:
    mine, other = fingerprint.shingles, shingles_of(candidate.text)
    shared = len(mine & other)
    shorter, longer = sorted((len(mine), len(other)))
    enough = shared >= _FEWEST_SHARED and shorter >= _SHORTER_TO_LONGER * longer
    return _Likeness(
        candidate=candidate,
        resemblance=shared / (shorter + longer - shared) if shared else 0.0,
        containment=shared / shorter if enough else 0.0,
        share=shared / len(mine) if enough else 0.0,
        is_longer=len(mine) > len(other),
    )


def _is_copy(like: _Likeness, time: datetime | None) -> bool:
    other = like.candidate.time
    if time is not None and other is not None and abs(time - other) > _WINDOW:
        return like.resemblance >= _SAME
    return like.resemblance >= _RESEMBLANCE or like.containment >= _CONTAINMENT


def _is_round_up(near: Sequence[_Likeness]) -> bool:
    groups = {like.candidate.original_id for like in near}
    return len(groups) > 1 and all(like.resemblance < _NOT_A_ROUND_UP and like.share < _MOST for like in near)


def _kind(like: _Likeness) -> CopyKind:
    if like.resemblance >= _SAME:
        return CopyKind.SAME
    return CopyKind.EXTENDED if like.is_longer else CopyKind.EXCERPT


def _is_same_item(fingerprint: Fingerprint, candidate: Candidate) -> bool:
    has_url = bool(fingerprint.url_key) and fingerprint.url_key == candidate.url_key
    return has_url or _has_same_text(fingerprint, candidate)


def _has_same_text(fingerprint: Fingerprint, candidate: Candidate) -> bool:
    return bool(fingerprint.text_hash) and fingerprint.text_hash == candidate.text_hash
