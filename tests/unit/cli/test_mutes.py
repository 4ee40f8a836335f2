"""`mute` and `unmute`, and what they do to alerts, digests and the status."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor import app as program
from monitor.app import now
from monitor.model import Mute, MuteKind, OutboxState
from tests.unit.cli.shell import Shell


def bring(shell: Shell, *numbers: int) -> None:
    records = [
        {"id": f"n-{n}", "title": f"A tariff on good {n}", "text": f"A tariff on good {n}.", "source": "a.example"}
        for n in numbers
    ]
    assert shell.ingest(records, "--alert").code == 0


def rows(shell: Shell, *words: str) -> list[dict[str, Any]]:
    return shell.run("alerts", "list", "--json", *words).rows


def end_all(shell: Shell) -> None:
    """Let all mutes be over, as if their time had come."""
    with shell.store() as store:
        for mute in store.mutes(now()):
            store.unmute(mute.kind, mute.target, now())


def test_a_muted_topic_is_stored_and_not_sent_and_told_of_when_the_mute_ends(shell: Shell) -> None:
    bring(shell, 0)
    shell.run("once", "--only", "deliver")
    done = shell.run("mute", "topic:tariffs", "--until", "2d", "--because", "holiday")
    bring(shell, 1, 2)
    sent = shell.run("once", "--only", "deliver", "--json")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("muted topic tariffs until ")
    assert sent.rows[0]["sent"] == 0
    assert [row["state"] for row in rows(shell)] == ["muted", "muted", "sent"]

    end_all(shell)
    told = shell.run("once", "--only", "deliver").out
    assert "Monitor: Mute of topic tariffs ended: 2 articles matched meanwhile" in told
    assert "- tariffs: A tariff on good 1" in told
    mute_id = told.partition("alerts list --state muted --mute ")[2].split()[0]
    assert {row["article"] for row in rows(shell, "--mute", mute_id)} == {row["article"] for row in rows(shell)[1:3]}
    assert shell.run("once", "--only", "deliver", "--json").rows[0]["sent"] == 0

    bring(shell, 3)
    assert "A tariff on good 3" in shell.run("once", "--only", "deliver").out


def test_what_was_muted_is_sent_after_all_as_one_message(shell: Shell) -> None:
    bring(shell, 0)
    shell.run("once", "--only", "deliver")
    shell.run("mute", "tariffs", "--until", "tomorrow 08:00")
    bring(shell, 1, 2)
    done = shell.run("unmute", "tariffs")
    retry = next(line for line in done.err.splitlines() if "retry" in line).partition("monitor ")[2].split()

    assert done.out == "topic tariffs is no longer muted; 2 articles matched meanwhile\n"
    assert shell.run(*retry).out == "2 alert(s) will be sent again\n"
    assert "Matched while it was muted: 2 articles: Tariffs on anything" in shell.run("once", "--only", "deliver").out


def test_mutes_are_listed_and_shown_by_status_and_explain(shell: Shell) -> None:
    assert shell.run("mute").err == "nothing is muted\n"
    shell.run("mute", "source:https://www.a.example/x", "--until", "2099-11-03 08:00", "--because", "adverts")
    bring(shell, 1)

    listed = shell.run("mute").out
    [one] = shell.run("mute", "--json").rows
    told = shell.run("explain", "tariffs", "n-1", "--json").rows

    assert "source:a.example" in listed
    assert "1 article " in listed
    assert (one["mute"], one["until"], one["because"]) == ("source:a.example", "2099-11-03T08:00:00Z", "adverts")
    assert "source:a.example until 2099-11-03T08:00Z" in shell.run("status").out
    assert told[0]["fate"] == "muted"
    assert "muted until 2099-11-03 08:00 UTC by monitor mute source:a.example: adverts" in told[0]["why"]


def test_an_alert_mutes_its_story(shell: Shell) -> None:
    bring(shell, 1)
    shell.run("once", "--only", "deliver")
    [row] = rows(shell)

    done = shell.run("mute", row["message_id"], "--until", "1h")
    with shell.store() as store:
        [mute] = store.mutes(now())

    assert done.out.startswith("muted story A tariff on good 1 until ")
    assert mute.kind is MuteKind.STORY
    assert shell.run("unmute", row["message_id"]).code == 0


def test_an_alert_that_waits_is_muted_with_its_topic(shell: Shell) -> None:
    bring(shell, 1)
    done = shell.run("mute", "topic:tariffs", "--until", "1h")

    assert done.err == "1 alert(s) that waited to be sent are muted with it\n"
    assert shell.run("once", "--only", "deliver", "--json").rows[0]["sent"] == 0


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 1)])
def test_muting_everything_asks_first(shell: Shell, answer: bytes, code: int) -> None:
    done = shell.run("mute", "all", "--until", "1h", stdin=answer)

    assert done.code == code
    assert "Mute everything?" in done.err
    assert len(shell.run("mute", "--json").rows) == (code == 0)


def test_muting_the_last_topic_that_alerts_asks_too(shell: Shell) -> None:
    bring(shell, 1)
    shell.run("once", "--only", "study")

    assert shell.run("mute", "topic:tariffs", "--until", "1h").code == 0
    assert shell.run("mute", "topic:magnets", "--until", "1h", stdin=b"n\n").code == 1
    assert shell.run("mute", "topic:magnets", "--until", "1h", "--yes").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["topic:tarifs", "--until", "2d"], 1, "no topic 'tarifs'"),
        (["story:77", "--until", "2d"], 1, "no story '77'"),
        (["alert-77", "--until", "2d"], 1, "no alert alert-77"),
        (["what is this", "--until", "2d"], 2, "is no topic, story or source"),
        (["source:a.example"], 2, "--until: until when?"),
        (["source:a.example", "--until", "soonish"], 2, "'soonish' is no time"),
        (["source:a.example", "--until", "2020-01-01"], 2, "is over: 2020-01-02 00:00 UTC"),
        (["--until", "2d"], 2, "mute what?"),
    ],
)
def test_what_cannot_be_muted_is_told_with_what_to_do(shell: Shell, words: list[str], code: int, said: str) -> None:
    done = shell.run("mute", *words)

    assert done.code == code
    assert said in done.err
    assert "  → " in done.err


def test_unmute_of_what_is_not_muted_says_so(shell: Shell) -> None:
    done = shell.run("unmute", "source:a.example")

    assert (done.code, done.err) == (1, "monitor: source a.example is not muted\n  → run `monitor mute`\n")


def test_a_source_that_never_brought_anything_is_noted(shell: Shell) -> None:
    done = shell.run("mute", "source:reuters.con", "--until", "2d")

    assert done.err == "note: no feed has brought anything from reuters.con so far\n"


def test_each_recipient_is_told_once_of_what_it_was_not_sent(shell: Shell) -> None:
    shell.write("monitor.yaml", "timezone: UTC\nchannels: {desk: {url: 'console:'}, boss: {url: 'console:'}}\n")
    shell.write("watchlist.yaml", "version: 1\ntopics:\n  - {id: tariffs, match: tariff, alert: {to: [desk, boss]}}\n")
    with shell.store() as store:
        store.sync_topics([("tariffs", "")], now())
        until = now() + timedelta(hours=1)
        store.mute(Mute(kind=MuteKind.ALL, since=now(), until=until), now())
    bring(shell, 1)
    end_all(shell)

    with shell.store() as store:
        assert program.end_mutes(store, now()) == 1
        assert program.end_mutes(store, now()) == 0
        told = store.outbox(state=OutboxState.PENDING)
    assert sorted(row.recipient for row in told) == ["boss", "desk"]
    assert {row.item.title for row in told} == {"Mute of everything ended: 1 article matched meanwhile"}
