from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from monitor.fetch.faults import Fault
from monitor.fetch.urls import MAX_URL_CHARS, host_of, read_url
from monitor.model import Problem

PORTS = ((80, 80), (443, 443), (8000, 8999))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.example/feed", "http://a.example/feed"),
        ("  https://a.example/feed\n", "https://a.example/feed"),
        ("HTTPS://A.Example/Feed", "https://a.example/Feed"),
        ("http://a.example", "http://a.example"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("http://a.example/a b?q=c d", "http://a.example/a%20b?q=c+d"),
        ("http://a.example/x#part", "http://a.example/x"),
        ("http://a.example./x", "http://a.example./x"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://例え.jp/記事", "http://xn--r8jz45g.jp/%E8%A8%98%E4%BA%8B"),
        ("http://a.example/?u=http://b:c@d.example", "http://a.example/?u=http://b:c@d.example"),
        ("http://1.2.3.4/", "http://1.2.3.4/"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("http://1.example/", "http://1.example/"),
        ("http://localhost/", "http://localhost/"),
    ],
)
def test_an_address_is_read_as_it_will_be_asked_for(text: str, expected: str) -> None:
    assert str(read_url(text, PORTS)) == expected


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "the address is empty"),
        ("notaurl", "notaurl is not an address: it must start with http:// or https://"),
        ("a.example/feed", "a.example/feed is not an address: it must start with http:// or https://"),
        ("//a.example/feed", "//a.example/feed is not an address: it must start with http:// or https://"),
        ("ftp://a.example/", "the address starts with ftp: but must start with http:// or https://"),
        ("file:///etc/passwd", "the address starts with file: but must"),
        ("javascript:alert(1)", "the address starts with javascript: but must"),
        ("gopher://a.example:80/", "the address starts with gopher: but must"),
        ("http://", "the address names no host"),
        ("http:///x", "the address names no host"),
        ("http://./", "the address names no host"),
        ("http:// /", "cannot be the name of a host"),
        ("http://a b/", "cannot be the name of a host"),
        ("http://a%20b/", "cannot be"),
        ("http://user@a.example/", "a login stands in the address"),
        ("http://user:pass@a.example/", "a login stands in the address"),
        ("http://:pass@a.example/", "a login stands in the address"),
        ("http://a.example:22/", "port 22 is not in allow_ports"),
        ("http://a.example:0/", "port 0 is not in allow_ports"),
        ("http://a.example:99999/", "cannot be read"),
        ("http://a.example:x/", "cannot be read"),
        ("http://[::1/", "cannot be read"),
        ("http://[]@", "cannot be read"),
        ("http://127.1/", "neither a name nor a plain IPv4 address"),
        ("http://2130706433/", "neither a name nor a plain IPv4 address"),
        ("http://0x7f.0.0.1/", "neither a name nor a plain IPv4 address"),
        ("http://0x7f000001/", "neither a name nor a plain IPv4 address"),
        ("http://0177.0.0.1/", "neither a name nor a plain IPv4 address"),
        ("http://1.2.3.4.5/", "neither a name nor a plain IPv4 address"),
        ("http://a.example/\x00", "control characters"),
        ("http://a.example/\r\nHost: b", "control characters"),
        ("http://a.example/" + "x" * MAX_URL_CHARS, "at most 8000"),
    ],
)
def test_what_may_not_be_asked_for_is_named(text: str, detail: str) -> None:
    with pytest.raises(Fault) as caught:
        read_url(text, PORTS)

    assert caught.value.failure.problem is Problem.BAD_URL
    assert detail in caught.value.failure.detail


@pytest.mark.parametrize(
    ("base", "text", "expected"),
    [
        ("http://a.example/b/c", "d", "http://a.example/b/d"),
        ("http://a.example/b/c", "/d?e=f", "http://a.example/d?e=f"),
        ("https://a.example/b", "//b.example/c", "https://b.example/c"),
        ("http://a.example/b", "?page=2", "http://a.example/b?page=2"),
        ("http://a.example/b", "http://c.example:8080/", "http://c.example:8080/"),
    ],
)
def test_a_link_is_read_on_the_page_it_stands_on(base: str, text: str, expected: str) -> None:
    assert str(read_url(text, PORTS, base=URL(base))) == expected


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://a.example:8080/", "a.example"),
        ("http://A.EXAMPLE./", "a.example"),
        ("http://[::1]:80/", "::1"),
        ("http://bücher.example/", "xn--bcher-kva.example"),
    ],
)
def test_a_host_is_counted_by_its_name_whatever_the_port(url: str, host: str) -> None:
    assert host_of(URL(url)) == host


@given(st.text() | st.text(alphabet="htp:/@[]%.#?&=0x1a é\\").map("http://{}".format))
def test_any_text_is_an_address_that_may_be_asked_for_or_a_named_fault(text: str) -> None:
    try:
        url = read_url(text, PORTS)
    except Fault as caught:
        fault, url = caught, None

    if url is None:
        assert fault.failure.problem is Problem.BAD_URL
    else:
        assert url.scheme in {"http", "https"}
        assert read_url(str(url), PORTS) == url
