"""Reads how a feed is to be asked: headers, cookies, login, proxy; and what stands for a feed on a page without one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.errors import ConfigError
from monitor.model import Picks
from monitor.settings.references import is_reference
from monitor.settings.schema import Keys, Reader, text, wrong
from monitor.settings.tree import Node, Scalar

# Source: RFC 9110 5.1 for names of headers, RFC 6265 4.1.1 for cookies.
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_COOKIE_VALUE = re.compile(r'"?[!#-+\--:<-\[\]-~]*"?')
# Ours to send, or the connection's.
_OUR_HEADERS = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "if-modified-since", "if-none-match"}
    | {"proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"}
)
_INSTEAD = {"cookie": "cookies", "user-agent": "user_agent"}


def read_address(node: Node) -> str:
    """Read the address of a feed or page."""
    url = text(node)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong(node, "an address") from None
    if parts.scheme.lower() == "feed":
        raise wrong(node, "an address that can be fetched", "write https:// instead of feed://")
    if parts.scheme.lower() not in {"http", "https"} or not host or re.search(r"\s", url):
        raise wrong(node, "an address of a feed", "it starts with https:// or http://")
    return url


def address_fault(url: str) -> str:
    """Return why a text is not the address of a feed; empty: it is one."""
    try:
        read_address(Scalar(file="", line=0, column=0, text=url))
    except ConfigError as error:
        return error.what
    return ""


def read_header(name: Scalar, node: Node, read: Reader[str]) -> tuple[str, str]:
    """Read a header's name and value."""
    if not _TOKEN.fullmatch(name.text):
        raise wrong(name, "the name of a header", "for example Authorization")
    if name.text.lower() in _OUR_HEADERS:
        raise name.error(f"the header {name.text} is the program's own to send", "delete it")
    return name.text, _line(node, read, "a header's value")


def read_cookie(name: Scalar, node: Node, read: Reader[str]) -> tuple[str, str]:
    """Read a cookie's name and value."""
    if not _TOKEN.fullmatch(name.text):
        raise wrong(name, "the name of a cookie", "for example session: env:SITE_SESSION")
    value = read(node)
    if not _COOKIE_VALUE.fullmatch(value):
        raise node.error("a cookie's value has no spaces, commas, semicolons or quotes in it", "copy only the value")
    return name.text, value


def read_auth(node: Node, read: Reader[str]) -> tuple[str, str]:
    """Read a login for basic authentication."""
    keys = Keys(node, "auth")
    user = keys.need("user", lambda node: _line(node, read, "a user's name"))
    password = keys.need("password", lambda node: _line(node, read, "a password"))
    keys.end()
    if ":" in user and not is_reference(user):
        raise node.error("a user's name for basic authentication has no colon in it")
    return user, password


def read_agent(node: Node) -> str:
    """Read a User-Agent."""
    value = _line(node, text, "a user agent")
    if not value.isascii() or not value.strip():
        raise wrong(node, "a user agent", "visible ASCII characters, for example MyReader/1.0 (+https://example.org)")
    return value


def read_proxy(node: Node, read: Reader[str]) -> str:
    """Read the address of a proxy; a login may stand in it. Messages never show it."""
    value = read(node)
    if is_reference(value):
        return value
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise node.error("this is not the address of a proxy", _PROXY_HINT) from None
    if parts.scheme.lower().startswith("socks"):
        raise node.error("SOCKS proxies are not supported", _PROXY_HINT)
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.path.strip("/") or re.search(r"\s", value):
        raise node.error("this is not the address of a proxy", _PROXY_HINT)
    return value


def read_selector(node: Node) -> str:
    """Read a CSS selector."""
    from monitor.clean import BadSelector, xpath_of  # late: most configurations have none

    value = text(node)
    try:
        xpath_of(value)
    except BadSelector as error:
        line, column = node.line, node.column
        if "\n" not in value and isinstance(node, Scalar) and node.style not in {"|", ">"}:
            column += error.offset
        at = Scalar(file=node.file, line=line, column=column, text=value)
        raise at.error(
            f"{value!r} is not a CSS selector: {error}", "for example h2 a, or .news a[href*='/press/']"
        ) from (None)
    return value


def selector_fault(selector: str) -> str:
    """Return why a text is not a CSS selector; empty: it is one."""
    try:
        read_selector(Scalar(file="", line=0, column=0, text=selector))
    except ConfigError as error:
        return error.what
    return ""


def read_picks(keys: Keys, *, is_page: bool) -> Picks | None:
    """Read the selectors of a page; None for what is a feed by itself."""
    if not is_page:
        return None
    return Picks(
        links=keys.need("links", read_selector),
        title=keys.take("title", read_selector, ""),
        date=keys.take("date", read_selector, ""),
    )


_PROXY_HINT = "for example http://proxy.example.org:3128"


def _line(node: Node, read: Reader[str], what: str) -> str:
    value = read(node)
    if not value.isprintable():
        raise node.error(f"{what} is one line of printable characters")
    return value
