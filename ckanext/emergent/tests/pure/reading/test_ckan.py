"""CKAN: the contract, how its listing is walked through, and what its versions say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.mapping import Rules, dataset_from
from ckanext.emergent.reading.adapter import Listing, Page
from ckanext.emergent.reading.adapters.ckan import LIST, SEARCH, Ckan
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.errors import FatalError, Imitation, UnexpectedAnswer
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum.access import Access
from ckanext.emergent.tests.pure.reading.contract import AdapterContract, keep
from ckanext.emergent.tests.pure.reading.memory import SITE, fetch_of
from ckanext.emergent.tests.pure.reading.sweep import survives
from ckanext.emergent.tests.pure.reading.test_hostile import FEW, JUNK, check, check_mapped, mutated
from ckanext.emergent.tests.servers import (
    Received,
    Reply,
    Web,
    file_reply,
    json_reply,
    page_reply,
    serving,
)
from ckanext.emergent.tests.visits import visitor

FIRST = f"/{SEARCH}?rows=100&start=0&sort=id%20asc"
SINCE = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)
OGL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def entry(number: object = 1, **fields: Any) -> dict[str, Any]:
    """A record as 2.10 and later answer it."""
    return {
        "id": f"{number:0>8}-58d1-4f0b-a19f-54b1e14e1a5c",
        "name": f"set-{number}",
        "title": f"Set {number}",
        "notes": "What it **holds**.",
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": True,
        "author": "A. Author",
        "author_email": "author@city.example",
        "maintainer": "Data team",
        "maintainer_email": "data@city.example",
        "license_id": "uk-ogl",
        "license_title": "UK Open Government Licence (OGL)",
        "license_url": OGL,
        "metadata_created": "2015-10-06T11:21:26.185852",
        "metadata_modified": "2026-06-05T12:40:12.239474",
        "organization": {"id": "11c5", "name": "city", "title": "City Council", "image_url": ""},
        "owner_org": "11c5",
        "groups": [{"name": "transport", "title": "Transport", "display_name": "Transport"}],
        "tags": [{"name": "rail", "display_name": "rail", "vocabulary_id": None}],
        "extras": [{"key": "Survey", "value": "Annual count"}],
        "resources": [
            {
                "id": "583cf50b",
                "url": "https://city.example/a.csv",
                "name": "Counts",
                "description": "All of them",
                "format": "CSV",
                "mimetype": "text/csv",
                "size": 25757,
                "created": "2015-10-06T11:21:26",
                "last_modified": "2026-06-05T12:40:12",
                "position": 0,
                "hash": "49",
                "package_id": "x",
            }
        ],
        **fields,
    }


def search(*entries: Any, count: int | None = None) -> dict[str, Any]:
    total = len(entries) if count is None else count
    return {"help": "…", "success": True, "result": {"count": total, "results": list(entries)}}


def site_of(
    entries: list[Any], most: int = 1000, honours: Callable[[Any, str], bool] | None = None
) -> Callable[[Received], Reply]:
    """A CKAN that lists `entries`, at most so many at once; `honours` is how it filters."""

    def answer(received: Received) -> Reply:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(received.path).query).items()}
        start, rows = int(asked.get("start", 0)), min(int(asked["rows"]), most)
        found = [one for one in entries if honours is None or honours(one, asked.get("fq", ""))]
        return json_reply(search(*found[start : start + rows], count=len(found)))

    return answer


def read(*entries: Any) -> Page:
    (page,) = Ckan(SITE).pages(fetch_of({FIRST: search(*entries)}))
    return page


def only(**fields: Any) -> Record:
    (record,) = read(entry(**fields)).records
    return record


def pages_of(web: Web, since: datetime | None = None) -> list[Page]:
    return list(Ckan(web.url("/")).pages(visitor(tries=1), since=since))


def names(pages: list[Page]) -> list[str]:
    return [record.identifier for page in pages for record in page.records]


def told(pages: list[Page]) -> list[str]:
    return [one.code for page in pages for one in page.problems]


def codes(record: Record) -> set[str]:
    return {one.code for one in record.problems}


class TestContract(AdapterContract):
    adapter = Ckan
    link = "/"
    streamed = False

    def portal(self, site: str) -> dict[str, Any]:
        entries = [entry(number) for number in range(self.size)]
        pages = {
            f"/{SEARCH}?rows=100&start={start}&sort=id%20asc": search(
                *entries[start : start + 100], count=self.size
            )
            for start in range(0, self.size, 100)
        }
        return {**pages, f"/{SEARCH}": search(count=self.size)}


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("link", "site"),
        [
            ("/", "/"),
            ("/dataset/trees", "/"),
            ("/api/3/action/package_show?id=trees", "/"),
            ("/data/dataset/trees", "/data/"),
            ("/data/", "/data/"),
            ("/about", "/"),
        ],
    )
    def test_a_site_is_found_from_any_of_its_pages(self, link: str, site: str):
        with serving({f"{site}{SEARCH}": json_reply(search(count=5))}) as web:
            found = detect(web.url(link), visitor())
            assert (found.adapter, found.link) == ("ckan", web.url(site))
            assert len(web.requests) <= 5

    def test_records_where_none_were_wanted_are_an_imitation(self):
        with serving({f"/{SEARCH}": json_reply(search(entry()))}) as web:
            found = detect(web.url("/"), visitor())
            assert found.adapter is None
            assert "ckan_imitated" in {tried.verdict.code for tried in found.tried}
            assert len(web.requests) <= 5

    def test_more_records_than_asked_for_are_refused_while_reading(self):
        entries = [entry(number) for number in range(150)]
        with pytest.raises(Imitation):
            read(*entries)

    def test_a_look_alike_without_search_is_found_by_its_list(self):
        with serving({f"/{LIST}": json_reply({"success": True, "result": [[entry()]]})}) as web:
            web.answers["/dataset/x"] = page_reply("<p>Powered by DKAN")
            found = detect(web.url("/dataset/x"), visitor())
            assert (found.adapter, found.link) == ("ckan", web.url("/"))


class TestListing:
    @pytest.mark.parametrize("most", [100, 37, 10, 1])
    def test_a_site_that_caps_below_what_is_asked_loses_nothing(self, most: int):
        entries = [entry(number) for number in range(45)]
        with serving({f"/{SEARCH}": site_of(entries, most)}) as web:
            pages = pages_of(web)
        assert names(pages) == [one["id"] for one in entries]
        assert told(pages) == []
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.COMPLETE

    def test_a_record_added_while_paging_is_taken_once_and_the_list_not_complete(self):
        entries = [entry(number) for number in range(10, 30)]

        def grows(received: Received) -> Reply:
            reply = site_of(list(entries), 10)(received)
            if "start=0" in received.path:
                entries.insert(0, entry(1))
            return reply

        with serving({f"/{SEARCH}": grows}) as web:
            pages = pages_of(web)
        assert len(names(pages)) == len(set(names(pages))) == 20
        assert told(pages) == ["listing_short", "records_again"]
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.WINDOW

    def test_a_list_that_serves_the_same_page_for_ever_ends(self):
        page = json_reply(search(*(entry(number) for number in range(10)), count=500))
        with serving({f"/{SEARCH}": page}) as web:
            pages = pages_of(web)
            assert len(web.requests) == 3
        assert len(names(pages)) == 10
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.WINDOW

    def test_a_list_that_stops_before_its_own_count_is_not_complete(self):
        answers = [json_reply(search(entry(), count=9)), json_reply(search(count=9))]
        with serving({f"/{SEARCH}": answers}) as web:
            pages = pages_of(web)
        assert told(pages) == ["listing_short"]
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.WINDOW

    def test_an_empty_site_is_a_complete_list_of_nothing(self):
        page = read()
        assert (page.records, page.problems) == ((), ())
        assert page.end is not None
        assert page.end.listing is Listing.COMPLETE

    def test_what_was_read_before_an_error_stands(self):
        answers = [json_reply(search(entry(number), count=5)) for number in range(2)]
        pages: list[Page] = []
        with (
            serving({f"/{SEARCH}": [*answers, Reply(500)]}) as web,
            pytest.raises(FatalError),
        ):
            keep(pages, Ckan(web.url("/")).pages(visitor(tries=1)))
        assert len(names(pages)) == 2
        assert all(page.end is None for page in pages)

    def test_one_record_too_large_costs_one_record(self):
        entries = [entry(number) for number in range(12)]
        entries[4]["notes"] = "x" * 60_000
        with serving({f"/{SEARCH}": site_of(entries)}) as web:
            pages = list(Ckan(web.url("/")).pages(visitor(max_bytes=50_000)))
        assert len(names(pages)) == 11
        assert "record_too_big" in told(pages)
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.WINDOW

    def test_what_is_no_dataset_is_counted_and_left_out(self):
        page = read(entry(1), entry(2, type="harvest"), entry(3, type="showcase"), entry(4))
        assert [record.title for record in page.records] == ["Set 1", "Set 4"]
        (left_out,) = page.problems
        assert (left_out.code, dict(left_out.values)["count"]) == ("records_left_out", "2")

    def test_one_bad_item_costs_one_record(self):
        page = read(entry(1), None, {"name": "no-id"}, entry(1), entry(2))
        assert len(page.records) == 2
        assert [one.code for one in page.problems] == [
            "record_not_an_object",
            "record_without_identifier",
            "identifier_repeated",
        ]

    def test_a_look_alike_without_a_count_is_read_to_its_empty_page(self):
        def listed(received: Received) -> Reply:
            start = int(parse_qs(urlsplit(received.path).query)["offset"][0])
            found = [entry(number) for number in range(start, min(start + 7, 20))]
            return json_reply({"success": True, "result": [found] if found else []})

        with serving({f"/{LIST}": listed}) as web:
            pages = pages_of(web)
        assert len(names(pages)) == 20
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.COMPLETE

    @pytest.mark.parametrize("status", [200, 404, 409])
    def test_a_site_that_says_no_is_an_error_in_words(self, status: int):
        body = json.dumps({"success": False, "error": {"message": "Search error"}}).encode()
        with (
            serving({f"/{SEARCH}": Reply(status, body=body)}) as web,
            pytest.raises(UnexpectedAnswer) as caught,
        ):
            pages_of(web)
        expected = {200: "ckan_declined", 404: "page_not_found", 409: "portal_refuses"}
        assert caught.value.problem.code == expected[status]
        assert status != 200 or caught.value.problem.received == "Search error"


class TestSince:
    def read(self, honours: Callable[[Any, str], bool] | None) -> tuple[list[Page], list[str]]:
        old = entry(1, metadata_modified="2020-01-01T00:00:00")
        with serving({f"/{SEARCH}": site_of([old, entry(2)], honours=honours)}) as web:
            return pages_of(web, SINCE), web.asked

    def test_only_what_changed_is_asked_for_with_an_hour_of_overlap(self):
        pages, asked = self.read(lambda one, fq: not fq or one["metadata_modified"] > "2026")
        assert parse_qs(asked[0])["fq"] == ["metadata_modified:[2026-05-01T11:00:00Z TO *]"]
        assert len(asked) == 1
        assert len(names(pages)) == 1
        assert told(pages) == []
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.WINDOW

    def test_a_site_that_ignores_the_filter_is_noticed(self):
        pages, _ = self.read(None)
        assert len(names(pages)) == 2
        assert told(pages) == ["since_ignored"]

    def test_a_site_that_refuses_the_filter_is_read_in_full_and_told(self):
        def refuses(received: Received) -> Reply:
            return Reply(400) if "fq=" in received.path else site_of([entry()])(received)

        with serving({f"/{SEARCH}": refuses}) as web:
            pages = pages_of(web, SINCE)
        assert len(names(pages)) == 1
        assert told(pages) == ["since_refused"]


class TestAccess:
    def test_what_is_public_and_has_a_link_is_for_anyone(self):
        record = only()
        assert (record.access, record.access_stated) == (Access.ANYONE, "private: false")

    @pytest.mark.parametrize("private", [True, "true", "True", 1, ["x"], {"a": 1}])
    def test_what_is_private_tells_nothing_but_that_it_is_there(self, private: Any):
        record = only(private=private)
        assert not record.published
        assert record.title is None
        assert "City" not in repr(record)

    @pytest.mark.parametrize(
        "fields", [{"state": "draft"}, {"state": "deleted"}, {"capacity": "private"}]
    )
    def test_neither_is_a_draft_or_a_deleted_record_public(self, fields: dict[str, Any]):
        assert not only(**fields).published

    @pytest.mark.parametrize(
        "fields",
        [
            {"resources": []},
            {"private": None},
            {"unpublished": "true"},
            {"resources": [{"url": ""}]},
        ],
    )
    def test_data_that_nobody_is_said_to_get_is_for_nobody_known(self, fields: dict[str, Any]):
        assert only(**fields).access is Access.UNKNOWN

    def test_a_stated_access_rules(self):
        right = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
        record = only(extras=[{"key": "access_rights", "value": right}])
        assert (record.access, record.access_stated) == (Access.UNKNOWN, right)

    def test_a_restricted_file_is_not_for_anyone(self):
        restricted = '{"level": "registered", "allowed_users": ""}'
        file = {"url": "https://a.example/b.csv", "restricted": restricted}
        assert only(resources=[file]).distributions[0].access is Access.GROUP


class TestLicence:
    @pytest.mark.parametrize(
        ("fields", "statements"),
        [
            ({}, (OGL, "uk-ogl")),
            ({"license_url": None}, ("uk-ogl",)),
            ({"license_url": "", "license_id": "", "license_title": ""}, ()),
            ({"license_url": None, "license_id": None}, ("UK Open Government Licence (OGL)",)),
            ({"license_url": None, "license_id": None, "license_title": OGL}, (OGL,)),
            (
                {
                    "license_url": None,
                    "license_id": "",
                    "license_title": "",
                    "extras": [{"key": "licence", "value": f'["Open Government Licence {OGL}"]'}],
                },
                (f"Open Government Licence {OGL}",),
            ),
        ],
    )
    def test_addresses_come_first_then_ids_then_words(
        self, fields: dict[str, Any], statements: tuple[str, ...]
    ):
        assert only(**fields).licence == statements

    def test_limits_of_access_are_no_licence(self):
        text = '["There are no public access constraints to this data."]'
        none = {"license_id": None, "license_url": None, "license_title": None}
        record = only(**none, extras=[{"key": "access_constraints", "value": text}])
        assert record.licence == ()
        assert record.rights == "There are no public access constraints to this data."

    def test_isopen_proves_nothing(self):
        record = only(license_id="mit", license_url=None, license_title="MIT", isopen=True)
        dataset = dataset_from(record, Rules(portal_name="x")).dataset
        assert dataset["data_spectrum"] == "public"


class TestContent:
    def test_a_record_in_full(self):
        record = only()
        assert record.problems == ()
        assert record.source_url == f"{SITE}/dataset/set-1"
        assert record.landing_page == f"{SITE}/dataset/set-1"
        assert record.publisher is not None
        assert (record.publisher.name, record.publisher.identifier) == ("City Council", "city")
        assert record.steward is not None
        assert record.steward.email == "data@city.example"
        assert record.themes == ("Transport",)
        assert record.keywords == ("rail",)
        assert record.issued == "2015-10-06T11:21:26.185+00:00"
        assert record.extras == (("Survey", "Annual count"),)
        (file,) = record.distributions
        assert (file.title, file.format, file.size) == ("Counts", "CSV", 25757)
        assert file.extras == ()

    def test_the_publishers_own_dates_come_before_those_of_the_site(self):
        record = only(extras=[{"key": "issued", "value": "2001-02-03"}])
        assert record.issued == "2001-02-03"
        assert record.modified == "2026-06-05T12:40:12.239+00:00"

    def test_extras_of_any_age_read_the_same(self):
        rows = [{"key": "a", "value": "1", "id": "x", "package_id": "y", "state": "active"}]
        assert only(extras=rows).extras == only(extras={"a": "1"}).extras == (("a", "1"),)

    def test_an_extra_named_as_a_field_that_says_something_else_is_kept(self):
        record = only(extras=[{"key": "author", "value": "B."}, {"key": "notes", "value": ""}])
        assert record.author is not None
        assert record.author.name == "A. Author"
        assert record.extras == (("extras.author", "B."),)

    def test_tags_as_plain_texts_are_words(self):
        assert only(tags=["rail", "bus"]).keywords == ("rail", "bus")

    def test_a_harvested_copy_names_the_page_that_it_is_of(self):
        page = "https://elsewhere.example/dataset/a"
        extras = [
            {"key": "guid", "value": "5db6e904"},
            {"key": "harvest_object_id", "value": "changes-each-time"},
            {"key": "harvest_source_reference", "value": page},
        ]
        record = only(extras=extras)
        assert record.copied_from == page
        assert dict(record.extras) == {"guid": "5db6e904", "harvest_source_reference": page}

    def test_a_copy_of_unknown_origin_is_told(self):
        record = only(extras=[{"key": "guid", "value": "5db6e904"}])
        assert record.copied_from is None
        assert "copy_of_unknown_origin" in codes(record)

    def test_a_geometry_in_an_extra_is_where_the_data_is(self):
        shape = '{"type": "Point", "coordinates": [1.5, 53.8]}'
        (place,) = only(extras=[{"key": "spatial", "value": shape}]).spatial
        assert json.loads(place.geometry or "") == json.loads(shape)

    @pytest.mark.parametrize(
        ("written", "read_as"), [(".CSV", "CSV"), ("csv.", "csv"), ("...", None)]
    )
    def test_a_format_loses_its_stray_dots(self, written: str, read_as: str | None):
        file = {"url": "https://a.example/b", "format": written}
        assert only(resources=[file]).distributions[0].format == read_as

    def test_a_size_with_a_unit_is_kept_in_words(self):
        file = {"url": "https://a.example/b", "size": "1.2 MB"}
        record = only(resources=[file])
        assert record.distributions[0].size is None
        assert record.distributions[0].extras == (("size", "1.2 MB"),)
        assert codes(record) == {"size_without_bytes"}

    def test_a_file_on_somebodys_own_machine_is_told(self):
        record = only(resources=[{"url": "http://localhost:5000/a.csv"}])
        assert "link_is_local" in codes(record)

    def test_a_deleted_file_is_none(self):
        assert (
            only(resources=[{"url": "https://a.example/b", "state": "deleted"}]).distributions == ()
        )


class TestRealPayloads:
    @pytest.fixture(scope="class")
    @classmethod
    def brazil(cls, shared_portals: Path) -> list[Page]:
        file = shared_portals / "ckan" / "br-legado.dados.gov.br-package_search-default10.json"
        with serving({f"/{SEARCH}": [file_reply(file), json_reply(search(count=13786))]}) as web:
            return pages_of(web)

    def test_ten_records_of_brazil_are_read(self, brazil: list[Page]):
        assert len(names(brazil)) == 10
        assert told(brazil) == ["listing_short"]
        assert sum(len(one.distributions) for one in brazil[0].records) > 100

    def test_a_translated_title_does_not_hide_the_licence(self, brazil: list[Page]):
        by_name = {one.source_url: one for page in brazil for one in page.records}
        record = next(
            one for url, one in by_name.items() if (url or "").endswith("comprasnet-contratos")
        )
        dataset = dataset_from(record, Rules(portal_name="br")).dataset
        assert dataset["license_id"] == "cc-by"
        assert "resource_without_link" in codes(record)

    @pytest.mark.parametrize(
        ("name", "files", "rights"),
        [
            ("data.gov.uk-2015-06-24-v3-package_show-defence.json", 5, None),
            ("data.gov.uk-ckan2.6-package_show-inspire.json", 3, "no public access constraints"),
        ],
    )
    def test_records_of_2015_and_2018_are_read_in_full(
        self, shared_portals: Path, name: str, files: int, rights: str | None
    ):
        shown = json.loads((shared_portals / "ckan" / name).read_text())["result"]
        (record,) = read(shown).records
        assert len(record.distributions) == files
        assert rights is None or rights in (record.rights or "")
        dataset = dataset_from(record, Rules(portal_name="uk")).dataset
        assert (dataset["license_id"], dataset["data_spectrum"]) == ("uk-ogl", "open")


FULL = entry(
    3,
    extras=[
        {"key": "guid", "value": "g"},
        {"key": "spatial", "value": '{"type": "Point", "coordinates": [1, 2]}'},
        {"key": "licence", "value": '["OGL"]'},
        {"key": "temporal_start", "value": "2020"},
    ],
    publisher=[{"name": "P", "email": "p@a.example", "url": "https://p.example/"}],
    documentation=["https://a.example/doc"],
    temporal_coverage=[{"start": "2020", "end": "2021"}],
)


def test_anything_in_any_place_is_survived():
    fetch = lambda whole: list(Ckan(SITE).pages(fetch_of({FIRST: whole})))  # noqa: E731 - as short as it is
    assert survives(search(FULL), fetch) > 1000


@FEW
@given(mutated(search(FULL, entry(2), entry(4, private=True), entry(5, type="harvest"))) | JUNK)
def test_a_search_with_anything_in_it(whole: Any):
    try:
        pages = list(Ckan(SITE).pages(fetch_of({FIRST: whole})))
    except FatalError:
        return
    for record in check(pages):
        if not record.published:
            assert (record.title, record.access) == (None, Access.UNKNOWN)
            continue
        check_mapped(record)
    items = whole["result"]
    items = items["results"] if isinstance(items, dict) else items
    left = {"record_not_an_object", "record_without_identifier", "identifier_repeated"}
    counted = [one for page in pages for one in page.problems if one.code == "records_left_out"]
    accounted = len(names(pages)) + sum(code in left for code in told(pages))
    accounted += sum(int(dict(one.values)["count"]) for one in counted)
    if not any(isinstance(item, list) for item in items):
        assert accounted == len(items)


@FEW
@given(st.data())
def test_a_real_search_with_anything_in_it(shared_portals: Path, data: st.DataObject):
    folder = shared_portals / "ckan"
    shown = [json.loads(file.read_text())["result"] for file in sorted(folder.glob("data.gov.uk*"))]
    whole = data.draw(mutated(search(*shown)))
    try:
        pages = list(Ckan(SITE).pages(fetch_of({FIRST: whole})))
    except FatalError:
        return
    for record in check(pages):
        if record.published:
            check_mapped(record)
