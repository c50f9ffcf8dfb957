"""Validated datasets become rows; what CKAN's `model_save` does, without its look-ups.

Objects are added to the session and not flushed: the batch flushes once.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ckan import logic, model
from ckan.lib import dictization
from ckan.lib.dictization import model_save

from ckanext.emergent.harvest.catalogue import tell
from ckanext.emergent.harvest.catalogue.lookups import Lookups
from ckanext.emergent.harvest.catalogue.validate import Valid

Data = dict[str, Any]
Members = Mapping[str, Sequence[Any]]


def utcnow() -> datetime.datetime:
    """Naive, as CKAN's columns are."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def load(ids: Iterable[str], *, to_edit: bool = False) -> dict[str, model.Package]:
    """Dataset id -> package as it is now, with its resources and tags.

    Those to edit are locked until the transaction ends, in one order for all workers.
    """
    query = sa.select(model.Package).where(model.Package.id.in_(list(ids)))
    if to_edit:
        query = query.order_by(model.Package.id).with_for_update(of=model.Package)
    query = query.options(
        sa.orm.selectinload(model.Package.resources_all),
        sa.orm.selectinload(model.Package.package_tags).joinedload(model.PackageTag.tag),
    ).execution_options(populate_existing=True)
    return {package.id: package for package in model.Session.scalars(query)}


def members_of(ids: Iterable[str]) -> Members:
    """Dataset id -> its memberships of organisations and groups, of any state."""
    table = model.member_table
    found: dict[str, list[Any]] = defaultdict(list)
    for row in model.Session.execute(sa.select(table).where(table.c.table_id.in_(list(ids)))):
        found[row.table_id].append(row)
    return found


def tag_names(data: Data) -> set[str]:
    return {tag["name"] for tag in data.get("tags") or ()}


def _without_private_keys(data: Data) -> Data:
    """The package's own columns of a validated dataset."""
    data.pop("metadata_created", None)
    data.pop("plugin_data", None)
    extras = {extra["key"]: extra["value"] for extra in data.get("extras", [])}
    return {**data, "extras": extras}


# --- new datasets


@dataclass(slots=True)
class Links:
    """What ties new datasets to tags and groups: many small rows, inserted at once.

    CKAN tells plugins that a new dataset with anything new around it has changed, too. Its
    resources see to that; of a dataset without resources the links are objects of the session.
    """

    tags: list[Data] = field(default_factory=list)
    members: list[Data] = field(default_factory=list)

    def insert(self) -> None:
        """Insert what was gathered; the datasets are flushed."""
        for table, rows in (
            (model.package_tag_table, self.tags),
            (model.member_table, self.members),
        ):
            if rows:
                model.Session.execute(table.insert(), rows)

    def tag(self, package: model.Package, tag: model.Tag) -> None:
        if package.resources_all:
            self.tags.append({"package_id": package.id, "tag_id": tag.id, "state": "active"})
        else:
            _use_tag(package, tag)

    def join(self, package: model.Package, group: model.Group, capacity: str) -> None:
        row = {
            "table_id": package.id,
            "table_name": "package",
            "group_id": group.id,
            "capacity": capacity,
            "state": "active",
        }
        if package.resources_all:
            self.members.append(row)
        else:
            model.Session.add(model.Member(group=group, **row))


def new(valid: Valid, creator: model.User, lookups: Lookups, links: Links) -> None:
    """Make the rows of a new dataset, and set its id and its resources' in `valid.data`."""
    data, package = valid.data, valid.package
    data["creator_user_id"] = creator.id
    package.from_dict(_without_private_keys(data))
    package.id = data["id"] = package.id or str(uuid.uuid4())
    if not data.get("metadata_modified"):
        package.metadata_modified = utcnow()
    model.Session.add(package)
    for resource in data.get("resources") or ():
        package.resources_all.append(_new_resource(resource, package))
    for name in tag_names(data):
        links.tag(package, lookups.tags[name])
    for group in _groups(data, lookups):
        links.join(package, group, "public")
    _belong(valid, package, lookups, links)


