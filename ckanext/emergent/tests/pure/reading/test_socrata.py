"""Socrata: the contract, and what its Discovery API says of a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given

from ckanext.emergent.mapping import Rules, dataset_from
from ckanext.emergent.reading.adapter import Listing, Page
from ckanext.emergent.reading.adapters.socrata import CATALOGUE, Socrata
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
from ckanext.emergent.tests.servers import Received, Reply, json_reply, serving
from ckanext.emergent.tests.visits import visitor

HOST = urlsplit(SITE).hostname or ""
FIRST = f"{CATALOGUE}?domains={HOST}&only=datasets&limit=100&offset=0&order=dataset_id"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
RULES = Rules(portal_name="us")


def entry(number: int = 1, host: str = HOST, **resource: Any) -> dict[str, Any]:
    """A result as the API has it."""
    name = f"8ect-{number:04}"
    return {
        "resource": {
            "id": name,
            "name": f"Set {number}",
            "parent_fxf": None,
            "description": "What it holds.",
            "attribution": "City of Leeds",
            "attribution_link": None,
            "contact_email": "data@city.example",
            "type": "dataset",
            "createdAt": "2017-09-01T15:22:44.000Z",
            "updatedAt": "2019-10-29T21:18:37.000Z",
            "data_updated_at": "2018-08-27T18:23:53.000Z",
            "page_views": {"page_views_total": 27706},
            "download_count": 5042,
            "columns_name": ["a"],
            "blob_mime_type": None,
            "provenance": "official",
            **resource,
        },
        "classification": {
            "categories": ["infrastructure"],
            "tags": [],
            "domain_category": "Roads, bridges",
            "domain_tags": ["freeway", "i-80"],
            "domain_metadata": [
                {"key": "Common-Core_License", "value": BY_SA},
                {"key": "Common-Core_Public-Access-Level", "value": "public"},
                {"key": "Common-Core_Contact-Name", "value": "Data Desk"},
                {"key": "Common-Core_Temporal-Applicability", "value": "2005-04-20/2006-11-09"},
                {"key": "Survey_By", "value": "hand"},
            ],
        },
        "metadata": {"domain": host, "license": "Creative Commons Attribution | Share Alike 4.0"},
        "permalink": f"https://{host}/d/{name}",
        "link": f"https://{host}/Roads/Set/{name}",
        "owner": {"id": "khmm-n2z7", "display_name": "Julia Lien"},
    }


def found(*entries: Any, count: int | None = None) -> dict[str, Any]:
    return {"results": list(entries), "resultSetSize": len(entries) if count is None else count}


def pages_of(whole: Any) -> list[Page]:
    return list(Socrata(SITE).pages(fetch_of({FIRST: whole})))


def only(**resource: Any) -> Record:
    (page,) = pages_of(found(entry(**resource)))
    (record,) = page.records
    return record


def changed(part: str, **fields: Any) -> Record:
    one = entry()
    one[part] = {**one[part], **fields}
    return pages_of(found(one))[0].records[0]


def codes(record: Record) -> set[str]:
    return {told.code for told in record.problems}


class TestContract(AdapterContract):
    adapter = Socrata
    link = "/d/8ect-0001"
    streamed = False

    def portal(self, site: str) -> dict[str, Any]:
        host = urlsplit(site).hostname or ""
        entries = [entry(number, host) for number in range(self.size)]
        asked = f"{CATALOGUE}?domains={host}&only=datasets&limit=100"
        pages = {
            f"{asked}&offset={start}&order=dataset_id": found(
                *entries[start : start + 100], count=self.size
            )
            for start in range(0, self.size, 100)
        }
        return {CATALOGUE: found(count=self.size), **pages, self.link: "served by socrata"}


class TestListing:
    def test_derived_views_are_left_out_and_counted_once(self):
        whole = found(
            entry(1),
            entry(2, parent_fxf="8ect-0001"),
            entry(3, parent_fxf=["8ect-0001"]),
            entry(4, type="chart"),
            entry(5, type="map"),
        )
        (page,) = pages_of(whole)
        assert [record.identifier for record in page.records] == ["8ect-0001", "8ect-0005"]
        (told,) = page.problems
        assert (told.code, dict(told.values)["count"]) == ("records_left_out", "3")
        assert page.end is not None
        assert page.end.listing is Listing.COMPLETE

    def test_a_site_that_cannot_sort_is_read_all_the_same(self):
        def refuses(received: Received) -> Reply:
            return Reply(400) if "order=" in received.path else json_reply(found(entry()))

        with serving({CATALOGUE: refuses}) as web:
            (page,) = Socrata(web.url("/")).pages(visitor(tries=1))
        assert len(page.records) == 1

    def test_beyond_what_is_handed_out_the_listing_is_not_complete(self):
        with serving({CATALOGUE: json_reply(found(entry(), count=12_000))}) as web:
            (last,) = Socrata(web.url("/")).pages(visitor(), "at9999-0-12000")
            assert parse_qs(urlsplit(web.asked[0]).query)["limit"] == ["1"]
        assert last.end is not None
        assert last.end.listing is Listing.WINDOW

    def test_the_file_of_the_same_site_makes_no_second_records(self):
        catalogue = {
            "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
            "dataset": [{"identifier": "https://a.example/api/views/8ect-0001", "title": "Set"}],
        }
        answers = {"/data.json": json_reply(catalogue), CATALOGUE: json_reply(found(entry()))}
        with serving(answers) as web:
            detected = detect(web.url("/data.json"), visitor())
        assert detected.adapter == "socrata"

    def test_another_host_may_answer_for_a_site(self):
        link = f"{SITE}{CATALOGUE}?domains=data.city.example"
        asked = f"{CATALOGUE}?domains=data.city.example&only=datasets&limit=100&offset=0"
        whole = found(entry(host="data.city.example"))
        (page,) = Socrata(link).pages(fetch_of({f"{asked}&order=dataset_id": whole}))
        (record,) = page.records
        assert record.copied_from is None
        assert record.landing_page == "https://data.city.example/d/8ect-0001"


class TestContent:
    def test_a_record_in_full(self):
        record = only()
        assert record.problems == ()
        assert record.landing_page == f"{SITE}/d/8ect-0001"
        assert record.publisher is not None
        assert record.publisher.name == "City of Leeds"
        assert record.steward is not None
        assert (record.steward.name, record.steward.email) == ("Data Desk", "data@city.example")
        assert record.keywords == ("freeway", "i-80")
        assert record.themes == ("Roads, bridges", "infrastructure")
        assert record.issued == "2017-09-01T15:22:44+00:00"
        assert record.modified == "2018-08-27T18:23:53+00:00"
        assert (record.temporal[0].start, record.temporal[0].end) == ("2005-04-20", "2006-11-09")
        assert record.extras == (("Survey_By", "hand"), ("provenance", "official"))
        (file,) = record.distributions
        assert file.url == f"{SITE}/api/views/8ect-0001/rows.csv?accessType=DOWNLOAD"
        assert dataset_from(record, RULES).dataset["data_spectrum"] == "open"

    def test_the_owner_of_the_account_is_nobody(self):
        assert "Julia" not in repr(only())

    def test_counters_are_no_change(self):
        assert only(page_views={"page_views_total": 1}, download_count=9) == only()

    def test_the_identifier_stays_when_the_title_changes(self):
        assert only(name="Another").identifier == only().identifier

    def test_a_citation_is_no_publishers_name(self):
        citation = "Office -- Recommended citation: " + "x" * 200
        record = only(attribution=citation)
        assert record.publisher is None
        assert record.attribution == citation

    def test_a_file_is_downloaded_as_it_is(self):
        (file,) = only(type="file", blob_mime_type="application/pdf").distributions
        assert file.url == f"{SITE}/download/8ect-0001/application%2Fpdf"

    def test_what_only_links_elsewhere_has_no_file_and_is_not_open(self):
        record = only(type="href")
        assert (record.distributions, record.access) == ((), Access.UNKNOWN)

    @pytest.mark.parametrize("level", ["non-public", "restricted public", "x"])
    def test_a_stated_level_of_access_rules(self, level: str):
        pairs = [{"key": "Common-Core_Public-Access-Level", "value": level}]
        record = changed("classification", domain_metadata=pairs)
        assert (record.access, record.access_stated) == (Access.UNKNOWN, level)

    def test_of_two_licences_the_address_comes_first(self):
        record = only()
        assert record.licence == (BY_SA, "Creative Commons Attribution | Share Alike 4.0")

    def test_a_dataset_of_another_site_is_a_copy(self):
        record = changed("metadata", domain="data.other.example")
        assert record.copied_from == f"{SITE}/d/8ect-0001"


class TestRealPayload:
    @pytest.fixture(scope="class")
    @classmethod
    def whole(cls, shared_portals: Path) -> Any:
        (file,) = (shared_portals / "socrata").iterdir()
        return json.loads(file.read_text())

    def test_the_conflict_of_licences_is_recorded_and_the_data_is_by_sa(self, whole: Any):
        with serving(
            {CATALOGUE: [json_reply(whole), json_reply({"results": [], "resultSetSize": 1})]}
        ) as web:
            link = web.url(f"{CATALOGUE}?domains=data.transportation.gov")
            pages = list(Socrata(link).pages(visitor()))
        (record,) = check(pages)
        assert record.identifier == "8ect-6jqj"
        assert record.licence[0] == BY_SA
        assert record.attribution is not None
        assert record.publisher is not None
        assert record.publisher.name == "USDOT"
        mapped = dataset_from(record, RULES)
        assert mapped.dataset["license_id"] == "cc-by-sa"
        assert "licence_conflict" in {told.code for told in mapped.problems}


def test_anything_in_any_place_is_survived():
    assert survives(found(entry()), pages_of) > 1000


@FEW
@given(mutated(found(entry(1), entry(2), entry(3, parent_fxf="8ect-0001"))) | JUNK)
def test_a_catalogue_with_anything_in_it(whole: Any):
    try:
        pages = pages_of(whole)
    except FatalError:
        return
    for record in check(pages):
        check_mapped(record)
        if record.access is Access.ANYONE and record.access_stated is not None:
            assert access_from(record.access_stated) is Access.ANYONE
    left_out = [one for page in pages for one in page.problems if one.code == "records_left_out"]
    counted = sum(int(dict(one.values)["count"]) for one in left_out)
    assert accounted(pages) + counted == len(whole["results"])
