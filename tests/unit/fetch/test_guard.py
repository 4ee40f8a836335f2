from __future__ import annotations

import socket
from ipaddress import ip_network

import pytest

from monitor.fetch.guard import AddressRefused, Guard

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "151.101.1.140",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.167.255.255",
    "198.17.255.255",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "2001:4860:4860::8888",
    "2400:cb00::1",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
    "64:ff9b::808:808",
    "::8.8.8.8",
]

FORBIDDEN = [
    ("0.0.0.0", "this network"),
    ("0.1.2.3", "this network"),
    ("10.0.0.1", "private"),
    ("10.255.255.255", "private"),
    ("100.64.0.1", "shared by a carrier"),
    ("100.127.255.255", "shared by a carrier"),
    ("127.0.0.1", "loopback"),
    ("127.8.9.10", "loopback"),
    ("169.254.0.1", "link-local"),
    ("169.254.169.254", "link-local"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.1", "protocol assignments"),
    ("192.0.0.171", "protocol assignments"),
    ("192.0.2.7", "private"),
    ("192.88.99.1", "6to4 relays"),
    ("192.168.1.1", "private"),
    ("198.18.0.1", "benchmarks"),
    ("198.19.255.255", "benchmarks"),
    ("198.51.100.1", "private"),
    ("203.0.113.9", "private"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "private"),
    ("255.255.255.255", "private"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::127.0.0.1", "loopback"),
    ("::10.0.0.1", "private"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:10.1.1.1", "private"),
    ("::ffff:169.254.169.254", "link-local"),
    ("::ffff:0:0", "this network"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::a00:1", "private"),
    ("64:ff9b::a9fe:a9fe", "link-local"),
    ("64:ff9b:1::7f00:1", "loopback"),
    ("64:ff9b:1::808:808", "local translation"),
    ("64:ff9b:1:abcd::1", "this network"),
    ("100::1", "discarded"),
    ("2001::1", "this network"),
    ("2001:0:7f00:1::808:808", "loopback"),
    ("2001:0:808:808:0:0:80ff:fffe", "loopback"),
    ("2001:2::1", "protocol assignments"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::", "loopback"),
    ("2002:a00:1::1", "private"),
    ("2002:c0a8:101::1", "private"),
    ("2002:e000:1::1", "multicast"),
    ("3fff::1", "documentation"),
    ("4000::1", "reserved"),
    ("5f00::1", "segment routing"),
    ("8000::1", "reserved"),
    ("fc00::1", "private"),
    ("fd12:3456:789a::1", "private"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
    ("not an address", "not an IP address"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_reached(address: str) -> None:
    assert Guard().refuse(address) == ""


@pytest.mark.parametrize(("address", "reason"), FORBIDDEN)
def test_special_addresses_are_refused_with_their_reason(address: str, reason: str) -> None:
    assert Guard().refuse(address) == reason


@pytest.mark.parametrize(
    ("network", "address", "is_allowed"),
    [
        ("192.168.1.0/24", "192.168.1.9", True),
        ("192.168.1.0/24", "192.168.2.9", False),
        ("192.168.1.0/24", "::ffff:192.168.1.9", True),
        ("127.0.0.0/8", "64:ff9b::7f00:1", True),
        ("127.0.0.0/8", "::1", False),
        ("::1/128", "::1", True),
        ("fd00::/8", "fd12::1", True),
        ("64:ff9b:1::/48", "64:ff9b:1::808:808", True),
        ("::ffff:0:0/96", "::ffff:127.0.0.1", True),
    ],
)
def test_a_listed_network_is_permitted_and_nothing_beside_it(network: str, address: str, is_allowed: bool) -> None:
    assert (Guard([ip_network(network)]).refuse(address) == "") is is_allowed


def test_a_socket_is_made_only_for_a_permitted_address() -> None:
    guard = Guard([ip_network("127.0.0.2/32")])

    guard.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 80))).close()
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 is refused: loopback"):
        guard.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))
