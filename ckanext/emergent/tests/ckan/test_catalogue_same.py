"""What the catalogue writes is what CKAN's own actions write, everywhere and to every plugin."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories, helpers

from ckanext.emergent.harvest.catalogue import Catalogue, Write, Written, route
from ckanext.emergent.tests.ckan import recorder
from ckanext.emergent.tests.ckan.recorder import (
    RecorderPlugin,
    anonymous,
    by_name,
    difference,
    heard,
    traces,
)

Dataset = dict[str, Any]

SCHEMING = "emergent_harvest scheming_datasets dcat activity text_view image_view recorder"
PLAIN = "emergent_harvest activity text_view image_view recorder"
OURS = (
    "emergent_hub emergent_harvest emergent scheming_datasets scheming_organizations dcat "
    "structured_data activity text_view image_view recorder"
)

pytestmark = [
    pytest.mark.ckan_config("scheming.dataset_schemas", "ckanext.dcat.schemas:dcat_ap_full.yaml"),
    pytest.mark.ckan_config(
        "scheming.presets", "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml"
    ),
    pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", "true"),
]

IN_CORE_TOO = {"full", "picture", "type of another plugin", "title", "resource changed"}


def on_sites(shapes: Iterable[str]) -> Any:
    """Every shape under a scheming schema, the most telling ones under CKAN's own too."""
    sites = {"scheming": SCHEMING, "core": PLAIN}
    return pytest.mark.parametrize(
        "shape",
        [
            pytest.param(
                shape, id=f"{shape}-{site}", marks=pytest.mark.ckan_config("ckan.plugins", plugins)
            )
            for site, plugins in sites.items()
            for shape in shapes
            if site != "core" or shape in IN_CORE_TOO
        ],
    )


@pytest.fixture(scope="module")
def emptied(reset_db: Callable[[], None], reset_index: Callable[[], None]) -> None:
    """Once for all: each test has names of its own."""
    reset_db()
    reset_index()


@pytest.fixture
def recorded(provide_plugin: Callable[[str, type], None]) -> None:
    provide_plugin("recorder", RecorderPlugin)


@pytest.fixture
def user(emptied: None, recorded: None, with_plugins: None) -> str:
    name = str(helpers.call_action("get_site_user", {"ignore_auth": True})["name"])
    if model.Group.by_name("first") is None:
        for one in ("first", "second"):
            factories.Organization(name=one, title=f"The {one}")
            factories.Group(name=f"group-{one}")
    model.Session.remove()
    return name


def name() -> str:
    return f"twin-{uuid.uuid4().hex}"


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
    "subfields": lambda: but(**SUBFIELDS),
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


def of_ours() -> Dataset:
    """A record as the mapping makes it, under this extension's own schema."""
    return but(
        theme=["http://example.org/t/1"],
        challenges=["rail"],
        language=["en"],
        publisher=[{"name": "The publisher", "url": "http://portal.example"}],
        links=[{"kind": "story", "url": "http://portal.example/story", "title": "A story"}],
        temporal_coverage=[{"start": "2019-01-01", "end": "2019-12-31"}],
        source_portal="portal",
        source_identifier="42",
        source_url="http://portal.example/42",
        license_text="CC BY 4.0",
        issued="2019-02-03",
        resources=[resource(0, resource_type="data", access="anyone", identifier="0"), resource(1)],
    )


def compare_new(dataset: Dataset, user: str) -> None:
    recorder.CALLS.clear()
    plain = by_action({**dataset, "name": name()}, user)
    plain_calls = heard(plain)
    if "id" in dataset:
        dataset = {**dataset, "id": str(uuid.uuid4())}
        dataset["resources"] = [{**r, **_another(r)} for r in dataset["resources"]]
    written = by_catalogue({**dataset, "name": name()}, user)
    bulk = str(written.dataset_id)
    assert difference(by_name(plain_calls), by_name(heard(bulk))) == []
    assert difference(traces(plain), traces(bulk)) == []
    now = helpers.call_action("package_show", {"ignore_auth": True}, id=bulk)
    assert difference(anonymous(now, bulk), anonymous(written.shown, bulk)) == []


def _another(given: Dataset) -> Dataset:
    return {"id": str(uuid.uuid4())} if "id" in given else {}


@on_sites(NEW)
def test_a_new_dataset_leaves_the_same_traces(shape: str, user: str) -> None:
    compare_new(NEW[shape](), user)


