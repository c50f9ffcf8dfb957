"""The schemas as files: every field explains itself, keys and choices are those of the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.emergent.mapping.table import OWNED_FIELDS, RESOURCE_FIELDS

SCHEMAS = Path(__file__).parents[2] / "schemas"

DATASET = """
title name notes tag_string theme challenges url
data_spectrum spectrum_reason access_contact access_url access_procedure secure_environment
license_id license_url license_text attribution_text attribution_url
owner_org author author_email maintainer maintainer_email publisher
frequency issued modified next_review temporal_coverage spatial_coverage language
links references conforms_to
source_portal source_identifier source_url spectrum_basis spectrum_evidence
"""
RESOURCE = """
url name description format resource_type access mimetype size license issued modified
temporal_start temporal_end identifier
"""
ORGANIZATION = """
title name description image_url membership joined website repository blog blog_feed wikidata
place place_lat place_lon steward_name steward_email
"""
PROVENANCE = "source_portal source_identifier source_url spectrum_basis spectrum_evidence"

Field = dict[str, Any]


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text("utf-8"))


PRESETS = {found["preset_name"]: found["values"] for found in load("presets")["presets"]}


def expanded(field: Field) -> Field:
    return {**PRESETS.get(field.get("preset", ""), {}), **field}


def fields(schema: str, part: str) -> list[Field]:
    return [expanded(field) for field in load(schema)[part]]


def _everywhere() -> Iterator[Field]:
    parts = (
        ("dataset", "dataset_fields"),
        ("dataset", "resource_fields"),
        ("organization", "fields"),
    )
    for schema, part in parts:
        for field in fields(schema, part):
            yield field
            yield from map(expanded, field.get("repeating_subfields", ()))


#: Every field and subfield of the schemas.
EVERYWHERE = tuple(_everywhere())


@pytest.mark.parametrize(
    ("schema", "part", "keys"),
    [
        ("dataset", "dataset_fields", DATASET),
        ("dataset", "resource_fields", RESOURCE),
        ("organization", "fields", ORGANIZATION),
    ],
)
def test_the_keys_are_those_agreed_on(schema: str, part: str, keys: str) -> None:
    assert [field["field_name"] for field in fields(schema, part)] == keys.split()


@pytest.mark.parametrize("field", EVERYWHERE, ids=lambda field: field["field_name"])
def test_each_field_has_a_label_and_says_what_it_is_for(field: Field) -> None:
    assert field["label"]
    assert field["help_text"].strip().endswith((".", "?"))


def test_no_two_fields_of_a_form_have_one_label() -> None:
    labels = [field["label"] for field in fields("dataset", "dataset_fields")]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("field", EVERYWHERE, ids=lambda field: field["field_name"])
def test_choices_come_from_the_code(field: Field) -> None:
    assert "choices" not in field
    if "choice" in str(field.get("validators")):
        assert field["choices_helper"].startswith("emergent_")


def test_every_field_of_the_form_stands_under_a_heading() -> None:
    headings = {group["name"] for group in load("dataset")["form_groups"]}
    for field in fields("dataset", "dataset_fields"):
        in_form = field.get("form_snippet", "") is not None
        assert (field.get("form_group") in headings) is in_form, field["field_name"]


def test_provenance_is_not_in_the_form() -> None:
    hidden = [
        field["field_name"]
        for field in fields("dataset", "dataset_fields")
        if field.get("form_snippet", "") is None
    ]
    assert hidden == PROVENANCE.split()


def test_what_the_mapping_writes_has_a_field() -> None:
    """Tags come as `tag_string` in the form; resources and extras are CKAN's own lists."""
    keys = {*DATASET.split(), "tags", "resources", "extras"}
    assert set(OWNED_FIELDS) <= keys
    assert set(RESOURCE_FIELDS) <= set(RESOURCE.split())


def test_every_preset_used_exists() -> None:
    schemings = {
        *("resource_url_upload", "organization_url_upload", "resource_format_autocomplete"),
    }
    used = {field["preset"] for field in EVERYWHERE if "preset" in field}
    assert used <= {*PRESETS, *schemings}
