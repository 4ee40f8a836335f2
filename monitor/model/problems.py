"""The one vocabulary of what can go wrong with a feed, a page or an article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """A problem word; `status`, `feeds list`, `show` and the log all use these."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    GONE = "410"
    TOO_MANY = "429"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"
    PROTOCOL = "protocol"
    ENCODING = "encoding"
    REDIRECT_LOOP = "redirect-loop"
    BLOCKED_ADDRESS = "blocked-address"
    BAD_URL = "bad-url"
    HTML = "html"
    EMPTY = "empty"
    NO_ENTRIES = "no-entries"
    NO_LINKS = "no-links"
    PARSE = "parse"
    NOT_TEXT = "not-text"
    NO_TEXT = "no-text"
    CHALLENGE = "challenge"
    CONSENT = "consent"
    LOGIN = "login"
    SOFT_404 = "soft-404"
    SCRIPT = "script"
    PAYWALL = "paywall"
    LIVE_BLOG = "live-blog"
    GALLERY = "gallery"
    ROBOTS = "robots"
    HARMFUL = "harmful"
    INTERNAL = "internal"


WHAT_TO_DO = {
    Problem.DNS: "the host's name has no address: check the spelling, or wait if the site is down",
    Problem.CONNECT: "the host does not answer: try it in a browser, or wait",
    Problem.TLS: "the host's certificate is not valid: tell the site, or use its http address if it has one",
    Problem.TIMEOUT: "the host is too slow: it is tried again",
    Problem.TOO_LARGE: "the answer is over the size limit: ask the site for a shorter feed",
    Problem.UNAUTHORIZED: "the feed wants a login: give it `auth`, `cookies` or `headers` in feeds.yaml",
    Problem.FORBIDDEN: "the site refuses this program: ask the site, or look for another feed",
    Problem.NOT_FOUND: "the address is wrong or has moved: `monitor feeds fix URL` looks for the feed on its site",
    Problem.GONE: "the site says that it is gone for good: `monitor feeds fix URL` looks for another, else remove it",
    Problem.TOO_MANY: "the site asks for fewer requests: raise `every` for this feed",
    Problem.CLIENT_ERROR: "the site refuses the request: try the address in a browser",
    Problem.SERVER_ERROR: "the site has a fault: it is tried again",
    Problem.PROTOCOL: "the answer is not valid HTTP: check that the address is a web server's",
    Problem.ENCODING: "the answer is compressed in a way that was not asked for",
    Problem.REDIRECT_LOOP: "the address redirects without end: open it in a browser and take the final address",
    Problem.BLOCKED_ADDRESS: "the address is private or special: if it is meant, see allow_networks in monitor.yaml",
    Problem.BAD_URL: "correct the address; if only its port is refused, see allow_ports in monitor.yaml",
    Problem.HTML: "a web page, not a feed: `monitor feeds add` finds its feeds; without one, name its `links`",
    Problem.EMPTY: "the answer has no content: it is tried again",
    Problem.NO_ENTRIES: "the feed has no entries: right for a new feed, else look for another one",
    Problem.NO_LINKS: "the page has changed: correct `links` in feeds.yaml, and try it with `monitor feeds test`",
    Problem.PARSE: "the answer is not a feed that can be read",
    Problem.NOT_TEXT: "the page is not a text (a picture, a PDF): open it in a browser",
    Problem.NO_TEXT: "no article text was found on the page",
    Problem.CHALLENGE: "the site asks for proof of being human: ask it to let feed readers in",
    Problem.CONSENT: "the site asks for consent first: the text is the feed's; cookies can be set for the site",
    Problem.LOGIN: "the site wants a login: the text is the feed's; cookies or headers can be set for it",
    Problem.SOFT_404: "the page says that it does not exist: the text is the feed's",
    Problem.SCRIPT: "the page is empty without JavaScript: the text is the feed's",
    Problem.PAYWALL: "the page shows the start of the article only: cookies or headers can be set for the site",
    Problem.LIVE_BLOG: "the page changes all day: what comes after the first reading is not seen",
    Problem.GALLERY: "pictures or a video with few words: open it in a browser",
    Problem.ROBOTS: "the site's robots.txt keeps programs away, the text is the feed's: see `robots` in monitor.yaml",
    Problem.HARMFUL: "reading it took too long or too much memory: its next try is a day later",
    Problem.INTERNAL: "a fault of this program: please report it",
}
# Where an article's page is asked for instead of a feed.
WHAT_TO_DO_ABOUT_A_PAGE = WHAT_TO_DO | {
    Problem.TIMEOUT: "the host is too slow: try again",
    Problem.TOO_LARGE: "the page is over the size limit: save it from a browser, and name the file",
    Problem.UNAUTHORIZED: "the page wants a login: cookies or headers can be set for it, see `sites` in monitor.yaml",
    Problem.FORBIDDEN: "the site refuses this program: save the page from a browser, and name the file",
    Problem.NOT_FOUND: "the address is wrong, or the article was moved or taken away: try it in a browser",
    Problem.GONE: "the site says that the article was taken away",
    Problem.TOO_MANY: "the site asks for fewer requests: wait, and try again",
    Problem.SERVER_ERROR: "the site has a fault: try again later",
    Problem.EMPTY: "the answer has no content: try it in a browser",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure of the world: a value, not an exception."""

    problem: Problem
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.problem}: {self.detail}" if self.detail else str(self.problem)
