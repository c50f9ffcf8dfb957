"""Organisations: what only sysadmins may say of them, where they are, and who is a member."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import _get_test_app

from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import ANYBODY, Actor, editor, sysadmin

pytestmark = pytest.mark.usefixtures("hub")


@pytest.fixture(scope="module")
def admin(hub: None) -> Actor:
    return sysadmin()


@pytest.fixture
def person() -> Actor:
    """An administrator of an organisation that sysadmins have made a founding partner."""
    return editor(membership="founding_partner", joined="2020-04-16")


def shown(person: Actor) -> dict[str, Any]:
    return person.call("organization_show", id=person.organization)


@pytest.mark.parametrize(("field", "value"), [("membership", "member"), ("joined", "2021")])
def test_membership_cannot_be_changed_by_its_own_people(
    person: Actor, field: str, value: str
) -> None:
    errors = person.refused("organization_patch", id=person.organization, **{field: value})
    assert errors[field][0].startswith("Only an administrator of the hub")


def test_membership_cannot_be_claimed_with_a_new_organisation(
    person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckan.auth.user_create_organizations", True)
    errors = person.refused("organization_create", title="Claim", membership="founding_partner")
    assert list(errors) == ["membership"]


def test_membership_as_it_is_may_be_sent_along(person: Actor) -> None:
    person.call("organization_update", **{**shown(person), "description": "New"})
    assert shown(person)["membership"] == "founding_partner"


def test_membership_survives_an_update_without_it(person: Actor) -> None:
    before = shown(person)
    person.call("organization_update", id=before["id"], name=before["name"], title="New")
    after = shown(person)
    assert (after["membership"], after["joined"]) == ("founding_partner", "2020-04-16")


def test_a_sysadmin_sets_membership(admin: Actor, person: Actor) -> None:
    admin.call("organization_patch", id=person.organization, membership="contributor")
    assert shown(person)["membership"] == "contributor"


def test_an_unknown_membership_is_refused(admin: Actor) -> None:
    errors = admin.refused("organization_patch", id=admin.organization, membership="king")
    assert "founding_partner, member, contributor, none" in errors["membership"][0]


def test_the_form_asks_only_sysadmins_for_membership(admin: Actor, person: Actor) -> None:
    app = _get_test_app()
    path = f"/organization/edit/{shown(person)['name']}"
    pages = [
        app.get(path, headers={"Authorization": factories.token(one.name)}).body
        for one in (admin, person)
    ]
    assert ['name="membership"' in page for page in pages] == [True, False]


def test_every_field_comes_back(person: Actor) -> None:
    fields = {
        "website": "https://example.org",
        "repository": "https://github.com/example",
        "blog": "https://example.org/blog",
        "blog_feed": "https://example.org/blog/feed.xml",
        "wikidata": "https://www.wikidata.org/wiki/Q42",
        "place": "Leeds",
        "place_lat": "53.7997",
        "place_lon": "-1.5492",
        "steward_name": "Sam",
        "steward_email": "sam@example.org",
    }
    person.call("organization_patch", id=person.organization, **fields)
    assert {key: shown(person)[key] for key in fields} == fields


@pytest.mark.parametrize(
    ("lat", "lon", "wrong"),
    [
        ("91", "0", "place_lat"),
        ("0", "-180.5", "place_lon"),
        ("north", "0", "place_lat"),
        ("nan", "0", "place_lat"),
        ("inf", "0", "place_lat"),
        ("53.8", "", "place_lat"),
        ("", "-1.5", "place_lon"),
    ],
)
def test_a_place_that_is_nowhere_is_refused(person: Actor, lat: str, lon: str, wrong: str) -> None:
    errors = person.refused(
        "organization_patch", id=person.organization, place_lat=lat, place_lon=lon
    )
    assert list(errors) == [wrong]


def test_a_link_must_be_one(person: Actor) -> None:
    errors = person.refused("organization_patch", id=person.organization, blog="our blog")
    assert "https://" in errors["blog"][0]


def test_a_name_is_made_from_the_title(admin: Actor) -> None:
    made = admin.call("organization_create", title="Office for Räil")
    assert made["name"] == "office-for-rail"


def test_the_about_page_tells_it_in_words(person: Actor) -> None:
    page = _get_test_app().get(f"/organization/about/{shown(person)['name']}").body
    assert "Founding partner" in page
    assert "founding_partner" not in page


# --- members ----------------------------------------------------------------------------------


def test_members_are_listed_founding_partners_first(admin: Actor) -> None:
    for title, membership in (
        ("B", "member"),
        ("D", "none"),
        ("C", "contributor"),
        ("A", "member"),
        ("Z", "founding_partner"),
    ):
        name = f"listed-{title.lower()}"
        admin.call("organization_create", name=name, title=title, membership=membership)
    listed = [one["name"] for one in ANYBODY.call("emergent_member_list")]
    ours = [name for name in listed if name.startswith("listed-")]
    assert ours == ["listed-z", "listed-a", "listed-b", "listed-c"]


def test_members_can_be_asked_for_by_membership(admin: Actor) -> None:
    admin.call("organization_create", title="No member", membership="none")
    found = ANYBODY.call("emergent_member_list", membership="none")
    assert {one["membership"] for one in found} == {"none"}


def test_members_come_in_pages(admin: Actor) -> None:
    for number in range(3):
        admin.call("organization_create", title=f"Paged {number}", membership="member")
    everybody = ANYBODY.call("emergent_member_list")
    pages = [ANYBODY.call("emergent_member_list", limit=2, offset=at)[0] for at in (0, 1, 2)]
    assert pages == everybody[:3]


def test_a_member_is_told_with_its_place_as_numbers(admin: Actor) -> None:
    admin.call(
        "organization_create",
        title="Somewhere",
        membership="member",
        place="Leeds",
        place_lat="53.8",
        place_lon="-1.55",
    )
    (one,) = [m for m in ANYBODY.call("emergent_member_list") if m["title"] == "Somewhere"]
    assert (one["place"], one["place_lat"], one["place_lon"]) == ("Leeds", 53.8, -1.55)


def test_an_unknown_membership_to_list_is_refused() -> None:
    assert "membership" in ANYBODY.refused("emergent_member_list", membership="king")


def test_the_levels_are_listed_in_order() -> None:
    listed = ANYBODY.call("emergent_spectrum_list")
    assert [(one["level"], one["band"]) for one in listed] == [
        ("internal", "closed"),
        ("named", "shared"),
        ("group", "shared"),
        ("public", "shared"),
        ("open", "open"),
    ]
    assert all(one["definition"] and one["example"] and one["consequence"] for one in listed)
