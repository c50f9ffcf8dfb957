"""What the pages of harvested datasets tell: where they were found, and when they are gone."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.harvest.model import LinkState
from ckanext.emergent.tests.ckan.harvesting import (
    Scripted,
    a_person_does,
    a_portal,
    datasets,
    harvest,
    links,
    pages,
    told,
)

pytestmark = pytest.mark.usefixtures("harvester")

Script = tuple[str, type[Scripted]]


def retire(scripted: Script, **fields: Any) -> str:
    """Harvest a dataset and have it retired; its name."""
    portal, adapter = scripted
    adapter.script = pages([told("stays"), told("goes", source_url="https://example.org/entry")])
    harvest(portal)
    name = str(datasets(portal)["goes"]["name"])
    adapter.script = pages([told("stays")])
    for _ in range(3):
        harvest(portal)
    assert links(portal)["goes"].state == LinkState.RETIRED.value
    return name


class TestRetired:
    def test_its_page_says_where_and_when_it_was_last_seen(
        self, scripted: Script, app: Any
    ) -> None:
        page = app.get(f"/dataset/{retire(scripted)}", status=410)

        assert "Record goes" in page.body
        assert "last seen on" in page.body
        assert 'href="https://example.org/entry"' in page.body

    def test_its_page_by_id_says_the_same(self, scripted: Script, app: Any) -> None:
        retire(scripted)

        app.get(f"/dataset/{links(scripted[0])['goes'].dataset_id}", status=410)

    def test_the_api_still_says_that_there_is_none(self, scripted: Script, app: Any) -> None:
        name = retire(scripted)

        assert app.get(f"/api/action/package_show?id={name}").status_code in {403, 404}

    def test_nothing_is_told_of_a_private_one(self, scripted: Script, app: Any) -> None:
        name = retire(scripted)
        a_person_does("package_patch", id=name, private=True)

        app.get(f"/dataset/{name}", status=404)

    def test_nothing_is_told_of_what_its_portal_withdrew(self, scripted: Script, app: Any) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        name = datasets(portal)["a"]["name"]
        adapter.script = pages([told("a", published=False)])
        harvest(portal)

        page = app.get(f"/dataset/{name}", status=404)

        assert "Record a" not in page.body

    def test_what_a_person_deleted_is_simply_not_found(self, scripted: Script, app: Any) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        dataset = datasets(portal)["a"]
        a_person_does("package_delete", id=dataset["id"])

        app.get(f"/dataset/{dataset['name']}", status=404)

    def test_what_never_was_is_simply_not_found(self, app: Any) -> None:
        app.get("/dataset/never-was", status=404)


class TestFoundAt:
    def test_a_datasets_page_says_where_it_was_found_and_what_was_kept(
        self, scripted: Script, app: Any
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        dataset = datasets(portal)["a"]
        a_person_does("package_patch", id=dataset["id"], title="A person's title")
        adapter.script = pages([told("a", title="News")])
        harvest(portal)

        page = app.get(f"/dataset/{dataset['name']}")

        assert "A portal</a>" in page.body
        assert "edited here and kept: title" in page.body

    def test_it_names_the_other_portals_that_list_it(
        self, scripted: Script, organisation: str, app: Any
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        other = a_portal("https://b.org/", "scripted", owner_org=organisation, title="Other portal")
        adapter.script = pages([told("b", landing_page="https://example.org/data/a")])
        harvest(other)

        page = app.get(f"/dataset/{datasets(portal)['a']['name']}")

        assert "Also listed at:" in page.body
        assert "Other portal</a>" in page.body
