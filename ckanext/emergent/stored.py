"""What CKAN has stored for the thing that is being validated, and who is asking to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import authz, model
from ckan.lib.navl.dictization_functions import missing

Flat = dict[tuple[Any, ...], Any]


def entity(data: Mapping[tuple[Any, ...], Any], context: Mapping[str, Any]) -> Any:
    """The stored dataset or organisation that this validation updates; None for a new one.

    CKAN puts it into the context; contexts are reused, so that its id is compared.
    """
    given = data.get(("id",))
    for found in (context.get("package"), context.get("group")):
        if found is not None and given and given in (found.id, found.name):
            return found
    return None


def value(name: str, data: Mapping[tuple[Any, ...], Any], context: Mapping[str, Any]) -> str | None:
    """The stored value of a field as CKAN keeps it (lists as JSON text), or None."""
    found = entity(data, context)
    if found is None:
        return None
    if name in found.__table__.columns and name != "extras":
        return getattr(found, name) or None
    return (found.extras or {}).get(name) or None


def given(name: str, data: Mapping[tuple[Any, ...], Any]) -> Any:
    """The value that came in for a field of the thing itself, None where there is none."""
    came = data.get((name,))
    return None if came is missing or came == "" else came


def is_harvest(context: Mapping[str, Any]) -> bool:
    """Whether the harvester writes: its word about a portal is what provenance is.

    No caller from outside can put this into a context.
    """
    return context.get("emergent_harvest") is True


def is_trusted(context: Mapping[str, Any]) -> bool:
    """Whether the caller may set what is kept by the server.

    The harvester and sysadmins may, and so does the server's own code, which names no user; a
    named user is judged by who it is, whatever checks are switched off.
    """
    if is_harvest(context):
        return True
    user = context.get("user")
    if user and model.User.get(user) is not None:
        return authz.is_sysadmin(user)
    return context.get("ignore_auth") is True
