"""Where the hub may go: addresses of the public internet, and networks that were opened to it.

The standard library's `is_global` calls several forbidden addresses global (6to4, NAT64 and
IPv4-compatible forms of private ones, site-local, multicast), so the table is our own, after the
IANA special-purpose registries (https://www.iana.org/assignments/iana-ipv4-special-registry,
…/iana-ipv6-special-registry). An IPv4 address carried inside an IPv6 one is taken out and judged.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, with the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)

#: All global unicast addresses; what else IPv6 has is for other uses.
GLOBAL_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")


#: What ends like this is no name but an address in an old spelling, such as `127.1`.
ENDS_IN_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


def address_from(host: str) -> Address | None:
    """The address that `host` spells, in the usual way or an old one, or `None` for a name.

    Resolvers take `127.1`, `0x7f000001` and `2130706433` for addresses
    (https://url.spec.whatwg.org/#ends-in-a-number-checker), so they are read as such here.
    """
    try:
        return ip_address(host)
    except ValueError:
        if not ENDS_IN_NUMBER.search(host):
            return None
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that routers on the way may take out of `address`, if there is one.

    Mapped (RFC 4291), NAT64 (RFC 6052) and 6to4 (RFC 3056) only: the deprecated
    IPv4-compatible form, Teredo and the NAT64 prefix for local use are never public.
    """
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in SIX_TO_FOUR:
        return address.sixtofour
    return None


def is_public(address: Address) -> bool:
    """Whether `address` belongs to the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_V4)
    inner = embedded(address)
    if inner is not None:
        return is_public(inner)
    return address in GLOBAL_V6 and not any(address in network for network in NOT_PUBLIC_V6)


def is_allowed(address: Address, networks: Iterable[Network]) -> bool:
    """Whether an administrator opened a network that holds `address`.

    A mapped address is the IPv4 address itself; the other wrappings lead elsewhere.
    """
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    judged = mapped or address
    return any(judged in network for network in networks if network.version == judged.version)
