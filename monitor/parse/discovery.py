"""Where the feeds of a site are: by rule for sites that are known, else by the paths that feeds commonly have.

What a page itself says (`<link rel="alternate">`) is read by `monitor.clean`. Both only name addresses to be tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

COMMON_PATHS = (
    *("/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss", "/feed.json"),
    *("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml"),
)
_NAME = r"[\w.~-]+"
_GITHUB_OWN = frozenset(
    {"about", "explore", "features", "issues", "login", "marketplace", "orgs", "settings", "topics"}
)


def known_feeds(url: str) -> tuple[str, ...]:
    """Return the addresses of feeds of a page on a site whose rule is known, the likeliest first; without asking.

    YouTube, GitHub, GitLab, Mastodon, Reddit, Substack, WordPress.com, Medium, Bluesky, Blogger, Hacker News.
    """
    parts = _parts(url)
    if parts is None:
        return ()
    host, path, query = parts
    found = [address for matches, rule in _RULES if matches(host) for address in rule(host, path, query)]
    return tuple(dict.fromkeys(found))


def common_feeds(url: str) -> tuple[str, ...]:
    """Return the addresses at which the site of a page may have feeds or news sitemaps, the likeliest first."""
    split = urlsplit(url)
    root = f"{split.scheme}://{split.netloc}"
    folder = split.path.rstrip("/")
    below = [f"{root}{folder}/feed/", f"{root}{folder}/rss.xml"] if folder else []
    return tuple(dict.fromkeys([*below, *(root + path for path in COMMON_PATHS)]))


def _parts(url: str) -> tuple[str, list[str], dict[str, list[str]]] | None:
    try:
        split = urlsplit(url)
        host = (split.hostname or "").lower()
        return host, [part for part in split.path.split("/") if part], parse_qs(split.query)
    except ValueError:
        return None


def _youtube(_host: str, path: list[str], query: dict[str, list[str]]) -> list[str]:
    base = "https://www.youtube.com/feeds/videos.xml"
    if lists := query.get("list"):
        return [f"{base}?playlist_id={quote(lists[0])}"]
    match path:
        case ["channel", name, *_]:
            return [f"{base}?channel_id={quote(name)}"]
        case ["user", name, *_]:
            return [f"{base}?user={quote(name)}"]
    return []  # the page of a handle (/@name) names its channel


def _github(_host: str, path: list[str], _query: dict[str, list[str]]) -> list[str]:
    match path:
        case [owner] if owner not in _GITHUB_OWN and re.fullmatch(_NAME, owner):
            return [f"https://github.com/{owner}.atom"]
        case [owner, project, kind, *rest] if kind in {"releases", "tags", "commits"} and owner not in _GITHUB_OWN:
            branch = f"/{'/'.join(rest)}" if kind == "commits" and rest else ""
            return [f"https://github.com/{owner}/{project}/{kind}{branch}.atom"]
        case [owner, project, *_] if owner not in _GITHUB_OWN:
            return [f"https://github.com/{owner}/{project}/{kind}.atom" for kind in ("releases", "commits", "tags")]
    return []


def _gitlab(host: str, path: list[str], _query: dict[str, list[str]]) -> list[str]:
    project = path[: path.index("-")] if "-" in path else path
    if len(project) < 2:
        return [f"https://{host}/{project[0]}.atom"] if project else []
    base = f"https://{host}/{'/'.join(project)}"
    return [f"{base}/-/releases.atom", f"{base}/-/tags?format=atom", f"{base}.atom"]


def _reddit(_host: str, path: list[str], _query: dict[str, list[str]]) -> list[str]:
    match path:
        case [("r" | "u" | "user") as kind, name, *_]:
            return [f"https://www.reddit.com/{'r' if kind == 'r' else 'user'}/{name}/.rss"]
    return ["https://www.reddit.com/.rss"] if not path else []


def _medium(host: str, path: list[str], _query: dict[str, list[str]]) -> list[str]:
    if host != "medium.com":
        return [f"https://{host}/feed"]
    return [f"https://medium.com/feed/{path[0]}"] if path and path[0] != "feed" else []


def _bluesky(_host: str, path: list[str], _query: dict[str, list[str]]) -> list[str]:
    return [f"https://bsky.app/profile/{path[1]}/rss"] if path[:1] == ["profile"] and len(path) > 1 else []


def _hacker_news(_host: str, _path: list[str], _query: dict[str, list[str]]) -> list[str]:
    return ["https://news.ycombinator.com/rss"]


def _own_domain(path_of_feed: str) -> _Rule:
    return lambda host, _path, _query: [f"https://{host}{path_of_feed}"]


def _mastodon(host: str, path: list[str], _query: dict[str, list[str]]) -> list[str]:
    """Of `/@name` and `/tags/name`, on whatever host: Mastodon and its like run on thousands."""
    if path and re.fullmatch(rf"@{_NAME}", path[0]) and not path[0].endswith(".rss"):
        return [f"https://{host}/{path[0]}.rss"]
    if path[:1] == ["tags"] and len(path) == 2 and not path[1].endswith(".rss"):
        return [f"https://{host}/tags/{path[1]}.rss"]
    return []


_Rule = Callable[[str, list[str], dict[str, list[str]]], list[str]]
_Host = Callable[[str], bool]


def _on(*names: str) -> _Host:
    return lambda host: any(host in {name, f"www.{name}"} for name in names)


def _below(*names: str) -> _Host:
    return lambda host: any(host.endswith(f".{name}") and host != f"www.{name}" for name in names)


_HANDLES_OF_OTHERS = _on("youtube.com", "m.youtube.com", "medium.com", "substack.com", "tiktok.com", "threads.net")
_RULES: tuple[tuple[_Host, _Rule], ...] = (
    (_on("youtube.com", "m.youtube.com"), _youtube),
    (_on("github.com"), _github),
    (lambda host: host == "gitlab.com" or host.startswith("gitlab."), _gitlab),
    (_on("reddit.com", "old.reddit.com", "new.reddit.com"), _reddit),
    (_below("substack.com"), _own_domain("/feed")),
    (_below("wordpress.com"), _own_domain("/feed/")),
    (lambda host: _on("medium.com")(host) or _below("medium.com")(host), _medium),
    (_on("bsky.app"), _bluesky),
    (_below("blogspot.com"), _own_domain("/feeds/posts/default")),
    (_on("news.ycombinator.com"), _hacker_news),
    (lambda host: not _HANDLES_OF_OTHERS(host), _mastodon),
)
