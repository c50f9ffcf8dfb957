"""What the catalogue writes is what CKAN's own actions write, everywhere and to every plugin."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from ckan.tests import factories, helpers

from ckanext.emergent.harvest.catalogue import Catalogue, Write, Written
from ckanext.emergent.tests.ckan import recorder
from ckanext.emergent.tests.ckan.recorder import RecorderPlugin, by_name, difference, heard, traces

Dataset = dict[str, Any]

SCHEMING = "emergent_harvest scheming_datasets dcat activity text_view image_view recorder"
PLAIN = "emergent_harvest activity text_view image_view recorder"

pytestmark = [
    pytest.mark.ckan_config("scheming.dataset_schemas", "ckanext.dcat.schemas:dcat_ap_full.yaml"),
    pytest.mark.ckan_config(
        "scheming.presets", "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml"
    ),
    pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", "true"),
]

sites = pytest.mark.parametrize(
    "site",
    [
        pytest.param("scheming", marks=pytest.mark.ckan_config("ckan.plugins", SCHEMING)),
        pytest.param("core", marks=pytest.mark.ckan_config("ckan.plugins", PLAIN)),
    ],
)


@pytest.fixture
def recorded(provide_plugin: Callable[[str, type], None]) -> None:
    provide_plugin("recorder", RecorderPlugin)


@pytest.fixture
def user(recorded: None, with_plugins: None, clean_db: None, clean_index: None) -> str:
    return str(factories.Sysadmin()["name"])


@pytest.fixture(autouse=True)
def organisations(user: str) -> None:
    for name in ("first", "second"):
        factories.Organization(name=name, title=f"The {name}")
        factories.Group(name=f"group-{name}")


def resource(number: int, **more: Any) -> Dataset:
    return {"name": f"File {number}", "url": f"http://portal.example/{number}.csv", **more}


def full() -> Dataset:
    return {
        "title": "Trains at midnight",
        "notes": "Where they were.",
        "owner_org": "first",
        "license_id": "cc-by",
        "author": "A. Nobody",
        "author_email": "nobody@portal.example",
        "url": "http://portal.example/trains",
        "version": "1",
        "tags": [{"name": "rail"}, {"name": "night time"}],
        "extras": [{"key": "left over", "value": "kept"}, {"key": "b_date", "value": "2021"}],
        "resources": [resource(0, format="csv"), resource(1, size=3), resource(2)],
    }


def but(**changes: Any) -> Dataset:
    return {**full(), **changes}


NEW: dict[str, Callable[[], Dataset]] = {
    "minimal": lambda: {"owner_org": "first", "title": "Little", "notes": "n"},
    "full": full,
    "without title": lambda: but(title=""),
    "in groups": lambda: but(groups=[{"name": "group-first"}, {"name": "group-second"}]),
    "private": lambda: but(private=True),
    "draft": lambda: but(state="draft"),
    "deleted": lambda: but(state="deleted"),
    "given ids": lambda: but(
        id=str(uuid.uuid4()), resources=[resource(0, id=str(uuid.uuid4())), resource(1)]
    ),
    "same tag twice": lambda: but(tags=[{"name": "twice"}, {"name": "twice"}]),
    "tags in a string": lambda: but(tags=[], tag_string="one,two, three"),
    "more keys in a resource": lambda: but(
        resources=[resource(0, emphasis="strong", created="2020-02-03", mimetype="text/csv")]
    ),
    "date of the last edit": lambda: but(metadata_modified="2020-05-06T07:08:09.123456"),
    "address without scheme": lambda: but(resources=[resource(0, url="portal.example/x")]),
    "picture": lambda: but(resources=[resource(0, url="http://p.example/a.png", format="PNG")]),
    "spaces and other scripts": lambda: but(title="  Ρόδος \u2028 北京  ", notes="ž\x0bž"),
    "unknown licence": lambda: but(license_id="their own"),
    "no resources and no tags": lambda: but(resources=[], tags=[], extras=[]),
    "type of another plugin": lambda: but(type="recorded"),
    "without organisation": lambda: but(owner_org=None),
}

SUBFIELDS = {
    "publisher": [{"name": "The publisher", "email": "p@portal.example"}],
    "temporal_coverage": [{"start": "1905-03-01", "end": "2013-01-05"}],
    "theme": ["http://example.org/t/1", "http://example.org/t/2"],
    "language": ["en", "fr"],
    "issued": "2021-01-01",
    "resources": [resource(0, conforms_to=["http://example.org/s"], rights="some")],
}


def by_action(dataset: Dataset, user: str, action: str = "package_create") -> str:
    """Write a dataset as CKAN does."""
    context = {"user": user, "ignore_auth": True, "emergent_harvest": True}
    return str(helpers.call_action(action, context, **copy.deepcopy(dataset))["id"])


def by_catalogue(dataset: Dataset, user: str, *, exists: bool = False) -> Written:
    """Write a dataset as the harvester does; more than one dataset goes the same way."""
    (written,) = Catalogue(user).write([Write("key", dataset, exists)], lambda _: None)
    assert not written.problems
    return written


def compare_new(dataset: Dataset, user: str) -> None:
    recorder.CALLS.clear()
    plain = by_action({**dataset, "name": "plain-twin"}, user)
    plain_calls = heard(plain)
    if "id" in dataset:
        dataset = {**dataset, "id": str(uuid.uuid4())}
        dataset["resources"] = [{**r, **_another(r)} for r in dataset["resources"]]
    written = by_catalogue({**dataset, "name": "bulk-twin"}, user)
    bulk = str(written.dataset_id)
    assert difference(by_name(plain_calls), by_name(heard(bulk))) == []
    assert difference(traces(plain), traces(bulk)) == []
    now = helpers.call_action("package_show", {"ignore_auth": True}, id=bulk)
    assert difference(in_order(now), in_order(written.shown)) == []


def in_order(shown: Dataset | None) -> Dataset:
    """PostgreSQL gives extras back in an order of its own."""
    assert shown is not None
    return {**shown, "extras": sorted(shown.get("extras", ()), key=lambda extra: extra["key"])}


def _another(given: Dataset) -> Dataset:
    return {"id": str(uuid.uuid4())} if "id" in given else {}


@sites
@pytest.mark.parametrize("shape", NEW)
def test_a_new_dataset_leaves_the_same_traces(site: str, shape: str, user: str) -> None:
    compare_new(NEW[shape](), user)
