"""The user edits the configuration while the daemon runs, and gets it wrong at times: the old topics match throughout.

One daemon runs through this file. Each test leaves the configuration in order, and publishes tokens of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.world import NewsFeed, Program, Story, Web, elapsed, naming, service_yaml
from tests.mailserver import Mail, MailServer

PROMISED_S = 5.0
TARIFF = "Importers brace for the tariff."
TOPICS = """version: 1
defaults: {alert: {to: [me]}}
topics:
  - {id: tariffs, match: tariff}
"""


@dataclass
class World:
    web: Web
    mail: MailServer
    program: Program

    @property
    def feed(self) -> NewsFeed:
        return self.web.feeds[0]

    @property
    def watchlist(self) -> Path:
        return self.program.config / "watchlist.yaml"

    def subjects(self, words: str, since: int) -> list[str]:
        """Return the subjects with these words among the mails that came after the first `since`."""
        found = [str(mail.message["Subject"]) for mail in self.mail.received[since:]]
        return [subject for subject in found if words in subject]

    def wait_for_subject(self, words: str, since: int) -> Mail:
        """Wait for a mail with these words in its subject, after the first `since`."""
        self.program.wait(f"the mail {words!r}", lambda: self.subjects(words, since))
        return next(mail for mail in self.mail.received[since:] if words in str(mail.message["Subject"]))

    def alert(self, token: str, sentence: str = TARIFF) -> Mail:
        """Publish an entry and wait for its alert."""
        self.feed.publish(Story(token, sentence, title="Report of the day"))
        self.program.wait(f"the alert of {token}", lambda: naming(self.mail.received, token))
        (mail,) = naming(self.mail.received, token)
        return mail

    def repair(self, since: int, path: Path | None = None, text: str = TOPICS) -> None:
        """Put a file in order, and wait until the operator hears of it."""
        write_in_place(path or self.watchlist, text)
        self.wait_for_subject("The configuration is in order again", since)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        web, mail = stack.enter_context(Web()), stack.enter_context(MailServer())
        web.feed("news")
        program = Program(tmp_path_factory.mktemp("reload"))
        stack.callback(program.close)
        program.write("monitor.yaml", service_yaml(web.ports, mail))
        program.write("feeds.yaml", web.feeds_yaml())
        program.write("watchlist.yaml", TOPICS)
        world = World(web, mail, program)
        program.start_daemon()
        program.wait("the silent first poll", lambda: "feed polled" in program.log())
        yield world


@pytest.fixture
def program(world: World) -> Program:
    return world.program


def with_topic(word: str) -> str:
    return f"{TOPICS}  - {{id: {word}, match: {word}}}\n"


def write_in_place(path: Path, text: str) -> None:
    path.write_text(text)


def rename_over(path: Path, text: str) -> None:
    other = path.with_suffix(".new")
    other.write_text(text)
    other.replace(path)


def truncate_then_write(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.flush()
        os.fsync(file.fileno())
        file.write(text)


def delete_then_write(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


def swap_a_link(path: Path, text: str) -> None:
    """As tools do that keep versions: the file is a link to a place elsewhere, and the link is replaced."""
    target = path.parents[1] / f"version-{len(list(path.parents[1].iterdir()))}.yaml"
    target.write_text(text)
    link = path.with_suffix(".link")
    link.symlink_to(target)
    link.replace(path)


def write_behind_a_link(path: Path, text: str) -> None:
    """The folder itself hears nothing of this."""
    swap_a_link(path, path.read_text())
    path.resolve().write_text(text)


WAYS = [write_in_place, rename_over, truncate_then_write, delete_then_write, swap_a_link, write_behind_a_link]
Way = Callable[[Path, str], None]


@pytest.mark.parametrize("write", WAYS)
def test_a_new_topic_takes_effect_for_the_next_entry(world: World, write: Way) -> None:
    word = f"gallium{WAYS.index(write)}"
    taken = world.program.log().count("configuration taken")
    write(world.watchlist, with_topic(word))
    world.program.wait("it is taken", lambda: world.program.log().count("configuration taken") > taken)
    mail = world.alert(f"Topic{WAYS.index(write)}", f"Traders ask for {word}.")

    assert word in str(mail.message["Subject"])
    rename_over(world.watchlist, TOPICS)


BROKEN = {
    "an unclosed quote": "  - {id: b, match: 'rare earth}\n",
    "an unknown key": "colour: red\n",
    "a tab": "\t- {id: b, match: tin}\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_edit_changes_nothing_and_the_operator_hears_of_it_and_of_the_repair(world: World, name: str) -> None:
    since, started = len(world.mail.received), elapsed()
    write_in_place(world.watchlist, TOPICS + BROKEN[name])
    mail = world.wait_for_subject("The configuration is broken", since)
    took = elapsed() - started
    world.alert(f"Broken{list(BROKEN).index(name)}A")
    world.repair(since)
    world.alert(f"Broken{list(BROKEN).index(name)}B")

    assert took <= PROMISED_S
    assert f"{world.watchlist}:5" in mail.part("plain")
    assert len(world.subjects("The configuration", since)) == 2


def test_a_bad_topic_stops_no_other_and_goes_on_as_it_was(world: World) -> None:
    since = len(world.mail.received)
    bad = TOPICS.replace("match: tariff", "match: 'tariff AND'") + "  - {id: zirconium, match: zirconium}\n"
    write_in_place(world.watchlist, bad)
    mail = world.wait_for_subject("1 topic is refused", since)
    world.alert("BadTopicA")
    other = world.alert("BadTopicB", "Traders ask for zirconium.")
    world.repair(since)

    assert f"{world.watchlist}:4:" in mail.part("plain")
    assert "zirconium" in str(other.message["Subject"])


def empty(path: Path) -> None:
    path.write_text("")


@pytest.mark.parametrize(
    ("file", "damage"),
    [("watchlist.yaml", empty), ("watchlist.yaml", Path.unlink), ("feeds.yaml", empty), ("monitor.yaml", Path.unlink)],
)
def test_a_file_that_is_emptied_or_deleted_changes_nothing(
    world: World, file: str, damage: Callable[[Path], None]
) -> None:
    path = world.program.config / file
    text, since = path.read_text(), len(world.mail.received)
    damage(path)
    mail = world.wait_for_subject("The configuration is broken", since)
    world.alert(f"Gone{since}")
    world.repair(since, path, text)

    assert str(path) in mail.part("plain")
    assert len(world.subjects("The configuration", since)) == 2


def test_the_daemon_starts_on_the_last_good_version_and_says_so(world: World) -> None:
    world.program.stop(world.program.processes[-1])
    since = len(world.mail.received)
    write_in_place(world.watchlist, TOPICS + "colour: red\n")
    world.program.start_daemon()
    mail = world.wait_for_subject("The configuration is broken", since)
    world.alert("RestartA")
    world.repair(since)
    world.alert("RestartB")

    assert "watchlist.yaml:5" in mail.part("plain")
    assert "configuration refused, the last good one" in world.program.log()


def test_a_feed_that_is_added_is_polled_within_seconds_and_its_past_is_no_news(world: World) -> None:
    feed = world.web.feed("added", "atom")
    feed.add_old(Story("AddedPast", TARIFF))
    since, started = len(world.mail.received), elapsed()
    rename_over(world.program.config / "feeds.yaml", world.web.feeds_yaml())
    world.program.wait("the feed is polled", feed.polls)
    took = feed.polls()[0].at - started
    feed.publish(Story("AddedNews", TARIFF))
    world.program.wait("its news", lambda: naming(world.mail.received, "AddedNews"))
    world.wait_for_subject(" 1 on your topics", since)

    assert took <= PROMISED_S
    assert naming(world.mail.received, "AddedPast") == []


def stored(world: World, token: str, sentence: str) -> None:
    """Publish an entry that no topic asks for, and wait until it is studied."""
    world.feed.publish(Story(token, sentence, title="Report of the day"))

    def is_studied() -> bool:
        with world.program.store() as store:
            found = [article for article in store.articles() if token in article.title]
        return bool(found) and found[0].stage == "done"

    world.program.wait(f"{token} is studied", is_studied)


def rematched(world: World, text: str) -> None:
    """Change the watchlist, and wait until what is stored was matched again and sent."""
    before = world.program.log().count("stored articles matched again")
    rename_over(world.watchlist, text)
    world.program.wait("the rematch", lambda: world.program.log().count("stored articles matched again") > before)
    world.program.wait("all is sent", world.program.is_idle)


def test_a_new_topic_finds_what_came_before_it_and_repeats_no_other_alert(world: World) -> None:
    world.alert("RematchOld")
    stored(world, "RematchNew", "Traders ask for yttrium.")
    since = len(world.mail.received)
    rematched(world, with_topic("yttrium"))

    (mail,) = naming(world.mail.received, "RematchNew")
    assert "yttrium" in str(mail.message["Subject"])
    assert "Found afterwards" in mail.part("plain")
    assert len(world.mail.received) == since + 1
    rename_over(world.watchlist, TOPICS)


def test_more_than_ten_hits_of_a_new_topic_come_in_one_message(world: World) -> None:
    for number in range(11):
        world.feed.publish(Story(f"Bundle{number:02}", "Traders ask for scandium.", title=f"Report {number}"))
    stored(world, "BundleLast", "Traders ask for scandium.")
    world.program.wait("all are studied", world.program.is_idle)
    since = len(world.mail.received)
    rematched(world, with_topic("scandium"))

    (mail,) = world.mail.received[since:]
    assert mail.message["Subject"] == "Found afterwards: 12 articles: scandium"
    assert all(f"Bundle{number:02}" in mail.part("plain") for number in range(11))
    rename_over(world.watchlist, TOPICS)


def test_a_renamed_topic_does_not_alert_again(world: World) -> None:
    world.alert("RenamedOnce")
    since = len(world.mail.received)
    rematched(world, TOPICS.replace("id: tariffs, match: tariff", "id: duties, was: tariffs, match: tariff OR duty"))

    assert world.mail.received[since:] == []
    other = world.alert("RenamedTwice", "Importers brace for the duty.")
    assert "duty" in other.part("plain")
    rematched(world, TOPICS.replace("id: tariffs,", "id: tariffs, was: duties,"))
    assert len(world.mail.received) == since + 1
