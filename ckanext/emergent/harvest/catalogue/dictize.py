"""Datasets as CKAN's `package_dictize` gives them, many in a few queries.

Differs from CKAN's only in how rows are fetched: one select a table for the whole batch instead
of one for each dataset. `test_catalogue_dictize.py` compares the two.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import dictization
from ckan.lib.dictization import model_dictize

Row = Any
Rows = Mapping[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of other tables, by dataset id; organisations by their own id."""

    resources: Rows
    tags: Rows
    groups: Rows
    organisations: Mapping[str, dict[str, Any]]
    as_subject: Rows
    as_object: Rows


def dictize(packages: Sequence[model.Package], context: dict[str, Any]) -> dict[str, Any]:
    """Dataset id -> dict, for packages whose changes are flushed."""
    related = _related(packages)
    return {package.id: _dictize(package, related, context) for package in packages}


def _related(packages: Sequence[model.Package]) -> Related:
    ids = [package.id for package in packages]
    resource, tag, used = model.resource_table, model.tag_table, model.package_tag_table
    group, member = model.group_table, model.member_table
    relation = model.package_relationship_table
    return Related(
        resources=_rows(sa.select(resource), resource.c.package_id, ids),
        tags=_rows(
            sa.select(tag, used.c.state, used.c.package_id).join(used, tag.c.id == used.c.tag_id),
            used.c.package_id,
            ids,
        ),
        groups=_rows(
            sa.select(group, member.c.capacity, member.c.table_id)
            .join(member, group.c.id == member.c.group_id)
            .where(member.c.state == "active", group.c.is_organization == sa.false()),
            member.c.table_id,
            ids,
        ),
        organisations=_organisations({package.owner_org for package in packages} - {None}),
        as_subject=_rows(sa.select(relation), relation.c.subject_package_id, ids),
        as_object=_rows(sa.select(relation), relation.c.object_package_id, ids),
    )


def _rows(select: sa.Select[Any], owner: sa.Column[Any], ids: Iterable[str]) -> Rows:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in model.Session.execute(select.where(owner.in_(ids))):
        found[row._mapping[owner]].append(row)
    return found


def _organisations(ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    group = model.group_table
    select = sa.select(group).where(group.c.id.in_(ids), group.c.state == "active")
    return {
        row.id: {k: v for k, v in dictization.table_dictize(row, {}).items() if k != "extras"}
        for row in model.Session.execute(select)
    }


def _dictize(package: model.Package, related: Related, context: dict[str, Any]) -> dict[str, Any]:
    """The same keys in the same order of work as `model_dictize.package_dictize`."""
    found: dict[str, Any] = dictization.table_dictize(package, context)
    if found.get("title"):
        found["title"] = found["title"].strip()
    found.pop("plugin_data", None)
    found["resources"] = model_dictize.resource_list_dictize(
        related.resources.get(package.id, []), context
    )
    found["num_resources"] = len(found["resources"])
    found["tags"] = _tags(related.tags.get(package.id, []), context)
    found["num_tags"] = len(found["tags"])
    found["extras"] = [{"key": k, "value": v} for k, v in (found["extras"] or {}).items()]
    found["groups"] = _groups(related.groups.get(package.id, []), context)
    found["organization"] = copy.copy(related.organisations.get(package.owner_org or ""))
    for key, rows in (
        ("relationships_as_subject", related.as_subject),
        ("relationships_as_object", related.as_object),
    ):
        found[key] = dictization.obj_list_dictize(rows.get(package.id, []), context)
    found["type"] = package.type or "dataset"
    return found | _licence(package) | _dates(package)


def _tags(rows: list[Row], context: dict[str, Any]) -> list[dict[str, Any]]:
    found = dictization.obj_list_dictize(rows, context, lambda tag: tag["name"])
    for tag in found:
        del tag["package_id"]
        tag["display_name"] = tag["name"]
    return found


def _groups(rows: list[Row], context: dict[str, Any]) -> list[dict[str, Any]]:
    context["with_capacity"] = False
    found = model_dictize.group_list_dictize(rows, context, with_package_counts=False)
    for group in found:
        del group["table_id"]
    return found


def _licence(package: model.Package) -> dict[str, Any]:
    licence = package.license
    if licence and licence.url:
        title = {"license_url": licence.url, "license_title": licence.title.split("::")[-1]}
    elif licence:
        title = {"license_title": licence.title}
    else:
        title = {"license_title": package.license_id}
    return {"isopen": package.isopen(), **title}


def _dates(package: model.Package) -> dict[str, Any]:
    created = package.metadata_created
    return {
        "metadata_modified": package.metadata_modified.isoformat(),
        "metadata_created": created.isoformat() if created else None,
    }