@pytest.mark.ckan_config("ckan.plugins", OURS)
def test_our_own_plugins_leave_the_bulk_path_open(user: str) -> None:
    assert route.replaced_actions() == ()


@pytest.mark.ckan_config("ckan.plugins", OURS)
@pytest.mark.ckan_config("scheming.dataset_schemas", "ckanext.emergent.schemas:dataset.yaml")
@pytest.mark.ckan_config(
    "scheming.presets", "ckanext.emergent.schemas:presets.yaml ckanext.scheming:presets.json"
)
def test_a_new_dataset_of_our_own_schema_leaves_the_same_traces(user: str) -> None:
    compare_new(of_ours(), user)


# --- edits: what was there -> what is wanted

Edit = Callable[[Dataset], Dataset]


def with_resources(*change: Callable[[list[Dataset]], list[Dataset]]) -> Edit:
    return lambda shown: {**shown, "resources": change[0](copy.deepcopy(shown["resources"]))}


EDITS: dict[str, Edit] = {
    "title": lambda shown: {**shown, "title": "Trains at noon"},
    "name": lambda shown: {**shown, "name": f"{shown['name']}-renamed"},
    "tags": lambda shown: {**shown, "tags": [{"name": "rail"}, {"name": "noon"}]},
    "no tags": lambda shown: {**shown, "tags": []},
    "extras": lambda shown: {**shown, "extras": [{"key": "left over", "value": "changed"}]},
    "groups": lambda shown: {**shown, "groups": [{"name": "group-second"}]},
    "no groups": lambda shown: {**shown, "groups": []},
    "organisation": lambda shown: {**shown, "owner_org": "second"},
    "private": lambda shown: {**shown, "private": True},
    "deleted": lambda shown: {**shown, "state": "deleted"},
    "without a field": lambda shown: (
        {k: v for k, v in shown.items() if k != "notes"} | {"notes": "n"}
    ),
    "resource changed": with_resources(
        lambda all_: [all_[0], {**all_[1], "name": "Other"}, all_[2]]
    ),
    "resource added": with_resources(lambda all_: [*all_, resource(9, format="xls")]),
    "resource removed": with_resources(lambda all_: [all_[0], all_[2]]),
    "resources in another order": with_resources(lambda all_: [all_[2], all_[0], all_[1]]),
    "all resources replaced": with_resources(lambda all_: [resource(7), resource(8)]),
    "no resources": with_resources(lambda all_: []),
}


@on_sites(EDITS)
def test_an_edited_dataset_leaves_the_same_traces(shape: str, user: str) -> None:
    base = but(groups=[{"name": "group-first"}])
    plain = by_action({**base, "name": name()}, user)
    bulk = by_action({**base, "name": name()}, user)
    by_action(wanted(plain, EDITS[shape]), user, "package_update")
    plain_calls = heard(plain)
    written = by_catalogue(wanted(bulk, EDITS[shape]), user, exists=True)
    assert difference(by_name(plain_calls), by_name(heard(bulk))) == []
    assert difference(traces(plain), traces(bulk)) == []
    now = helpers.call_action("package_show", {"ignore_auth": True}, id=bulk)
    assert difference(anonymous(now, bulk), anonymous(written.shown, bulk)) == []


def wanted(dataset_id: str, edit: Edit) -> Dataset:
    """A whole dataset to write, made of what is shown, in a session that remembers nothing."""
    shown = helpers.call_action("package_show", {"ignore_auth": True}, id=dataset_id)
    shown.pop("metadata_modified")
    model.Session.remove()
    recorder.CALLS.clear()
    return edit(shown)


@pytest.mark.ckan_config("ckan.plugins", SCHEMING)
@pytest.mark.parametrize("change", [{}, {"license_title": "as it is called elsewhere"}])
def test_an_edit_that_changes_nothing_leaves_no_trace(change: Dataset, user: str) -> None:
    dataset_id = by_action({**full(), "name": name()}, user)
    dataset = wanted(dataset_id, lambda shown: {**shown, **change})
    before = helpers.call_action("package_show", {"ignore_auth": True}, id=dataset_id)
    recorder.CALLS.clear()
    written = by_catalogue(dataset, user, exists=True)
    told = {call for call, _ in recorder.CALLS}
    reading = {"read", "before_resource_show", "after_dataset_show", "signal package_show"}
    assert told <= reading | {"signal scheming_dataset_schema_show"}
    assert written.shown == before
    assert helpers.call_action("package_show", {"ignore_auth": True}, id=dataset_id) == before
