"""A view of stories in memory: the plain way of what the store does by tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.dedupe import join_story, profile
from monitor.model import Article, OpenStory


@dataclass
class MemoryView:
    """Places articles, one after the other."""

    counts: Counter[str] = field(default_factory=Counter)
    found_in: Counter[int] = field(default_factory=Counter)
    stories: dict[int, OpenStory] = field(default_factory=dict)

    def articles_with(self, language: str, terms: Sequence[int]) -> tuple[int, Mapping[int, int]]:
        return self.counts[language], self.found_in

    def open_stories(self, terms: Sequence[int]) -> Sequence[OpenStory]:
        shared = {story.id: len(story.terms.keys() & set(terms)) for story in self.stories.values()}
        found = [story_id for story_id, count in shared.items() if count]
        return [self.stories[story_id] for story_id in sorted(found, key=lambda at: (shared[at], at), reverse=True)][
            :16
        ]

    def story(self, story_id: int) -> OpenStory | None:
        return self.stories.get(story_id)

    def new_story(self) -> int:
        return len(self.stories) + 1

    def place(self, article: Article) -> int:
        """Return the story of an article."""
        about = profile(article.title, article.text, article.language)
        story = join_story(article, about, self)
        if story is None:
            return 0
        self.stories[story.id] = story
        self.counts[about.language] += 1
        self.found_in.update(about.terms)
        return story.id


def place_all(articles: Sequence[Article]) -> list[int]:
    """Return the story of each article in an empty view."""
    view = MemoryView()
    return [view.place(article) for article in articles]
