"""Opendatasoft: the contract, and the three forms of its interface."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given

from ckanext.emergent.mapping import Rules, dataset_from
from ckanext.emergent.reading.adapter import Listing, Page
from ckanext.emergent.reading.adapters.opendatasoft import FORMS, Opendatasoft
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum.access import Access
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
from ckanext.emergent.tests.servers import Received, Reply, file_reply, json_reply, serving
from ckanext.emergent.tests.visits import visitor

V21, V20, EXPLORE20, V1 = (form.path for form in FORMS)
FIRST = f"{V21}?limit=100&offset=0&order_by=modified"
SINCE = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)
RULES = Rules(portal_name="ods")
OGL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def entry(number: object = 1, metas: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A dataset as version 2.1 has it."""
    default = {
        "title": f"Set {number}",
        "description": "<p>What it holds.</p>",
        "publisher": "City",
        "license": "Open Government Licence v3.0",
        "license_url": OGL,
        "keyword": ["trees", "parks"],
        "theme": ["Environment"],
        "language": "en",
        "modified": "2026-06-23T14:59:57+00:00",
        "references": "https://city.example/method",
        "territory": ["Leeds"],
        "federated": False,
        "source_domain": None,
        "records_count": 256,
    }
    return {
        "dataset_uid": f"da_{number}",
        "dataset_id": f"set-{number}",
        "has_records": True,
        "data_visible": True,
        "attachments": [{"id": "a_zip", "url": "odsfile://a.zip", "mimetype": "application/zip"}],
        "features": ["geo"],
        "fields": [{"name": "x", "type": "int"}],
        "metas": {
            "default": {**default, **(metas or {})},
            "dcat": {"creator": "A", "contact_email": "a@city.example", "created": "2020-01-02"},
            "custom": {"unit": "each"},
        },
        **fields,
    }


def found(*entries: Any, count: int | None = None) -> dict[str, Any]:
    return {"total_count": len(entries) if count is None else count, "results": list(entries)}


def pages_of(whole: Any) -> list[Page]:
    return list(Opendatasoft(SITE).pages(fetch_of({FIRST: whole})))


def only(metas: dict[str, Any] | None = None, **fields: Any) -> Record:
    (page,) = pages_of(found(entry(metas=metas, **fields)))
    (record,) = page.records
    return record


def codes(record: Record) -> set[str]:
    return {told.code for told in record.problems}


def names(pages: list[Page]) -> list[str]:
    return [record.identifier for page in pages for record in page.records]


class TestContract(AdapterContract):
    adapter = Opendatasoft
    link = "/"
    streamed = False

    def portal(self, site: str) -> dict[str, Any]:
        entries = [entry(number) for number in range(self.size)]
        pages = {
            f"{V21}?limit=100&offset={start}&order_by=modified": found(
                *entries[start : start + 100], count=self.size
            )
            for start in range(0, self.size, 100)
        }
        return {f"{V21}?limit=1": found(entries[0]), V21: found(count=self.size), **pages}


class TestForms:
    @pytest.mark.parametrize("path", [V21, V20, V1])
    def test_a_site_is_read_by_the_form_that_it_has(self, path: str):
        first = {key: value for key, value in entry().items() if key != "dataset_uid"}
        shapes = {
            V21: found(entry()),
            V20: {"total_count": 1, "datasets": [{"links": [], "dataset": entry()}]},
            V1: {
                "nhits": 1,
                "datasets": [{**first, "datasetid": "set-1", "metas": {"title": "Set 1"}}],
            },
        }
        answers = {"/": json_reply("made by opendatasoft"), path: json_reply(shapes[path])}
        with serving(answers) as web:
            detected = detect(web.url("/"), visitor())
            assert (detected.adapter, detected.link) == ("opendatasoft", web.url(path))
            assert len(web.requests) <= 5
            (page,) = Opendatasoft(detected.link or "").pages(visitor())
        (record,) = page.records
        assert record.identifier == ("set-1" if path == V1 else "da_1")
        assert record.title == "Set 1"
        assert page.end is not None
        assert page.end.listing is Listing.COMPLETE

    def test_the_first_form_has_addresses_of_its_own(self):
        whole = {"nhits": 1, "datasets": [{**entry(), "dataset_uid": None, "datasetid": "s"}]}
        api = f"{SITE}{V1}"
        (page,) = Opendatasoft(api).pages(fetch_of({f"{V1}?rows=100&start=0": whole}))
        assert [one.url for one in page.records[0].distributions] == [
            f"{SITE}/api/records/1.0/download/?dataset=set-1&format=csv",
            f"{SITE}/api/records/1.0/download/?dataset=set-1&format=json",
            f"{SITE}/api/records/1.0/download/?dataset=set-1&format=geojson",
            f"{SITE}/api/datasets/1.0/set-1/attachments/a_zip/",
        ]


