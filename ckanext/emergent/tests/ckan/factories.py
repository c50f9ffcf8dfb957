"""CKAN's own factories, with what the schemas require of people."""

from __future__ import annotations

from typing import Any

from ckan.tests import factories, helpers

User = factories.User
UserWithToken = factories.UserWithToken
Sysadmin = factories.Sysadmin
SysadminWithToken = factories.SysadminWithToken
Group = factories.Group
Organization = factories.Organization
Resource = factories.Resource


class Dataset(factories.Dataset):
    """A dataset as a person makes it: with a level, *public* unless told otherwise."""

    data_spectrum = "public"


def harvested(**fields: Any) -> dict[str, Any]:
    """A dataset as the harvester makes it: from a portal, perhaps without a level."""
    defaults = {
        "name": factories._name("dataset"),
        "title": "Harvested",
        "source_portal": "barnet",
        "source_identifier": "e1",
        "source_url": "https://open.barnet.gov.uk/dataset/e1",
    }
    context = {"user": factories.Sysadmin()["name"], "emergent_harvest": True}
    return helpers.call_action("package_create", context, **{**defaults, **fields})
