"""The choices that scheming shows are the closed sets of the code."""

from __future__ import annotations

from enum import Enum

import pytest
from ckan.plugins import toolkit as tk

from ckanext.emergent.challenge import CHALLENGES
from ckanext.emergent.choices import Membership, ResourceAccess
from ckanext.emergent.frequency import FREQUENCIES
from ckanext.emergent.reading.record import LinkKind, ResourceKind
from ckanext.emergent.spectrum import Basis, Level
from ckanext.scheming import helpers as scheming

pytestmark = pytest.mark.usefixtures("hub")

Values = type[Enum] | list[str]


def values(kind: Values) -> list[str]:
    return kind if isinstance(kind, list) else [one.value for one in kind]


@pytest.mark.parametrize(
    ("part", "name", "kind"),
    [
        ("dataset_fields", "data_spectrum", Level),
        ("dataset_fields", "spectrum_basis", Basis),
        ("dataset_fields", "challenges", list(CHALLENGES)),
        ("dataset_fields", "frequency", list(FREQUENCIES)),
        ("resource_fields", "resource_type", ResourceKind),
        ("resource_fields", "access", ResourceAccess),
    ],
)
def test_choices_equal_the_closed_set(part: str, name: str, kind: Values) -> None:
    schema = scheming.scheming_get_dataset_schema("dataset")
    field = scheming.scheming_field_by_name(schema[part], name)
    assert [one["value"] for one in scheming.scheming_field_choices(field)] == values(kind)


def test_kinds_of_links_equal_the_closed_set() -> None:
    assert [one["value"] for one in tk.h.emergent_link_kind_choices({})] == values(LinkKind)


def test_memberships_equal_the_closed_set() -> None:
    schema = scheming.scheming_get_organization_schema("organization")
    field = scheming.scheming_field_by_name(schema["fields"], "membership")
    assert [one["value"] for one in scheming.scheming_field_choices(field)] == values(Membership)


def test_only_public_helpers_are_helpers() -> None:
    ours = [name for name in tk.h if name.startswith("emergent_")]
    assert "emergent_level_check" not in ours
    assert "emergent_spectrum_choices" in ours
