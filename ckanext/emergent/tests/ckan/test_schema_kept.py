"""What the server keeps: provenance and free extras survive edits, few may change them."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import Actor, editor, sysadmin

pytestmark = pytest.mark.usefixtures("hub")

PROVENANCE = {
    "source_portal": "barnet",
    "source_identifier": "e1",
    "source_url": "https://open.barnet.gov.uk/dataset/e1",
    "spectrum_basis": "derived",
    "spectrum_evidence": "public",
}
EXTRAS = [{"key": "ward", "value": "Hale"}, {"key": "team", "value": "Parks"}]


@pytest.fixture(scope="module")
def person(hub: None) -> Actor:
    return editor()


@pytest.fixture(scope="module")
def admin(hub: None) -> Actor:
    return sysadmin()


@pytest.fixture
def dataset(person: Actor) -> dict[str, Any]:
    return factories.harvested(
        owner_org=person.organization, data_spectrum="public", extras=EXTRAS, **PROVENANCE
    )


def form_of(dataset: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What CKAN's edit form sends: the fields it shows, and no others."""
    return {
        "id": dataset["id"],
        "name": dataset["name"],
        "title": dataset["title"],
        "owner_org": dataset["owner_org"],
        "data_spectrum": ["asked", dataset["data_spectrum"]],
        **changes,
    }


def kept(shown: dict[str, Any]) -> dict[str, Any]:
    return {key: shown.get(key) for key in PROVENANCE}


@pytest.mark.parametrize("who", ["person", "admin"])
def test_provenance_survives_an_update_without_it(
    who: str, dataset: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(who).call("package_update", **form_of(dataset, title="New"))
    shown = request.getfixturevalue(who).call("package_show", id=dataset["id"])
    assert (shown["title"], kept(shown)) == ("New", PROVENANCE)


@pytest.mark.parametrize("who", ["person", "admin"])
def test_extras_survive_an_update_without_them(
    who: str, dataset: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    shown = request.getfixturevalue(who).call("package_update", **form_of(dataset))
    assert sorted(shown["extras"], key=lambda extra: extra["key"]) == sorted(
        EXTRAS, key=lambda extra: extra["key"]
    )


def test_extras_survive_a_list_that_lacks_one(person: Actor, dataset: dict[str, Any]) -> None:
    shown = person.call("package_update", **form_of(dataset, extras=EXTRAS[:1]))
    assert {extra["key"] for extra in shown["extras"]} == {"ward", "team"}


def test_an_extra_can_be_added(person: Actor, dataset: dict[str, Any]) -> None:
    added = {"key": "ours", "value": "1"}
    shown = person.call("package_update", **form_of(dataset, extras=[added]))
    assert {extra["key"] for extra in shown["extras"]} == {"ward", "team", "ours"}


def test_an_extra_of_the_portal_cannot_be_changed(person: Actor, dataset: dict[str, Any]) -> None:
    changed = [{"key": "ward", "value": "Oakleigh"}]
    errors = person.refused("package_update", **form_of(dataset, extras=changed))
    assert "kept by the hub" in errors["extras"][0]["value"][0]


def test_a_sysadmin_may_replace_the_extras(admin: Actor, dataset: dict[str, Any]) -> None:
    shown = admin.call("package_update", **form_of(dataset, extras=EXTRAS[:1]))
    assert shown["extras"] == EXTRAS[:1]


def test_extras_that_no_portal_gave_can_be_replaced(person: Actor) -> None:
    made = person.create(data_spectrum="public", extras=EXTRAS)
    shown = person.call("package_update", **form_of(made, extras=EXTRAS[:1]))
    assert shown["extras"] == EXTRAS[:1]


@pytest.mark.parametrize("field", sorted(PROVENANCE))
def test_provenance_cannot_be_changed_by_others(
    field: str, person: Actor, dataset: dict[str, Any]
) -> None:
    other = {"source_url": "https://example.org/", "spectrum_basis": "declared"}.get(field, "x")
    errors = person.refused("package_patch", id=dataset["id"], **{field: other})
    assert "kept by the hub" in errors[field][0]


@pytest.mark.parametrize("field", ["source_portal", "source_identifier", "spectrum_evidence"])
def test_provenance_cannot_be_made_up(field: str, person: Actor) -> None:
    wanted = person.minimal(data_spectrum="public", **{field: "x"})
    assert field in person.refused("package_create", **wanted)


def test_sending_provenance_as_it_is_passes(person: Actor, dataset: dict[str, Any]) -> None:
    shown = person.call("package_update", **person.call("package_show", id=dataset["id"]))
    assert kept(shown) == PROVENANCE


def test_a_sysadmin_may_change_provenance(admin: Actor, dataset: dict[str, Any]) -> None:
    shown = admin.call("package_patch", id=dataset["id"], source_identifier="e2")
    assert shown["source_identifier"] == "e2"


def test_what_the_harvester_leaves_out_goes(person: Actor, dataset: dict[str, Any]) -> None:
    complete = {key: text for key, text in dataset.items() if key != "spectrum_evidence"}
    shown = factories.harvested_again(**{**complete, "extras": []})
    assert ("spectrum_evidence" in shown, shown.get("extras") or []) == (False, [])


def test_the_portals_key_of_a_file_survives_its_form(person: Actor) -> None:
    dataset = factories.harvested(
        owner_org=person.organization,
        resources=[{"url": "https://example.org/a.csv", "identifier": "f1"}],
    )
    resource = dataset["resources"][0]
    form = {"id": resource["id"], "url": "https://example.org/b.csv", "name": "New"}
    assert person.call("resource_update", **form)["identifier"] == "f1"


def test_the_level_is_asked_even_where_provenance_is_kept(person: Actor) -> None:
    dataset = factories.harvested(owner_org=person.organization)
    errors = person.refused("package_update", **form_of({**dataset, "data_spectrum": ""}))
    assert list(errors) == ["data_spectrum"]