class TestListing:
    def catalogue(
        self, entries: list[Any], filters: Callable[[Any], bool] | None = None
    ) -> Callable[[Received], Reply]:
        def answer(received: Received) -> Reply:
            asked = {key: one[0] for key, one in parse_qs(urlsplit(received.path).query).items()}
            chosen = [one for one in entries if "where" not in asked or not filters or filters(one)]
            start, limit = int(asked["offset"]), min(int(asked["limit"]), 30)
            if start + limit > 10_000:
                return Reply(400)
            return json_reply(found(*chosen[start : start + limit], count=len(chosen)))

        return answer

    def test_pages_that_are_smaller_than_asked_lose_nothing(self):
        entries = [entry(number) for number in range(70)]
        with serving({V21: self.catalogue(entries)}) as web:
            pages = list(Opendatasoft(web.url(V21)).pages(visitor()))
        assert len(names(pages)) == 70

    def test_beyond_what_is_handed_out_the_listing_is_not_complete(self):
        page = json_reply(found(entry(), count=20_000))
        cursor = "at9999-0-20000"
        with serving({V21: page}) as web:
            (last,) = Opendatasoft(web.url(V21)).pages(visitor(), cursor)
            assert parse_qs(urlsplit(web.asked[0]).query)["limit"] == ["1"]
        assert last.end is not None
        assert last.end.listing is Listing.WINDOW
        assert [told.code for told in last.problems] == ["listing_short"]

    def test_only_what_changed_is_asked_for_by_days(self):
        recent = self.catalogue([entry()], lambda one: True)
        with serving({V21: recent}) as web:
            pages = list(Opendatasoft(web.url(V21)).pages(visitor(), since=SINCE))
            assert parse_qs(urlsplit(web.asked[0]).query)["where"] == ["modified>=date'2026-05-01'"]
        assert [told.code for page in pages for told in page.problems] == []
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.WINDOW

    def test_a_site_that_ignores_the_filter_is_noticed(self):
        old = entry(metas={"modified": "2020-01-01T00:00:00Z"})
        with serving({V21: self.catalogue([old])}) as web:
            (page,) = Opendatasoft(web.url(V21)).pages(visitor(), since=SINCE)
        assert [told.code for told in page.problems] == ["since_ignored"]

    def test_a_site_that_refuses_the_filter_is_read_in_full(self):
        def refuses(received: Received) -> Reply:
            return Reply(400) if "where" in received.path else json_reply(found(entry()))

        with serving({V21: refuses}) as web:
            (page,) = Opendatasoft(web.url(V21)).pages(visitor(tries=1), since=SINCE)
        assert len(page.records) == 1
        assert [told.code for told in page.problems] == ["since_refused"]


class TestContent:
    def test_a_record_in_full(self):
        record = only()
        assert record.problems == ()
        assert record.landing_page == f"{SITE}/explore/dataset/set-1/"
        assert record.licence == (OGL, "Open Government Licence v3.0")
        assert (record.access, record.access_stated) == (Access.ANYONE, "data_visible: true")
        assert record.issued == "2020-01-02"
        assert record.extras == (("custom", '{"unit": "each"}'),)
        assert [one.url for one in record.distributions] == [
            f"{SITE}{V21}/set-1/exports/csv",
            f"{SITE}{V21}/set-1/exports/json",
            f"{SITE}{V21}/set-1/exports/geojson",
            f"{SITE}{V21}/set-1/attachments/a_zip",
        ]
        assert dataset_from(record, RULES).dataset["data_spectrum"] == "open"

    def test_the_identifier_stays_when_the_dataset_is_renamed(self):
        assert only(dataset_id="other").identifier == only().identifier

    @pytest.mark.parametrize("visible", [False, None, "yes", 1, {}])
    def test_data_that_is_not_visible_is_for_nobody_known(self, visible: Any):
        assert only(data_visible=visible).access is Access.UNKNOWN

    @pytest.mark.parametrize("words", [["a", "b"], "a, b", "a;b"])
    def test_keywords_are_a_list_or_a_text(self, words: Any):
        assert only({"keyword": words}).keywords == ("a", "b")

    @pytest.mark.parametrize("theme", [["Government, finances"], "Government, finances"])
    def test_a_theme_has_commas_inside(self, theme: Any):
        assert only({"theme": theme}).themes == ("Government, finances",)

    def test_everything_missing_but_the_title_is_a_record(self):
        record = only(dict.fromkeys(["description", "publisher", "license", "license_url"]))
        assert (record.title, record.publisher, record.licence) == ("Set 1", None, ())

    def test_a_federated_copy_names_the_page_that_it_is_of(self):
        record = only(
            {
                "federated": True,
                "source_domain": "city",
                "source_domain_address": "city.opendatasoft.com",
                "source_dataset": "trees@city",
            }
        )
        assert record.copied_from == "https://city.opendatasoft.com/explore/dataset/trees%40city/"

    def test_a_copy_of_unknown_origin_is_told(self):
        record = only({"federated": True})
        assert record.copied_from is None
        assert codes(record) == {"copy_of_unknown_origin"}

    def test_a_count_of_today_is_no_change(self):
        assert only({"records_count": 1, "data_processed": "2026"}) == only()


class TestRealPayload:
    def test_both_records_of_the_example_are_read(self, shared_portals: Path):
        file = shared_portals / "opendatasoft" / "explore-v2.0-catalog-datasets-example.json"
        with serving({V20: file_reply(file)}) as web:
            detected = detect(web.url(f"{V20}?limit=1"), visitor())
            assert (detected.adapter, detected.link) == ("opendatasoft", web.url(V20))
            pages = list(Opendatasoft(web.url(V20)).pages(visitor()))
        records = check(pages)
        assert names(pages) == ["da_6kvv9v", "da_5m8ykr"]
        levels = [dataset_from(record, RULES).dataset["data_spectrum"] for record in records]
        assert levels == ["open", "public"]
        assert codes(records[0]) == {"copy_of_unknown_origin"}
        assert [told.code for page in pages for told in page.problems] == [
            "listing_short",
            "records_again",
        ]


def test_anything_in_any_place_is_survived():
    whole = found(entry(metas={"source_domain_address": "a.example", "source_dataset": "x"}))
    assert survives(whole, pages_of) > 1000


@FEW
@given(mutated(found(entry(1), entry(2), entry(3))) | JUNK)
def test_a_catalogue_with_anything_in_it(whole: Any):
    try:
        pages = pages_of(whole)
    except FatalError:
        return
    for record in check(pages):
        check_mapped(record)
        if record.access is Access.ANYONE:
            assert record.access_stated == "data_visible: true"
    assert accounted(pages) == len(whole["results"])
