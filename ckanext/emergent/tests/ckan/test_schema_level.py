"""The level of a dataset: required of people, judged, left alone by everything else."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model

from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import ANYBODY, Actor, editor

pytestmark = pytest.mark.usefixtures("hub")

OPEN = {"data_spectrum": "open", "license_id": "cc-by"}
LINK = {"url": "https://example.org/a.csv", "format": "CSV"}


@pytest.fixture
def person() -> Actor:
    return editor()


def harvested_for(person: Actor, **fields: Any) -> dict[str, Any]:
    return factories.harvested(owner_org=person.organization, **fields)


# --- required of people --------------------------------------------------------------------


def test_a_person_must_choose_a_level(person: Actor) -> None:
    errors = person.refused("package_create", **person.minimal())
    assert "Choose one of the five levels" in errors["data_spectrum"][0]


def test_an_unknown_level_is_refused_in_a_sentence(person: Actor) -> None:
    errors = person.refused("package_create", **person.minimal(data_spectrum="secret"))
    assert errors["data_spectrum"] == [
        "“secret” is not a level of the Data Spectrum. "
        "There are: internal, named, group, public, open."
    ]


def test_title_owner_and_level_are_enough(person: Actor) -> None:
    dataset = person.create(title="Bare necessities", data_spectrum="public")
    assert (dataset["name"], dataset["data_spectrum"]) == ("bare-necessities", "public")


def test_two_datasets_of_one_title_get_two_names(person: Actor) -> None:
    names = [person.create(title="Twins", data_spectrum="public")["name"] for _ in range(2)]
    assert names == ["twins", "twins-2"]


def test_a_level_cannot_be_taken_away(person: Actor) -> None:
    dataset = person.create(data_spectrum="public")
    errors = person.refused("package_update", id=dataset["id"], title="A dataset")
    assert list(errors) == ["data_spectrum"]


def test_the_harvester_may_leave_a_dataset_unclassified(person: Actor) -> None:
    assert "data_spectrum" not in harvested_for(person)


# --- an update that leaves a stored unclassified alone ----------------------------------------


def test_a_resource_of_an_unclassified_dataset_can_be_patched(person: Actor) -> None:
    dataset = harvested_for(person, resources=[LINK])
    resource = dataset["resources"][0]
    person.call("resource_patch", id=resource["id"], name="New name")
    assert person.call("resource_show", id=resource["id"])["name"] == "New name"


def test_an_unclassified_dataset_can_get_a_file(person: Actor) -> None:
    dataset = harvested_for(person)
    person.call("resource_create", package_id=dataset["id"], **LINK)
    assert len(person.call("package_show", id=dataset["id"])["resources"]) == 1


def test_an_unclassified_dataset_can_be_patched(person: Actor) -> None:
    dataset = harvested_for(person)
    assert person.call("package_patch", id=dataset["id"], notes="New")["notes"] == "New"


def test_a_form_of_an_unclassified_dataset_must_choose(person: Actor) -> None:
    dataset = harvested_for(person)
    errors = person.refused("package_patch", id=dataset["id"], data_spectrum="asked")
    assert list(errors) == ["data_spectrum"]


def test_the_mark_of_the_form_is_not_taken_for_the_choice(person: Actor) -> None:
    dataset = harvested_for(person)
    changed = person.call("package_patch", id=dataset["id"], data_spectrum=["asked", "public"])
    assert changed["data_spectrum"] == "public"


# --- judged against the rest ------------------------------------------------------------------


def test_open_without_a_licence_is_refused_at_the_licence(person: Actor) -> None:
    errors = person.refused("package_create", **person.minimal(data_spectrum="open"))
    assert errors["license_id"][0].startswith("Data without a licence is not open")


@pytest.mark.parametrize("licence", ["cc-nc", "other-closed", "notspecified", "other-open"])
def test_open_needs_an_open_licence(person: Actor, licence: str) -> None:
    assert "license_id" in person.refused(
        "package_create", **person.minimal(data_spectrum="open", license_id=licence)
    )


def test_a_generic_licence_is_open_with_its_terms_beside_it(person: Actor) -> None:
    dataset = person.create(
        data_spectrum="open", license_id="other-open", license_url="https://example.org/terms"
    )
    assert dataset["data_spectrum"] == "open"


def test_open_under_an_open_licence_is_accepted_without_warnings(person: Actor) -> None:
    assert "spectrum_warnings" not in person.create(**OPEN)


@pytest.mark.parametrize("access", ["account", "request"])
def test_open_with_a_gated_file_is_refused(person: Actor, access: str) -> None:
    errors = person.refused(
        "package_create", **person.minimal(**OPEN, resources=[{**LINK, "access": access}])
    )
    assert "needs an account or a request" in errors["data_spectrum"][0]


def test_a_dataset_with_a_gated_file_cannot_become_open(person: Actor) -> None:
    dataset = person.create(
        data_spectrum="public", license_id="cc-by", resources=[{**LINK, "access": "account"}]
    )
    assert "data_spectrum" in person.refused(
        "package_patch", id=dataset["id"], data_spectrum="open"
    )


def test_a_file_of_an_open_dataset_cannot_become_gated(person: Actor) -> None:
    dataset = person.create(**OPEN, resources=[LINK])
    errors = person.refused("resource_patch", id=dataset["resources"][0]["id"], access="account")
    assert "data_spectrum" in errors


def test_the_gated_file_can_go_while_the_dataset_becomes_open(person: Actor) -> None:
    gated = {"url": "https://example.org/b.csv", "access": "account"}
    dataset = person.create(data_spectrum="public", license_id="cc-by", resources=[LINK, gated])
    kept = dataset["resources"][:1]
    changed = person.call("package_patch", id=dataset["id"], data_spectrum="open", resources=kept)
    assert changed["data_spectrum"] == "open"


@pytest.mark.parametrize("level", ["internal", "named", "group"])
def test_a_restricted_level_needs_a_reason(person: Actor, level: str) -> None:
    errors = person.refused("package_create", **person.minimal(data_spectrum=level))
    assert "Say in a sentence why" in errors["spectrum_reason"][0]


def test_a_derived_level_needs_no_reason(person: Actor) -> None:
    dataset = harvested_for(person, data_spectrum="group", spectrum_basis="derived")
    changed = person.call("package_patch", id=dataset["id"], notes="New")
    assert changed["spectrum_basis"] == "derived"


def test_a_declared_level_keeps_its_reason(person: Actor) -> None:
    dataset = person.create(data_spectrum="group", spectrum_reason="Signed agreements.")
    errors = person.refused("package_patch", id=dataset["id"], spectrum_reason="")
    assert list(errors) == ["spectrum_reason"]


def test_the_sites_own_register_decides_what_is_open(
    person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = model.Package.get_license_register()
    monkeypatch.setattr(register["cc-by"], "od_conformance", "not reviewed", raising=False)
    assert "license_id" in person.refused("package_create", **person.minimal(**OPEN))


# --- warnings ---------------------------------------------------------------------------------


def test_no_licence_is_a_warning_in_the_answer(person: Actor) -> None:
    warnings = person.create(data_spectrum="public")["spectrum_warnings"]
    assert [warning["code"] for warning in warnings] == ["licence_unstated"]
    assert warnings[0]["says"].startswith("No licence is given")


def test_warnings_are_never_stored(person: Actor) -> None:
    dataset = person.create(data_spectrum="public")
    person.call("package_update", **dataset | {"notes": "New"})
    shown = person.call("package_show", id=dataset["id"])
    assert "spectrum_warnings" not in shown
    assert "extras" not in shown


def test_named_access_without_a_way_to_ask_is_a_warning(person: Actor) -> None:
    warnings = person.create(data_spectrum="named", spectrum_reason="Contracts.")[
        "spectrum_warnings"
    ]
    assert "how_to_ask_missing" in [warning["code"] for warning in warnings]


# --- declared or derived ----------------------------------------------------------------------


def test_what_a_person_chooses_is_declared(person: Actor) -> None:
    assert person.create(**OPEN)["spectrum_basis"] == "declared"


def test_a_person_who_changes_a_derived_level_declares_it(person: Actor) -> None:
    dataset = harvested_for(person, data_spectrum="public", spectrum_basis="derived")
    changed = person.call(
        "package_patch", id=dataset["id"], data_spectrum="group", spectrum_reason="Members only."
    )
    assert changed["spectrum_basis"] == "declared"


def test_saving_a_derived_level_unchanged_declares_nothing(person: Actor) -> None:
    dataset = harvested_for(person, data_spectrum="public", spectrum_basis="derived")
    changed = person.call("package_patch", id=dataset["id"], notes="New")
    assert changed["spectrum_basis"] == "derived"


# --- the level is never CKAN's private --------------------------------------------------------


def test_the_record_of_closed_data_is_public(person: Actor) -> None:
    dataset = person.create(data_spectrum="internal", spectrum_reason="Trade secrets.")
    assert dataset["private"] is False
    assert ANYBODY.call("package_show", id=dataset["id"])


def test_a_private_dataset_stays_private_whatever_its_level(person: Actor) -> None:
    dataset = person.create(**OPEN, private=True)
    assert dataset["private"] is True
