"""The whole way of an article, with real parsers and a real store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import alert
from monitor.app import feed_state
from monitor.model import (
    ArticleDraft,
    Completeness,
    Delivery,
    Failure,
    Origin,
    OutboxKind,
    OutboxState,
    PageText,
    Problem,
    SiteRule,
    Stage,
    TopicMode,
)
from monitor.pipeline import deliver, poll, study
from tests.unit.pipeline.conftest import FEED, World, page, rss, topic

LONG = (
    "The ministry said on Friday that it would look at the matter again before the end of the month, as planned. " * 4
)


def test_first_fetch_is_stored_and_matched_but_not_alerted(world: World) -> None:
    world.web.pages = {FEED: rss(("a", "New tariffs", "Tariffs rise."))}
    world.subscribe(FEED)

    asyncio.run(world.round())

    assert world.alerts == []
    assert [match.topic for match in world.store.matches()] == ["tariffs"]


def test_an_entry_after_the_first_fetch_is_alerted_once(world: World) -> None:
    world.web.pages = {FEED: rss(("a", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.web.pages[FEED] = rss(("b", "New tariffs", "Tariffs rise."), ("a", "Weather", "Rain."))

    asyncio.run(world.round())
    asyncio.run(world.round())

    assert len(world.alerts) == 1
    assert "New tariffs" in world.alerts[0]


def test_a_topic_matches_to_the_end_of_the_day_it_expires_and_no_longer(world: World) -> None:
    world.watch(replace(topic("tariffs", "tariff*"), expires=world.clock().date()))
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.web.pages[FEED] = rss(("a", "New tariffs", "Tariffs rise."))
    asyncio.run(world.round())
    world.clock.advance(days=1)
    world.web.pages[FEED] = rss(("b", "Other tariffs", "More tariffs rise."))
    asyncio.run(world.round())

    assert [match.topic for match in world.store.matches()] == ["tariffs"]
    assert len(world.alerts) == 1


def test_a_topic_in_the_shadow_is_stored_and_never_sent(world: World) -> None:
    world.watch(replace(topic("tariffs", "tariff*"), mode=TopicMode.SHADOW))
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.web.pages[FEED] = rss(("a", "New tariffs", "Tariffs rise."))
    asyncio.run(world.round())

    assert [match.topic for match in world.store.matches()] == ["tariffs"]
    assert world.alerts == []


def test_the_same_text_in_another_feed_is_a_copy_and_no_second_message(world: World) -> None:
    other = "https://other.example/feed.xml"
    world.web.pages = {FEED: rss(("x", "Weather", "Rain.")), other: rss(("y", "Sport", "Goals."))}
    world.subscribe(FEED, other)
    asyncio.run(world.round())
    story = ("New tariffs on steel", f"Tariffs rise on Monday. {LONG}")
    world.web.pages = {FEED: rss(("a", *story)), other: rss(("b", *story))}

    asyncio.run(world.round())

    assert len(world.alerts) == 1
    copies = [article for article in world.store.articles() if article.duplicate_of]
    assert len(copies) == 1


def test_an_article_on_two_topics_is_one_message_naming_both(world: World) -> None:
    world.watch(topic("tariffs", "tariff*"), topic("steel", "steel"))
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.web.pages[FEED] = rss(("a", "Tariffs on steel", "Both."))

    asyncio.run(world.round())

    assert [message.topics for message in world.sender.sent] == [("tariffs", "steel")]


def test_an_edit_is_no_news(world: World) -> None:
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    for text in ("Tariffs rise.", "Tariffs rise a lot.", "Tariffs rise (updated)."):
        world.web.pages[FEED] = rss(("a", "New tariffs", text))
        asyncio.run(world.round())

    assert len(world.alerts) == 1


def test_an_edit_of_a_silent_entry_alerts_what_it_adds_and_nothing_else(world: World) -> None:
    world.watch(topic("tariffs", "tariff*"), topic("steel", "steel"), topic("soy", "soy"))
    world.web.pages = {FEED: rss(("a", "New tariffs", "Tariffs rise."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    for text in ("Tariffs on steel rise.", "Tariffs on steel rise again.", "Tariffs on steel and soy rise."):
        world.web.pages[FEED] = rss(("a", "New tariffs", text))
        asyncio.run(world.round())

    assert [message.topics for message in world.sender.sent] == [("steel",), ("soy",)]


def test_an_archive_that_is_silent_is_silent_when_it_is_revised(world: World) -> None:
    for text in ("Rain.", "Tariffs rise."):
        draft = ArticleDraft(key="a", title="News", text=text, is_silent=True)
        world.store.add_articles(Origin.INGEST, [draft], world.clock())
        asyncio.run(world.round())

    assert [match.topic for match in world.store.matches()] == ["tariffs"]
    assert world.alerts == []


def test_the_page_gives_the_text_where_it_can_be_had(world: World) -> None:
    world.web.pages = {
        FEED: rss(("a", "A report", "Read on.")),
        "https://news.example/a": page("A report", f"New tariffs come. {LONG}", LONG),
    }
    world.subscribe(FEED)

    asyncio.run(world.round())

    (article,) = world.store.articles(bodies=True)
    assert article.completeness is Completeness.FULL
    assert "New tariffs come." in article.text
    assert article.source == "news.example"


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem.FORBIDDEN, Completeness.BLOCKED),
        (Problem.TIMEOUT, Completeness.TEASER),
        (Problem.NOT_FOUND, Completeness.TEASER),
    ],
)
def test_a_page_that_cannot_be_had_leaves_the_teaser_and_says_so(
    world: World, problem: Problem, expected: Completeness
) -> None:
    world.web.pages = {FEED: rss(("a", "Tariffs", "They rise.")), "https://news.example/a": Failure(problem=problem)}
    world.subscribe(FEED)

    asyncio.run(world.round())

    (article,) = world.store.articles(bodies=True)
    assert (article.completeness, article.text) == (expected, "They rise.")
    assert article.failure is not None
    assert article.failure.problem is problem


def test_an_unchanged_body_is_not_parsed_again(world: World) -> None:
    world.web.pages = {FEED: rss(("a", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.sandbox.poison = lambda _body: True

    polled = asyncio.run(poll(world.context, world.due()))

    assert (polled.unchanged, dict(polled.problems)) == (1, {})


def test_304_stops_before_parsing(world: World) -> None:
    world.web.pages = {FEED: rss(("a", "Weather", "Rain."))}
    world.web.etags = {FEED: '"1"'}
    world.subscribe(FEED)
    asyncio.run(world.round())

    polled = asyncio.run(poll(world.context, world.due()))

    assert polled.unchanged == 1
    assert world.web.requests[-1].etag == '"1"'


def test_a_feed_that_could_not_be_parsed_is_asked_in_full_again(world: World) -> None:
    world.web.pages = {FEED: b"<html><body>Down for repair</body></html>"}
    world.web.etags = {FEED: '"1"'}
    world.subscribe(FEED)
    asyncio.run(world.round())

    world.web.pages = {FEED: rss(("a", "Weather", "Rain."))}
    asyncio.run(world.round())

    assert world.web.requests[1].etag == ""
    assert world.store.counts(world.clock()).articles == 1


def test_a_failing_feed_keeps_its_problem_until_it_works_again(world: World) -> None:
    world.web.pages = {FEED: Failure(problem=Problem.DNS, detail="no such host")}
    world.subscribe(FEED)
    polled = asyncio.run(poll(world.context, world.due()))
    (failing,) = world.store.feeds()
    world.clock.advance(hours=30)
    world.web.pages = {FEED: rss(("a", "Weather", "Rain."))}

    asyncio.run(world.round())

    assert dict(polled.problems) == {"dns": 1}
    assert failing.failure is not None
    (mended,) = world.store.feeds()
    assert mended.failure is None


@pytest.mark.parametrize(
    ("page_there", "failure"),
    [
        (True, None),
        (False, "404: no such page; the feed's own words: took longer than 10 s"),
        (None, "harmful: the feed's own words: took longer than 10 s"),
    ],
)
def test_an_article_whose_teaser_killed_a_worker_says_so(
    world: World, page_there: bool | None, failure: str | None
) -> None:
    gone = Failure(problem=Problem.NOT_FOUND, detail="no such page")
    world.watch(topic("tariffs", "tariff*"), full_text=page_there is not None)
    world.web.pages = {
        FEED: rss(("a", "Tariffs", "A bomb of tags.")),
        "https://news.example/a": page("Tariffs", "They rise.") if page_there else gone,
    }
    world.sandbox.poison = lambda body: body == "A bomb of tags."
    world.subscribe(FEED)

    asyncio.run(world.round())

    (article,) = world.store.articles()
    assert (str(article.failure) if article.failure else None) == failure


def test_a_feed_tells_of_its_page_that_killed_a_worker_for_a_week(world: World) -> None:
    world.web.pages = {FEED: rss(("a", "Tariffs", "They rise.")), "https://news.example/a": b"a bomb"}
    world.sandbox.poison = lambda body: body == b"a bomb"
    world.subscribe(FEED)
    asyncio.run(world.round())
    states = [feed_state(world.store.feeds()[0])]

    for days in (0, 6, 2):
        world.clock.advance(days=days)
        asyncio.run(world.round())
        states.append(feed_state(world.store.feeds()[0]))

    (feed,) = world.store.feeds()
    assert states == ["ok", "harmful page", "harmful page", "ok"]
    assert (feed.memory.harmful_count, feed.memory.harmful_page) == (1, "https://news.example/a")


def test_a_poison_article_is_set_aside_and_its_neighbours_go_on(world: World) -> None:
    world.web.pages = {FEED: rss(("a", "Weather", "Rain."), ("b", "Tariffs", "They rise."))}
    world.subscribe(FEED)
    asyncio.run(poll(world.context, world.due()))
    articles = world.store.claim_new_articles(world.clock(), limit=10, lease_s=60)

    class Broken(Exception):
        pass

    async def explode(html: str) -> PageText:
        if "Rain" in html:
            raise Broken("no way")
        return PageText(text=html)

    world.sandbox.clean_fragment = explode  # type: ignore[method-assign]
    tally = asyncio.run(study(world.context, articles))

    assert (tally.studied, tally.set_aside) == (1, 1)
    stages = {article.title: article.stage for article in world.store.articles()}
    assert stages == {"Weather": Stage.FAILED, "Tariffs": Stage.DONE}
    (lost,) = world.store.articles(stage=Stage.FAILED)
    (row,) = world.store.outbox()
    assert row.key == f"operator:set-aside-{lost.id}:desk"
    for words in ("Weather", "https://news.example/a", "Broken: no way"):
        assert words in row.item.body


def test_a_message_that_cannot_be_sent_is_tried_again_later_with_the_same_id(world: World) -> None:
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.sender.answers = {"desk": Delivery(error="451 try later")}
    world.web.pages[FEED] = rss(("a", "Tariffs", "They rise."))
    asyncio.run(world.round())
    (row,) = world.store.outbox()

    assert (row.state, row.attempts, row.error) == (OutboxState.PENDING, 1, "451 try later")
    assert world.store.claim_messages(world.clock(), limit=9, lease_s=60) == []
    world.clock.advance(minutes=2)
    world.sender.answers = {}
    asyncio.run(world.round())

    assert [message.id for message in world.sender.sent] == [f"alert-{row.id}"]


def test_what_cannot_be_sent_for_five_days_is_a_dead_letter(world: World) -> None:
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.sender.answers = {"desk": Delivery(error="550 no such user", is_permanent=True)}
    world.web.pages[FEED] = rss(("a", "Tariffs", "They rise."))
    asyncio.run(world.round())
    world.clock.advance(days=5, minutes=1)

    done = asyncio.run(deliver(world.context, world.store.claim_messages(world.clock(), limit=9, lease_s=60)))

    assert done.dead == 1
    (row,) = world.store.outbox(state=OutboxState.DEAD)
    assert row.error == "550 no such user"
    (notice,) = world.store.outbox(state=OutboxState.PENDING)
    assert (notice.key, notice.recipient) == (f"operator:dead-{row.id}:desk", "desk"), "there is no other way to tell"


def fail_a_message(world: World, answer: Delivery, *operator: str) -> None:
    world.watch(topic("tariffs", "tariff*"), operator=operator)
    world.web.pages = {FEED: rss(("x", "Weather", "Rain."))}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.sender.answers = {"desk": answer}
    world.web.pages[FEED] = rss(("a", "Tariffs", "They rise."))
    asyncio.run(world.round())


def send_due(world: World, **later: float) -> None:
    world.clock.advance(**later)
    asyncio.run(deliver(world.context, world.store.claim_messages(world.clock(), limit=9, lease_s=60)))


def test_a_recipient_refused_for_good_is_told_of_at_once_by_another_way(world: World) -> None:
    fail_a_message(world, Delivery(error="550 no such user", is_permanent=True), "desk", "boss")
    (row,) = (row for row in world.store.outbox() if row.kind is OutboxKind.FIRST)

    send_due(world, minutes=1)

    (message,) = world.sender.sent
    assert message.recipient == "boss"
    for words in ("desk", "550 no such user", "monitor send-test desk"):
        assert words in message.text
    assert world.store.outbox(state=OutboxState.SENT)[0].key == f"operator:failing-desk-{row.id}:boss"


def test_a_recipient_that_fails_is_told_of_once_after_an_hour(world: World) -> None:
    fail_a_message(world, Delivery(error="timed out"), "desk", "boss")

    told = []
    for _ in range(8):
        send_due(world, minutes=35)
        told.append(len(world.sender.sent))

    assert (told[0], told[-1]) == (0, 1)


def test_nothing_is_told_of_a_failing_notice_nor_by_the_way_that_fails(world: World) -> None:
    gone = Delivery(error="550 no such user", is_permanent=True)
    fail_a_message(world, gone, "desk")
    assert [row.kind for row in world.store.outbox()] == [OutboxKind.FIRST]

    world.watch(topic("tariffs", "tariff*"), operator=("desk", "boss"))
    world.store.put_outbox(alert.notice("event", "An event", "Words.", ["boss"]), world.clock())
    world.sender.answers = {"boss": gone, "desk": Delivery()}
    for _ in range(3):
        send_due(world, days=4)

    assert [row.key for row in world.store.outbox(state=OutboxState.DEAD)] == ["operator:event:boss"]
    assert len(world.store.outbox()) == 2


def test_a_message_that_another_process_took_over_is_not_called_sent(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.store.put_outbox(alert.notice("event", "An event", "Words.", ["desk"]), world.clock())
    groups = world.store.claim_messages(world.clock(), limit=9, lease_s=60)
    world.clock.advance(minutes=2)
    world.store.claim_messages(world.clock(), limit=9, lease_s=60)

    with caplog.at_level("INFO"):
        asyncio.run(deliver(world.context, groups))

    assert [(record.levelname, record.getMessage().partition(" alert=")[0]) for record in caplog.records] == [
        ("WARNING", "message sent, but its alerts were taken over or changed meanwhile and may be sent again")
    ]


def test_a_date_in_the_future_is_not_believed(world: World) -> None:
    later = (world.clock() + timedelta(days=400)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    item = rss(("a", "Tariffs", "They rise.")).replace(b"</item>", f"<pubDate>{later}</pubDate></item>".encode())
    world.web.pages = {FEED: item}
    world.subscribe(FEED)

    asyncio.run(world.round())

    (article,) = world.store.articles()
    assert article.published is None
    assert article.time == world.clock()


def test_a_sites_rule_says_what_is_read_and_what_is_sent(world: World) -> None:
    rule = SiteRule(host="news.example", keep=("article",), drop=(".ad",), headers=(("Cookie", "reader=1"),))
    world.watch(topic("tariffs", "tariff*"), sites=(rule,))
    html = page("Weather", LONG).replace(b"<article>", b"<article><div class='ad'>Tariff sale</div><p>Rain.</p>")
    world.web.pages = {FEED: rss(("a", "Weather", "Rain.")), "https://news.example/a": html}
    world.subscribe(FEED)

    asyncio.run(world.round())

    (article,) = world.store.articles(bodies=True)
    assert article.text.startswith("Rain.")
    assert LONG.strip() in article.text
    assert list(world.store.matches()) == []
    assert [request.headers for request in world.web.requests] == [(), (("Cookie", "reader=1"),)]


def test_a_site_whose_feed_is_enough_is_asked_for_no_page(world: World) -> None:
    world.watch(topic("tariffs", "tariff*"), sites=(SiteRule(host="example", is_feed_enough=True),))
    world.web.pages = {FEED: rss(("a", "Weather", "Rain.")), "https://news.example/a": page("Weather", LONG)}
    world.subscribe(FEED)

    asyncio.run(world.round())

    (article,) = world.store.articles(bodies=True)
    assert (article.text, article.completeness) == ("Rain.", Completeness.TEASER)
    assert [request.url for request in world.web.requests] == [FEED]


def test_the_text_of_a_page_outlives_an_edit_of_its_entry_when_the_page_is_gone(world: World) -> None:
    world.watch(topic("tariffs", "tariff*"))
    world.web.pages = {FEED: rss(("a", "Weather", "Rain.")), "https://news.example/a": page("Weather", LONG)}
    world.subscribe(FEED)
    asyncio.run(world.round())
    world.web.pages = {FEED: rss(("a", "Weather", "Rain, and hail."))}

    asyncio.run(world.round())

    (article,) = world.store.articles(bodies=True)
    assert article.text == f"Rain, and hail.\n{LONG.strip()}"
    assert article.completeness is Completeness.FULL