def _new_resource(given: Data, package: model.Package) -> model.Resource:
    """As `model_save.resource_dict_save` makes it."""
    for key in ("extras", "revision_timestamp", "tracking_summary"):
        given.pop(key, None)
    if not given.get("package_id"):
        given["package_id"] = package.id
    resource = model.Resource()
    changed, rest = resource.from_dict(given)
    if "url" in changed:
        resource.url_changed = True
    resource.metadata_modified = utcnow()
    resource.state = "active"
    resource.extras = rest
    given["id"] = resource.id
    return resource


def _use_tag(package: model.Package, tag: model.Tag) -> None:
    model.Session.add(model.PackageTag(package, tag, "active"))


def _groups(data: Data, lookups: Lookups) -> list[model.Group]:
    """The groups that a dataset names, each once; unknown ones are passed over, as CKAN does."""
    found = (
        lookups.groups.get(group.get("id") or group.get("name") or "")
        for group in data.get("groups") or ()
        if group.get("capacity") != "organization"
    )
    return list({group.id: group for group in found if group is not None}.values())


def _belong(valid: Valid, package: model.Package, lookups: Lookups, links: Links) -> None:
    """As the action `package_owner_org_update` does for a new dataset."""
    wanted = package.owner_org
    if wanted:
        links.join(package, lookups.groups[wanted], "organization")
    else:
        package.owner_org = None
    context = {**valid.context, "ignore_auth": True, "defer_commit": True}
    data_dict = {"id": package.id, "organization_id": wanted}
    tell.succeeded("package_owner_org_update", context, data_dict, None)


# --- existing datasets


def edited(valid: Valid, lookups: Lookups, members: Sequence[Any]) -> bool:
    """Change the rows of a dataset; whether anything changed at all."""
    package, data = valid.package, valid.data
    session = {"session": model.Session, "ignore_auth": True, "user": valid.context["user"]}
    row = _without_private_keys(data)
    _, change = dictization.table_dict_save(row, model.Package, session)
    changes = (
        change is not None,
        _edit_resources(valid, package, session),
        _edit_tags(package, tag_names(data), lookups),
        _edit_groups(data, package, members, lookups, session),
    )
    if not any(changes):
        return False
    if not data.get("metadata_modified"):
        package.metadata_modified = utcnow()
    _stay_or_move(valid, package, members)
    return True


def _edit_resources(valid: Valid, package: model.Package, session: Data) -> bool:
    """CKAN's own code, unless all resources stay where they are."""
    wanted = valid.data.get("resources")
    if wanted is None:
        return False
    there = [r for r in package.resources_all if r.state != "deleted"]
    stay = len(valid.copied) == len(wanted) == len(there) and all(
        old == new for new, old in valid.copied.items()
    )
    return not stay and model_save.package_resource_list_save(
        wanted, package, session, valid.copied
    )


def _edit_tags(package: model.Package, wanted: set[str], lookups: Lookups) -> bool:
    """As `model_save.package_tag_list_save`: a tag that goes is kept, as deleted."""
    used = {used.tag.name: used for used in package.package_tags}
    changed = False
    for name, link in used.items():
        state = "active" if name in wanted else "deleted"
        if link.state != state:
            link.state, changed = state, True
    for name in wanted - used.keys():
        _use_tag(package, lookups.tags[name])
        changed = True
    return changed


def _edit_groups(
    data: Data, package: model.Package, members: Sequence[Any], lookups: Lookups, session: Data
) -> bool:
    """CKAN's own code, unless the groups stay."""
    if data.get("groups") is None:
        return False
    there = {m.group_id for m in members if m.capacity != "organization" and m.state == "active"}
    if there == {group.id for group in _groups(data, lookups)}:
        return False
    return model_save.package_membership_list_save(data["groups"], package, session)


def _stay_or_move(valid: Valid, package: model.Package, members: Sequence[Any]) -> None:
    """CKAN's own action, unless the dataset stays in its organisation."""
    context = logic.fresh_context(valid.context, ignore_auth=True, defer_commit=True)
    data_dict = {"id": package.id, "organization_id": package.owner_org}
    organisations = [m for m in members if m.capacity == "organization"]
    belongs = [m.group_id for m in organisations] == [package.owner_org]
    if belongs or not (organisations or package.owner_org):
        tell.succeeded("package_owner_org_update", context, data_dict, None)
    else:
        logic.get_action("package_owner_org_update")(context, data_dict)
