"""DCAT-US: the contract, and what the makers of `data.json` files add and leave out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.mapping import Rules, dataset_from
from ckanext.emergent.reading.adapter import Listing, Page
from ckanext.emergent.reading.adapters.dcat_us import FILES, DcatUs
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum.access import Access, access_from
from ckanext.emergent.tests.pure.reading.contract import AdapterContract
from ckanext.emergent.tests.pure.reading.memory import SITE, fetch_of
from ckanext.emergent.tests.pure.reading.sweep import survives
from ckanext.emergent.tests.pure.reading.test_hostile import (
    FEW,
    JUNK,
    accounted,
    check,
    check_mapped,
    mutated,
)
from ckanext.emergent.tests.servers import file_reply, json_reply, page_reply, serving, unless_known
from ckanext.emergent.tests.visits import visitor

DATA, FEED = FILES
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
RULES = Rules(portal_name="us")


def entry(number: object = 1, **fields: Any) -> dict[str, Any]:
    """A dataset as the specification has it."""
    return {
        "@type": "dcat:Dataset",
        "identifier": f"USDA-{number}",
        "title": f"Set {number}",
        "description": "<p>What it <b>holds</b>.</p>",
        "accessLevel": "public",
        "license": CC0,
        "modified": "2019-06-27 12:41:27",
        "issued": "2016-07-21",
        "keyword": ["climate", "rain"],
        "theme": ["geospatial"],
        "accrualPeriodicity": "R/P1Y",
        "temporal": "2005-04-20/2006-11-09",
        "spatial": "-134.9,21.0,-60.5,53.1",
        "language": ["en-US"],
        "landingPage": f"{SITE}/d/{number}",
        "describedBy": f"{SITE}/dictionary",
        "contactPoint": {"fn": "Data Desk", "hasEmail": "mailto:desk@agency.example"},
        "publisher": {
            "name": "Data Center",
            "subOrganizationOf": {"name": "Office", "subOrganizationOf": {"name": "Government"}},
        },
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": "Logs",
                "downloadURL": f"{SITE}/logs.xls",
                "accessURL": f"{SITE}/logs",
                "mediaType": "application/vnd.ms-excel",
                "format": "XLS",
            }
        ],
        "bureauCode": ["005:12"],
        **fields,
    }


def catalogue(*entries: Any, **fields: Any) -> dict[str, Any]:
    return {
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "dataset": list(entries),
        **fields,
    }


def read(*entries: Any) -> Page:
    return pages_of(catalogue(*entries))[0]


def pages_of(whole: Any) -> list[Page]:
    return list(DcatUs(f"{SITE}{DATA}").pages(fetch_of({DATA: whole})))


def only(**fields: Any) -> Record:
    (record,) = read(entry(**fields)).records
    return record


def codes(record: Record) -> set[str]:
    return {told.code for told in record.problems}


class TestContract(AdapterContract):
    adapter = DcatUs
    link = "/"
    own = frozenset({"dcat-us"})

    def portal(self, site: str) -> dict[str, Any]:
        return {DATA: catalogue(*(entry(number) for number in range(self.size)))}


class TestListing:
    def test_an_empty_catalogue_is_a_complete_list_of_nothing(self):
        page = read()
        assert page.records == ()
        assert page.end is not None
        assert page.end.listing is Listing.COMPLETE

    def test_an_unchanged_file_answers_with_304_and_retires_nothing(self):
        with serving({DATA: unless_known(json_reply(catalogue(entry())), '"1"')}) as web:
            first = visitor()
            list(DcatUs(web.url(DATA)).pages(first))
            (page,) = DcatUs(web.url(DATA)).pages(visitor(first.validators()))
        assert page.end is not None
        assert page.end.listing is Listing.WINDOW

    def test_of_repeated_identifiers_the_first_is_kept_and_the_others_told(self):
        page = read(entry(1, title="First"), entry(1, title="Second"), entry(2))
        assert [record.title for record in page.records] == ["First", "Set 2"]
        assert [told.code for told in page.problems] == ["identifier_repeated"]

    def test_the_feed_of_an_arcgis_hub_is_found_from_its_page(self):
        page = page_reply("<title>City</title><script src='https://city.hub.arcgis.com/a.js'>")
        with serving({"/datasets/x": page, FEED: json_reply(catalogue(entry()))}) as web:
            found = detect(web.url("/datasets/x"), visitor())
            assert (found.adapter, found.link) == ("dcat_us", web.url(FEED))
            assert len(web.requests) <= 5

    def test_a_sites_front_page_stands_for_its_file(self):
        (page,) = DcatUs(SITE).pages(fetch_of({DATA: catalogue(entry())}))
        assert len(page.records) == 1

    def test_a_bare_list_of_version_1_0_is_read(self):
        (page,) = DcatUs(f"{SITE}{DATA}").pages(fetch_of({DATA: [entry()]}))
        assert len(page.records) == 1


class TestIdentity:
    @pytest.mark.parametrize(
        ("written", "read_as"),
        [
            ("10.5439/1027266", "10.5439/1027266"),
            (4711, "4711"),
            ("https://a.example/api/views/22ew", "https://a.example/api/views/22ew"),
        ],
    )
    def test_slugs_dois_addresses_and_numbers_are_kept_as_they_are(
        self, written: Any, read_as: str
    ):
        assert only(identifier=written).identifier == read_as

    def test_without_one_the_landing_page_stands_for_it(self):
        record = only(identifier=None)
        assert record.identifier == f"{SITE}/d/1"
        assert "identifier_is_address" in codes(record)

    def test_without_either_the_record_is_left_out_and_told(self):
        page = read(entry(identifier="", landingPage=None))
        assert page.records == ()
        assert [told.code for told in page.problems] == ["record_without_identifier"]


class TestContent:
    def test_a_record_in_full(self):
        record = only()
        assert record.problems == ()
        assert record.description == "What it **holds**."
        assert record.publisher is not None
        assert record.publisher.name == "Data Center"
        assert ("publisher.subOrganizationOf", "Office, Government") in record.extras
        assert record.steward is not None
        assert record.steward.email == "desk@agency.example"
        assert (record.issued, record.modified) == ("2016-07-21", "2019-06-27T12:41:27+00:00")
        assert (record.temporal[0].start, record.temporal[0].end) == ("2005-04-20", "2006-11-09")
        assert "Polygon" in (record.spatial[0].geometry or "")
        (file,) = record.distributions
        assert (file.url, file.format) == (f"{SITE}/logs.xls", "XLS")
        assert file.extras == (("accessURL", f"{SITE}/logs"),)
        assert dataset_from(record, RULES).dataset["data_spectrum"] == "open"

    @pytest.mark.parametrize(
        ("stated", "access"),
        [
            ("public", Access.ANYONE),
            ("restricted public", Access.UNKNOWN),
            ("non-public", Access.UNKNOWN),
            (None, Access.UNKNOWN),
        ],
    )
    def test_access_is_what_the_level_says(self, stated: str | None, access: Access):
        record = only(accessLevel=stated)
        assert (record.access, record.access_stated) == (access, stated)
        level = dataset_from(record, RULES).dataset.get("data_spectrum")
        assert level == ("open" if access is Access.ANYONE else None)

    @pytest.mark.parametrize(
        "fields", [{"distribution": []}, {"distribution": [{"title": "x"}]}, {"status": "Planned"}]
    )
    def test_data_that_is_only_planned_is_never_open(self, fields: dict[str, Any]):
        record = only(**fields)
        assert record.access is Access.UNKNOWN
        assert "data_spectrum" not in dataset_from(record, RULES).dataset

    @pytest.mark.parametrize("key", ["license", "licence"])
    def test_a_licence_counts_in_either_spelling(self, key: str):
        assert only(**{"license": None, key: CC0}).licence == (CC0,)

    @pytest.mark.parametrize(
        "text",
        [
            "https://project-open-data.cio.gov/unknown-license",
            "",
            None,
            "No license is given.",
            "https://hub.arcgis.com/api/v2/datasets/4294/license",
        ],
    )
    def test_what_says_that_nothing_is_known_is_never_open(self, text: str | None):
        assert dataset_from(only(license=text), RULES).dataset["data_spectrum"] == "public"

    def test_a_licence_in_a_block_of_html_is_kept_as_received_and_found(self):
        block = f'<div><p>See <a href="{CC0}">the terms</a></p></div>'
        record = only(license=block)
        assert record.licence == (block,)

    def test_a_repeating_interval_for_a_date_says_how_often(self):
        record = only(modified="R/P1D", accrualPeriodicity=None)
        assert (record.modified, record.frequency) == (None, "R/P1D")

    def test_the_keys_of_usmart_are_read(self):
        record = only(
            issued=None,
            createdAt="2020-01-02T03:04:05Z",
            publisher={"name": "https://www.council.example/"},
            accrualPeriodicity="Every now and then",
        )
        assert record.issued == "2020-01-02T03:04:05+00:00"
        assert record.publisher is not None
        assert (record.publisher.name, record.publisher.url) == (
            None,
            "https://www.council.example/",
        )
        assert record.frequency == "Every now and then"

    def test_a_publisher_as_a_text_is_its_name(self):
        publisher = only(publisher="City").publisher
        assert publisher is not None
        assert publisher.name == "City"

    def test_a_description_that_says_nothing_is_none(self):
        record = only(description="No description found")
        assert record.description is None
        assert codes(record) == {"text_says_nothing"}

    def test_a_distribution_without_an_address_is_listed_and_told(self):
        record = only(distribution=[{"title": "Lost"}])
        assert record.distributions[0].url is None
        assert "resource_without_link" in codes(record)

    def test_a_key_of_its_own_is_kept_whatever_it_holds(self):
        record = only(additionalField=[1, {"a": 3}])
        assert ("additionalField", '[1, {"a": 3}]') in record.extras


REAL = {
    "dcat-us/arm.data.json": (3, 0),
    "dcat-us/missing-identifier-title.data.json": (2, 1),
    "dcat-us/ny-socrata-nonfederal.data.json": (1, 0),
    "dcat-us/usda.gov.data.json": (None, 0),
    "dcat-rdf/arcgis-evian-data.json": (None, 0),
}


class TestRealPayloads:
    @pytest.mark.parametrize("name", REAL)
    def test_every_entry_becomes_a_record_or_is_told(self, shared_portals: Path, name: str):
        file = shared_portals / name
        with serving({DATA: file_reply(file)}) as web:
            found = detect(web.url(DATA), visitor())
            assert (found.adapter, found.link) == ("dcat_us", web.url(DATA))
            pages = list(DcatUs(web.url(DATA)).pages(visitor()))
        records, problems = REAL[name]
        size = len(json.loads(file.read_text())["dataset"])
        assert accounted(pages) == size
        assert sum(len(page.problems) for page in pages) == problems
        assert sum(len(page.records) for page in pages) == (records or size)
        for record in check(pages):
            check_mapped(record)

    def test_an_unknown_licence_of_arm_opens_nothing(self, shared_portals: Path):
        whole = json.loads((shared_portals / "dcat-us" / "arm.data.json").read_text())
        levels = {
            dataset_from(record, RULES).dataset["data_spectrum"]
            for page in pages_of(whole)
            for record in page.records
        }
        assert levels == {"public"}


def test_anything_in_any_place_is_survived():
    assert survives(catalogue(entry(1, licence="CC0", rights="R")), pages_of) > 1000


@FEW
@given(mutated(catalogue(entry(1), entry(2, licence="x"), entry(3))) | JUNK)
def test_a_catalogue_with_anything_in_it(whole: Any):
    try:
        pages = pages_of(whole)
    except FatalError:
        return
    for record in check(pages):
        check_mapped(record)
        if record.access is Access.ANYONE:
            assert access_from(record.access_stated) is Access.ANYONE
    entries = whole.get("dataset") if isinstance(whole, dict) else whole
    assert accounted(pages) == len(entries)


@FEW
@given(st.data())
def test_a_real_catalogue_with_anything_in_it(shared_portals: Path, data: st.DataObject):
    whole = json.loads((shared_portals / "dcat-us" / "arm.data.json").read_text())
    try:
        pages = pages_of(data.draw(mutated(whole)))
    except FatalError:
        return
    for record in check(pages):
        check_mapped(record)
