"""Pages that ask for proof of being human, in place of a page, a feed or an error."""

from __future__ import annotations

import re

_CHALLENGE_TITLE = re.compile(
    r"(?:just a moment|attention required|access (?:to this page has been )?denied|pardon our interruption"
    r"|client challenge|(?:are you|verify(?:ing)? (?:that )?you are) (?:a robot|human|not a robot)|robot or human"
    r"|security check|(?:bot|human) verification|checking your browser|ddos-guard|one moment, please)"
    r"(?:\W*$|\W+\s*cloudflare.*)",
    re.IGNORECASE,
)
# Not `/cdn-cgi/challenge-platform/`: good pages carry it.
_CHALLENGE_MARKS = (
    "_cf_chl_opt",
    "token.awswaf.com/",
    "awsWafCookieDomainList",
    "_Incapsula_Resource?SWJIYLWA",
    "px-captcha",
    "captcha-delivery.com",
)
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)


def is_challenge_title(title: str) -> bool:
    """Tell whether a page's `<title>` is that of a bot check."""
    return bool(_CHALLENGE_TITLE.match(title.strip()[:200]))


def has_challenge_mark(html: str) -> bool:
    """Tell whether a page carries the script of a bot check; alone it is no proof, on a page without text it is."""
    return any(mark in html for mark in _CHALLENGE_MARKS)


def is_challenge(html: str) -> bool:
    """Tell whether what came instead of a feed, or with an error, is a bot check; a plain refusal is none."""
    title = _TITLE.search(html)
    is_check = title is not None and is_challenge_title(title[1]) and "denied" not in title[1].lower()
    return is_check or has_challenge_mark(html)
