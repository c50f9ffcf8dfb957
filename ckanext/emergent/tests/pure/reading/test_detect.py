"""From any link of a portal to its family, politely."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from ckanext.emergent.reading.adapter import Adapter, Page
from ckanext.emergent.reading.adapters import adapter_for
from ckanext.emergent.reading.adapters.datapress import EXPORTS, DataPress
from ckanext.emergent.reading.detect import Detection, detect
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.reading.network.answer import Answer
from ckanext.emergent.reading.network.fetch import Fetch
from ckanext.emergent.tests.pure.reading.test_datapress import entry
from ckanext.emergent.tests.pure.reading.test_emergent_index import entry as index_entry
from ckanext.emergent.tests.pure.reading.test_emergent_index import index, member
from ckanext.emergent.tests.servers import Reply, json_reply, page_reply, redirect_reply, serving
from ckanext.emergent.tests.visits import visitor

V3, PLAIN, V2 = EXPORTS
HOME = page_reply("<!doctype html><title>Open data</title>")
EXPORT = json_reply([entry(), entry("2abc2")])


class Ckan(Adapter):
    """Stands for the family that DataPress imitates, recognised as carelessly as can be."""

    name = "ckan"
    title = "CKAN"

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        return (DataPress.probes(link)[0].replace(V3, "/api/3/action/package_search?rows=0"),)

    @classmethod
    def recognise(cls, link: str, answer: Answer) -> str | None:
        whole = answer.json()
        return link if isinstance(whole, dict) and whole.get("success") else None

    def pages(
        self, fetch: Fetch, cursor: str | None = None, since: datetime | None = None
    ) -> Iterator[Page]:
        raise NotImplementedError


WITH_CKAN: dict[str, type[Adapter]] = {"datapress": DataPress, "ckan": Ckan}
FACADE = json_reply({"success": True, "result": {"count": 1295, "results": [{"id": "2abc1"}]}})


@pytest.mark.parametrize(
    "path",
    ["/", "/dataset", "/dataset/street-trees-2aaaa", "/api/3/action/package_search?q=x", V3, PLAIN],
)
def test_a_datapress_site_is_found_from_any_of_its_links(path: str):
    answers = {
        "/": HOME,
        "/dataset": HOME,
        "/dataset/street-trees-2aaaa": HOME,
        V3: EXPORT,
        PLAIN: EXPORT,
    }
    with serving({**answers, "/api/3/action/package_search": FACADE}) as web:
        found = detect(web.url(path), visitor())
        assert (found.adapter, found.link) == ("datapress", web.url("/"))
        assert len(web.requests) <= 2


def test_the_oldest_export_is_found_on_a_page_that_mentions_the_family():
    with serving({"/": page_reply("<p>Powered by DataPress"), V2: EXPORT}) as web:
        assert detect(web.url("/"), visitor()).adapter == "datapress"


@pytest.mark.parametrize("path", ["/", "/api/3/action/package_search?rows=0"])
def test_the_facade_of_a_datapress_site_is_not_taken_for_ckan(path: str):
    answers = {"/": HOME, "/api/3/action/package_search": FACADE, PLAIN: EXPORT}
    with serving(answers) as web:
        found = detect(web.url(path), visitor(), WITH_CKAN)
        assert found.adapter == "datapress"
        assert len(web.requests) <= 5


def test_a_family_that_nobody_imitates_here_is_itself():
    with serving({"/": HOME, "/api/3/action/package_search": FACADE}) as web:
        found = detect(web.url("/"), visitor(), WITH_CKAN)
        assert found.adapter == "ckan"
        assert len(web.requests) <= 5


def test_imitators_stand_before_those_whom_they_imitate():
    from ckanext.emergent.reading.adapters import _imitators_first

    assert list(_imitators_first({"ckan": Ckan, "datapress": DataPress})) == ["datapress", "ckan"]


@pytest.mark.parametrize(
    "listing",
    [index(index_entry(1)), index(), {"rail": member("/rail.json")}, {"rail": [index_entry(1)]}],
    ids=["organisation", "empty", "central", "merged"],
)
def test_an_emergent_index_is_found_with_one_request(listing: Any):
    with serving({"/any/name": json_reply(listing)}) as web:
        found = detect(web.url("/any/name"), visitor())
        assert (found.adapter, found.link) == ("emergent_index", web.url("/any/name"))
        assert web.asked == ["/any/name"]


def test_one_badly_written_organisation_does_not_hide_a_central_index():
    listing = {"a": member("/a"), "b": member("/b"), "odd": {"author": "No index"}}
    with serving({"/": json_reply(listing)}) as web:
        assert detect(web.url("/"), visitor()).adapter == "emergent_index"


def test_only_the_beginning_of_a_long_export_is_fetched():
    long = json_reply([entry(f"2ab{n:03}", description="x" * 4000) for n in range(800)])
    with serving({"/": HOME, V3: long}) as web:
        assert len(long.body) > 3_000_000
        assert detect(web.url("/"), visitor(max_bytes=2_000_000)).adapter == "datapress"


def test_after_a_redirect_the_site_is_asked_where_it_lives():
    with serving({"/": HOME, V3: EXPORT}) as web, serving({}) as old:
        old.answers["/data"] = redirect_reply(web.url("/"))
        found = detect(old.url("/data"), visitor())
        assert (found.adapter, found.link) == ("datapress", web.url("/"))
        assert old.asked == ["/data"]


STRANGE = {
    "nothing": Reply(404),
    "page": HOME,
    "empty": Reply(body=b""),
    "null": json_reply(None),
    "empty list": json_reply([]),
    "nested": Reply(body=b"[" * 100_000),
    "binary": Reply(body=bytes(range(256)) * 50),
    "broken": Reply(body=b'[{"id": "1", "sharing": "public", "slug"'),
    "forbidden": Reply(403),
    "failing": Reply(500),
    "redirect to itself": redirect_reply("/"),
    "redirect to a file": redirect_reply("file:///etc/passwd"),
    "redirect nowhere": redirect_reply("http://["),
    "no HTTP": Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_portal_is_no_error_and_gets_five_requests_at_most(name: str):
    with serving(dict.fromkeys(["/data", "/", *EXPORTS], STRANGE[name])) as web:
        found = detect(web.url("/data"), visitor(tries=1))
        assert found.adapter is None
        assert found.tried
        assert len(web.requests) <= 5


def test_what_was_tried_is_told_with_a_verdict_for_each():
    with serving({"/": HOME}) as web:
        found = detect(web.url("/"), visitor(), {"datapress": DataPress})
        assert [tried.url for tried in found.tried] == [web.url("/"), *map(web.url, EXPORTS)]
        assert [tried.verdict.code for tried in found.tried] == ["answer_not_known"] + [
            "page_not_found"
        ] * 3


def test_a_host_that_does_not_answer_is_asked_once():
    with serving({}) as web:
        url = web.url("/")
    found = detect(url, visitor(tries=1))
    assert [tried.verdict.code for tried in found.tried] == ["portal_unreachable"]


@pytest.mark.parametrize(
    "link", ["", "x", "file:///etc/passwd", "javascript:1", "http://[", "//a.example"]
)
def test_what_is_no_link_is_told_without_a_request(link: str):
    found = detect(link, visitor())
    assert found.adapter is None
    assert len(found.tried) == 1


def test_a_password_in_the_link_is_not_repeated():
    found = detect("https://me:secret@portal.example/", visitor())
    assert found == Detection(None, None, found.tried)
    assert "secret" not in repr(found)


def test_a_private_address_is_told_and_not_visited():
    found = detect("http://169.254.169.254/", visitor())
    assert [tried.verdict.code for tried in found.tried] == ["link_address_refused"]


def test_a_name_that_is_no_family_is_told_with_those_that_are():
    with pytest.raises(FatalError) as caught:
        adapter_for("fortran")
    assert caught.value.problem.code == "adapter_unknown"
    assert "datapress" in dict(caught.value.problem.values)["known"]
