"""What a page is if it is not simply an article: a consent wall, a login, a stub before a paywall, a page that is gone.

Tests are ordered by cost; each says why it fired. Source of tests and thresholds: measured on 1,489 news pages, none
of which may be refused. What holds no article at all has no text; a stub, a live blog and a gallery keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from monitor.clean.jsonld import Node, is_free
from monitor.clean.likeness import count_words
from monitor.clean.tree import lines_of
from monitor.clean.wording import (
    asks_for_script,
    asks_to_subscribe,
    count_consent_phrases,
    is_login_title,
    is_missing_title,
    says_missing,
)
from monitor.model import Failure, Problem

WITHOUT_TEXT = frozenset({Problem.CONSENT, Problem.LOGIN, Problem.SOFT_404, Problem.SCRIPT})

_CONSENT_HOST = re.compile(r"(?:consent|guce|cmp|cookies?|privacy-?(?:gate|wall)|myprivacy)\.")
_CONSENT_PATH = re.compile(r"/(?:collectconsent|consent|cookie-?wall|zustimmung|consentement)(?:[/.?]|$)")
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|signon|sso|anmelden|connexion|accedi|iniciar-sesion|inloggen)(?:[/.]|$)"
)
_LIVE_PATH = re.compile(r"/(?:live|live-?blog|liveticker|live-?updates?|en-?direct|en-?vivo|diretta|minuto-a-minuto)/")
_CONSENT_WORDS = 250
_CONSENT_PHRASES = 2
_LOGIN_WORDS = 200
_FORM_WORDS = 60
_MISSING_TITLE_WORDS = 150
_MISSING_WORDS = 100
_STUB_WORDS = 580
_MARKED_STUB_WORDS = 200
_SHELL_WORDS = 33
_SHELL_VISIBLE_WORDS = 100
_SHELL_SCRIPTS = 3
_GALLERY_WORDS = 150
_GALLERY_FIGURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is looked at of a page. `titles` are its `<title>`, headings and stated titles; `media` its `og:type`."""

    tree: HtmlElement
    node: Node
    url: str
    titles: tuple[str, ...]
    text: str
    media: str = ""


def kind_of(seen: Seen) -> Failure | None:
    """Return what a page is instead of an article, or beside being one; None for an article."""
    words = count_words(seen.text)
    for problem, why in _tests(seen, words):
        if why:
            return Failure(problem=problem, detail=why)
    return None


def _tests(seen: Seen, words: float) -> Iterable[tuple[Problem, str]]:
    yield Problem.CONSENT, _consent(seen, words)
    yield Problem.LOGIN, _login(seen, words)
    yield Problem.SOFT_404, _missing(seen, words)
    yield Problem.SCRIPT, _shell(seen, words)
    yield Problem.PAYWALL, _stub(seen, words)
    yield Problem.LIVE_BLOG, _live(seen)
    yield Problem.GALLERY, _gallery(seen, words)


def _consent(seen: Seen, words: float) -> str:
    place = _place(seen.url)
    if words < _STUB_WORDS and (_CONSENT_HOST.match(place.netloc) or _CONSENT_PATH.search(place.path)):
        return f"a page that asks for consent: {seen.url[:200]}"
    phrases = count_consent_phrases(seen.text) if words < _CONSENT_WORDS else 0
    return "a text on cookies and consent, and nothing else" if phrases >= _CONSENT_PHRASES else ""


def _login(seen: Seen, words: float) -> str:
    if words < _LOGIN_WORDS and _LOGIN_PATH.search(_place(seen.url).path):
        return "a login page, by its address"
    if words < _FORM_WORDS and not seen.node and any(map(is_login_title, seen.titles)):
        return "a login page, by its title"
    if words < _FORM_WORDS and not seen.node and seen.tree.xpath("boolean(.//input[@type='password'])"):
        return "a form for a password, and hardly a text"
    return ""


def _missing(seen: Seen, words: float) -> str:
    for title in seen.titles:
        if words < _MISSING_TITLE_WORDS and is_missing_title(title):
            return f"the page says that it is missing: {title[:80]}"
    return "the page says that it is missing" if words < _MISSING_WORDS and says_missing(seen.text[:300]) else ""


def _shell(seen: Seen, words: float) -> str:
    if words < _SHELL_VISIBLE_WORDS and asks_for_script(seen.text):
        return "the page asks for JavaScript"
    if words >= _SHELL_WORDS or sum(1 for _ in seen.tree.iter("script")) <= _SHELL_SCRIPTS:
        return ""
    visible = count_words("\n".join(lines_of(seen.tree)))
    return "the page is empty without JavaScript" if visible < _SHELL_VISIBLE_WORDS else ""


def _stub(seen: Seen, words: float) -> str:
    if words < _STUB_WORDS and (phrase := asks_to_subscribe(seen.text[-400:])):
        return f"the text ends with: {phrase[:80]}"
    if words < _MARKED_STUB_WORDS and is_free(seen.node) is False:
        return "the page says that its text is not free, and shows its start"
    return ""


def _live(seen: Seen) -> str:
    kinds = seen.node.get("@type")
    if "LiveBlogPosting" in (kinds if isinstance(kinds, list) else [kinds]):
        return "the page calls itself a live blog"
    return "a live blog, by its address" if _LIVE_PATH.search(f"{_place(seen.url).path}/") else ""


def _gallery(seen: Seen, words: float) -> str:
    if words >= _GALLERY_WORDS:
        return ""
    if seen.media.startswith("video"):
        return "a video with few words"
    figures = sum(1 for _ in seen.tree.iter("figure"))
    return f"{figures} pictures with few words" if figures >= _GALLERY_FIGURES else ""


def _place(url: str) -> SplitResult:
    try:
        return urlsplit(url.lower())
    except ValueError:
        return urlsplit("")
