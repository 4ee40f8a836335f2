"""Slack: blocks with escaped text, by an incoming webhook or by a bot's token, which can also write into threads.

Not by Apprise's plugin, which makes one attachment of a text and drops the name of the message that a thread needs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests

from monitor.alert import blocks_of_text, slack_text
from monitor.deliver.answers import watching
from monitor.deliver.attempt import Attempt
from monitor.deliver.masking import Mask
from monitor.model import Delivery, Message, SlackSettings

POST_MESSAGE = "https://slack.com/api/chat.postMessage"

_MAX_BLOCKS = 50
_PACE_S = 1.0  # Slack takes one message a second, and short bursts
_TIMEOUT_S = (4.0, 10.0)
_HINTS = {
    "channel_not_found": "check the channel's name; a private one must have the app as a member",
    "not_in_channel": "add the app to the channel: /invite @its-name",
    "is_archived": "the channel is archived: name another",
    "invalid_auth": "the token is not accepted: copy it again from the app's OAuth page",
    "not_authed": "the token is missing: copy it from the app's OAuth page",
    "token_revoked": "the token was revoked: install the app again, and copy the new one",
    "account_inactive": "the token belongs to an app that was removed: install it again",
    "missing_scope": "the app needs the scope chat:write: add it, and install the app again",
    "ratelimited": "too many messages: it is tried again when the service allows it",
}
_PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "request_timeout", "service_unavailable"})


class SlackChannel:
    """Sends to one place in Slack, at most a message a second.

    A message of over 50 blocks goes in several, the later ones in the thread of the first; if one fails, all are tried
    again.
    """

    def __init__(self, slack: SlackSettings, mask: Mask) -> None:
        self._slack = slack
        self._mask = mask
        self._free_at = 0.0

    def send(self, message: Message, address: str, attempt: Attempt) -> Delivery:
        """Send a message; `Delivery.thread` is what Slack calls it, where a bot sent it."""
        del address
        first = thread = message.thread
        parts = _parts(message.blocks or blocks_of_text(f"{message.subject}\n{message.text}"))
        for number, blocks in enumerate(parts):
            delivery = self._post(self._payload(message, blocks, thread, is_further=number > 0), attempt)
            if not delivery.is_sent:
                return delivery
            first = first or delivery.thread
            thread = thread or first
        return Delivery(thread=first)

    def _payload(
        self, message: Message, blocks: Sequence[Mapping[str, Any]], thread: str, *, is_further: bool
    ) -> dict[str, Any]:
        # The text is what a notification on a phone shows.
        payload: dict[str, Any] = {
            "text": slack_text(message.subject),
            "blocks": list(blocks),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if self._slack.token:
            payload["channel"] = self._slack.to
            if thread:
                payload["thread_ts"] = thread
                # An update is in the channel too, or those who follow no thread miss it; what only goes on is not.
                payload["reply_broadcast"] = not is_further
        return payload

    def _post(self, payload: Mapping[str, Any], attempt: Attempt) -> Delivery:
        time.sleep(max(0.0, self._free_at - time.monotonic()))
        self._free_at = time.monotonic() + _PACE_S
        token = self._slack.token
        with watching(attempt) as watch:
            try:
                answer = requests.post(
                    POST_MESSAGE if token else self._slack.webhook,
                    json=payload,
                    auth=self._sign,  # also keeps a login of ~/.netrc away
                    timeout=_TIMEOUT_S,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                watch.last = error
                return watch.explain("Slack", self._mask) or Delivery(error=type(error).__name__)
            if answer.status_code == 200 and not token and answer.content.strip() == b"ok":
                return Delivery()
            said = _said(answer) if token and answer.status_code == 200 else {}
            if said.get("ok") is True:
                return Delivery(thread=str(said.get("ts") or ""))
            if error_word := str(said.get("error") or ""):
                return self._refused(error_word)
            return watch.explain("Slack", self._mask) or Delivery(error="Slack said nothing")

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._slack.token:
            request.headers["Authorization"] = f"Bearer {self._slack.token}"
        return request

    def _refused(self, word: str) -> Delivery:
        return Delivery(
            error=self._mask.show(f"Slack refused the message: {word}"),
            hint=_HINTS.get(word, f"see what {self._mask.show(word)} means in Slack's list for chat.postMessage"),
            is_permanent=word not in _PASSING,
        )


def _parts(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield the blocks of one message after the other, as many as Slack takes."""
    for start in range(0, len(blocks), _MAX_BLOCKS):
        yield blocks[start : start + _MAX_BLOCKS]


def _said(answer: requests.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
