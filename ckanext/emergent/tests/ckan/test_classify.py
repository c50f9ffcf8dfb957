"""`ckan emergent classify`: levels for an existing catalogue, from what its records say."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result

from ckanext.emergent.cli import emergent
from ckanext.emergent.tests.ckan import factories

pytestmark = pytest.mark.usefixtures("hub")

LINK = {"url": "https://example.org/a.csv"}
ANYONE = {**LINK, "access": "anyone"}


def old(**fields: Any) -> str:
    """A dataset of the time before there were levels; its id."""
    made = factories.harvested(**{"source_portal": None, "license_id": "cc-by", **fields})
    return made["id"]


def classify(*options: str) -> Result:
    return CliRunner().invoke(emergent, ["classify", *options])


def level(dataset_id: str) -> str | None:
    return call_action("package_show", id=dataset_id).get("data_spectrum")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"resources": [ANYONE]}, "open"),
        ({"resources": [ANYONE], "license_id": "cc-nc"}, "public"),
        ({"resources": [ANYONE], "license_id": None}, "public"),
        ({"resources": [ANYONE, {**LINK, "access": "account"}]}, "public"),
        ({"resources": [ANYONE, {**LINK, "access": "request"}]}, None),
        ({"resources": [LINK]}, None),
        ({}, None),
        ({"resources": [ANYONE], "private": True}, None),
        ({"extras": [{"key": "sharing", "value": "alliance"}]}, "group"),
        ({"extras": [{"key": "access_rights", "value": "RESTRICTED"}]}, None),
    ],
)
def test_a_level_follows_from_what_is_said(fields: dict[str, Any], expected: str | None) -> None:
    dataset_id = old(**fields)
    assert classify().exit_code == 0
    assert level(dataset_id) == expected


def test_links_count_as_public_where_an_administrator_vouches_for_them() -> None:
    dataset_id = old(resources=[LINK])
    classify("--links-public")
    assert level(dataset_id) == "open"


def test_what_was_derived_says_so() -> None:
    dataset_id = old(extras=[{"key": "sharing", "value": "public"}])
    classify()
    shown = call_action("package_show", id=dataset_id)
    assert (shown["spectrum_basis"], shown["spectrum_evidence"]) == ("derived", "public")


def test_the_second_run_changes_nothing() -> None:
    ids = [old(resources=[ANYONE]), old(resources=[LINK])]
    classify()
    before = [call_action("package_show", id=one) for one in ids]
    classify()
    assert [call_action("package_show", id=one) for one in ids] == before


def test_a_preview_saves_nothing() -> None:
    dataset_id = old(resources=[ANYONE])
    answer = classify("--preview")
    assert f"{call_action('package_show', id=dataset_id)['name']}  open" in answer.output
    assert level(dataset_id) is None


def test_a_declared_level_is_left_alone() -> None:
    dataset = factories.Dataset(data_spectrum="public", license_id="cc-by", resources=[ANYONE])
    answer = classify()
    assert dataset["name"] not in answer.output
    assert level(dataset["id"]) == "public"
