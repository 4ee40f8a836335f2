"""The store's contract: articles whose titles and teasers are looked at before their pages are read."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import ArticleDraft, Completeness, Fingerprint, Origin, Phase, Stage
from monitor.ports import Decision, Studied, StudySaved, StudyView
from tests.stores import FEED_URL, World, decide, draft, entry, ingested


def claim(world: World, phase: Phase | None, limit: int = 100) -> list[str]:
    return [
        article.key or article.external_id
        for article in world.store.claim_new_articles(world.now, limit=limit, lease_s=60, phase=phase)
    ]


def news(world: World, *keys: str) -> None:
    """Bring entries of a feed that is known."""
    world.poll(world.add_feed(FEED_URL), entry("old"))
    for article in world.claim():
        world.study(article)
    world.poll_again(*(entry(key, content="<p>A teaser.</p>") for key in keys))


def tease(world: World, *topics: str, text: str = "A teaser.") -> StudySaved:
    """Save what the teaser of the oldest article was found to hold."""
    (article,) = world.store.claim_new_articles(world.now, limit=1, lease_s=60, phase=Phase.TEASER)
    return world.study(replace(article, text=text), *topics, text_hash=b"t" * 16, phase=Phase.TEASER)


def test_teasers_are_of_news_only_and_the_rest_is_claimed_apart(world: World) -> None:
    news(world, "1", "2")
    world.add(ingested("given"))
    world.add(ArticleDraft(key="seed.txt", text="seed"), origin=Origin.SEED)
    world.poll(world.add_feed("https://second.example/feed"), entry("silent"))

    assert claim(world, Phase.FULL) == ["given", "seed.txt", "silent"]
    assert claim(world, Phase.TEASER) == ["1", "2"]
    assert claim(world, None) == []


def test_what_was_looked_at_waits_for_its_page_in_the_order_it_came(world: World) -> None:
    news(world, "1", "2")
    world.add(ingested("given"))
    tease(world)
    tease(world)
    assert world.store.counts(world.now).unstudied == 3
    assert claim(world, Phase.TEASER) == []
    assert claim(world, Phase.FULL, limit=2) == ["1", "2"]
    assert claim(world, None) == ["given"]


def test_a_teaser_that_holds_nothing_leaves_no_trace_but_that_it_was_looked_at(world: World) -> None:
    news(world, "1")
    assert tease(world) == StudySaved(story_id=0, duplicate_of=None, queued=0)
    (article,) = world.store.articles(stage=Stage.TEASED, bodies=True)
    assert (article.story_id, article.text, article.teaser) == (None, "", "<p>A teaser.</p>")
    assert world.store.counts(world.now).stories == 1


def test_what_a_teaser_holds_is_stored_with_its_alert_and_the_teaser_stays(world: World) -> None:
    news(world, "1")
    saved = tease(world, "tariffs")
    (article,) = world.store.articles(stage=Stage.TEASED, bodies=True)
    assert (saved.queued, article.story_id) == (1, saved.story_id)
    assert (article.text, article.teaser, article.title) == ("A teaser.", "<p>A teaser.</p>", "A title")
    assert article.completeness is Completeness.TEASER
    assert [match.phase for match in world.store.matches()] == [Phase.TEASER]
    assert world.store.check() == []


def test_the_study_of_a_page_takes_the_place_of_what_the_teaser_held(world: World) -> None:
    news(world, "1")
    first = tease(world, "tariffs")
    (article,) = world.claim()
    assert article.stage is Stage.TEASED
    second = world.study(article, "tariffs", "soy")
    assert (second.story_id, second.queued) == (first.story_id, 1)
    assert [(match.topic, match.phase) for match in world.store.matches()] == [
        ("tariffs", Phase.FULL),
        ("soy", Phase.FULL),
    ]
    assert [article.stage for article in world.store.articles(stage=Stage.TEASED)] == []
    assert world.store.check() == []


def test_a_decision_sees_what_was_told_of_the_article(world: World) -> None:
    seen: list[list[tuple[str, int]]] = []

    def see(studied: Studied, view: StudyView) -> Decision:
        seen.append([(row.key.partition(":")[0], row.article_id) for row in view.own_alerts()])
        return decide(studied, view)

    news(world, "1", "2")
    tease(world, "tariffs")
    first, second = world.claim()
    world.put(*(replace(draft(f"also:1:2:{n}:desk"), article_id=first.id) for n in range(2)))
    for article in (first, second):
        world.store.save_study(Studied(article=article, fingerprint=Fingerprint()), see, world.now)
    assert seen == [[("first", first.id)], []]


def test_an_edit_before_the_page_was_read_is_looked_at_again(world: World) -> None:
    news(world, "1")
    tease(world, "tariffs")
    world.poll_again(entry("1", content="<p>Another teaser.</p>"))
    assert claim(world, Phase.FULL) == []
    saved = tease(world, "soy", text="Another teaser.")
    assert sorted(match.topic for match in world.store.matches()) == ["soy", "tariffs"]
    assert saved.queued == 1
    (article,) = world.store.articles(stage=Stage.TEASED)
    assert article.story_id == saved.story_id
    assert world.store.check() == []


def test_the_text_of_an_earlier_page_stays_until_the_next_is_read(world: World) -> None:
    news(world, "1")
    tease(world)
    (article,) = world.claim()
    world.study(replace(article, text="The whole text."), "soy")
    world.poll_again(entry("1", content="<p>Another teaser.</p>"))
    tease(world, "tariffs", text="Another teaser.")
    (article,) = world.store.articles(stage=Stage.TEASED, bodies=True)
    assert (article.text, article.teaser) == ("The whole text.", "<p>Another teaser.</p>")


def test_leases_of_what_waits_for_its_page_end_too(world: World) -> None:
    news(world, "1")
    tease(world)
    assert claim(world, Phase.FULL) == ["1"]
    world.clock.advance(minutes=2)
    assert world.store.reap(world.now) == 1
    assert claim(world, Phase.FULL) == ["1"]


def test_what_waits_for_its_page_is_not_forgotten(world: World) -> None:
    news(world, "1")
    tease(world)
    world.clock.advance(days=400)
    world.store.forget(world.now, articles_before=world.now, log_before=world.now)
    assert [article.key for article in world.store.articles(stage=Stage.TEASED)] == ["1"]
