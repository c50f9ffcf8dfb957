"""Values made acceptable for CKAN, or left out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.mapping.acceptable import (
    email_from,
    has_plain_host,
    iso_date_from,
    tag_from,
    web_address_from,
)


@pytest.mark.parametrize(
    ("keyword", "tag"),
    [
        ("air quality", "air quality"),
        ("covid-19", "covid-19"),
        ("#OpenDataSavesLives", "OpenDataSavesLives"),
        ("Arts, Crafts & Sewing", "Arts Crafts and Sewing"),
        ("  B2C\n", "B2C"),
        ("Straßenverkehr", "Straßenverkehr"),
    ],
)
def test_a_keyword_is_cleaned_to_a_tag(keyword: str, tag: str) -> None:
    assert tag_from(keyword) == tag


@pytest.mark.parametrize("keyword", ["", "x", "🚆", "y" * 101])
def test_a_keyword_that_cannot_be_a_tag_is_none(keyword: str) -> None:
    assert tag_from(keyword) is None


@given(st.text())
def test_every_tag_passes_ckans_rule(keyword: str) -> None:
    tag = tag_from(keyword)
    assert tag is None or (re.fullmatch(r"[\w \-.]*", tag) and 2 <= len(tag) <= 100)


@pytest.mark.parametrize(
    ("text", "email"),
    [(" ann@example.org ", "ann@example.org"), ("mailto:ann@example.org", "ann@example.org")],
)
def test_an_address_is_freed_of_what_surrounds_it(text: str, email: str) -> None:
    assert email_from(text) == email


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@", "ann@example", "a..n@example.org", ".ann@example.org", "a@b c.org"]
)
def test_what_ckan_would_refuse_as_an_address_is_none(text: str) -> None:
    assert email_from(text) is None


@pytest.mark.parametrize(
    "text",
    ["2020", "2020-05", "2020-05-11", "2020-04-01T14:27Z", "2020-04-01T14:27:00.123456+01:00"],
)
def test_an_iso_date_is_kept_as_it_is(text: str) -> None:
    assert iso_date_from(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11-05-2020",
        "2020-06-31",
        "2020-01-01T24:61Z",
        "٢٠٢٠",
        "2020-13-01",
        "R/P1D",
        "2020-5-1",
        "1 May 2020",
    ],
)
def test_what_is_no_iso_date_is_none(text: str) -> None:
    assert iso_date_from(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (" http://example.org ", "http://example.org"),
        ("https://example.org/a file (1).csv", "https://example.org/a%20file%20(1).csv"),
        ("HTTPS://EXAMPLE.ORG:8080/ü", "HTTPS://EXAMPLE.ORG:8080/ü"),
    ],
)
def test_a_web_address_is_kept(text: str, address: str) -> None:
    assert web_address_from(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Available upon request.",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/a",
        "//example.org/a",
        "/dataset/1",
        "https://",
        "https:///path",
        "http://[::1",
        "http://example.org:99999/",
        "https://user:secret@example.org/",
        "https://example.org/\x00",
        "https://example.org/" + "a" * 4000,
    ],
)
def test_what_no_reader_should_be_given_as_a_link_is_none(text: str) -> None:
    assert web_address_from(text) is None


@given(st.one_of(st.text(), st.text().map("https://".__add__)))
def test_every_address_kept_leads_to_a_web_host(text: str) -> None:
    address = web_address_from(text)
    if address is not None:
        assert urlsplit(address).scheme in {"http", "https"}
        assert urlsplit(address).hostname


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://example.org/a", True),
        ("https://example.org/ü", True),
        ("https://my_site.example.org/", False),
        ("https://exämple.org/", False),
    ],
)
def test_hosts_that_ckans_own_check_refuses_are_known(address: str, *, plain: bool) -> None:
    assert has_plain_host(address) is plain
