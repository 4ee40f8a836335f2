"""Query parameters that tell the site where a reader came from or who it is, and never which page is meant.

Ids live in the query: what is not known to be tracking stays.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_TRACKING = re.compile(
    r"(?:utm_|ns_|at_|mtm_|pk_|matomo_|piwik_|hsa_|oly_|wt_|wt\.|stm_|trk_|fb_action_|gaa_|guce_|_hs).*"
    r"|_g[al]|__twitter_impression|(?:d|fb|g|tt|tw|y)clid|msclkid|[gw]braid|gclsrc|ef_id|li_fat_id|s_kwcid|zanpid"
    r"|cmp(?:id)?|fb_(?:ref|source)|guccounter|hsctatracking|igsh(?:id)?|intcid|ito|mbid|mc_[ce]id|mkt_tok|ncid"
    r"|ocid|ref|ref_(?:src|url)|s_cid|sc_(?:campaign|channel)|scid|smid|smtyp|soc_(?:src|trk)|sr_share|sref|vero_id"
    r"|wickedid|xtor|srsltid|jsessionid|phpsessid",
    re.IGNORECASE,
)
# Names that are ids on some sites, but not with these values.
_AMBIGUOUS = re.compile(
    r"(?:emc|feature|from|medium|partner|source|src|via|rss|output)"
    r"=(?:amp|e?mail|facebook|feeds?|googlenews|newsletter|rss|rssfeed|share|social|syndication|twitter|youtu\.be)",
    re.IGNORECASE,
)


def is_tracking(parameter: str) -> bool:
    """Tell whether `name=value` of a query is there for tracking only."""
    name = unquote(parameter.partition("=")[0])
    return bool(_TRACKING.fullmatch(name) or _AMBIGUOUS.fullmatch(parameter))
