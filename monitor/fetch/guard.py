"""Where we may connect: public addresses only, unless the user listed their network.

The check is made in the socket factory, on the very address the socket is for. A name that resolves to another address
the second time, an IP literal or a redirect to one cannot get round it; a check of names or in the resolver can.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
AddrInfo = tuple[int, int, int, str, tuple[Any, ...]]

# Source: RFC 6052 and 8215 (NAT64), RFC 4291 2.5.5.1 (IPv4-compatible).
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_COMPATIBLE = IPv6Network("::/96")

# Source: the IANA special-purpose registries. Those that `ipaddress` of some supported Python calls global.
_SPECIAL = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network"),
        ("100.64.0.0/10", "shared by a carrier"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.88.99.0/24", "6to4 relays"),
        ("198.18.0.0/15", "benchmarks"),
        ("100::/64", "discarded"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("64:ff9b:1::/48", "local translation"),
    )
)

# The addresses refused to the fetch that runs in this context. aiohttp folds the errors of several addresses into one
# that has lost its class, so what was refused is written down where it is refused.
refused: ContextVar[list[str]] = ContextVar("refused")


class AddressRefused(OSError):
    """No socket is made for this address. An OSError, since only those survive aiohttp's race of addresses."""


class Guard:
    """Makes sockets for permitted addresses.

    Args:
        allow_networks: networks permitted although they are private or special.
    """

    def __init__(self, allow_networks: Sequence[Network] = ()) -> None:
        self._allow_networks = tuple(allow_networks)

    def open_socket(self, addr_info: AddrInfo) -> socket.socket:
        """Return a new socket for this address.

        Raises:
            AddressRefused: it is private or special, and not in a permitted network.
        """
        family, kind, protocol, _, target = addr_info
        reason = self.refuse(str(target[0]))
        if reason:
            refused.get([]).append(f"{target[0]} ({reason})")
            raise AddressRefused(f"{target[0]} is refused: {reason}")
        return socket.socket(family=family, type=kind, proto=protocol)

    def refuse(self, address: str) -> str:
        """Return why we may not connect to an address; empty: we may."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return "not an IP address"
        if self._allows(found):
            return ""
        return next((why for inner in _unwrap(found) if not self._allows(inner) and (why := judge(inner))), "")

    def _allows(self, address: Address) -> bool:
        return any(address in network for network in self._allow_networks)


def judge(address: Address) -> str:
    """Return what makes an address special (`loopback`, `private`, …); empty: it is public. Not unwrapped."""
    for network, reason in _SPECIAL:
        if address in network:
            return reason
    for name in ("unspecified", "loopback", "link_local", "multicast"):
        if getattr(address, f"is_{name}"):
            return name.replace("_", "-")
    if isinstance(address, IPv6Address) and address.is_site_local:
        return "site-local"
    if address.is_private:
        return "private"
    return "" if address.is_global and not address.is_reserved else "reserved"


def _unwrap(address: Address) -> tuple[Address, ...]:
    """Return the addresses that packets to this one reach: those of IPv4 hidden in it, else itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    hidden = address.ipv4_mapped or address.sixtofour
    if hidden:
        return (hidden,)
    if address.teredo:
        return address.teredo
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return (_last_32_bits(address),)
    return (_last_32_bits(address), address) if address in _NAT64_LOCAL else (address,)


def _last_32_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
