"""Which troubles are told now, and which are told to be over: each once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from monitor.alert.troubles import episode_of
from monitor.model import Episode, Trouble, TroubleKind

_HOUR_S = 3_600.0
# A feed that is read again may fail again at once; the others are over for certain when they are called so.
_HOLD_S = {TroubleKind.BROKEN: _HOUR_S}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a look at all troubles changes: those to be told, those that ended, and all that last and are told then."""

    new: tuple[Trouble, ...] = ()
    ended: tuple[Episode, ...] = ()
    told: tuple[Episode, ...] = ()


def turn(told: Sequence[Episode], found: Sequence[Trouble], over: Collection[Episode], moment: float) -> Turn:
    """Return what is to be told at `moment`, in seconds since 1970.

    Args:
        told: the episodes that were told and did not end yet.
        found: the troubles there are. What is neither among them nor over goes on untold.
        over: those of `told` that are over for certain.
        moment: now.
    """
    known, well = {one.key for one in told}, {one.key for one in over}
    new = tuple(one for one in found if one.key not in known)
    seen = [replace(one, well_at=(one.well_at or moment) if one.key in well else 0.0) for one in told]
    ended = [one for one in seen if one.well_at and moment - one.well_at >= _HOLD_S.get(one.kind, 0.0)]
    lasting = [one for one in seen if one not in ended]
    return Turn(new=new, ended=tuple(ended), told=(*lasting, *map(episode_of, new)))
