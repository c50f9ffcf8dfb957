"""What the schema's validators look up in the database, fetched once for a whole batch.

Four of CKAN's validators ask the database for each dataset, a fifth takes the whole dataset apart
to see its extras: together they cost more than all others. Within a batch they are answered from
here; everywhere else CKAN's own run. They are offered as any plugin offers validators, so that
schemas find them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import authz, model
from ckan.common import _
from ckan.lib.navl.dictization_functions import Invalid, missing
from ckan.logic import validators as core

KEY = "emergent_harvest_lookups"

_LENGTHS = (model.PACKAGE_NAME_MIN_LENGTH, model.PACKAGE_NAME_MAX_LENGTH)

Validator = Callable[..., Any]


@dataclass(slots=True)
class Lookups:
    """The batch's names, ids, organisations, groups and tags, as the database has them.

    What the batch itself takes is added as it is validated (`take`), so that two datasets of one
    batch cannot take the same name.
    """

    names: dict[str, str] = field(default_factory=dict)
    deleted_names: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    resources: dict[str, str] = field(default_factory=dict)
    deleted_resources: set[str] = field(default_factory=set)
    groups: dict[str, model.Group] = field(default_factory=dict)
    tags: dict[str, model.Tag] = field(default_factory=dict)

    def take(self, data: Mapping[str, Any], owner: str) -> None:
        """Note what a validated dataset takes; `owner` is its id, or a key that stands for it."""
        for name in [name for name, holder in self.names.items() if holder == owner]:
            del self.names[name]
        self.names[data["name"]] = owner
        self.ids.add(owner)
        for resource in data.get("resources") or ():
            if resource.get("id"):
                self.resources[resource["id"]] = owner


def fetch(datasets: Sequence[Mapping[str, Any]]) -> Lookups:
    """Look up whatever the datasets mention, in one query a table."""
    lookups = Lookups()
    _fetch_packages(lookups, datasets)
    _fetch_resources(lookups, datasets)
    _fetch_groups(lookups, datasets)
    return lookups


def _fetch_packages(lookups: Lookups, datasets: Sequence[Mapping[str, Any]]) -> None:
    table = model.package_table
    select = sa.select(table.c.id, table.c.name, table.c.state).where(
        sa.or_(
            table.c.name.in_(_texts(d.get("name") for d in datasets)),
            table.c.id.in_(_texts(d.get("id") for d in datasets)),
        )
    )
    for row in model.Session.execute(select):
        lookups.ids.add(row.id)
        if row.state == "deleted":
            lookups.deleted_names.add(row.name)
        else:
            lookups.names[row.name] = row.id


def _fetch_resources(lookups: Lookups, datasets: Sequence[Mapping[str, Any]]) -> None:
    table = model.resource_table
    ids = _texts(r.get("id") for d in datasets for r in _dicts(d.get("resources")))
    if not ids:
        return
    select = sa.select(table.c.id, table.c.package_id, table.c.state).where(table.c.id.in_(ids))
    for row in model.Session.execute(select):
        if row.state == "deleted":
            lookups.deleted_resources.add(row.id)
        else:
            lookups.resources[row.id] = row.package_id


def _fetch_groups(lookups: Lookups, datasets: Sequence[Mapping[str, Any]]) -> None:
    wanted = _texts(
        value
        for d in datasets
        for value in (
            d.get("owner_org"),
            *(g.get(key) for g in _dicts(d.get("groups")) for key in ("id", "name")),
        )
    )
    found = model.Session.scalars(
        sa.select(model.Group).where(
            sa.or_(model.Group.id.in_(wanted), model.Group.name.in_(wanted))
        )
    )
    for group in found:
        lookups.groups[group.name] = group
        lookups.groups[group.id] = group


def _texts(values: Iterable[Any]) -> list[str]:
    """Strings that may be asked for: PostgreSQL refuses a text with a NUL."""
    return list({v for v in values if isinstance(v, str) and v and "\0" not in v})


def _dicts(values: Any) -> list[Mapping[str, Any]]:
    return [v for v in values if isinstance(v, Mapping)] if isinstance(values, list) else []


def validators() -> dict[str, Validator]:
    """Ours, without those that another plugin has made its own."""
    ours: dict[str, Validator] = {
        "owner_org_validator": owner_org_validator,
        "package_name_validator": package_name_validator,
        "package_id_does_not_exist": package_id_does_not_exist,
        "resource_id_does_not_exist": resource_id_does_not_exist,
        "duplicate_extras_key": duplicate_extras_key,
    }
    taken = {
        name
        for plugin in p.PluginImplementations(p.IValidators)
        if plugin.name != "emergent_harvest"
        for name in plugin.get_validators()
    }
    return {name: validator for name, validator in ours.items() if name not in taken}


def owner_org_validator(key: Any, data: Any, errors: Any, context: Any) -> None:
    """The organisation exists; `data` gets its id."""
    lookups: Lookups | None = context.get(KEY)
    value = data.get(key)
    named = isinstance(value, str) and value != ""
    if (
        lookups is None
        or not named
        or not context.get("ignore_auth")
        or _collaborators_may_not_move()
    ):
        return core.owner_org_validator(key, data, errors, context)
    group = lookups.groups.get(value)
    if group is None:
        raise Invalid(_("Organization does not exist"))
    data[key] = group.id
    return None


def _collaborators_may_not_move() -> bool:
    return authz.check_config_permission(
        "allow_dataset_collaborators"
    ) and not authz.check_config_permission("allow_collaborators_to_change_owner_org")


def package_name_validator(key: Any, data: Any, errors: Any, context: Any) -> None:
    """No other dataset has the name, and its length is right."""
    lookups: Lookups | None = context.get(KEY)
    if lookups is None or not _LENGTHS[0] <= len(data[key]) <= _LENGTHS[1]:
        return core.package_name_validator(key, data, errors, context)
    package = context.get("package")
    own_id = package.id if package else data.get((*key[:-1], "id"))
    holder = lookups.names.get(data[key])
    if holder is not None and holder != own_id:
        errors[key].append(_("That URL is already in use."))
    return None


def package_id_does_not_exist(value: Any, context: Any) -> Any:
    """A new dataset's id is new."""
    lookups: Lookups | None = context.get(KEY)
    if lookups is None:
        return core.package_id_does_not_exist(value, context)
    if value in lookups.ids:
        raise Invalid(_("Dataset id already exists"))
    return value


def resource_id_does_not_exist(key: Any, data: Any, errors: Any, context: Any) -> None:
    """A resource's id is new, or its own."""
    lookups: Lookups | None = context.get(KEY)
    if lookups is None:
        return core.resource_id_does_not_exist(key, data, errors, context)
    if data[key] is missing:
        return None
    holder = lookups.resources.get(data[key])
    if holder is not None and holder != data.get(("id",)):
        errors[key].append(_("Resource id already exists."))
    return None


def duplicate_extras_key(key: Any, data: Any, errors: Any, context: Any) -> None:
    """No two extras have one key."""
    if context.get(KEY) is None:
        return core.duplicate_extras_key(key, data, errors, context)
    seen: set[Any] = set()
    for place in [one for one in data if one[0] == "extras" and one[-1] == "key"]:
        if data[place] in seen:
            # CKAN's own tells which one, and what to do with odd ones.
            return core.duplicate_extras_key(key, data, errors, context)
        seen.add(data[place])
    return None
