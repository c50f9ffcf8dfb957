"""The Emergent index: the contract in its three shapes, and what is peculiar to it."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.reading.adapter import Listing, Page
from ckanext.emergent.reading.adapters.emergent_index import EmergentIndex
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum.access import Access
from ckanext.emergent.tests.pure.reading.contract import AdapterContract
from ckanext.emergent.tests.pure.reading.memory import SITE, fetch_of
from ckanext.emergent.tests.servers import Reply, json_reply, page_reply, serving, unless_known
from ckanext.emergent.tests.visits import HOSTS, visitor


def entry(number: object, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"set-{number}",
        "sharing": "public",
        "topics": ["travel"],
        "tags": ["trains", "delays"],
        "licence": "OGL-UK-3.0",
        "createdAt": "2020-05-20",
        "title": f"Set {number}",
        "description": "What it holds.",
        "url": f"https://data.example/{number}",
        "resources": [
            {"type": "data", "format": "csv", "url": f"https://data.example/{number}.csv"}
        ],
        **fields,
    }


def index(*entries: Any) -> dict[str, Any]:
    return {"version": "1.0", "datasets": list(entries)}


def member(path: str) -> dict[str, Any]:
    return {"author": "A member", "url": "https://member.example/", "index": path}


def read(answers: dict[str, Any], path: str = "/index.json") -> list[Page]:
    return list(EmergentIndex(SITE + path).pages(fetch_of(answers)))


def records(pages: list[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


def only(**fields: Any) -> Record:
    """The record of one entry with these fields."""
    return records(read({"/index.json": index(entry(1, **fields))}))[0]


def codes(record: Record, field: str | None = None) -> set[str]:
    return {told.code for told in record.problems if field is None or told.field == field}


class TestOrganisationIndex(AdapterContract):
    adapter = EmergentIndex
    link = "/index.json"

    def portal(self, site: str) -> dict[str, Any]:
        return {"/index.json": index(*map(entry, range(self.size)))}


class TestCentralIndex(AdapterContract):
    adapter = EmergentIndex
    link = "/central.json"

    def portal(self, site: str) -> dict[str, Any]:
        return {
            "/central.json": {"one": member(f"{site}/one.json"), "two": member("/api/two")},
            "/one.json": index(*map(entry, range(120))),
            "/api/two": index(*map(entry, range(120, 250))),
        }

    def test_a_listing_that_breaks_off_raises_after_what_was_read(self):
        """Here it costs its own organisation, and what was read of it stands."""
        with self.served() as (web, adapter):
            whole = web.answers["/one.json"].body
            web.answers["/one.json"] = Reply(body=whole[: len(whole) // 2])
            pages = list(adapter.pages(visitor()))
        assert {"index_unread", "answer_truncated"} <= {
            p.code for page in pages for p in page.problems
        }
        assert 130 + 50 < len(records(pages)) < 250
        assert pages[-1].end is not None
        assert pages[-1].end.unread == ("one",)


class TestMergedIndexes(AdapterContract):
    adapter = EmergentIndex
    link = "/all.json"
    streamed = False

    def portal(self, site: str) -> dict[str, Any]:
        first, second = map(entry, range(120)), map(entry, range(120, 250))
        return {
            "/all.json": {
                "one": {**member("https://one.example/index.json"), **index(*first)},
                "two": list(second),
            }
        }


class TestIdentity:
    def test_through_a_central_index_the_key_stands_before_the_id(self):
        answers = {
            "/index.json": {"a": member("/a"), "b": member("/b")},
            "/a": index(entry(1)),
            "/b": index(entry(1)),
        }
        assert [one.identifier for one in records(read(answers))] == ["a/set-1", "b/set-1"]

    def test_a_slash_in_a_key_makes_no_two_records_one(self):
        answers = {
            "/index.json": {"a/b": member("/1"), "a": member("/2")},
            "/1": index({"id": "c", "title": "One"}),
            "/2": index({"id": "b/c", "title": "Two"}),
        }
        assert [one.identifier for one in records(read(answers))] == ["a%2Fb/c", "a/b/c"]

    def test_the_same_index_read_both_ways_shares_the_address_of_each_record(self):
        answers = {
            "/index.json": {"a": member("/a.json")},
            "/a.json": index(entry(1), entry("Ü x")),
        }
        direct = [one.source_url for one in records(read(answers, "/a.json"))]
        central = records(read(answers))
        assert [one.source_url for one in central] == direct
        assert [one.copied_from for one in central] == direct
        assert direct == [f"{SITE}/a.json#set-1", f"{SITE}/a.json#set-%C3%9C%20x"]

    def test_ids_that_differ_in_case_alone_are_two_records(self):
        found = records(read({"/index.json": index({"id": "Ab"}, {"id": "ab"})}))
        assert [one.identifier for one in found] == ["Ab", "ab"]
        assert "identifier_mixed_case" in codes(found[0])
        assert "identifier_mixed_case" not in codes(found[1])

    def test_a_number_is_an_id(self):
        assert only(id=123).identifier == "123"

    @pytest.mark.parametrize("id_", [None, "", "  ", True, 1.5, [], {"a": 1}, "x" * 501])
    def test_an_entry_without_id_is_left_out_and_told(self, id_: Any):
        (page,) = read({"/index.json": index(entry(1, id=id_), entry(2))})
        assert [one.identifier for one in page.records] == ["set-2"]
        assert [told.code for told in page.problems] == ["record_without_identifier"]

    def test_the_first_of_two_entries_with_one_id_is_kept(self):
        (page,) = read({"/index.json": index(entry(1, title="First"), entry(1, title="Second"))})
        assert [one.title for one in page.records] == ["First"]
        assert [told.code for told in page.problems] == ["identifier_repeated"]

    def test_entries_that_are_no_objects_are_told(self):
        (page,) = read({"/index.json": index(entry(1), "set-2", None, [3])})
        assert [told.code for told in page.problems] == ["record_not_an_object"] * 3


class TestCentral:
    @pytest.mark.parametrize(
        "reply",
        [page_reply(), page_reply(status=404), page_reply(status=500), json_reply({"datasets": 1})],
        ids=["page", "404", "500", "no datasets"],
    )
    def test_a_broken_index_costs_only_its_own_organisation(self, reply: Reply):
        with serving({}) as web:
            web.answers.update(
                {
                    "/": json_reply({"bad": member("/bad"), "good": member("/good")}),
                    "/bad": reply,
                    "/good": json_reply(index(entry(1))),
                }
            )
            pages = list(EmergentIndex(web.url("/")).pages(visitor(tries=1)))
        assert [one.identifier for one in records(pages)] == ["good/set-1"]
        assert pages[0].problems[0].code == "index_unread"
        assert pages[-1].end is not None
        assert pages[-1].end.listing is Listing.COMPLETE
        assert pages[-1].end.unread == ("bad",)

    @pytest.mark.allow_hosts(HOSTS)
    def test_a_refused_address_costs_only_its_own_organisation(self):
        with serving({}) as web:
            inside = "http://169.254.169.254/latest/meta-data"
            web.answers["/"] = json_reply({"bad": member(inside), "good": member("/good")})
            web.answers["/good"] = json_reply(index(entry(1)))
            pages = list(EmergentIndex(web.url("/")).pages(visitor()))
        assert [told.code for told in pages[0].problems] == ["index_unread", "link_address_refused"]
        assert [one.identifier for one in records(pages)] == ["good/set-1"]

    def test_what_is_unread_before_a_cursor_is_still_unread_after_it(self):
        answers = {
            "/index.json": {"bad": member("/no"), "good": member("/good")},
            "/good": index(entry(1)),
        }
        first = read(answers)[0]
        rest = list(EmergentIndex(f"{SITE}/index.json").pages(fetch_of(answers), first.cursor))
        assert rest[-1].end is not None
        assert rest[-1].end.unread == ("bad",)

    @pytest.mark.parametrize("value", [None, 7, "text", {}, {"index": ""}, {"index": None}, []])
    def test_an_organisation_without_index_is_unread_and_told(self, value: Any):
        pages = read(
            {"/index.json": {"odd": value, "good": member("/good")}, "/good": index(entry(1))}
        )
        assert [told.code for told in pages[0].problems] == ["member_without_index"]
        assert pages[-1].end is not None
        assert pages[-1].end.unread == ("odd",)

    def test_an_index_that_is_listed_twice_is_read_once(self):
        answers = {
            "/index.json": {"a": member("/a"), "b": member("/a#again")},
            "/a": index(entry(1)),
        }
        pages = read(answers)
        assert [one.identifier for one in records(pages)] == ["a/set-1"]
        assert [told.code for told in pages[1].problems] == ["index_listed_twice"]

    def test_the_publisher_is_the_organisation(self):
        (record,) = records(read({"/index.json": {"a": member("/a")}, "/a": index(entry(1))}))
        assert record.publisher is not None
        assert (record.publisher.name, record.publisher.identifier) == ("A member", "a")
        assert record.scope == "a"

    def test_an_unchanged_index_answers_with_304_and_is_left_as_it_is(self):
        with serving({}) as web:
            web.answers["/"] = json_reply({"a": member("/a")})
            web.answers["/a"] = unless_known(json_reply(index(entry(1))), '"1"')
            first = visitor()
            assert len(records(list(EmergentIndex(web.url("/")).pages(first)))) == 1
            (page,) = EmergentIndex(web.url("/")).pages(visitor(first.validators()))
        assert page.records == ()
        assert page.problems == ()
        assert page.end is not None
        assert page.end.unread == ("a",)

    def test_a_list_that_changed_meanwhile_is_read_from_its_start(self):
        before = {
            "/index.json": {"a": member("/a"), "b": member("/b")},
            "/a": index(entry(1)),
            "/b": index(entry(2)),
        }
        cursor = read(before)[0].cursor
        after = {
            **before,
            "/index.json": {"new": member("/n"), **before["/index.json"]},
            "/n": index(entry(3)),
        }
        again = list(EmergentIndex(f"{SITE}/index.json").pages(fetch_of(after), cursor))
        assert [one.identifier for one in records(again)] == ["new/set-3", "a/set-1", "b/set-2"]
        assert again[0].problems[0].code == "listing_changed"

    def test_too_many_organisations_are_refused(self):
        with pytest.raises(UnexpectedAnswer) as caught:
            read({"/index.json": {f"m{n}": member("/a") for n in range(5001)}})
        assert caught.value.problem.code == "index_too_big"

    def test_five_thousand_organisations_still_have_a_short_cursor(self):
        answers = {"/index.json": {f"m{n}": member(f"/{n}") for n in range(5000)}}
        assert max(len(page.cursor or "") for page in read(answers)) < 2000


class TestShapes:
    def test_an_empty_index_is_a_complete_listing_of_nothing(self):
        (page,) = read({"/index.json": index()})
        assert page.end is not None
        assert page.end.listing is Listing.COMPLETE
        assert page.records == ()

    @pytest.mark.parametrize("whole", [{}, {"datasets": None}, {"datasets": {}}, {"a": 1}, [1], 7])
    def test_what_is_no_index_raises_and_ends_nothing(self, whole: Any):
        with pytest.raises(UnexpectedAnswer) as caught:
            read({"/index.json": whole})
        assert caught.value.problem.code == "not_an_emergent_index"

    def test_a_list_without_the_object_around_it_is_read(self):
        assert len(records(read({"/index.json": [entry(1), entry(2)]}))) == 2

    @pytest.mark.parametrize("version", ["2.0", None, 7])
    def test_another_version_is_read_as_this_one_and_told(self, version: Any):
        (page,) = read({"/index.json": {"version": version, "datasets": [entry(1)]}})
        assert [told.code for told in page.problems] == ["index_version_unknown"]
        assert len(page.records) == 1


class TestAccess:
    @pytest.mark.parametrize(
        ("sharing", "access"),
        [
            ("public", Access.ANYONE),
            (" Public ", Access.ANYONE),
            ("alliance", Access.GROUP),
            ("internal", Access.STAFF),
            ("private", Access.STAFF),
            ("partners", Access.UNKNOWN),
            (None, Access.UNKNOWN),
            (True, Access.UNKNOWN),
            (["public", "private"], Access.UNKNOWN),
            ({"public": True}, Access.UNKNOWN),
        ],
    )
    def test_sharing_tells_who_has_access(self, sharing: Any, access: Access):
        assert only(sharing=sharing).access is access

    def test_a_private_entry_is_a_public_record(self):
        assert only(sharing="private").published


class TestEntry:
    @pytest.mark.parametrize(
        ("tags", "keywords", "code"),
        [
            (["a", "b"], ("a", "b"), None),
            ("a, b ,c", ("a", "b", "c"), "list_is_text"),
            ("rail trains", ("rail", "trains"), "list_is_text"),
            ("South Korea, cases", ("South Korea", "cases"), "list_is_text"),
            (["a, b"], ("a", "b"), "list_is_joined"),
            (["a", "A", " a "], ("a",), None),
            (["a", 7, None, ""], ("a", "7"), None),
            ([{"name": "a"}, {"odd": 1}], ("a",), "field_unreadable"),
            (7, ("7",), None),
            (None, (), None),
        ],
    )
    def test_tags_of_every_shape(self, tags: Any, keywords: tuple[str, ...], code: str | None):
        record = only(tags=tags)
        assert record.keywords == keywords
        assert codes(record, "tags") == ({code} if code else set())

    @pytest.mark.parametrize(
        "url", ["Available upon request.", "Data available upon request ", "ask us"]
    )
    def test_words_in_place_of_a_link_tell_how_to_get_access(self, url: str):
        record = only(url=url)
        assert record.landing_page is None
        assert record.rights == url.strip()
        assert "link_is_text" in codes(record, "url")

    def test_other_words_in_place_of_a_link_are_kept(self):
        record = only(url="see below")
        assert (record.landing_page, record.rights) == (None, None)
        assert ("url", "see below") in record.extras

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/b"]
    )
    def test_a_link_of_another_kind_is_dropped_and_told(self, url: str):
        record = only(url=url)
        assert record.landing_page is None
        assert codes(record, "url") & {"link_unusable"}

    def test_a_password_in_a_link_is_told_and_shown_nowhere(self):
        record = only(url="https://me:secret@data.example/")
        assert record.landing_page is None
        assert "link_with_password" in codes(record, "url")
        assert "secret" not in repr(record)

    def test_the_dates_of_the_entry_are_not_those_of_the_data(self):
        record = only(createdAt="2020-05-20T11:15+01:00", updatedAt="2020-06-01")
        assert (record.issued, record.modified) == (None, None)
        assert dict(record.extras) == {
            "createdAt": "2020-05-20T11:15:00+01:00",
            "updatedAt": "2020-06-01",
        }

    def test_an_ambiguous_date_is_kept_as_written(self):
        record = only(createdAt="11-05-2020")
        assert dict(record.extras) == {"createdAt": "11-05-2020"}
        assert "date_ambiguous" in codes(record, "createdAt")

    @pytest.mark.parametrize(
        ("created", "code"),
        [
            (None, "field_missing"),
            ("2013-04-01", "entry_before_alliance"),
            ("soon", "date_unreadable"),
        ],
    )
    def test_what_is_wrong_with_the_date_is_named(self, created: Any, code: str):
        assert code in codes(only(createdAt=created), "createdAt")

    def test_a_licence_is_kept_as_received_but_for_its_blanks(self):
        record = only(licence="CC-BY-4.0 ")
        assert record.licence == ("CC-BY-4.0",)
        assert "text_padded" in codes(record, "licence")

    def test_a_size_without_unit_is_never_converted(self):
        resource = {
            "type": "data",
            "format": "json",
            "url": "https://a.example/b",
            "check_size": 59150,
        }
        (file,) = only(resources=[resource]).distributions
        assert file.size is None
        assert file.extras == (("check_size", "59150"),)

    @pytest.mark.parametrize(
        ("written", "kind", "code"),
        [
            ("vis", "vis", None),
            ("CAT", "cat", None),
            (None, "data", "resource_type_missing"),
            ("map", "data", "resource_type_unknown"),
        ],
    )
    def test_a_resource_is_data_unless_it_says_otherwise(
        self, written: Any, kind: str, code: str | None
    ):
        resource = {"type": written, "format": "x", "url": "https://a.example/b"}
        record = only(resources=[resource])
        assert record.distributions[0].kind is not None
        assert record.distributions[0].kind.value == kind
        assert codes(record, "resources[0].type") == ({code} if code else set())

    def test_a_resource_without_link_is_listed_and_told(self):
        record = only(resources=[{"type": "data", "format": "csv", "title": "On a disc"}])
        assert record.distributions[0].title == "On a disc"
        assert "resource_without_link" in codes(record, "resources[0].url")

    def test_references_may_be_addresses_ids_or_bare_texts(self):
        record = only(
            references=[{"url": "https://a.example/x", "description": "Codes"}, {"url": "set-2"}],
            dependencies=["https://b.example/y", "other-set"],
        )
        assert [(one.url, one.description) for one in record.references] == [
            ("https://a.example/x", "Codes"),
            (None, "set-2"),
            ("https://b.example/y", None),
            (None, "other-set"),
        ]

    def test_topics_off_the_list_are_kept_and_told(self):
        record = only(topics=["travel", "health"])
        assert record.themes == ("travel", "health")
        assert codes(record, "topics") == {"topic_unknown"}

    def test_a_field_that_nobody_knows_is_kept_and_told(self):
        record = only(json="Available upon request. ")
        assert ("json", "Available upon request.") in record.extras
        assert codes(record, "json") == {"field_unknown"}

    def test_windows_line_ends_are_replaced_and_told(self):
        record = only(description="One\r\nTwo\r\n\r\nThree")
        assert record.description == "One  \nTwo\n\nThree"
        assert "text_line_ends" in codes(record, "description")

    def test_a_clean_entry_has_no_problem(self):
        assert only().problems == ()
