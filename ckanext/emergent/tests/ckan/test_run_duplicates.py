"""The same page from two portals is one dataset; one portal never disturbs another."""

from __future__ import annotations

import pytest

from ckanext.emergent.harvest.model import LinkState
from ckanext.emergent.tests.ckan.harvesting import (
    Source,
    a_portal,
    a_record,
    datasets,
    harvest,
    links,
    records,
)
from ckanext.emergent.tests.servers import json_reply

pytestmark = pytest.mark.usefixtures("harvester")


@pytest.fixture
def other(source: Source) -> Source:
    """A second portal, on the same server."""
    return Source(source.web, "/other.json")


def both(source: Source, other: Source, organisation: str) -> tuple[str, str]:
    """Two portals, each harvested once, in this order."""
    first, second = (a_portal(one.link, owner_org=organisation) for one in (source, other))
    harvest(first)
    harvest(second)
    return first, second


def test_the_same_page_is_a_duplicate_of_the_first(
    source: Source, other: Source, organisation: str
) -> None:
    page = "https://www.example.org/data/stops/"
    source.lists(a_record("a", url=page))
    other.lists(a_record("b", url="http://example.org/data/stops#top"), a_record("c"))

    first, second = both(source, other, organisation)

    link = links(second)["b"]
    assert link.state == LinkState.DUPLICATE.value
    assert link.dataset_id == links(first)["a"].dataset_id
    assert set(datasets(second)) == {"c"}


def test_a_duplicate_stays_one_and_costs_nothing(
    source: Source, other: Source, organisation: str
) -> None:
    page = "https://example.org/data/stops"
    source.lists(a_record("a", url=page))
    other.lists(a_record("b", url=page))
    _, second = both(source, other, organisation)

    assert harvest(second).outcomes == {"duplicate": 1}


@pytest.mark.parametrize("page", ["https://example.org/", "https://example.org", None])
def test_a_page_that_is_no_deeper_than_the_root_identifies_nothing(
    source: Source, other: Source, organisation: str, page: str | None
) -> None:
    source.lists(a_record("a", url=page))
    other.lists(a_record("b", url=page))

    _, second = both(source, other, organisation)

    assert set(datasets(second)) == {"b"}


def test_a_page_that_is_listed_twice_here_identifies_nothing(
    source: Source, other: Source, organisation: str
) -> None:
    page = "https://example.org/data/all"
    source.lists(a_record("a", url=page))
    other.lists(a_record("b", url=page), a_record("c", url=page))

    _, second = both(source, other, organisation)

    assert set(datasets(second)) == {"b", "c"}


def test_a_page_that_is_listed_twice_there_identifies_nothing(
    source: Source, other: Source, organisation: str
) -> None:
    page = "https://example.org/data/all"
    source.lists(a_record("a", url=page), a_record("b", url=page))
    other.lists(a_record("c", url=page))

    _, second = both(source, other, organisation)

    assert set(datasets(second)) == {"c"}


def test_the_same_identifier_in_two_portals_is_two_datasets(
    source: Source, other: Source, organisation: str
) -> None:
    source.lists(a_record("1", title="Stops", url="https://example.org/stops"))
    other.lists(a_record("1", title="Lines", url="https://example.org/lines"))
    first, second = both(source, other, organisation)

    harvest(first)

    assert datasets(first)["1"]["title"] == "Stops"
    assert datasets(second)["1"]["title"] == "Lines"


def test_an_index_read_alone_and_through_the_central_one_makes_no_duplicates(
    source: Source, other: Source, organisation: str
) -> None:
    source.lists(*(one | {"url": None} for one in records(3)))
    central = {"own": {"author": "Own", "index": source.link}}
    other.answers(json_reply(central))

    first, second = both(source, other, organisation)

    assert len(datasets(first)) == 3
    assert datasets(second) == {}
    assert harvest(second).outcomes == {"duplicate": 3}


def test_the_central_index_first_makes_no_duplicates_either(
    source: Source, other: Source, organisation: str
) -> None:
    source.lists(*(one | {"url": None} for one in records(3)))
    other.answers(json_reply({"own": {"author": "Own", "index": source.link}}))

    central, alone = both(other, source, organisation)

    assert len(datasets(central)) == 3
    assert datasets(alone) == {}


def test_a_duplicate_that_vanishes_takes_nothing_away(
    source: Source, other: Source, organisation: str
) -> None:
    page = "https://example.org/data/stops"
    source.lists(a_record("a", url=page))
    other.lists(a_record("b", url=page), a_record("c"))
    first, second = both(source, other, organisation)
    other.lists(a_record("c"))

    for _ in range(3):
        harvest(second)

    assert set(links(second)) == {"c"}
    assert set(datasets(first)) == {"a"}


def test_when_the_owner_is_retired_the_other_portal_takes_the_dataset_over(
    source: Source, other: Source, organisation: str
) -> None:
    page = "https://example.org/data/stops"
    source.lists(a_record("a", url=page), *records(9))
    other.lists(a_record("b", url=page, title="Told by the other"))
    first, second = both(source, other, organisation)
    dataset_id = links(first)["a"].dataset_id
    source.lists(*records(9))
    for _ in range(3):
        harvest(first)

    harvest(second)

    assert links(second)["b"].state == LinkState.ACTIVE.value
    assert datasets(second)["b"]["id"] == dataset_id
    assert datasets(second)["b"]["title"] == "Told by the other"
