from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedupe import canonical_url, url_key

_PLAIN = "https://ex.org/news/a"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        # scheme, host, port
        ("HTTPS://EX.ORG/News/A", "https://ex.org/News/A"),
        ("https://ex.org", "https://ex.org/"),
        ("https://ex.org./news", "https://ex.org/news"),
        ("http://ex.org:80/a", "http://ex.org/a"),
        ("https://ex.org:443/a", "https://ex.org/a"),
        ("https://ex.org:8443/a", "https://ex.org:8443/a"),
        ("http://ex.org:443/a", "http://ex.org:443/a"),
        ("https://ex.org:/a", "https://ex.org/a"),
        ("https://Bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://新闻.example/a", "https://xn--efvy88h.example/a"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("https://me:pw@ex.org/a", "https://me:pw@ex.org/a"),
        ("  https://ex.org/a\n", "https://ex.org/a"),
        # path
        ("https://ex.org/a.do;jsessionid=1A2B.node3", "https://ex.org/a.do"),
        ("https://ex.org/a;JSESSIONID=1A2B/b;v=1?x=1", "https://ex.org/a/b;v=1?x=1"),
        ("https://ex.org/a?x=1&amp;y=2&amp;utm_source=rss", "https://ex.org/a?x=1&y=2"),
        ("https://ex.org/a?amp;x=1&amp=1", "https://ex.org/a?amp=1&x=1"),
        ("https://ex.org/a/./b/../c", "https://ex.org/a/c"),
        ("https://ex.org/../../a", "https://ex.org/a"),
        ("https://ex.org/a/..", "https://ex.org/"),
        ("https://ex.org/a/b/.", "https://ex.org/a/b/"),
        ("https://ex.org/%7Eme/%61", "https://ex.org/~me/a"),
        ("https://ex.org/a%2fb", "https://ex.org/a%2Fb"),
        ("https://ex.org/50%", "https://ex.org/50%25"),
        ("https://ex.org/ä ö", "https://ex.org/%C3%A4%20%C3%B6"),
        ("https://ex.org/a//b/", "https://ex.org/a//b/"),
        ("https://ex.org/a;v=1", "https://ex.org/a;v=1"),
        # query
        ("https://ex.org/a?b=2&a=1", "https://ex.org/a?a=1&b=2"),
        ("https://ex.org/a?x=2&x=1", "https://ex.org/a?x=2&x=1"),
        ("https://ex.org/a?", "https://ex.org/a"),
        ("https://ex.org/a?&&b=1&", "https://ex.org/a?b=1"),
        ("https://ex.org/a?12345", "https://ex.org/a?12345"),
        ("https://ex.org/a?q=ä+b%20c", "https://ex.org/a?q=%C3%A4+b%20c"),
        ("https://ex.org/a?q=%e4", "https://ex.org/a?q=%E4"),
        # fragment
        ("https://ex.org/a#comments", "https://ex.org/a"),
        ("https://ex.org/a#:~:text=rare%20earth", "https://ex.org/a"),
        ("https://ex.org/#!/a/1", "https://ex.org/#!/a/1"),
        ("https://ex.org/app#/news/7", "https://ex.org/app#/news/7"),
        # not the web's
        ("mailto:a@ex.org", "mailto:a@ex.org"),
        ("ftp://ex.org/A", "ftp://ex.org/A"),
        ("not an address", "not an address"),
        ("https://", "https://"),
        ("http://[bad", "http://[bad"),
        ("https://ex.org:99999/a", "https://ex.org:99999/a"),
        ("", ""),
    ],
)
def test_canonical_url(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "parameter",
    [
        "utm_source=x",
        "UTM_Medium=rss",
        "utm_id=1",
        "fbclid=A",
        "gclid=A",
        "dclid=A",
        "gclsrc=aw",
        "msclkid=A",
        "twclid=A",
        "ttclid=A",
        "yclid=1",
        "gbraid=A",
        "wbraid=A",
        "igshid=A",
        "igsh=A",
        "mc_cid=1",
        "mc_eid=2",
        "mkt_tok=A",
        "ref=home",
        "ref_src=twsrc",
        "cmpid=rss",
        "CMP=share_btn",
        "ns_mchannel=social",
        "ns_source=x",
        "at_medium=RSS",
        "at_campaign=KARANGA",
        "smid=tw",
        "output=amp",
        "xtor=RSS-1",
        "ocid=msedg",
        "mbid=s",
        "ncid=x",
        "_ga=1.2",
        "_gl=1*a",
        "_hsenc=p",
        "_hsmi=1",
        "guccounter=1",
        "guce_referrer=x",
        "wt_mc=a",
        "WT.mc_id=a",
        "__twitter_impression=true",
        "source=rss",
        "partner=feed",
        "via=twitter",
        "feature=youtu.be",
        "s_cid=1",
        "sref=x",
        "ITO=1490",
        "srsltid=AfmBOoq",
        "amp;utm_source=x",
        "amp;amp;utm_source=x",
        "PHPSESSID=a1b2",
        "jsessionid=A1.node2",
    ],
)
def test_tracking_parameters_are_dropped(parameter: str) -> None:
    assert canonical_url(f"{_PLAIN}?{parameter}") == _PLAIN
    assert canonical_url(f"{_PLAIN}?id=7&{parameter}&z=1") == f"{_PLAIN}?id=7&z=1"


