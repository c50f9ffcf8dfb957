"""E-mail addresses: gone from every exit for anonymous callers, kept for everybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.common import config
from ckan.lib.search import rebuild
from ckan.tests.helpers import CKANTestApp, _get_test_app, call_action

from ckanext.emergent.tests.ckan.actor import ANYBODY, Actor, editor

pytestmark = pytest.mark.usefixtures("hub")

#: What no anonymous caller may find anywhere; every address of the fixtures ends with it.
SECRET = "secret.example.org"


@pytest.fixture(scope="module")
def person(hub: None) -> Actor:
    return editor(steward_name="Sam", steward_email=f"sam@{SECRET}", membership="member")


@pytest.fixture(scope="module")
def dataset(person: Actor) -> dict[str, Any]:
    made = person.create(
        title="With people",
        data_spectrum="group",
        spectrum_reason="Members only.",
        access_contact=f"The desk, desk@{SECRET}",
        author="Ann",
        author_email=f"ann@{SECRET}",
        maintainer="Ben",
        maintainer_email=f"ben@{SECRET}",
        publisher=[{"name": "Office", "email": f"office@{SECRET}"}],
        extras=[
            {"key": "contact_email", "value": f"cat@{SECRET}"},
            {"key": "contact", "value": f"Dan <dan@{SECRET}>"},
        ],
        resources=[{"url": "https://example.org/a.csv", "name": "A"}],
    )
    return person.call(
        "package_patch", id=made["id"], author_email=f"new.ann@{SECRET}", notes="Changed."
    )


@pytest.fixture(scope="module")
def web(dataset: dict[str, Any]) -> CKANTestApp:
    return _get_test_app()


def hides(answer: Any) -> bool:
    return SECRET not in (answer if isinstance(answer, str) else json.dumps(answer, default=str))


def read(web: CKANTestApp, path: str, status: int = 200) -> str:
    return web.get(path, status=status).body


# --- actions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("default_schema", [False, True])
def test_package_show(dataset: dict[str, Any], default_schema: bool) -> None:
    shown = ANYBODY.call("package_show", id=dataset["id"], use_default_schema=default_schema)
    assert hides(shown)
    assert shown["author"] == "Ann"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"use_default_schema": True},
        {"fl": ["id", "validated_data_dict"]},
        {"fl": ["id", "data_dict"]},
        {"fl": ["all:validated_data_dict"]},
        {"fl": ["*"]},
        {"fl": ["id", "author_email", "maintainer_email"]},
        {"fl": ["extras_publisher", "extras_contact", "extras_access_contact"]},
    ],
)
def test_package_search(dataset: dict[str, Any], asked: dict[str, Any]) -> None:
    found = ANYBODY.call("package_search", fq=f"id:{dataset['id']}", **asked)
    assert found["count"] == 1
    assert hides(found)


@pytest.mark.parametrize(
    "field",
    [
        *("author_email", "maintainer_email", "extras_contact_email", "contact_email"),
        *("contact", "extras_contact", "publisher", "extras_publisher", "access_contact"),
        *("extras_access_contact", "extras_publisher__email", "text"),
    ],
)
def test_facets(dataset: dict[str, Any], field: str) -> None:
    found = ANYBODY.call("package_search", **{"facet.field": [field], "facet.limit": -1})
    assert hides(found["facets"])
    assert hides(found["search_facets"])


@pytest.mark.parametrize(
    "query",
    [
        f'author_email:"new.ann@{SECRET}"',
        f'maintainer_email:"ben@{SECRET}"',
        f'extras_contact_email:"cat@{SECRET}"',
        f'"office@{SECRET}"',
    ],
)
def test_an_address_finds_nothing(dataset: dict[str, Any], query: str) -> None:
    assert ANYBODY.call("package_search", q=query)["count"] == 0


def test_current_package_list(dataset: dict[str, Any]) -> None:
    assert hides(ANYBODY.call("current_package_list_with_resources"))


def test_organization_show(person: Actor, dataset: dict[str, Any]) -> None:
    shown = ANYBODY.call("organization_show", id=person.organization, include_datasets=True)
    assert hides(shown)
    assert shown["steward_name"] == "Sam"


def test_organization_list(person: Actor) -> None:
    listed = ANYBODY.call("organization_list", all_fields=True, include_extras=True)
    assert person.organization in [one["id"] for one in listed]
    assert hides(listed)


def test_member_list(person: Actor) -> None:
    listed = ANYBODY.call("emergent_member_list")
    assert [one["steward_name"] for one in listed] == ["Sam"]
    assert hides(listed)


@pytest.mark.parametrize("include_data", [False, True])
def test_activity_lists(
    person: Actor, dataset: dict[str, Any], include_data: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config, "ckan.auth.public_activity_stream_detail", True)
    for action, whose in (
        ("package_activity_list", dataset["id"]),
        ("organization_activity_list", person.organization),
        ("user_activity_list", person.name),
    ):
        listed = ANYBODY.call(action, id=whose, include_data=include_data)
        assert listed
        assert hides(listed)
    assert hides(ANYBODY.call("recently_changed_packages_activity_list"))


@pytest.fixture
def activity(person: Actor, dataset: dict[str, Any]) -> str:
    """The newest activity of the dataset, whose detail everybody may see."""
    return person.call("package_activity_list", id=dataset["id"])[0]["id"]


@pytest.mark.parametrize("diff_type", ["unified", "context", "html"])
def test_activity_diff(activity: str, diff_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config, "ckan.auth.public_activity_stream_detail", True)
    answer = ANYBODY.call("activity_diff", id=activity, object_type="package", diff_type=diff_type)
    assert "Changed." in answer["diff"]
    assert hides(answer)
    assert "ann" not in answer["diff"]


def test_activity_show(activity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config, "ckan.auth.public_activity_stream_detail", True)
    assert hides(ANYBODY.call("activity_show", id=activity, include_data=True))
    assert hides(ANYBODY.call("activity_data_show", id=activity))


@pytest.mark.parametrize(
    "action", ["package_search", "organization_show", "package_create", "activity_show"]
)
def test_the_api_still_documents_what_is_filtered(action: str) -> None:
    assert ":returns:" in (text := ANYBODY.call("help_show", name=action)) or ":rtype:" in text


# --- pages, RDF, feeds ------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["rdf", "ttl", "jsonld", "xml", "n3"])
def test_rdf_of_the_dataset(web: CKANTestApp, dataset: dict[str, Any], form: str) -> None:
    answer = read(web, f"/dataset/{dataset['name']}.{form}")
    assert "With people" in answer
    assert hides(answer)


@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_rdf_of_the_catalogue(web: CKANTestApp, form: str) -> None:
    answer = read(web, f"/catalog.{form}")
    assert "With people" in answer
    assert hides(answer)


@pytest.mark.parametrize("profile", ["schemaorg", "euro_dcat_ap_2", "dcat_us_3", "croissant"])
def test_rdf_in_other_profiles(web: CKANTestApp, dataset: dict[str, Any], profile: str) -> None:
    assert hides(read(web, f"/dataset/{dataset['name']}.jsonld?profiles={profile}"))


def test_the_dataset_page_with_its_structured_data(
    web: CKANTestApp, dataset: dict[str, Any]
) -> None:
    page = read(web, f"/dataset/{dataset['name']}")
    assert "application/ld+json" in page
    assert hides(page)


def test_pages(web: CKANTestApp, person: Actor, dataset: dict[str, Any]) -> None:
    name = call_action("organization_show", id=person.organization)["name"]
    for path in (
        "/dataset/",
        "/organization/",
        f"/organization/{name}",
        f"/organization/about/{name}",
        f"/dataset/activity/{dataset['name']}",
        f"/organization/activity/{name}",
        f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}",
    ):
        assert hides(read(web, path)), path


def test_the_pages_of_activities(
    web: CKANTestApp, dataset: dict[str, Any], activity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config, "ckan.auth.public_activity_stream_detail", True)
    resource = dataset["resources"][0]["id"]
    for path in (
        f"/dataset/{dataset['name']}/history/{activity}",
        f"/dataset/changes/{activity}",
        f"/dataset/{dataset['name']}/resources/{resource}/history/{activity}",
    ):
        assert hides(read(web, path)), path


def test_feeds(web: CKANTestApp, person: Actor, dataset: dict[str, Any]) -> None:
    name = call_action("organization_show", id=person.organization)["name"]
    for path in ("/feeds/dataset.atom", f"/feeds/organization/{name}.atom"):
        answer = read(web, path)
        assert "With people" in answer
        assert hides(answer)


def test_the_api(web: CKANTestApp, dataset: dict[str, Any]) -> None:
    for path in (
        f"/api/3/action/package_show?id={dataset['id']}",
        "/api/3/action/package_search?fl=validated_data_dict",
        f"/api/3/action/organization_show?id={dataset['owner_org']}",
    ):
        assert hides(read(web, path)), path


# --- kept -------------------------------------------------------------------------------------


def test_who_has_signed_in_sees_them(person: Actor, dataset: dict[str, Any]) -> None:
    shown = person.call("package_show", id=dataset["id"])
    assert shown["author_email"] == f"new.ann@{SECRET}"
    assert shown["publisher"][0]["email"] == f"office@{SECRET}"
    found = person.call("package_search", fq=f"id:{dataset['id']}")["results"][0]
    assert found["maintainer_email"] == f"ben@{SECRET}"


def test_a_patch_keeps_what_it_does_not_change(person: Actor) -> None:
    dataset = person.create(
        data_spectrum="public", author_email=f"a@{SECRET}", extras=[{"key": "mbox", "value": "m"}]
    )
    person.call("package_patch", id=dataset["id"], notes="New")
    shown = person.call("package_show", id=dataset["id"])
    assert (shown["author_email"], shown["extras"]) == (f"a@{SECRET}", dataset["extras"])


def test_an_organisation_keeps_them_when_patched(person: Actor) -> None:
    person.call("organization_patch", id=person.organization, description="New")
    shown = person.call("organization_show", id=person.organization)
    assert shown["steward_email"] == f"sam@{SECRET}"


def test_a_rebuilt_index_keeps_them(person: Actor, dataset: dict[str, Any]) -> None:
    rebuild(dataset["id"])
    shown = person.call("package_show", id=dataset["id"])
    assert shown["author_email"] == f"new.ann@{SECRET}"


def test_activities_keep_them(person: Actor, activity: str) -> None:
    kept = person.call("activity_show", id=activity, include_data=True)
    assert kept["data"]["package"]["author_email"] == f"new.ann@{SECRET}"
