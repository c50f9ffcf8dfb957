"""The demo as `dev/hub` loads it: by its own script, twice."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories, helpers

from ckanext.emergent.tests.conftest import ROOT
from ckanext.emergent.tests.servers import file_reply, serving

DEMO = ROOT / "dev" / "demo"

pytestmark = [
    pytest.mark.skipif(not DEMO.is_dir(), reason="installed without the demo"),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("ckanext.emergent.fetch.allowed_networks", "127.0.0.0/8"),
]


@pytest.fixture
def loader() -> ModuleType:
    spec = importlib.util.spec_from_file_location("load", DEMO / "load.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def address() -> Iterator[str]:
    portal = DEMO / "portal"
    answers = {f"/{file.relative_to(portal)}": file_reply(file) for file in portal.rglob("*.json")}
    with serving(answers) as web:
        yield web.url("/")


def datasets() -> dict[str, Any]:
    found = helpers.call_action("package_search", rows=1000)["results"]
    return {dataset["name"]: dataset for dataset in found}


def changed() -> dict[str, str]:
    rows = model.Session.query(model.Package.name, model.Package.metadata_modified)
    groups = model.Session.query(model.Group.name, model.Group.title)
    return {name: str(value) for name, value in [*rows, *groups]}


def test_the_demo_fills_a_hub_and_a_second_time_changes_nothing(
    loader: ModuleType, address: str
) -> None:
    loader.load(address)
    levels = Counter(dataset["data_spectrum"] for dataset in datasets().values())
    before = changed()
    loader.load(address)

    assert levels == {"open": 14, "public": 5, "group": 3, "named": 1, "internal": 2}
    assert changed() == before


def test_members_are_loaded_with_their_places_and_links_with_their_datasets(
    loader: ModuleType, address: str
) -> None:
    loader.load(address)

    members = helpers.call_action("emergent_member_list", limit=100)
    assert [member["title"] for member in members[:2]] == ["Google Cloud", "IBM"]
    assert {member["membership"] for member in members[:8]} == {"founding_partner"}
    assert len([member for member in members if member["place_lat"] is not None]) >= 8
    kinds = {link["kind"] for dataset in datasets().values() for link in dataset.get("links", ())}
    assert {"story", "tech_blog", "repository", "documentation", "wikipedia"} <= kinds


def test_what_was_changed_by_hand_is_put_right(loader: ModuleType, address: str) -> None:
    loader.load(address)
    user = factories.Sysadmin()["name"]
    helpers.call_action("organization_patch", {"user": user}, id="ibm", website="https://x.org/")
    loader.load(address)

    assert helpers.call_action("organization_show", id="ibm")["website"] == "https://www.ibm.com/"
