"""`alerts` and `send-test`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.app import now
from monitor.model import OutboxState
from tests.mailserver import MailServer
from tests.unit.cli.shell import ARCHIVE, Shell


@pytest.fixture
def alert(shell: Shell) -> int:
    """An alert that waits to be sent."""
    shell.ingest(ARCHIVE[:1], "--alert")
    with shell.store() as store:
        return store.outbox()[0].id


def give_up(shell: Shell) -> None:
    with shell.store() as store:
        for rows in store.claim_messages(now(), limit=9, lease_s=60):
            store.mark_failed(rows, "mailbox unknown (correct the address)", now(), next_at=None)


def state(shell: Shell, row_id: int) -> OutboxState:
    with shell.store() as store:
        row = store.outbox_row(row_id)
    assert row is not None
    return row.state


def test_no_alerts_are_told_to_a_person(shell: Shell) -> None:
    done = shell.run("alerts", "list")

    assert (done.code, done.out, done.err) == (0, "", "no alerts yet\n")
    assert shell.run("alerts", "list", "--state", "dead").err == "no alerts in state dead\n"
    assert shell.run("alerts", "list", "--json").err == ""


def test_alerts_are_listed_by_state(shell: Shell, alert: int) -> None:
    line = shell.run("alerts", "list").out.splitlines()[1]
    pending = shell.run("alerts", "list", "--state", "pending", "--json").rows
    sent = shell.run("alerts", "list", "--state", "sent", "--json").rows

    assert line.split()[:3] == [str(alert), "pending", "0"]
    assert line.endswith("desk  tariffs  A new tariff on steel")
    assert [row["id"] for row in pending] == [alert]
    assert sent == []


def test_an_alert_is_shown_with_what_it_says_why_and_what_became_of_it(shell: Shell, alert: int) -> None:
    give_up(shell)

    shown = shell.run("alerts", "show", str(alert))
    row = shell.run("alerts", "show", str(alert), "--json").rows[0]

    assert shown.code == 0
    assert "error      mailbox unknown (correct the address)\n" in shown.out
    assert "why        tariff\n" in shown.out
    assert shown.out.endswith("The tariff starts soon.\n")
    assert (row["state"], row["attempts"], row["topic"], row["to"]) == ("dead", 1, "tariffs", "desk")
    assert "The tariff starts soon." in row["sentences"]


def test_an_unknown_alert_says_where_the_numbers_are(shell: Shell) -> None:
    for words in (["show", "7"], ["retry", "7"], ["drop", "7", "--yes"]):
        done = shell.run("alerts", *words)
        assert done.code == 1
        assert done.err == "monitor: no alert 7\n  → run `monitor alerts list`\n"


def test_a_dead_alert_is_sent_again(shell: Shell, alert: int) -> None:
    give_up(shell)

    done = shell.run("alerts", "retry", str(alert))
    sent = shell.run("once", "--only", "deliver")

    assert (done.code, done.out) == (0, "1 alert(s) will be sent again\n")
    assert "Tariffs on anything: A new tariff on steel" in sent.out
    assert state(shell, alert) is OutboxState.SENT


def test_all_dead_alerts_are_sent_again_and_no_dropped_one(shell: Shell, alert: int) -> None:
    give_up(shell)
    shell.ingest([{**ARCHIVE[0], "id": "b", "text": "A tariff on tin.", "url": ""}], "--alert")
    with shell.store() as store:
        other = next(row.id for row in store.outbox() if row.id != alert)
    shell.run("alerts", "drop", str(other), "--yes")

    done = shell.run("alerts", "retry", "--all")

    assert done.out == "1 alert(s) will be sent again\n"
    assert (state(shell, alert), state(shell, other)) == (OutboxState.PENDING, OutboxState.DROPPED)


def test_retry_wants_numbers_or_all(shell: Shell, alert: int) -> None:
    for words in ([], [str(alert), "--all"]):
        done = shell.run("alerts", "retry", *words)
        assert done.code == 2
        assert "--all" in done.err


@pytest.mark.parametrize(
    ("answer", "code", "after"), [(b"y\n", 0, "dropped"), (b"n\n", 1, "pending"), (b"", 1, "pending")]
)
def test_drop_asks_first(shell: Shell, alert: int, answer: bytes, code: int, after: str) -> None:
    done = shell.run("alerts", "drop", str(alert), stdin=answer)

    assert done.code == code
    assert "Give up 1 alert(s) for good?" in done.err
    assert state(shell, alert) == after


def test_an_alert_that_was_sent_is_neither_dropped_nor_sent_again(shell: Shell, alert: int) -> None:
    shell.run("once", "--only", "deliver")

    for words in (["drop", "--yes", str(alert)], ["retry", str(alert)]):
        done = shell.run("alerts", *words)
        assert done.code == 1
        assert done.err == f"monitor: alert {alert} was sent already\n  → nothing was changed; leave it out\n"
    assert state(shell, alert) is OutboxState.SENT


def test_a_group_with_one_that_was_sent_is_left_whole(shell: Shell, alert: int) -> None:
    shell.run("once", "--only", "deliver")
    shell.ingest([{**ARCHIVE[0], "id": "b", "text": "A tariff on tin.", "url": ""}], "--alert")
    with shell.store() as store:
        other = next(row.id for row in store.outbox() if row.id != alert)

    assert shell.run("alerts", "drop", "--yes", str(other), str(alert)).code == 1
    assert state(shell, other) is OutboxState.PENDING


@pytest.mark.parametrize("words", [("retry",), ("drop", "--yes")])
def test_an_alert_that_is_being_sent_is_left_alone_and_the_user_told(
    shell: Shell, alert: int, words: tuple[str, ...]
) -> None:
    with shell.store() as store:
        (rows,) = store.claim_messages(now(), limit=9, lease_s=60)

        done = shell.run("alerts", *words, str(alert))

        assert store.mark_sent(rows, "alert-1", now())
    assert done.code == 1
    assert "1 of 1 alert(s) being sent now" in done.err


def test_an_alert_given_up_makes_once_fail(shell: Shell, alert: int) -> None:
    shell.write("monitor.yaml", "delivery: {give_up: 1s}\nchannels: {desk: {url: 'json://127.0.0.1:9/'}}\n")
    with shell.store() as store:
        (rows,) = store.claim_messages(now(), limit=9, lease_s=60)
        store.mark_failed(rows, "later", now(), next_at=now() - timedelta(seconds=1))

    done = shell.run("once", "--only", "deliver", "--json")

    # It was made a moment ago: it is given up, and the operator told, only when a second has passed.
    assert done.rows[0]["to_be_retried"] == 1
    assert done.code == int(done.rows[0]["given_up"] > 0)


# send-test


def mail_channel(shell: Shell, server: MailServer, more: str = "") -> None:
    shell.write(
        "monitor.yaml",
        "timezone: UTC\nchannels:\n"
        f"  me: {{mail: {{host: 127.0.0.1, port: {server.port}, security: none, {more}"
        "from: monitor@example.org, to: [a@example.org, b@example.org]}}\n",
    )


def test_send_test_prints_on_the_console(shell: Shell) -> None:
    done = shell.run("send-test", "desk")

    assert done.code == 0
    assert "This is a test message of Monitor to desk." in done.out
    assert done.out.endswith("desk: sent\n")


def test_send_test_sends_to_every_recipient(shell: Shell) -> None:
    with MailServer() as server:
        mail_channel(shell, server)
        done = shell.run("send-test", "me")

    assert (done.code, done.out) == (0, "me/a@example.org: sent\nme/b@example.org: sent\n")
    assert [mail.recipients for mail in server.received] == [("a@example.org",), ("b@example.org",)]
    assert server.received[0].message["Subject"] == "Monitor: test message"


def test_send_test_names_a_wrong_password_and_hides_it(shell: Shell) -> None:
    with MailServer(login=("me", "right")) as server:
        mail_channel(shell, server, "user: me, password: a-wrong-one, ")
        done = shell.run("send-test", "me")

    assert done.code == 1
    assert "me/a@example.org: " in done.err
    assert "password" in done.err
    assert "  → " in done.err
    assert "a-wrong-one" not in done.err + done.out
    assert server.received == []


def test_send_test_names_a_refused_recipient_and_still_serves_the_other(shell: Shell) -> None:
    with MailServer() as server:
        mail_channel(shell, server)
        server.answer("RCPT", "550 5.1.1 no such user")
        done = shell.run("send-test", "me")

    assert done.code == 1
    assert "no such user" in done.err
    assert len(server.received) == 1


def test_send_test_of_an_unknown_channel_lists_those_there_are(shell: Shell) -> None:
    done = shell.run("send-test", "slack")

    assert done.code == 2
    assert done.err == "monitor: no channel 'slack'\n  → the channels are: desk\n"


def test_a_number_no_alert_can_have_is_a_wrong_argument(shell: Shell) -> None:
    done = shell.run("alerts", "show", "99999999999999999999")

    assert done.code == 2
    assert "Invalid value" in done.err


@pytest.mark.parametrize(("count", "messages"), [(25, 50), (40, 2)])  # to two addresses; more than 30 come as one
def test_a_backlog_to_one_channel_is_sent_in_one_run(shell: Shell, count: int, messages: int) -> None:
    texts = [f"A tariff on good number {number}." for number in range(count)]
    records = [{"id": f"n-{number}", "title": text, "text": text} for number, text in enumerate(texts)]
    with MailServer() as server:
        mail_channel(shell, server)
        shell.write("watchlist.yaml", "version: 1\ntopics:\n  - {id: t, match: tariff, alert: {to: [me]}}\n")
        shell.ingest(records, "--alert")

        done = shell.run("once", "--only", "deliver", "--json")

    assert (done.rows[0]["sent"], done.rows[0]["to_be_retried"]) == (messages, 0)
    assert len(server.received) == messages


# Choosing, judging and sending again


def several(shell: Shell, *numbers: int) -> list[int]:
    """Bring articles that alert two topics each; returns the numbers of the alerts, oldest first."""
    shell.write(
        "watchlist.yaml", "version: 1\ntopics:\n  - {id: tariffs, match: tariff}\n  - {id: good, match: good}\n"
    )
    texts = [f"A tariff on good number {number}." for number in numbers]
    shell.ingest([{"id": text, "title": text, "text": text} for text in texts], "--alert")
    with shell.store() as store:
        return [row.id for row in reversed(store.outbox())]


def ids(shell: Shell, *words: str) -> list[int]:
    return [row["id"] for row in reversed(shell.run("alerts", "list", "--json", *words).rows)]


def test_alerts_are_listed_by_channel_topic_and_time(shell: Shell) -> None:
    tariffs, good = several(shell, 1)

    assert ids(shell, "--topic", "tariffs") == [tariffs]
    assert ids(shell, "--channel", "desk", "--since", "1h") == [tariffs, good]
    assert ids(shell, "--until", "1h") == []
    assert shell.run("alerts", "list", "--until", "1h").err == "no such alerts\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--topic", "x"], 1, "no topic 'x'"),
        (["--channel", "x"], 2, "no channel 'x'\n  → the channels are: desk"),
        (["--since", "x"], 2, "--since: 'x' is no time"),
    ],
)
def test_a_choice_of_what_is_not_there_is_an_error(shell: Shell, words: list[str], code: int, said: str) -> None:
    done = shell.run("alerts", "list", *words)

    assert done.code == code
    assert said in done.err


def test_many_are_dropped_and_retried_by_what_they_are(shell: Shell) -> None:
    several(shell, *range(12))

    asked = shell.run("alerts", "drop", "--channel", "desk", stdin=b"n\n")
    dropped = shell.run("alerts", "drop", "--topic", "good", "--yes")
    few = shell.run("alerts", "retry", "--state", "dropped")
    shell.run("alerts", "drop", "--channel", "desk", "--yes")
    refused = shell.run("alerts", "retry", "--state", "dropped", stdin=b"n\n")
    retried = shell.run("alerts", "retry", "--state", "dropped", "--yes")

    assert (asked.code, "Give up 24 alert(s) for good?" in asked.err) == (1, True)
    assert (dropped.out, few.out) == ("12 alert(s) dropped\n", "12 alert(s) will be sent again\n")
    assert (refused.code, "Send 24 alerts?" in refused.err) == (1, True)
    assert retried.out == "24 alert(s) will be sent again\n"
    assert len(ids(shell, "--state", "pending")) == 24


def test_nothing_chosen_is_told(shell: Shell, alert: int) -> None:
    done = shell.run("alerts", "retry", "--channel", "desk")

    assert (done.code, done.out, done.err) == (0, "", "no such alerts\n")
    assert shell.run("alerts", "retry", "--state", "sent").code == 2
    assert shell.run("alerts", "drop", str(alert), "--state", "dead").code == 2


def test_an_alert_is_called_irrelevant_and_shown_so_until_it_is_taken_back(shell: Shell, alert: int) -> None:
    done = shell.run("alerts", "irrelevant", str(alert), "--because", "an advert")

    assert (done.code, done.out) == (0, "irrelevant: tariffs: A new tariff on steel\n")
    judged = shell.run("alerts", "show", str(alert), "--json").rows[0]["judged"]
    assert judged.startswith("irrelevant, ")
    assert judged.endswith(": an advert")
    assert shell.run("alerts", "relevant", str(alert)).out == "relevant: tariffs: A new tariff on steel\n"
    assert shell.run("alerts", "list", "--json").rows[0]["judged"].startswith("relevant, ")
    assert shell.run("alerts", "irrelevant", str(alert), "--undo").out == "taken back: 1 judgement(s)\n"
    assert shell.run("alerts", "show", str(alert), "--json").rows[0]["judged"] is None


def test_of_a_message_of_several_topics_one_is_judged(shell: Shell) -> None:
    tariffs, good = several(shell, 1)
    shell.run("once", "--only", "deliver")
    message = f"alert-{tariffs}"

    refused = shell.run("alerts", "irrelevant", message)
    done = shell.run("alerts", "irrelevant", message, "--topic", "good")

    assert refused.code == 2
    assert "is of 2 topics: tariffs, good\n  → say which: --topic tariffs" in refused.err
    assert done.out == "irrelevant: good: A tariff on good number 1.\n"
    assert {row["id"]: bool(row["judged"]) for row in shell.run("alerts", "list", "--json").rows} == {
        tariffs: False,
        good: True,
    }
    assert shell.run("alerts", "irrelevant", message, "--topic", "x").code == 1


@pytest.mark.parametrize(
    ("ref", "code", "said"), [("alert-7", 1, "no alert alert-7"), ("seven", 2, "'seven' is no alert's number")]
)
def test_what_is_no_alert_cannot_be_judged(shell: Shell, ref: str, code: int, said: str) -> None:
    done = shell.run("alerts", "irrelevant", ref)

    assert done.code == code
    assert said in done.err


def test_what_was_sent_is_sent_again_as_one_message(shell: Shell) -> None:
    several(shell, 1, 2, 3)
    shell.run("once", "--only", "deliver")

    dry = shell.run("alerts", "replay", "--since", "1h", "--dry-run")
    refused = shell.run("alerts", "replay", "--since", "1h", stdin=b"n\n")
    done = shell.run("alerts", "replay", "--since", "1h", "--topic", "tariffs", "--yes")
    sent = shell.run("once", "--only", "deliver")

    assert dry.out.startswith("desk: 6 alert(s), 0 notice(s): what was sent ")
    assert (refused.code, "Send 6 alert(s) again?" in refused.err) == (1, True)
    assert done.code == 0
    assert "Sent again: 3 articles: tariffs" in sent.out
    assert "what was sent " in sent.out
    assert "A tariff on good number 2." in sent.out
    assert shell.run("once", "--only", "deliver", "--json").rows[0]["sent"] == 0
    told = shell.run("explain", "tariffs", "A tariff on good number 1.", "--json").rows[0]
    assert told["fate"] == "alerted"
    assert "sent again at" in told["why"]


def test_a_replay_gives_each_recipient_what_it_had_once_or_another_channel_all(shell: Shell) -> None:
    shell.write("monitor.yaml", "timezone: UTC\nchannels: {desk: {url: 'console:'}, new: {url: 'console:'}}\n")
    several(shell, 1, 2)
    shell.run("once", "--only", "deliver")
    for _ in range(2):
        shell.run("alerts", "replay", "--since", "1h", "--yes")
        shell.run("once", "--only", "deliver")

    again = shell.run("alerts", "replay", "--since", "1h", "--dry-run", "--json").rows
    shell.run("alerts", "replay", "--since", "1h", "--to", "new", "--yes")
    sent = shell.run("once", "--only", "deliver").out

    assert [(row["to"], row["alerts"]) for row in again] == [("desk", 4)]
    assert "First sent to desk." in sent
    assert ids(shell, "--channel", "new", "--state", "sent") == ids(shell, "--channel", "new")
    assert len(ids(shell, "--channel", "new")) == 4
    assert shell.run("alerts", "replay", "--since", "1h", "--to", "nobody").code == 2
    assert shell.run("alerts", "replay", "--since", "1h", "--until", "2d").code == 2


def test_a_replay_of_nothing_says_so(shell: Shell, alert: int) -> None:
    done = shell.run("alerts", "replay", "--since", "1h", "--yes")

    assert (done.code, done.err) == (0, "nothing was sent then\n")
    assert state(shell, alert) is OutboxState.PENDING
