"""Where the feeds of known sites are, without asking."""

from __future__ import annotations

import pytest

from monitor.parse import common_feeds, known_feeds

VIDEOS = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.youtube.com/channel/UC123_-x/videos", [f"{VIDEOS}?channel_id=UC123_-x"]),
        ("https://youtube.com/user/someone", [f"{VIDEOS}?user=someone"]),
        ("https://www.youtube.com/playlist?list=PL1", [f"{VIDEOS}?playlist_id=PL1"]),
        ("https://www.youtube.com/@handle", []),
        ("https://github.com/owner/project", [f"https://github.com/owner/project/{kind}.atom"
                                              for kind in ("releases", "commits", "tags")]),
        ("https://github.com/owner/project/releases/latest", ["https://github.com/owner/project/releases.atom"]),
        ("https://github.com/owner/project/commits/main", ["https://github.com/owner/project/commits/main.atom"]),
        ("https://github.com/owner", ["https://github.com/owner.atom"]),
        ("https://github.com/explore", []),
        ("https://gitlab.com/group/sub/project/-/issues", [
            "https://gitlab.com/group/sub/project/-/releases.atom",
            "https://gitlab.com/group/sub/project/-/tags?format=atom", "https://gitlab.com/group/sub/project.atom"]),
        ("https://mastodon.example/@someone/1234", ["https://mastodon.example/@someone.rss"]),
        ("https://mastodon.example/tags/tariffs", ["https://mastodon.example/tags/tariffs.rss"]),
        ("https://old.reddit.com/r/Metals/top", ["https://www.reddit.com/r/Metals/.rss"]),
        ("https://www.reddit.com/u/someone", ["https://www.reddit.com/user/someone/.rss"]),
        ("https://someone.substack.com/p/a-post", ["https://someone.substack.com/feed"]),
        ("https://someone.wordpress.com/2025/", ["https://someone.wordpress.com/feed/"]),
        ("https://medium.com/@someone/a-post", ["https://medium.com/feed/@someone"]),
        ("https://someone.medium.com/", ["https://someone.medium.com/feed"]),
        ("https://bsky.app/profile/a.example/post/1", ["https://bsky.app/profile/a.example/rss"]),
        ("https://someone.blogspot.com/2025/10/", ["https://someone.blogspot.com/feeds/posts/default"]),
        ("https://news.ycombinator.com/item?id=1", ["https://news.ycombinator.com/rss"]),
        ("https://www.example.org/a", []),
        ("https://[bad/", []),
    ],
)  # fmt: skip
def test_feeds_of_known_sites_are_known_by_rule(url: str, expected: list[str]) -> None:
    assert list(known_feeds(url)) == expected


def test_common_paths_are_below_the_page_first_then_at_the_root() -> None:
    found = common_feeds("https://a.example:8443/blog/?x=1")

    assert found[:3] == (
        "https://a.example:8443/blog/feed/", "https://a.example:8443/blog/rss.xml", "https://a.example:8443/feed/",
    )  # fmt: skip
    assert len(found) == len(set(found)) <= 13
