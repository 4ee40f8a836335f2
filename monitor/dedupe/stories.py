"""Which story an article belongs to: one pass, each article joins the story it is likest to, or begins one.

A story is the sum of what its articles are about. Times are those of the articles; where one is not known, there is no
decay and no window.

Source: the TF-IDF stream clustering of Miranda et al., Multilingual Clustering of Streaming News (2018), with a prior
for the document frequencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import nlargest
from math import exp, log, log2, sqrt

from monitor.model import Article, OpenStory, Profile
from monitor.ports import StudyView

WINDOW = timedelta(days=7)
# The more articles a story has, the more other articles have something in common with one or the other of them.
_THRESHOLD = 0.27
_PER_DOUBLING = 0.035
_AT_MOST_MORE = 0.12
# A headline alone, or two on one subject, is no proof of one event: better told twice than not at all.
_TELLING, _FEWEST_TELLING = 0.05, 12
_FEWEST_SHARED = 5
_HALF_LIFE = timedelta(hours=72)
_SAME_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_ARTICLE_TERMS = 60
_STORY_TERMS = 120
_QUERY_TERMS = 15
# What is known before any article: the frequencies of a thousand articles of 300 words.
_PRIOR_ARTICLES = 1_000
_PRIOR_WORDS = 300

Vector = Mapping[int, float]
Span = tuple[datetime, datetime] | None


def join_story(article: Article, profile: Profile, view: StudyView) -> OpenStory | None:
    """Return the story an article belongs to with the article in it; None if it says nothing to tell by."""
    count, found_in = view.articles_with(profile.language, profile.terms)
    vector = weigh(profile, count, found_in)
    if not vector:
        return None
    span = span_of(article)
    asked = nlargest(_QUERY_TERMS, vector, key=lambda key: (vector[key], key))
    story = likest(vector, span, view.open_stories(asked))
    return joined(story or OpenStory(id=view.new_story()), vector, span)


def rejoin_story(article: Article, profile: Profile, view: StudyView, story_id: int) -> OpenStory | None:
    """Return the story an article is in, with what its page adds to its teaser; None if it says nothing to tell by."""
    count, found_in = view.articles_with(profile.language, profile.terms)
    vector = weigh(profile, count, found_in)
    if not vector:
        return None
    story = view.story(story_id)
    before = replace(story, size=story.size - 1) if story else OpenStory(id=story_id)
    return joined(before, vector, span_of(article))


def weigh(profile: Profile, count: int, found_in: Mapping[int, int]) -> Vector:
    """Return the 60 terms of an article that weigh most, by how rare they are, as a vector of length 1.

    Args:
        profile: what the article is about.
        count: the articles of its language so far.
        found_in: in how many of them each of its terms was.
    """
    total = log(count + _PRIOR_ARTICLES + 1)
    weights: dict[int, float] = {}
    for key, weight, frequency in zip(profile.terms, profile.weights, profile.frequencies, strict=True):
        rarity = total - log(found_in.get(key, 0) + _prior(frequency) + 0.5)
        if rarity > 0:
            weights[key] = weight * rarity
    kept = nlargest(_ARTICLE_TERMS, weights, key=lambda key: (weights[key], key))
    length = sqrt(sum(weights[key] ** 2 for key in kept))
    return {key: weights[key] / length for key in kept}


@lru_cache(maxsize=65_536)
def _prior(frequency: float) -> float:
    """Return in how many of the articles before the first one a word would have been."""
    return _PRIOR_ARTICLES * (1 - exp(-_PRIOR_WORDS * frequency))


def likest(vector: Vector, span: Span, stories: Sequence[OpenStory]) -> OpenStory | None:
    """Return the story that a vector is likest to, by how much more than it has to be; of equals the older one."""
    if sum(weight >= _TELLING for weight in vector.values()) < _FEWEST_TELLING:
        return None
    scored = ((_score(vector, span, story) - _threshold(story), -story.id, story) for story in stories)
    best = max(scored, key=lambda one: one[:2], default=None)
    return best[2] if best is not None and best[0] >= 0 else None


def _threshold(story: OpenStory) -> float:
    return _THRESHOLD + min(_AT_MOST_MORE, _PER_DOUBLING * log2(max(1, story.size)))


def joined(story: OpenStory, vector: Vector, span: Span) -> OpenStory:
    """Return a story with one more article in it."""
    terms = dict(story.terms)
    for key, weight in vector.items():
        terms[key] = terms.get(key, 0.0) + weight
    kept = nlargest(_STORY_TERMS, terms, key=lambda key: (terms[key], key))
    first_at, last_at = span or (story.first_at, story.last_at)
    if story.first_at and story.last_at and first_at and last_at:
        first_at, last_at = min(first_at, story.first_at), max(last_at, story.last_at)
    return OpenStory(
        id=story.id,
        size=story.size + 1,
        terms={key: terms[key] for key in kept},
        first_at=first_at,
        last_at=last_at,
    )


def span_of(article: Article) -> Span:
    """Return when an article is of: a moment, the whole day if no more is known, or None."""
    time = article.time
    if time is None:
        return None
    is_day = article.published is not None and len(article.published_text) == len("2025-10-24")
    return (time, time + _DAY) if is_day else (time, time)


def _score(vector: Vector, span: Span, story: OpenStory) -> float:
    """Return the cosine of an article and a story, halved for each 72 hours between them; 0 outside the window."""
    gap = _gap(span, story)
    if gap > WINDOW:
        return 0.0
    terms = story.terms
    shared = [weight * terms[key] for key, weight in vector.items() if key in terms]
    if len(shared) < _FEWEST_SHARED:
        return 0.0
    cosine = sum(shared) / sqrt(sum([weight * weight for weight in terms.values()]))
    return float(cosine * 0.5 ** (gap / _HALF_LIFE)) if gap > _SAME_DAY else cosine


def _gap(span: Span, story: OpenStory) -> timedelta:
    if span is None or story.first_at is None or story.last_at is None:
        return timedelta()
    return max(timedelta(), span[0] - story.last_at, story.first_at - span[1])
