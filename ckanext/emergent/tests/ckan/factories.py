"""CKAN's own factories, with what the schemas require of people."""

from __future__ import annotations

from typing import Any

import factory
from ckan.tests import factories, helpers

User = factories.User
UserWithToken = factories.UserWithToken
Sysadmin = factories.Sysadmin
SysadminWithToken = factories.SysadminWithToken
Group = factories.Group
Organization = factories.Organization
Resource = factories.Resource


class Dataset(factories.Dataset):
    """A dataset as a person makes it: with a level and an owner."""

    data_spectrum = "public"
    owner_org = factory.LazyFunction(lambda: Organization()["id"])


def harvested(**fields: Any) -> dict[str, Any]:
    """A dataset as the harvester makes it: from a portal, perhaps without a level."""
    defaults = {
        "name": factories._name("dataset"),
        "title": "Harvested",
        "owner_org": fields.get("owner_org") or Organization()["id"],
        "source_portal": "barnet",
        "source_identifier": "e1",
        "source_url": "https://open.barnet.gov.uk/dataset/e1",
    }
    context = {"user": factories.Sysadmin()["name"], "emergent_harvest": True}
    return helpers.call_action("package_create", context, **{**defaults, **fields})


def harvested_again(**dataset: Any) -> dict[str, Any]:
    """A complete dataset as the harvester updates it."""
    context = {"user": factories.Sysadmin()["name"], "emergent_harvest": True}
    return helpers.call_action("package_update", context, **dataset)


def token(name: str) -> str:
    """An API token of a user."""
    return helpers.call_action("api_token_create", user=name, name="test")["token"]
