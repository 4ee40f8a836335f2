"""What a program does when it is put together."""

from __future__ import annotations

import pytest

from monitor.model import ArticleDraft, Failure, Origin, Problem, Stage
from tests.fakes import NOON
from tests.unit.app.home import Home


def test_articles_set_aside_are_studied_again_once_by_each_version(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def stages() -> list[Stage]:
        with home.open() as app:
            found = [article.stage for article in app.store.articles()]
            for article in app.store.claim_new_articles(NOON, limit=9, lease_s=60):
                app.store.set_aside(article, Failure(problem=Problem.INTERNAL), NOON)
            return found

    with home.open() as app:
        app.store.add_articles(Origin.INGEST, [ArticleDraft(key="a", text="Poison.")], NOON)
    assert stages() == [Stage.NEW]
    assert stages() == [Stage.FAILED]
    monkeypatch.setattr("monitor.app.compose.__version__", "999.0")
    assert stages() == [Stage.NEW]
    assert stages() == [Stage.FAILED]
