"""Somebody who calls actions, with the checks that everybody gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.emergent.tests.ckan import factories


@dataclass(frozen=True, slots=True)
class Actor:
    """A user by name, "" for nobody; `organization` is the id of the one they edit for."""

    name: str
    organization: str | None = None

    def call(self, action: str, **fields: Any) -> Any:
        return call_action(action, {"user": self.name, "ignore_auth": False}, **fields)

    def create(self, **fields: Any) -> dict[str, Any]:
        return self.call("package_create", **self.minimal(**fields))

    def minimal(self, **fields: Any) -> dict[str, Any]:
        return {"title": "A dataset", "owner_org": self.organization, **fields}

    def refused(self, action: str, **fields: Any) -> dict[str, Any]:
        """The errors of a call that must not pass validation."""
        with pytest.raises(tk.ValidationError) as error:
            self.call(action, **fields)
        return error.value.error_dict


ANYBODY = Actor("")


def editor(**organization: Any) -> Actor:
    """An editor of a new organisation."""
    user = factories.User()
    users = [{"name": user["name"], "capacity": "admin"}]
    made = factories.Organization(users=users, **organization)
    return Actor(user["name"], made["id"])


def sysadmin() -> Actor:
    return Actor(factories.Sysadmin()["name"], factories.Organization()["id"])
