from __future__ import annotations

import pytest

from ckanext.emergent.harvest.landing import address_of, entry_at, identifying, page_of
from ckanext.emergent.reading.record import Record


@pytest.mark.parametrize(
    "spelling",
    [
        "https://example.org/data/stops",
        "http://example.org/data/stops",
        "https://www.example.org/data/stops/",
        "https://EXAMPLE.org:443/data/stops",
        "https://example.org/data/stops#about",
        " https://example.org/data/stops?utm_source=mail&fbclid=1 ",
    ],
)
def test_spellings_of_one_page_are_one(spelling: str) -> None:
    assert identifying(spelling) == "example.org/data/stops"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/data/stops", "https://example.org/data/Stops"),
        ("https://example.org/data?id=1", "https://example.org/data?id=2"),
        ("https://example.org/data", "https://example.org:8443/data"),
        ("https://example.org/data", "https://data.example.org/data"),
    ],
)
def test_different_pages_are_different(one: str, other: str) -> None:
    assert identifying(one) != identifying(other)


def test_the_order_of_a_query_does_not_matter() -> None:
    assert identifying("https://a.org/d?x=1&y=") == identifying("https://a.org/d?y=&x=1")


@pytest.mark.parametrize(
    "link",
    [
        *("https://example.org", "https://example.org/", "https://www.example.org/#data"),
        *("mailto:a@example.org", "ftp://example.org/data", "Available upon request.", "", None),
        *("https://example.org:99999/data", "https://[bad/data", "https:///data"),
    ],
)
def test_what_is_no_page_below_a_root_identifies_nothing(link: str | None) -> None:
    assert identifying(link) is None


def test_an_entry_of_a_file_keeps_its_fragment() -> None:
    assert entry_at("https://www.example.org/index.json#stops") == "example.org/index.json#stops"
    assert entry_at("https://example.org/index.json") is None


def test_a_copy_is_identified_by_its_original() -> None:
    copy = Record(
        identifier="a",
        landing_page="https://aggregator.org/data/a",
        copied_from="https://example.org/data/stops",
    )

    assert page_of(copy) == "example.org/data/stops"


def test_a_portals_address_is_known_whatever_its_query() -> None:
    assert address_of("https://example.org/data.json?slug=leeds") == "example.org/data.json"
    assert address_of("https://example.org/") == address_of("http://www.example.org")
