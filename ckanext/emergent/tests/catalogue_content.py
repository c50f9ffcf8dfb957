"""A small catalogue for tests of pages: organisations, and a dataset of each level."""

from __future__ import annotations

from typing import Any

from ckan.tests.helpers import call_action

from ckanext.emergent.choices import Membership
from ckanext.emergent.spectrum import Level

#: What a person must say for the levels that restrict access, and for the open one.
REASON = {"spectrum_reason": "It names customers.", "access_contact": "The data steward"}
OPEN_LICENCE = {"license_id": "uk-ogl"}

Made = dict[str, Any]


def server(**more: Any) -> Any:
    """The context of what the server does by itself."""
    return {"user": call_action("get_site_user")["name"], **more}


def organization(name: str, title: str, membership: Membership | None = None, **more: Any) -> Made:
    """An organisation; naming a membership needs a sysadmin, or as here the server itself."""
    said = {} if membership is None else {"membership": membership.value}
    return call_action("organization_create", server(), name=name, title=title, **said, **more)


def dataset(name: str, level: Level | None, owner: Made, **more: Any) -> Made:
    """A dataset at that level, as the harvester would file it (it alone may leave it open)."""
    said: Made = {"name": name, "title": f"Data called {name}", "owner_org": owner["id"]}
    if level is not None:
        said["data_spectrum"] = level.value
    if level in {Level.INTERNAL, Level.NAMED, Level.GROUP}:
        said |= REASON
    if level is Level.OPEN:
        said |= OPEN_LICENCE
    return call_action("package_create", server(emergent_harvest=True), **said | more)


def one_of_each_level(owner: Made) -> dict[str, Made]:
    """A dataset of each level, and one that nobody classified, by slug."""
    made = {level.value: dataset(f"at-{level.value}", level, owner) for level in Level}
    return made | {"unclassified": dataset("at-unclassified", None, owner)}
