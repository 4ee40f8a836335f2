"""What the monitor has told of troubles and when it could not see, kept as one small fact in the store."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from monitor.model import Episode, TroubleKind
from monitor.ports import Store

NOTE = "watch"

_ALIVE = "watch-alive"
_GAP_S = 1_800.0
_GAPS_KEPT_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was told and did not end yet; and when nothing was seen, for want of a network or of the monitor itself.

    `gaps` are the spans of the last week in which the monitor did not run, or its machine slept; `blind_until` is the
    end of the last time without network or monitor. Times are seconds since 1970.
    """

    told: tuple[Episode, ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    blind_until: float = 0.0


def read_standing(store: Store) -> Standing:
    """Return what was told; nothing was where there is no such fact."""
    return _read(store.note(NOTE))


def dump_standing(standing: Standing) -> str:
    """Return a standing as it is stored; the same text for the same standing."""
    told = [
        {name: value for name, value in asdict(episode).items() if value}
        for episode in sorted(standing.told, key=lambda one: one.key)
    ]
    return json.dumps({"told": told, "gaps": standing.gaps, "blind_until": standing.blind_until}, ensure_ascii=False)


def present(store: Store, moment: datetime, *, is_daemon: bool) -> tuple[str, Standing, float]:
    """Return the standing as it is stored, and with the gap that ends at this moment, if any.

    A daemon writes down that it is there, by which the next look knows for how long nobody was; and by how many seconds
    the clock was set back since, the third value.

    Raises:
        StoreError: the store cannot be written.
    """
    text, now = store.note(NOTE), round(moment.timestamp())
    standing = _read(text)
    # What lies ahead was written by a clock that has been set back since.
    gaps = tuple((start, end) for start, end in standing.gaps if now - _GAPS_KEPT_S < end <= now)
    standing = replace(standing, gaps=gaps, blind_until=min(standing.blind_until, now))
    if not is_daemon:
        return text, standing, 0.0
    seen = int(store.note(_ALIVE) or now)
    store.note(_ALIVE, str(now))
    if now - seen > _GAP_S:
        standing = replace(standing, gaps=(*gaps, (seen, now)), blind_until=now)
    return text, standing, max(0.0, seen - now)


def _read(text: str) -> Standing:
    found: dict[str, Any] = json.loads(text or "{}")
    return Standing(
        told=tuple(_episode(known) for known in found.get("told", ())),
        gaps=tuple((start, end) for start, end in found.get("gaps", ())),
        blind_until=found.get("blind_until", 0.0),
    )


def _episode(known: dict[str, Any]) -> Episode:
    # A field that a newer program wrote is left out; one that an older did not know has its default.
    known = {name: value for name, value in known.items() if name in Episode.__dataclass_fields__}
    return Episode(**known | {"kind": TroubleKind(known["kind"])})
