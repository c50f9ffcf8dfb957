"""What the server keeps: it survives an update that leaves it out, and few may change it.

The form has no field for provenance and none for free extras, and `package_update` replaces all;
without these validators an edit in the browser would forget where a dataset came from.
"""

from __future__ import annotations

from typing import Any

from ckan.lib.navl.dictization_functions import StopOnError, missing

from ckanext.emergent import stored
from ckanext.emergent.stored import Flat
from ckanext.emergent.telling import refusal


def emergent_kept(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Keep the stored value; the harvester and sysadmins may set another one."""
    _keep(key, data, errors, context, code="provenance_kept")


def emergent_set_by_sysadmins(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Keep the stored value of what only a sysadmin may say of an organisation."""
    _keep(key, data, errors, context, code="set_by_sysadmins")


def emergent_kept_of_resource(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Keep the portal's own key of a file when the form of that file is saved."""
    if data.get(key) not in (missing, None, "") or stored.is_harvest(context):
        return
    before = _stored_resource(key, data, context)
    name = key[-1]
    if before is None or not (before.extras or {}).get(name):
        data.pop(key, None)
        raise StopOnError
    data[key] = before.extras[name]


def emergent_kept_extras(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Put back the free extras that an update does not speak of.

    Without a list of extras all of them stay. With one, what is not on it goes, as everywhere in
    CKAN; but those of a dataset that came from a portal are what the portal said, and are kept
    like its provenance.
    """
    if stored.is_harvest(context):
        return
    before = _stored_extras(data, context)
    came = {data[at]: at[1] for at in data if at[0] == "extras" and at[-1] == "key"}
    listed = bool(came) or "extras" in data.get(("__extras",), {})
    protected = _is_from_portal(data, context) and not stored.is_trusted(context)
    place = max(came.values(), default=-1)
    for name, text in before.items():
        if name in came:
            if protected:
                _refuse_change(came[name], name, text, data, errors)
        elif protected or not listed:
            place += 1
            data["extras", place, "key"] = name
            data["extras", place, "value"] = text


def _stored_extras(data: Flat, context: dict[str, Any]) -> dict[str, Any]:
    """The stored extras that are no field of the schema."""
    extras = getattr(stored.entity(data, context), "extras", None) or {}
    fields = context.get("schema_keys", ())
    return {name: text for name, text in extras.items() if name not in fields}


def _is_from_portal(data: Flat, context: dict[str, Any]) -> bool:
    return stored.value("source_portal", data, context) is not None


def _refuse_change(place: int, name: str, before: Any, data: Flat, errors: Flat) -> None:
    at = ("extras", place, "value")
    if data.get(at) != before:
        errors.setdefault(at, []).append(refusal("provenance_kept", name, data.get(at)))


def _keep(key: Any, data: Flat, errors: Flat, context: dict[str, Any], *, code: str) -> None:
    came = data.get(key)
    before = stored.value(key[-1], data, context)
    if came is missing and not stored.is_harvest(context):
        came = before
    elif came != before and not stored.is_trusted(context):
        if came not in (None, ""):
            errors[key].append(refusal(code, key[-1], came))
        came = before
    if came in (missing, None, ""):
        data.pop(key, None)
        raise StopOnError
    data[key] = came


def _stored_resource(key: Any, data: Flat, context: dict[str, Any]) -> Any:
    found = stored.entity(data, context)
    given = data.get((*key[:-1], "id"))
    for resource in getattr(found, "resources", ()):
        if resource.id == given:
            return resource
    return None