@pytest.mark.parametrize(
    "url",
    [
        "http://ex.org/news/a",
        "https://www.ex.org/news/a",
        "https://www2.ex.org/news/a",
        "https://m.ex.org/news/a",
        "https://mobile.ex.org/news/a",
        "https://amp.ex.org/news/a",
        "https://www.m.ex.org/news/a",
        "https://ex.org/news/a/",
        "https://ex.org/news/a/amp",
        "https://ex.org/news/a/amp/",
        "https://ex.org/amp/news/a",
        "https://ex.org/news/a.amp",
        "https://ex.org/news/a?amp",
        "https://ex.org/news/a?amp=1",
        "https://ex.org/news/a?outputType=amp",
        "https://ex.org/news/a/index.html",
        "https://ex.org/news/a/index.php",
        "https://ex.org/news/a/default.aspx",
        "https://ex.org/news/a#comments",
        "https://ex.org/news/a?utm_source=rss",
        "https://ex.org:443/news/a",
        "https://me@ex.org/news/a",
        "https://ex-org.cdn.ampproject.org/c/s/ex.org/news/a",
        "https://ex-org.cdn.ampproject.org/v/s/www.ex.org/news/a/amp/?usqp=mq331AQ&amp_js_v=0.1",
        "https://ex-org.cdn.ampproject.org/c/ex.org/news/a",
        "https://www.google.com/amp/s/ex.org/news/a",
        "https://www.google.co.uk/amp/s/amp.ex.org/news/a",
        "https://www-ex-org.bing-amp.com/c/s/www.ex.org/news/a",
    ],
)
def test_addresses_of_one_page_share_a_key(url: str) -> None:
    assert url_key(url) == url_key(_PLAIN) == "ex.org/news/a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://ex.org/a?id=1", "https://ex.org/a?id=2"),
        ("https://ex.org/a?id=1", "https://ex.org/a"),
        ("https://ex.org/?p=12", "https://ex.org/?p=13"),
        ("https://ex.org/index.php?id=1", "https://ex.org/index.php?id=2"),
        ("https://ex.org/a?page=2", "https://ex.org/a"),
        ("https://ex.org/a?page=2", "https://ex.org/a?page=3"),
        ("https://ex.org/a/2", "https://ex.org/a/3"),
        ("https://ex.org/a", "https://ex.org/A"),
        ("https://ex.org/a", "https://ex.com/a"),
        ("https://news.ex.org/a", "https://ex.org/a"),
        ("https://en.ex.org/a", "https://de.ex.org/a"),
        ("https://ex.org:8080/a", "https://ex.org/a"),
        ("https://ex.org/a?source=12", "https://ex.org/a?source=13"),
        ("https://ex.org/a?from=2025-10-01", "https://ex.org/a?from=2025-10-02"),
        ("https://ex.org/watch?v=1", "https://ex.org/watch?v=2"),
        ("https://ex.org/a?lang=de", "https://ex.org/a?lang=en"),
        ("https://ex.org/#!/a", "https://ex.org/#!/b"),
        ("https://ex.org/app#/a", "https://ex.org/app#/b"),
        ("https://ex.org/a%2Fb", "https://ex.org/a/b"),
        ("https://ex.org/camp", "https://ex.org/c"),
        ("https://ex.org/a.html", "https://ex.org/a"),
        ("https://ex.org/example", "https://ex.org/exle"),
        ("https://team.ex.org/a", "https://teaex.org/a"),
    ],
)
def test_different_pages_keep_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "url",
    [
        "https://ex.org",
        "https://www.ex.org/",
        "http://ex.org/index.html",
        "https://ex.org/?utm_source=rss",
        "https://ex.org/#top",
        "https://m.ex.org/",
        "mailto:a@b",
        "",
        "ex.org/a",
        "http://[bad",
        "javascript:alert(1)",
    ],
)
def test_a_front_page_has_no_key(url: str) -> None:
    assert url_key(url) == ""


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://m.co/a", "m.co/a"),
        ("https://amp.dev/a", "amp.dev/a"),
        ("https://www.de/a", "www.de/a"),
        ("https://ex.org/amp", "ex.org/amp"),
        ("https://en.m.wiki.org/a", "en.wiki.org/a"),
        ("https://ex.org/a.amp.html", "ex.org/a.html"),
    ],
)
def test_names_that_only_look_like_aliases_stay(url: str, key: str) -> None:
    assert url_key(url) == key


_PIECES = st.sampled_from(
    [
        "http://",
        "https://",
        "HTTPS://",
        "ex.org",
        "www.",
        "m.",
        "ü",
        ":80",
        ":443",
        ":",
        "/",
        "..",
        ".",
        "a",
        "amp",
        ".amp",
        "%41",
        "%",
        "%zz",
        "%2f",
        "?",
        "&",
        "=",
        "utm_a=1",
        "b=2",
        "#",
        "!",
        "index.html",
        " ",
        "@",
        "[",
        "]",
        ";",
        "+",
        "\\",
        "\t",
        "日",
        "cdn.ampproject.org/c/s/",
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text())
def test_canonical_is_idempotent(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_the_key_is_that_of_the_canonical_url(url: str) -> None:
    assert url_key(url) == url_key(canonical_url(url))


@given(st.permutations(["a=1", "b=2", "utm_source=x", "c", "d=%41"]))
def test_the_order_of_parameters_makes_no_difference(parameters: list[str]) -> None:
    assert canonical_url(f"{_PLAIN}?{'&'.join(parameters)}") == f"{_PLAIN}?a=1&b=2&c&d=A"
