from __future__ import annotations

from ipaddress import ip_network

import pytest

from ckanext.emergent.reading.network.address import address_from, is_allowed, is_public

NOT_PUBLIC = {
    "loopback": "127.0.0.1 127.0.1.1 ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 2002:7f00:1:: "
    "64:ff9b::7f00:1 64:ff9b::127.0.0.1",
    "link-local": "169.254.169.254 ::ffff:a9fe:a9fe 2002:a9fe:a9fe:: 64:ff9b::a9fe:a9fe fe80::1 "
    "febf::1 fe80::1%eth0",
    "private": "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 ::ffff:a00:1 64:ff9b::a00:1 "
    "2002:a00:1:: fc00::1 fd12:3456::1",
    "site-local": "fec0::1 feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "carriers": "100.64.0.1 100.127.255.254 ::ffff:6440:1",
    "reserved": "240.0.0.1 255.255.255.255 ::7f00:1 ::127.0.0.1 ::808:808",
    "multicast": "224.0.0.1 239.255.255.255 ff00::1 ff02::1",
    "unspecified": "0.0.0.0 0.1.2.3 :: ::ffff:0.0.0.0",
    "NAT64 for local use": "64:ff9b:1::a00:1 64:ff9b:1::808:808",
    "Teredo": "2001::80ff:fffe 2001:0:4136:e378:8000:63bf:f7f7:f7f7",
    "protocols": "192.0.0.1 192.0.0.170 192.88.99.1 2001:2::1 2001:20::1 100::1",
    "benchmarks": "198.18.0.1 198.19.255.255",
    "documentation": "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1",
    "old spellings": "127.1 0x7f000001 2130706433 0177.0.0.1 127.0.0.1. 0x7f.1 10.1",
}
PUBLIC = (
    "8.8.8.8 142.42.1.1 1.1.1.1 172.32.0.1 172.15.255.255 100.63.255.255 100.128.0.1 11.0.0.1 "
    "2a00:1450:4007:80e::2004 2606:4700::1111 2001:200::1 2001:4860:4860::8888 ::ffff:8.8.8.8 "
    "64:ff9b::8.8.8.8 64:ff9b::808:808 2002:808:808::"
)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, all_ in NOT_PUBLIC.items() for text in all_.split()]
)
def test_addresses_that_are_not_public_are_refused(kind: str, text: str) -> None:
    address = address_from(text)

    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize("text", PUBLIC.split())
def test_public_addresses_are_allowed(text: str) -> None:
    address = address_from(text)

    assert address is not None
    assert is_public(address)


@pytest.mark.parametrize("text", ["example.org", "1.example.org", "a1", "0x7f000001.org", "", "."])
def test_a_name_is_no_address(text: str) -> None:
    assert address_from(text) is None


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("127.0.0.1", "127.0.0.0/8"),
        ("::ffff:127.0.0.1", "127.0.0.1/32"),
        ("fd12::7", "fd12::/16"),
    ],
)
def test_an_administrators_own_network_is_open(text: str, network: str) -> None:
    address = address_from(text)

    assert address is not None
    assert is_allowed(address, [ip_network(network)])


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("127.0.0.2", "127.0.0.1/32"),
        ("64:ff9b::7f00:1", "127.0.0.0/8"),
        ("2002:7f00:1::", "127.0.0.0/8"),
        ("10.0.0.1", "fd12::/16"),
    ],
)
def test_opening_one_network_opens_no_other(text: str, network: str) -> None:
    address = address_from(text)

    assert address is not None
    assert not is_allowed(address, [ip_network(network)])
