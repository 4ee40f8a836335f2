"""Tries a feed, a page or a channel, and says what happened; nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from monitor.app.compose import Place, find_place, new_sender, now, open_store, stored_config
from monitor.app.reading import fetch_page
from monitor.errors import MonitorError
from monitor.model import (
    WHAT_TO_DO_ABOUT_A_PAGE,
    ChannelSettings,
    Config,
    Delivery,
    Message,
    PageText,
    SiteRule,
)
from monitor.ports import Store

# A worker costs a second to start; what is smaller than this cannot take longer than some seconds.
_SMALL_BYTES = 300_000


@contextmanager
def stored(config: Path | None) -> Iterator[Store]:
    """Find the configuration, or its last good version, and open its store."""
    with stored_with_config(config) as (_, store):
        yield store


@contextmanager
def stored_with_config(config: Path | None) -> Iterator[tuple[Config, Store]]:
    """Find the configuration, or its last good version, and open its store; yields both."""
    place = find_place(config)
    found = stored_config(place)
    with open_store(found, place) as store:
        yield found, store


async def clean_untrusted(
    body: bytes, url: str = "", content_type: str = "", *, rule: SiteRule | None = None, timeout_s: float = 10
) -> PageText:
    """Find the article on a page; a large one is read in a worker, which is killed after `timeout_s`."""
    if len(body) <= _SMALL_BYTES:
        from monitor.clean import clean_page  # late: few commands clean a page by themselves

        return clean_page(body, url, content_type, rule=rule)
    from monitor.sandbox import ProcessSandbox

    sandbox = ProcessSandbox(workers=1, timeout_s=timeout_s)
    try:
        return await sandbox.clean_page(body, url, content_type, rule=rule)
    finally:
        await sandbox.close()


async def seed_source(place: Place, source: str) -> tuple[str, str]:
    """Return the file name and the text of a seed to be: a file as it is, or the text of a page."""
    if not source.startswith(("http://", "https://")):
        path = Path(source)
        try:
            return path.name, await asyncio.to_thread(path.read_text, "utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise MonitorError(f"{source}: {error}", hint="name a text file in UTF-8, or an address") from error
    result = await fetch_page(place, source)
    if result.error is not None:
        raise MonitorError(f"{source}: {result.error}", hint=WHAT_TO_DO_ABOUT_A_PAGE[result.error.problem])
    page = await clean_untrusted(result.body, result.final_url, result.content_type)
    if page.problem is not None and not page.text:
        raise MonitorError(f"{source}: {page.problem}", hint=WHAT_TO_DO_ABOUT_A_PAGE[page.problem.problem])
    parts = urlsplit(result.final_url)
    slug = "".join(character if character.isalnum() else "-" for character in f"{parts.hostname}{parts.path}")
    return f"{slug.strip('-')[:100]}.txt", f"{page.title}\n\n{page.text}" if page.title else page.text


async def send_test(config: Config, channel: ChannelSettings) -> list[tuple[str, Delivery]]:
    """Send a test message to each recipient of a channel; returns what came of each."""
    sender = new_sender(config.settings)
    return [(recipient, await sender.send(_test_message(recipient))) for recipient in channel.recipients]


def _test_message(recipient: str) -> Message:
    text = f"This is a test message of Monitor to {recipient}. Alerts will come this way."
    return Message(
        id=f"alert-test-{now():%Y%m%d%H%M%S}",
        recipient=recipient,
        subject="Monitor: test message",
        text=text,
        html=f"<p>{text}</p>",
        is_operator=True,
    )
