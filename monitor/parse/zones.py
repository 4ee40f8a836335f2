"""The names of time zones that feeds use. Offsets are what they mean in feeds, where one name has several meanings."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# Minutes east of UTC. CST is North America's (RFC 822), IST India's, BST Britain's, AST the Atlantic's, and CET in
# summer is still CET. Names of which no meaning leads (SST, AMT, ECT) are left out: an unknown zone is an unknown time.
_MINUTES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "sast": 120, "cat": 120, "wat": 60, "eat": 180,
    "msk": 180, "msd": 240, "trt": 180, "gst": 240, "pkt": 300, "ist": 330, "npt": 345, "bdt": 360, "ict": 420,
    "wib": 420, "wita": 480, "wit": 540, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "awst": 480, "jst": 540,
    "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "brt": -180, "art": -180, "clt": -240, "cot": -300, "pet": -300,
}  # fmt: skip
# Names without a season: the day tells which one it is.
_REGIONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


def zone_of(name: str) -> tzinfo | None:
    """Return the zone of that name in any case; None if it is unknown."""
    name = name.lower()
    if name in _REGIONS:
        return ZoneInfo(_REGIONS[name])
    minutes = _MINUTES.get(name)
    if minutes is None:
        return None
    return timezone(timedelta(minutes=minutes)) if minutes else UTC
