"""DataPress: the contract, and what is peculiar to it in the forms of the last ten years."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.reading.adapter import Listing, Page
from ckanext.emergent.reading.adapters.datapress import EXPORTS, DataPress
from ckanext.emergent.reading.errors import FatalError, UnexpectedAnswer
from ckanext.emergent.reading.record import LinkKind, Record
from ckanext.emergent.spectrum.access import Access
from ckanext.emergent.tests.pure.reading.contract import AdapterContract
from ckanext.emergent.tests.pure.reading.memory import SITE, fetch_of
from ckanext.emergent.tests.servers import json_reply, page_reply, serving, unless_known
from ckanext.emergent.tests.visits import visitor

V3, PLAIN, V2 = EXPORTS


def entry(number: object = "2abc1", **fields: Any) -> dict[str, Any]:
    """A record as the v3 export has it."""
    return {
        "id": str(number),
        "slug": f"set-{number}",
        "webpage": f"{SITE}/dataset/set-{number}",
        "title": f"Set {number}",
        "description": "<dp-prose><p>What it <strong>holds</strong>.</p></dp-prose>",
        "sharing": "public",
        "licence": {
            "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "title": "UK Open Government Licence (OGL v3)",
        },
        "team": {"id": "53oj7", "title": "Leeds City Council"},
        "contact": {"title": "Jo Bloggs", "email": "jo@leeds.example"},
        "topics": [{"id": "council-and-democracy", "title": "Council & Democracy"}],
        "tags": ["spending", "budget"],
        "createdAt": "2013-01-01T15:09:22.000Z",
        "updatedAt": "2026-07-30T07:43:11.456Z",
        "nextReviewDate": "2027-01-15",
        "resources": [
            {
                "id": "qlp",
                "title": "June 2026",
                "filename": "spending 2026_06 (1).csv",
                "hash": "0cc175b9c0f1b6a831c399e269772661",
                "size": 6154904,
                "timestamp": "2026-07-30T07:43:00.000Z",
                "timeframeFrom": "2026-06",
                "timeframeTo": "2026-06",
            }
        ],
        "links": [],
        **fields,
    }


def old_entry(**fields: Any) -> dict[str, Any]:
    """The same record as older exports and single answers have it."""
    resource = {
        "title": "June 2026",
        "filename": "spending 2026_06 (1).csv",
        "check_size": 6154904,
        "check_http_status": 200,
        "timestamp": "2026-07-30T07:43:00.000Z",
        "timeFrame": {"from": "2026-06", "to": "2026-06"},
    }
    changed = {"resources": {"qlp": resource}, "topics": ["council-and-democracy"], "links": {}}
    return entry(**{**changed, **fields})


def read(*entries: Any) -> Page:
    (page,) = DataPress(SITE).pages(fetch_of({V3: list(entries)}))
    return page


def only(**fields: Any) -> Record:
    (record,) = read(entry(**fields)).records
    return record


def codes(record: Record) -> set[str]:
    return {told.code for told in record.problems}


class TestContract(AdapterContract):
    adapter = DataPress
    link = "/"

    def portal(self, site: str) -> dict[str, Any]:
        listing = [
            entry(f"2ab{n:02}", webpage=f"{site}/dataset/{n}", description="What it holds.")
            for n in range(self.size)
        ]
        return {V3: listing}


class TestOlderSite(AdapterContract):
    """A site that has none of the newer exports, found from a page that mentions DataPress."""

    adapter = DataPress
    link = "/dataset/set-1"

    def portal(self, site: str) -> dict[str, Any]:
        listing = [
            old_entry(id=f"2ab{n:02}", description="What it holds.") for n in range(self.size)
        ]
        return {V2: listing, self.link: "served by DataPress"}


class TestListing:
    @pytest.mark.parametrize("number", range(3))
    def test_the_newest_export_that_is_there_is_read(self, number: int):
        answers = {export: [entry(export[5:7])] for export in EXPORTS[number:]}
        fetch = fetch_of(answers)
        (page,) = DataPress(SITE).pages(fetch)
        assert [one.identifier for one in page.records] == [EXPORTS[number][5:7]]
        assert fetch.requests_made == number + 1

    def test_a_site_without_any_export_fails_with_the_words_about_the_newest(self):
        with serving({"/": page_reply()}) as web, pytest.raises(UnexpectedAnswer) as caught:
            list(DataPress(web.url("/")).pages(visitor()))
        assert caught.value.problem.code == "page_not_found"
        assert dict(caught.value.problem.values)["url"].endswith(V3)

    def test_a_site_that_forbids_is_asked_once(self):
        with serving({V3: page_reply(status=403), PLAIN: json_reply([entry()])}) as web:
            with pytest.raises(FatalError):
                list(DataPress(web.url("/")).pages(visitor()))
            assert web.asked == [V3]

    def test_one_export_can_be_read_by_its_own_address(self):
        (page,) = DataPress(f"{SITE}/copies/export.json").pages(
            fetch_of({"/copies/export.json": [entry()]})
        )
        assert len(page.records) == 1

    def test_an_empty_export_is_a_complete_listing_of_nothing(self):
        page = read()
        assert page.end is not None
        assert page.end.listing is Listing.COMPLETE

    def test_an_unchanged_export_answers_with_304_and_retires_nothing(self):
        with serving({V3: unless_known(json_reply([entry()]), '"1"')}) as web:
            first = visitor()
            list(DataPress(web.url("/")).pages(first))
            (page,) = DataPress(web.url("/")).pages(visitor(first.validators()))
            assert web.asked == [V3, V3]
        assert page.end is not None
        assert page.end.listing is Listing.WINDOW

    def test_one_bad_item_costs_one_record(self):
        page = read(entry("2aaa1"), None, {"title": "No id"}, entry("2aaa1"), entry("2aaa2"))
        assert [one.identifier for one in page.records] == ["2aaa1", "2aaa2"]
        assert [told.code for told in page.problems] == [
            "record_not_an_object",
            "record_without_identifier",
            "identifier_repeated",
        ]

    def test_an_emergent_index_is_not_taken_for_an_export(self):
        others = [{"id": "a", "sharing": "public", "title": "A", "resources": []}]
        with serving({"/": json_reply(others)}) as web, visitor().get(web.url("/")) as answer:
            assert DataPress.recognise(web.url("/"), answer) is None


class TestAccess:
    def test_what_is_public_there_is_for_anyone(self):
        record = only(sharing="public")
        assert (record.access, record.access_stated, record.published) == (
            Access.ANYONE,
            "public",
            True,
        )

    @pytest.mark.parametrize("sharing", ["private", "org", "PUBLIC?", 1, True, {"public": True}])
    def test_what_is_not_public_tells_nothing_but_that_it_is_there(self, sharing: Any):
        record = only(sharing=sharing)
        assert not record.published
        assert record.access is Access.UNKNOWN
        assert (record.title, record.description, record.distributions) == (None, None, ())
        assert "Set" not in repr(record)

    @pytest.mark.parametrize("sharing", [None, "", " "])
    def test_what_does_not_say_that_it_is_public_is_not(self, sharing: Any):
        record = only(sharing=sharing)
        assert not record.published
        assert codes(record) == {"sharing_not_stated"}

    def test_a_draft_is_not_public(self):
        assert not only(state="draft").published


class TestForms:
    def test_lists_and_objects_by_key_read_the_same(self):
        assert read(entry()).records == read(old_entry()).records

    def test_a_v3_record_in_full(self):
        record = only()
        assert record.problems == ()
        assert record.title == "Set 2abc1"
        assert record.description == "What it **holds**."
        assert record.landing_page == f"{SITE}/dataset/set-2abc1"
        assert record.publisher is not None
        assert (record.publisher.name, record.publisher.identifier) == (
            "Leeds City Council",
            "53oj7",
        )
        assert record.steward is not None
        assert (record.steward.name, record.steward.email) == ("Jo Bloggs", "jo@leeds.example")
        assert record.licence == (
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "UK Open Government Licence (OGL v3)",
        )
        assert record.themes == ("Council and democracy",)
        assert record.keywords == ("spending", "budget")
        assert record.issued == "2013-01-01T15:09:22+00:00"
        assert record.modified == "2026-07-30T07:43:11.456+00:00"
        assert record.next_review == "2027-01-15"
        (file,) = record.distributions
        assert file.url == f"{SITE}/download/2abc1/qlp/spending%202026_06%20%281%29.csv"
        assert (file.identifier, file.format, file.size) == ("qlp", "csv", 6154904)
        assert file.temporal is not None
        assert (file.temporal.start, file.temporal.end) == ("2026-06", "2026-06")

    def test_files_keyed_by_id_come_in_the_order_of_the_site(self):
        files = {
            "b": {"url": "https://a.example/b", "order": 1},
            "a": {"url": "https://a.example/a", "order": 0},
        }
        assert [one.identifier for one in only(resources=files).distributions] == ["a", "b"]

    @pytest.mark.parametrize(
        ("fields", "page"),
        [
            ({"canonical": "/dataset/x-2abc1"}, "/dataset/x-2abc1"),
            ({}, "/dataset/set-2abc1"),
            ({"webpage": None}, "/dataset/set-2abc1-2abc1"),
            ({"webpage": None, "slug": None}, "/dataset/2abc1"),
            ({"webpage": "no link", "slug": "a/../b"}, "/dataset/a%2F..%2Fb-2abc1"),
        ],
    )
    def test_the_landing_page_is_what_the_record_says_or_the_usual_address(
        self, fields: dict[str, Any], page: str
    ):
        assert only(**fields).landing_page == SITE + page

    def test_the_identifier_stays_when_title_and_slug_change(self):
        assert only(title="New", slug="new").identifier == only().identifier


class TestPeople:
    @pytest.mark.parametrize(
        ("fields", "name", "identifier"),
        [
            (
                {"team": "team-gla", "publisher": "Greater London Authority"},
                "Greater London Authority",
                "team-gla",
            ),
            ({"team": "Corporate Finance"}, "Corporate Finance", None),
            ({"team": None, "masthead": {"id": "b", "title": "Barnet"}}, "Barnet", None),
            ({"team": {"id": "t"}, "logo": {"title": "GLA"}}, "GLA", "t"),
            ({"team": "53oj7"}, None, "53oj7"),
        ],
    )
    def test_the_publisher_is_the_team_however_it_is_named(
        self, fields: dict[str, Any], name: str | None, identifier: str | None
    ):
        publisher = only(**fields).publisher
        assert publisher is not None
        assert (publisher.name, publisher.identifier) == (name, identifier)

    def test_a_contact_is_never_the_publisher(self):
        assert only(team=None).publisher is None

    @pytest.mark.parametrize(
        ("contact", "name", "email"),
        [
            ("data@london.example", None, "data@london.example"),
            ("Data team", "Data team", None),
            ({"name": "TBC", "email": "real@a.example"}, None, "real@a.example"),
            ({"title": "Open Data Team"}, "Open Data Team", None),
        ],
    )
    def test_the_contact_is_the_steward(self, contact: Any, name: str | None, email: str | None):
        steward = only(contact=contact).steward
        assert steward is not None
        assert (steward.name, steward.email) == (name, email)

    @pytest.mark.parametrize(
        "contact", ["Contact name", {"title": "N/A"}, {"title": "-", "email": "noreply@a.example"}]
    )
    def test_a_contact_that_fills_a_form_is_nobody(self, contact: Any):
        record = only(contact=contact)
        assert record.steward is None
        assert "contact_is_placeholder" in codes(record)

    def test_the_maintainer_of_old_exports_is_the_steward(self):
        record = only(contact=None, maintainer="M", maintainer_email="m@a.example", author="A")
        assert record.steward is not None
        assert record.steward.email == "m@a.example"
        assert record.author is not None
        assert record.author.name == "A"


class TestContent:
    def test_a_licence_before_2023_is_an_id_with_notes(self):
        record = only(licence="uk-ogl", licence_notes="Except the base map.")
        assert record.licence == ("uk-ogl",)
        assert record.rights == "Except the base map."
        assert "licence_has_notes" in codes(record)

    @pytest.mark.parametrize("licence", [None, "", {}, {"url": None, "title": ""}])
    def test_a_licence_that_is_missing_is_missing(self, licence: Any):
        assert only(licence=licence).licence == ()

    def test_a_title_alone_is_kept_and_flagged(self):
        record = read(
            {
                "id": "23m5d",
                "sharing": "public",
                "title": "06.07.26",
                "slug": "060726",
                "createdAt": "2026-07-06T18:58:08.044Z",
            }
        ).records[0]
        assert record.title == "06.07.26"
        assert "poor_record" in codes(record)

    def test_a_file_without_address_gets_the_one_of_its_download(self):
        files = [{"id": "qlp", "filename": "a b.csv"}]
        assert only(resources=files).distributions[0].url == f"{SITE}/download/2abc1/qlp/a%20b.csv"

    def test_a_file_without_any_address_is_listed_and_told(self):
        record = only(resources=[{"id": "qlp", "title": "Streets"}])
        assert record.distributions[0].url is None
        assert "resource_without_link" in codes(record)

    def test_repeated_and_padded_file_titles_are_kept(self):
        files = [{"title": "January ", "url": f"https://a.example/{n}"} for n in range(2)]
        record = only(resources=files)
        assert [one.title for one in record.distributions] == ["January", "January"]

    def test_what_the_sites_link_checker_writes_is_left_out(self):
        file = {
            "url": "https://a.example/b.csv",
            "check_timestamp": "now",
            "check_http_status": 200,
            "check_hash": "1",
        }
        assert only(resources=[file]).distributions[0].extras == ()

    @pytest.mark.parametrize(
        "links",
        [
            [{"title": "Method", "url": "https://a.example/method", "httpStatus": 200}],
            {"l1": {"title": "Method", "url": "https://a.example/method"}},
            ["https://a.example/method"],
        ],
    )
    def test_links_of_any_shape_are_pages_about_the_data(self, links: Any):
        (link,) = only(links=links).links
        assert (link.kind, link.url) == (LinkKind.DOCUMENTATION, "https://a.example/method")

    def test_a_link_to_a_file_is_data_that_lies_elsewhere(self):
        record = only(
            links=[{"id": "l1", "title": "Map", "url": "https://a.example/map.geojson?v=2"}]
        )
        assert record.links == ()
        assert record.distributions[-1].format == "geojson"
        assert record.distributions[-1].identifier == "l1"

    @pytest.mark.parametrize(
        "links", [[{"title": "Lost"}], [{"odd": 1}], [7, None], "see there", {"a": 1}]
    )
    def test_links_of_unseen_shape_are_tolerated_and_told(self, links: Any):
        record = only(links=links)
        assert record.links == ()
        assert record.problems

    def test_the_frequency_is_a_custom_field(self):
        record = only(custom={"update_frequency": "Annual", "geo": "Ward", "units": ["a", "b"]})
        assert record.frequency == "Annual"
        assert ("custom.geo", "Ward") in record.extras

    def test_an_archived_record_says_so(self):
        record = only(archivedAt="2026-01-01T00:00:00Z")
        assert "archived_at_portal" in codes(record)
        assert ("archivedAt", "2026-01-01T00:00:00+00:00") in record.extras

    def test_who_else_may_see_a_record_is_nobodys_business(self):
        assert "u1" not in repr(only(shares={"users": {"u1": "view"}}))

    def test_a_field_of_tomorrow_is_kept_without_noise(self):
        record = only(quality="good")
        assert ("quality", "good") in record.extras
        assert record.problems == ()
