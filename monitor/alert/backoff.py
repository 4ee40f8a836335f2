"""When an unsent message is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.model import DeliverySettings

_JITTER = 0.2


def retry_at(  # noqa: PLR0913, PLR0917 - a formula of six numbers
    attempts: int,
    created_at: datetime,
    now: datetime,
    settings: DeliverySettings,
    jitter: float,
    retry_after_s: float | None,
) -> datetime | None:
    """Return when to try again, or None to give up: the message is a dead letter.

    Args:
        attempts: how many tries have failed, this one included.
        created_at: when the message was queued.
        now: when this try failed.
        settings: the back-off doubles from `retry_min_s` to `retry_max_s`; it ends `give_up_s` after `created_at`.
        jitter: from -1 to 1, scales the wait by up to 20 % so that messages do not come back as one crowd.
        retry_after_s: the server's own wish, never undercut.
    """
    if now - created_at >= timedelta(seconds=settings.give_up_s):
        return None
    doublings = min(max(attempts - 1, 0), 60)
    wait_s = min(settings.retry_min_s * 2.0**doublings, settings.retry_max_s) * (1 + _JITTER * jitter)
    return now + timedelta(seconds=max(wait_s, retry_after_s or 0.0))
