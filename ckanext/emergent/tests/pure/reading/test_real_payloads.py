"""What portals really sent: the 21 records of the 2020 hub, and DataPress' field shapes.

The payloads lie beside the checkout (fixture `shared_portals`), are served as they are, and only
the addresses of the members' indexes are turned to the test's own server, at run time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.emergent.mapping import Rules, dataset_from
from ckanext.emergent.problem import Problem
from ckanext.emergent.reading.adapter import Adapter, Page
from ckanext.emergent.reading.adapters import adapter_for
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.record import Record
from ckanext.emergent.tests.pure.reading.contract import all_texts
from ckanext.emergent.tests.pure.reading.hostile import is_harmless
from ckanext.emergent.tests.servers import Web, file_reply, json_reply, serving
from ckanext.emergent.tests.visits import visitor

RULES = Rules(portal_name="the-2020-hub", owner_org="emergent")


@pytest.fixture(scope="module")
def hub(shared_portals: Path) -> Iterator[Web]:
    """The 2020 hub: its central index, the two indexes that it names, and both merged."""
    folder = shared_portals / "emergent-index"
    with serving({}) as web:
        central = json.loads((folder / "central-index.json").read_text())
        central["odi-leeds"]["index"] = web.url("/odi-leeds.json")
        central["public"]["index"] = web.url("/public.json")
        web.answers.update(
            {
                "/index.json": json_reply(central),
                "/odi-leeds.json": file_reply(folder / "odi-leeds-organisation-index.json"),
                "/public.json": file_reply(folder / "public-organisation-index.json"),
                "/all.json": file_reply(folder / "datahub-allDatasets.json"),
            }
        )
        yield web


@pytest.fixture(scope="module")
def records(hub: Web) -> dict[str, Record]:
    return {record.identifier: record for record in found(pages_of(hub, "/index.json"))}


def pages_of(web: Web, path: str) -> list[Page]:
    detected = detect(web.url(path), visitor())
    assert detected.adapter is not None
    assert detected.link is not None
    adapter: Adapter = adapter_for(detected.adapter)(detected.link)
    return list(adapter.pages(visitor()))


def found(pages: list[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


def told(record: Record) -> tuple[Problem, ...]:
    """The problems of reading and of mapping."""
    return dataset_from(record, RULES).problems


def with_problem(records: dict[str, Record], code: str, field: str | None = None) -> list[str]:
    return [
        name
        for name, record in records.items()
        if any(one.code == code and field in (None, one.field) for one in told(record))
    ]


class TestThe2020Hub:
    def test_all_21_records_arrive_without_a_problem_of_the_listing(self, hub: Web):
        pages = pages_of(hub, "/index.json")
        assert Counter(record.scope for record in found(pages)) == {"odi-leeds": 2, "public": 19}
        assert [page.problems for page in pages] == [(), ()]
        assert pages[-1].end is not None
        assert pages[-1].end.unread == ()

    def test_levels_are_1_open_14_public_6_group(self, records: dict[str, Record]):
        datasets = {name: dataset_from(record, RULES).dataset for name, record in records.items()}
        levels = Counter(dataset.get("data_spectrum") for dataset in datasets.values())
        assert levels == {"open": 1, "public": 14, "group": 6}
        assert datasets["public/oxford_stringency"]["data_spectrum"] == "open"
        assert datasets["public/NetworkRailOpenDataMirror"]["data_spectrum"] == "group"

    def test_the_merged_file_reads_as_the_indexes_do(self, hub: Web, records: dict[str, Record]):
        merged = {record.identifier: record for record in found(pages_of(hub, "/all.json"))}
        assert merged.keys() == records.keys()
        for name, record in merged.items():
            assert (record.title, record.access) == (records[name].title, records[name].access)
            assert record.problems == records[name].problems

    def test_an_index_by_itself_gives_the_same_datasets(self, hub: Web, records: dict[str, Record]):
        alone = found(pages_of(hub, "/public.json"))
        assert [one.source_url for one in alone] == [
            one.source_url for name, one in records.items() if name.startswith("public/")
        ]

    #: The defects of domain.md, section 8.3, with their counts, and the problem that names each.
    DEFECTS = (
        ("list_is_text", "tags", 12),
        ("list_is_joined", "tags", 6),
        ("licence_unstated", None, 7),
        ("text_padded", "licence", 6),
        ("link_is_text", "url", 4),
        ("field_missing", "url", 2),
        ("field_missing", "createdAt", 4),
        ("date_ambiguous", "createdAt", 1),
        ("entry_before_alliance", "createdAt", 6),
        ("field_missing", "topics", 2),
        ("field_missing", "resources", 16),
        ("resource_type_missing", "resources[0].type", 1),
        ("field_unknown", "json", 4),
        ("text_line_ends", "description", 8),
    )

    @pytest.mark.parametrize(("code", "field", "count"), DEFECTS)
    def test_every_known_defect_is_named(
        self, records: dict[str, Record], code: str, field: str | None, count: int
    ):
        assert len(with_problem(records, code, field)) == count

    def test_topics_off_the_list_are_named(self, records: dict[str, Record]):
        problems = [one for record in records.values() for one in told(record)]
        off = [one.received for one in problems if one.code == "topic_unknown"]
        assert Counter(off) == {"health": 2, "Italy granular data": 1}

    def test_ids_with_capitals_are_named(self, records: dict[str, Record]):
        assert len(with_problem(records, "identifier_mixed_case")) == sum(
            name != name.lower() for name in records
        )

    def test_every_defect_is_normalised(self, records: dict[str, Record]):
        for record in records.values():
            assert all("," not in word for word in record.keywords)
            assert all(one == one.strip() for one in record.licence)
            assert record.landing_page is None or record.landing_page.startswith("http")
            assert all(one.kind is not None for one in record.distributions)
            assert not any("\r" in text for text in all_texts([record]))

    def test_available_upon_request_tells_how_to_get_access(self, records: dict[str, Record]):
        asked = [record for record in records.values() if record.rights is not None]
        assert len(asked) == 4
        assert all("upon request" in (record.rights or "") for record in asked)

    def test_the_bytes_of_59150_stay_a_number_without_unit(self, records: dict[str, Record]):
        file = records["odi-leeds/uk-local-authority"].distributions[1]
        assert (file.size, file.extras) == (None, (("check_size", "59150"),))

    def test_the_linked_records_are_references(self, records: dict[str, Record]):
        assert len(records["odi-leeds/uk-local-authority"].references) == 1


class TestDataPressShapes:
    @pytest.fixture(scope="class")
    @classmethod
    def record(cls, shared_portals: Path) -> Record:
        file = shared_portals / "datapress" / "lds-v2-export-SYNTHETIC-field-shape.json"
        with serving({"/api/v2/datasets/export.json": file_reply(file)}) as web:
            (record,) = found(pages_of(web, "/api/v2/datasets/export.json"))
        return record

    def test_the_v2_field_shapes_are_read_in_full(self, record: Record):
        assert record.identifier == "abc01"
        assert record.publisher is not None
        assert record.publisher.name == "Greater London Authority"
        assert [one.identifier for one in record.distributions] == ["res-001", "res-002"]
        assert record.distributions[0].size == 102400
        assert record.frequency == "Annual"
        assert dataset_from(record, RULES).dataset["data_spectrum"] == "open"

    def test_nothing_is_wrong_with_it(self, record: Record):
        assert record.problems == ()

    @pytest.mark.parametrize(
        "name",
        [
            "dmn-data.json-durham-slice-2026-excerpt.json",
            "dmn-v3export-converted-dcat-2026-excerpt.json",
        ],
    )
    def test_files_of_other_shapes_are_left_to_other_families(
        self, shared_portals: Path, name: str
    ):
        """A slice of `/data.json` and a conversion to DCAT: no `sharing`, so no DataPress."""
        with serving({"/": file_reply(shared_portals / "datapress" / name)}) as web:
            assert detect(web.url("/"), visitor()).adapter != "datapress"


def test_no_real_payload_of_another_family_is_claimed(shared_portals: Path):
    """By these two; whose they are is tested where their families are."""
    folders = ("arcgis-hub", "ckan", "dataverse", "dcat-rdf", "dcat-us", "licences")
    folders += ("opendatasoft", "schema-org", "socrata")
    files = [file for folder in folders for file in sorted((shared_portals / folder).iterdir())]
    with serving({f"/{file.name}": file_reply(file) for file in files}) as web:
        for file in files:
            claimed = detect(web.url(f"/{file.name}"), visitor()).adapter
            assert claimed not in {"datapress", "emergent_index"}, file.name


@pytest.mark.parametrize("path", ["/index.json", "/all.json", "/public.json"])
def test_no_real_text_does_harm(hub: Web, path: str):
    assert all(map(is_harmless, all_texts(found(pages_of(hub, path)))))
