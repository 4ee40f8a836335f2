"""Canonical URLs, and the key under which all addresses of one page meet.

`canonical_url` changes nothing that a server could tell apart, but for tracking parameters; it may be shown and
fetched. `url_key` goes further (scheme, mobile and AMP hosts, index files) and is only ever compared.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

from monitor.dedupe.tracking import is_tracking

_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ESCAPED_TWICE = re.compile(r"(^|&)(?:amp;)+")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SAFE = "%:/?#[]@!$&'()*+,;=~|"
_ROUTES = ("!", "/")
_AMP_CACHE = re.compile(
    r"(?:[\w.-]+\.(?:cdn\.ampproject\.org|bing-amp\.com)/(?:[a-z]{1,3}/)?(?P<cache>s/)?"
    r"|(?:www\.)?google\.[a-z.]{2,6}/amp/(?P<google>s/)?)(?P<rest>[\w-]+(?:\.[\w-]+)+.*)",
    re.IGNORECASE,
)
_ALIAS_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_MOBILE_LABEL = re.compile(r"(?<=[a-z]\.)(?:m|amp)\.(?=[^.]+\.[^.]+$)")
_INDEX_FILE = re.compile(r"/(?:index\.(?:html?|php|shtml|aspx?|jsp)|default\.aspx?)$", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?<=.)(?:(?:/amp/?|\.amp|/amp\.html?)$|\.amp(?=\.html?$))", re.IGNORECASE)
_AMP_FOLDER = re.compile(r"^/amp(?=/.)", re.IGNORECASE)
_AMP_QUERY = re.compile(r"amp(?:=(?:1|true|amp)?)?|outputtype=amp|usqp=.*|amp_js_v=.*|amp_gsa=.*", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """Return the canonical form of an http or https URL; anything else comes back stripped.

    Lower-case scheme and host in ASCII, no default port, no dot segments, no needless escapes, the query sorted by name
    and without tracking parameters and sessions, no fragment unless it is a route (`#!…`, `#/…`). Idempotent.
    Source: RFC 3986 §6.
    """
    url = url.strip()
    parts = _split(url)
    if parts is None:
        return url
    host, port = _host(parts), parts.port
    authority = host if port is None or port == _PORTS[parts.scheme] else f"{host}:{port}"
    user = parts.netloc.rpartition("@")[0]
    path = _without_dots(_escaped(_SESSION.sub("", parts.path))) or "/"
    query = "&".join(_parameters(parts.query))
    fragment = _escaped(parts.fragment) if parts.fragment.startswith(_ROUTES) else ""
    prefix = f"{parts.scheme}://{user}@" if user else f"{parts.scheme}://"
    return prefix + authority + path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def url_key(url: str) -> str:
    """Return the key that all addresses of one page share; empty for a bare site root and for what is no web address.

    http and https, `www.`, `m.` and `amp.` hosts, AMP paths, caches and parameters, index files and a slash at the end
    make no difference. What does: every other parameter, the port, and the case of the path.
    """
    parts = _split(_out_of_cache(canonical_url(url)))
    if parts is None:
        return ""
    host = _MOBILE_LABEL.sub("", _ALIAS_HOST.sub("", _host(parts)))
    port = f":{parts.port}" if parts.port not in {None, *_PORTS.values()} else ""
    path = _AMP_FOLDER.sub("", parts.path)
    path = _INDEX_FILE.sub("/", path).rstrip("/")
    path = _AMP_PATH.sub("", path).rstrip("/")
    query = "&".join(name for name in parts.query.split("&") if name and not _AMP_QUERY.fullmatch(name))
    tail = path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return host + port + tail if tail else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_web else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return quote(host)


def _escaped(text: str) -> str:
    return quote(_ESCAPE.sub(_escape, text), safe=_SAFE)


def _escape(found: re.Match[str]) -> str:
    if found.group(1) is None:
        return "%25"
    character = unquote(found.group(), encoding="latin-1")
    return character if _UNRESERVED.fullmatch(character) else found.group().upper()


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    ends_in_folder = path.endswith(("/.", "/.."))
    return "/".join(kept) + ("/" if ends_in_folder else "")


def _parameters(query: str) -> list[str]:
    query = _ESCAPED_TWICE.sub(r"\1", query)
    parameters = [_escaped(parameter) for parameter in query.split("&") if parameter]
    kept = [parameter for parameter in parameters if not is_tracking(parameter)]
    return sorted(kept, key=lambda parameter: parameter.partition("=")[0])


def _out_of_cache(url: str) -> str:
    found = _AMP_CACHE.fullmatch(url.partition("://")[2])
    if not found:
        return url
    is_secure = found["cache"] or found["google"]
    return canonical_url(f"{'https' if is_secure else 'http'}://{found['rest']}")
