"""The demo that `dev/hub` loads: read by the real adapter, from its own server."""

from __future__ import annotations

import importlib.util
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
import yaml

from ckanext.emergent.challenge import CHALLENGES
from ckanext.emergent.frequency import FREQUENCIES
from ckanext.emergent.licences import recognise
from ckanext.emergent.reading.adapters.emergent_index import EmergentIndex
from ckanext.emergent.reading.network.link import link_from
from ckanext.emergent.reading.record import LinkKind, Record
from ckanext.emergent.spectrum import Evidence, Level, classify
from ckanext.emergent.tests.conftest import ROOT
from ckanext.emergent.tests.visits import visit, visitor

DEMO = ROOT / "dev" / "demo"
LEVELS = {"open": 14, "public": 5, "group": 3, "internal": 2}
#: What a closed or requested dataset, or one without a licence, cannot name.
UNAVOIDABLE = {"field_missing"}

pytestmark = pytest.mark.skipif(not DEMO.is_dir(), reason="installed without the demo")


def content(name: str) -> Any:
    return yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    spec = importlib.util.spec_from_file_location("serve", DEMO / "serve.py")
    assert spec is not None
    assert spec.loader is not None
    serve = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(serve)
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve.Portal)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def records(address: str) -> list[Record]:
    with visitor() as fetch:
        pages = list(EmergentIndex(f"{address}index.json").pages(fetch))
    assert [page.problems for page in pages if page.problems] == []
    return [record for page in pages for record in page.records]


def level(record: Record) -> Level | None:
    licence = recognise(record.licence) if record.licence else None
    evidence = Evidence(access=record.access, licence=licence, access_stated=record.access_stated)
    return classify(evidence).level


def test_the_levels_are_those_that_the_readme_tells(records: list[Record]) -> None:
    found = Counter(found.value for record in records if (found := level(record)))

    assert found == LEVELS
    told = ", ".join(f"{count} {name}" for name, count in LEVELS.items())
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert told.replace("3 group", "3 group, 1 named") in readme


def test_each_record_is_complete(records: list[Record]) -> None:
    assert all(record.title and record.description and record.landing_page for record in records)
    assert all(record.publisher and record.author and record.keywords for record in records)
    assert all(set(record.challenges) <= set(CHALLENGES) for record in records)
    assert all(record.challenges for record in records)
    assert {one.code for record in records for one in record.problems} <= UNAVOIDABLE


def test_every_challenge_has_data(records: list[Record]) -> None:
    assert {slug for record in records for slug in record.challenges} == set(CHALLENGES)


def test_links_are_for_datasets_that_are_there(records: list[Record]) -> None:
    links = content("links.yaml")

    assert set(links) <= {record.identifier for record in records}
    for link in (link for found in links.values() for link in found):
        assert LinkKind(link["kind"])
        assert link_from(link["url"]).url


def test_what_a_member_registers_has_named_access_and_says_why() -> None:
    [dataset] = content("registered.yaml")

    assert dataset["data_spectrum"] == Level.NAMED.value
    assert dataset["spectrum_reason"]
    assert dataset["access_procedure"]
    assert dataset["frequency"] in FREQUENCIES
    assert set(dataset["challenges"]) <= set(CHALLENGES)


def test_members_are_told_once_and_with_places_on_earth() -> None:
    members = content("members.yaml")
    names = [member["name"] for member in members]

    assert len(names) == len(set(names))
    for member in members:
        assert abs(float(member.get("place_lat", 0))) <= 90
        assert abs(float(member.get("place_lon", 0))) <= 180
        assert ("place" in member) == ("place_lat" in member) == ("place_lon" in member)


def test_the_portal_knows_that_nothing_changed(address: str) -> None:
    first = visitor()
    visit(first, f"{address}index.json", conditional=True)
    with visitor(first.validators()).get(f"{address}index.json", conditional=True) as answer:
        assert answer.not_modified


@pytest.mark.parametrize("path", ["../serve.py", "%2e%2e/serve.py", "organisations", "nothing"])
def test_the_portal_serves_its_own_files_only(address: str, path: str) -> None:
    with visitor() as fetch, pytest.raises(Exception, match="page_not_found"):
        fetch.get(address + path)
