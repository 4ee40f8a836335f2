"""The seeds go into the store once; the report says what the topics find in them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import app as program
from monitor.app.seeds import draft_of
from monitor.model import Article, Origin, SeedFile, Stage, TimeSource
from monitor.settings import add_seed
from tests.unit.app.home import Home, surround

TEXT = "A tariff on tin\n\nThe tariff on tin starts in spring, the ministry of trade said on Friday.\n"


def stored(app: program.App) -> list[Article]:
    return list(app.store.articles(newest_first=False, bodies=True))


def test_seeds_are_studied_matched_and_never_alerted(home: Home) -> None:
    with home.open() as app:
        surround(app)

        assert asyncio.run(program.bring_seeds(app)) == 5

        articles = stored(app)
        assert [article.ref[:8] for article in articles] == [f"seed:00{number}" for number in range(5)]
        assert {(article.origin, article.stage) for article in articles} == {(Origin.SEED, Stage.DONE)}
        assert {match.article_ref[:8] for match in app.store.matches()} == {"seed:002", "seed:003", "seed:004"}
        assert app.store.outbox() == []


def test_seeds_that_are_brought_twice_change_nothing(home: Home) -> None:
    with home.open() as app:
        surround(app)
        asyncio.run(program.bring_seeds(app))
        before = stored(app), list(app.store.matches()), list(app.store.stories())

        assert asyncio.run(program.bring_seeds(app)) == 0

        assert (stored(app), list(app.store.matches()), list(app.store.stories())) == before


def test_a_seed_of_the_users_own_joins_them(home: Home) -> None:
    add_seed(home.place.state / "seeds", "mine.txt", TEXT, "2025-10-26", "from the desk")

    with home.open() as app:
        surround(app)
        assert asyncio.run(program.bring_seeds(app)) == 6
        mine = app.store.find_article("seed:mine.txt")

    assert mine is not None
    assert (mine.title, mine.published_text, mine.published_from, mine.note) == (
        "A tariff on tin",
        "2025-10-26",
        TimeSource.DECLARED,
        "from the desk",
    )


def test_a_seed_under_a_packaged_name_never_takes_its_place(home: Home) -> None:
    own = home.place.state / "seeds"
    add_seed(own, "mine.txt", TEXT)
    (own / "mine.txt").rename(own / "002_5291f4ef956d26a7.txt")
    (own / "index.yaml").write_text("seeds: [{file: 002_5291f4ef956d26a7.txt}]\n")

    with home.open() as app:
        surround(app)
        assert [asyncio.run(program.bring_seeds(app)) for _ in range(2)] == [5, 0]
        packaged = app.store.find_article("seed:002_5291f4ef956d26a7.txt")

    assert packaged is not None
    assert packaged.title != "A tariff on tin"


@pytest.mark.parametrize(
    ("declared", "moment"),
    [
        ("", None),
        ("2025", None),
        ("2025-10", None),
        ("2025-10-23", datetime(2025, 10, 23, tzinfo=UTC)),
        ("2025-10-23T14:05", datetime(2025, 10, 23, 14, 5, tzinfo=UTC)),
        ("2025-10-23T14:05:00+02:00", datetime(2025, 10, 23, 12, 5, tzinfo=UTC)),
    ],
)
def test_a_declared_time_is_marked_as_such_as_far_as_it_is_known(declared: str, moment: datetime | None) -> None:
    draft = draft_of(SeedFile(name="mine.txt", text=TEXT, published_text=declared))

    assert (draft.published, draft.published_text) == (moment, declared)
    assert draft.published_from is (TimeSource.DECLARED if declared else TimeSource.UNKNOWN)
    assert draft.is_silent


def test_seeds_without_a_store_are_the_articles_that_the_store_gets(home: Home, tmp_path: Path) -> None:
    alone = program.seed_articles(program.load_seeds(tmp_path), program.now())
    with home.open() as app:
        surround(app)
        asyncio.run(program.bring_seeds(app))
        kept = stored(app)

    def facts(article: Article) -> tuple[object, ...]:
        return article.ref, article.title, article.text, article.published, article.authors, article.language

    assert list(map(facts, alone)) == list(map(facts, kept))
    assert list(program.documents_of(alone)) == [article.ref.removeprefix("seed:") for article in kept]


def test_the_report_has_a_cell_with_its_sentence_for_each_hit(home: Home) -> None:
    with home.open() as app:
        seeds = program.seed_articles(program.load_seeds(home.place.state), program.now())
        report = program.seed_report(seeds, app.context.watch.watchlist)

    assert report.topics == (("tariffs", "tariffs"),)
    assert {ref[:8] for ref, _ in report.cells} == {"seed:002", "seed:003", "seed:004"}
    for (ref, topic), (match, sentence) in report.cells.items():
        assert match.topic == topic
        assert sentence is not None, ref
        assert any("tariff" in sentence.text[start:end].lower() for start, end in sentence.marks)
