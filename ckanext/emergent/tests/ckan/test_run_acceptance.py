"""The real payloads of real portals, through the whole harvester."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories, helpers

from ckanext.emergent.harvest.model import LinkState, RunState
from ckanext.emergent.tests.ckan.harvesting import (
    a_person_does,
    a_portal,
    datasets,
    harvest,
    links,
    problems,
)
from ckanext.emergent.tests.ckan.watching import watching
from ckanext.emergent.tests.servers import Web, json_reply, serving

pytestmark = pytest.mark.usefixtures("harvester")

INDEXES = {
    "odi-leeds": "odi-leeds-organisation-index.json",
    "public": "public-organisation-index.json",
}


@pytest.fixture
def indexes(shared_portals: Path) -> dict[str, Any]:
    folder = shared_portals / "emergent-index"
    return {key: json.loads((folder / name).read_text()) for key, name in INDEXES.items()}


@pytest.fixture
def web(indexes: dict[str, Any]) -> Iterator[Web]:
    """The central index of 2020 and its two organisations."""
    with serving({}) as server:
        server.answers["/index.json"] = json_reply(
            {
                "odi-leeds": {"author": "ODI Leeds", "index": server.url("/odi-leeds.json")},
                "public": {"author": "Public", "index": server.url("/public.json")},
            }
        )
        for key, index in indexes.items():
            server.answers[f"/{key}.json"] = json_reply(index)
        yield server


@pytest.fixture
def portal(web: Web, organisation: str) -> str:
    return a_portal(web.url("/index.json"), owner_org=organisation)


def change(web: Web, path: str, index: dict[str, Any], **fields: Any) -> str:
    """Change the first record of a served index; its key there."""
    index["datasets"][0].update(fields)
    web.answers[path] = json_reply(index)
    return str(index["datasets"][0]["id"])


class TestFirstRun:
    def test_all_21_records_arrive(self, portal: str) -> None:
        done = harvest(portal)

        assert done.state is RunState.FINISHED
        assert done.outcomes == {"created": 21}
        assert len(datasets(portal)) == 21

    def test_levels_are_1_open_14_public_6_group(self, portal: str) -> None:
        harvest(portal)

        name = next(iter(datasets(portal).values()))["source_portal"]
        found = helpers.call_action(
            "package_search",
            fq=f"source_portal:{name}",
            rows=0,
            **{"facet": "true", "facet.field": ["data_spectrum"]},
        )
        assert found["facets"]["data_spectrum"] == {"open": 1, "public": 14, "group": 6}

    def test_a_closed_or_shared_record_is_public(self, portal: str) -> None:
        harvest(portal)

        assert not any(dataset["private"] for dataset in datasets(portal).values())

    def test_every_defect_is_named_by_a_problem_of_its_record(self, portal: str) -> None:
        done = harvest(portal)

        told = Counter(row.code for row in problems(done.id))
        assert sum(told.values()) == sum(done.ear.codes.values())
        assert all(row.identifier for row in problems(done.id))
        by_record = {row.identifier for row in problems(done.id)}
        assert "public/Italy_covid_granular_data" in by_record


class TestSecondRun:
    def test_all_are_unchanged_and_nothing_is_written(
        self, portal: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        harvest(portal)
        before = {key: one["metadata_modified"] for key, one in datasets(portal).items()}

        with watching(monkeypatch) as watched:
            done = harvest(portal)

        assert done.counts == {"unchanged": 21}
        assert watched.of_ckan() == []
        assert watched.solr_updates == 0
        assert {key: one["metadata_modified"] for key, one in datasets(portal).items()} == before

    def test_seeing_a_page_of_unchanged_records_is_one_update(
        self, portal: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        harvest(portal)

        with watching(monkeypatch) as watched:
            harvest(portal)

        pages = 2
        assert watched.tables.count("emergent_linked_record") <= pages + 2

    def test_one_change_upstream_updates_one_dataset(
        self, portal: str, web: Web, indexes: dict[str, Any]
    ) -> None:
        harvest(portal)
        before = {key: one["metadata_modified"] for key, one in datasets(portal).items()}
        key = change(web, "/odi-leeds.json", indexes["odi-leeds"], title="A better title")

        done = harvest(portal)

        assert done.outcomes == {"unchanged": 20, "updated": 1}
        after = datasets(portal)
        assert after[f"odi-leeds/{key}"]["title"] == "A better title"
        moved = {one for one in after if after[one]["metadata_modified"] != before[one]}
        assert moved == {f"odi-leeds/{key}"}

    def test_id_and_name_stay_when_the_title_changes(
        self, portal: str, web: Web, indexes: dict[str, Any]
    ) -> None:
        harvest(portal)
        before = datasets(portal)
        key = "odi-leeds/" + change(web, "/odi-leeds.json", indexes["odi-leeds"], title="Other")

        harvest(portal)

        after = datasets(portal)[key]
        assert (after["id"], after["name"]) == (before[key]["id"], before[key]["name"])


class TestEdits:
    @pytest.fixture
    def key(self, portal: str, indexes: dict[str, Any]) -> str:
        harvest(portal)
        return "odi-leeds/" + str(indexes["odi-leeds"]["datasets"][0]["id"])

    def run_with_news(self, portal: str, web: Web, indexes: dict[str, Any]) -> Any:
        change(
            web,
            "/odi-leeds.json",
            indexes["odi-leeds"],
            title="The portal's new title",
            description="The portal's new description.",
        )
        return harvest(portal)

    def test_a_patched_title_survives_and_the_rest_follows(
        self, portal: str, web: Web, indexes: dict[str, Any], key: str
    ) -> None:
        a_person_does("package_patch", id=datasets(portal)[key]["id"], title="A person's title")

        done = self.run_with_news(portal, web, indexes)

        assert datasets(portal)[key]["title"] == "A person's title"
        assert datasets(portal)[key]["notes"] == "The portal's new description."
        assert done.ear.codes["edit_kept"] == 1
        assert links(portal)[key].kept == ["title"]

    def test_what_a_browser_saves_survives(
        self, portal: str, web: Web, indexes: dict[str, Any], key: str, app: Any
    ) -> None:
        sysadmin = factories.SysadminWithToken()
        dataset = datasets(portal)[key]
        form = {
            field: dataset.get(field) or ""
            for field in ("name", "notes", "owner_org", "license_id", "data_spectrum")
        }
        app.post(
            f"/dataset/edit/{dataset['id']}",
            data={**form, "title": "A person's title", "spectrum_reason": "So we agreed."},
            headers={"Authorization": sysadmin["token"]},
        )

        self.run_with_news(portal, web, indexes)

        assert datasets(portal)[key]["title"] == "A person's title"

    def test_the_edit_still_survives_the_run_after(
        self, portal: str, web: Web, indexes: dict[str, Any], key: str
    ) -> None:
        a_person_does("package_patch", id=datasets(portal)[key]["id"], title="A person's title")
        self.run_with_news(portal, web, indexes)
        change(web, "/odi-leeds.json", indexes["odi-leeds"], title="Newer still")

        done = harvest(portal)

        assert datasets(portal)[key]["title"] == "A person's title"
        assert done.outcomes == {"unchanged": 20, "kept": 1}


class TestPurging:
    def test_a_purged_dataset_is_not_brought_back(
        self, portal: str, web: Web, indexes: dict[str, Any]
    ) -> None:
        harvest(portal)
        key = "odi-leeds/" + str(indexes["odi-leeds"]["datasets"][0]["id"])
        a_person_does("dataset_purge", id=datasets(portal)[key]["id"])
        change(web, "/odi-leeds.json", indexes["odi-leeds"], title="Other")

        done = harvest(portal)

        assert key not in datasets(portal)
        assert done.ear.outcome_of(key) == "skipped"
        assert links(portal)[key].state == LinkState.DETACHED.value


class TestDataPress:
    @pytest.fixture
    def export(self, shared_portals: Path) -> list[dict[str, Any]]:
        path = shared_portals / "datapress" / "lds-v2-export-SYNTHETIC-field-shape.json"
        return list(json.loads(path.read_text()))

    @pytest.fixture
    def served(self, export: list[dict[str, Any]]) -> Iterator[Web]:
        with serving({"/api/v3/datasets/export.json": json_reply(export)}) as server:
            yield server

    @pytest.fixture
    def datapress(self, served: Web, organisation: str) -> str:
        return a_portal(served.url("/"), "datapress", owner_org=organisation)

    def test_every_public_record_arrives_and_no_other(
        self, datapress: str, export: list[dict[str, Any]]
    ) -> None:
        harvest(datapress)

        public = {record["id"] for record in export if record.get("sharing") == "public"}
        assert set(datasets(datapress)) == public

    def test_the_second_run_writes_nothing(
        self, datapress: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = harvest(datapress)

        with watching(monkeypatch) as watched:
            done = harvest(datapress)

        assert done.outcomes["unchanged"] == first.outcomes["created"]
        assert watched.of_ckan() == []
        assert watched.solr_updates == 0

    def test_a_record_that_becomes_private_is_out_of_sight_at_once(
        self, datapress: str, served: Web, export: list[dict[str, Any]]
    ) -> None:
        harvest(datapress)
        (record, *_) = [one for one in export if one.get("sharing") == "public"]
        record["sharing"] = "private"
        served.answers["/api/v3/datasets/export.json"] = json_reply(export)

        harvest(datapress)

        assert record["id"] not in datasets(datapress)

    def test_a_record_that_becomes_public_again_is_the_same_dataset(
        self, datapress: str, served: Web, export: list[dict[str, Any]]
    ) -> None:
        harvest(datapress)
        (record, *_) = [one for one in export if one.get("sharing") == "public"]
        before = datasets(datapress)[record["id"]]["id"]
        for sharing in ("private", "public"):
            record["sharing"] = sharing
            served.answers["/api/v3/datasets/export.json"] = json_reply(export)
            done = harvest(datapress)

        assert datasets(datapress)[record["id"]]["id"] == before
        assert done.ear.outcome_of(record["id"]) == "restored"
