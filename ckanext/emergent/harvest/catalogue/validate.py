"""Validation of a batch, before the first write: an error costs its own dataset only.

CKAN's actions roll the whole session back when a dataset is invalid; here nothing is written
until all are judged. The steps are those of `package_create` and `package_update`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckan import logic, model
from ckan.lib import plugins as lib_plugins
from ckan.lib import uploader

from ckanext.emergent.harvest.catalogue import navl, route
from ckanext.emergent.harvest.catalogue.lookups import KEY, Lookups
from ckanext.emergent.harvest.catalogue.write import Write

Context = dict[str, Any]
Data = dict[str, Any]


class NeedsPlainError(Exception):
    """The dataset has something that is written by CKAN's own actions only."""


class EditedMeanwhileError(Exception):
    """Somebody edited the dataset after it was shown for this write."""


class UnchangedError(Exception):
    """The dataset is already as it is wanted; `shown` is what CKAN shows."""

    def __init__(self, shown: Data) -> None:
        super().__init__()
        self.shown = shown


@dataclass(slots=True)
class Valid:
    """A dataset that may be written: what the caller gave, and what the schema made of it.

    `package` of a new one is empty yet. `copied` are the resources that stay, by their new and
    old positions; `shown_before` is how an existing dataset is shown now.
    """

    write: Write
    position: int
    context: Context
    given: Data
    data: Data
    package: model.Package
    copied: dict[int, int] = field(default_factory=dict)
    changed_resources: list[Data] | None = None
    uploads: list[Any] = field(default_factory=list)
    shown_before: Data | None = None

    @property
    def action(self) -> str:
        return "package_update" if self.write.exists else "package_create"


def context_for(user: str, known: model.User | None = None) -> Context:
    """What an action's context holds when it starts; a user who is `known` is not asked for."""
    context = {
        "model": model,
        "session": model.Session,
        "user": user,
        "ignore_auth": True,
        "emergent_harvest": True,
        "__auth_audit": [],
    }
    return context | {"auth_user_obj": known, "__auth_user_obj_checked": True} if known else context


def new(write: Write, position: int, user: model.User, lookups: Lookups) -> Valid:
    """Validate a dataset to create.

    Raises `logic.ValidationError`, `NeedsPlainError`, or whatever a plugin's validator raises.
    """
    context, given = context_for(user.name, user), copy.deepcopy(write.dataset)
    plugin = _plugin_of_new(given)
    schema = plugin.create_package_schema()
    logic.check_access("package_create", context, given)
    if _holds_deleted(given, lookups):
        raise NeedsPlainError
    data = _validated(plugin, context, given, schema, "package_create", lookups)
    lookups.take(data, data.get("id") or f"new {position}")
    return Valid(write, position, context, given, data, model.Package())


def _plugin_of_new(given: Data) -> Any:
    """Who validates it, by its type; one without a type gets the first of the default plugin's."""
    if "type" in given:
        return lib_plugins.lookup_package_plugin(given["type"])
    plugin = lib_plugins.lookup_package_plugin()
    try:
        given["type"] = plugin.package_types()[0]
    except (AttributeError, IndexError):
        given["type"] = "dataset"
        plugin = lib_plugins.lookup_package_plugin("dataset")
    return plugin


def _holds_deleted(given: Mapping[str, Any], lookups: Lookups) -> bool:
    """CKAN renames a deleted dataset whose name is wanted, and revives a deleted resource."""
    resources = given.get("resources") or ()
    return given.get("name") in lookups.deleted_names or any(
        isinstance(r, Mapping) and r.get("id") in lookups.deleted_resources for r in resources
    )


def _validated(
    plugin: Any, context: Context, given: Data, schema: Any, action: str, lookups: Lookups
) -> Data:
    if route.needs_plain(given):
        raise NeedsPlainError
    data, errors = navl.plugin_validate(plugin, context | {KEY: lookups}, given, schema, action)
    if errors:
        raise logic.ValidationError(errors)
    if route.needs_plain(data) or not _groups_are_known(data, lookups):
        raise NeedsPlainError
    return data


def _groups_are_known(data: Data, lookups: Lookups) -> bool:
    """Another plugin's validator may name groups that were not fetched."""
    organisation = lookups.groups.get(data.get("owner_org") or "")
    return (
        not data.get("owner_org") or bool(organisation and organisation.is_organization)
    ) and all(
        (group.get("id") or group.get("name")) in lookups.groups
        for group in data.get("groups") or ()
    )


def edited(
    write: Write,
    position: int,
    user: model.User,
    lookups: Lookups,
    package: model.Package,
    shown: Data,
) -> Valid:
    """Validate a dataset to update; `shown` is what CKAN shows of it now.

    Raises as `new`, and `UnchangedError`, `EditedMeanwhileError`. Resources that stay as they
    are are not validated again.
    """
    context, given = context_for(user.name, user), copy.deepcopy(write.dataset)
    context["package"] = package
    if route.needs_plain(shown):
        raise NeedsPlainError
    expect_unedited(given.pop("metadata_modified", None), package)
    given |= {"id": package.id, "type": package.type}
    logic.check_access("package_update", context, given)
    plugin = lib_plugins.lookup_package_plugin(package.type)
    schema = plugin.update_package_schema()
    if _same(given, shown):
        raise UnchangedError(shown)
    copied, changed = _compare_resources(plugin, package.type, given, shown)
    uploads = [_upload(resource) for resource in changed or ()]
    wanted = given if changed is None else {**given, "resources": changed}
    try:
        data = _validated(plugin, context, wanted, schema, "package_update", lookups)
    except logic.ValidationError as error:
        _shift_errors(error.error_dict, copied)
        raise
    if copied:
        data["resources"] = _merged(data["resources"], copied, shown["resources"])
    lookups.take({"name": package.name, **data}, package.id)
    return Valid(write, position, context, given, data, package, copied, changed, uploads, shown)


def expect_unedited(known: str | None, package: model.Package) -> None:
    """The dataset was last edited when the caller thinks it was, or the caller does not care.

    The date is not written: a new edit gets a date of its own. Raises `EditedMeanwhileError`.
    """
    if known is not None and known != package.metadata_modified.isoformat():
        raise EditedMeanwhileError


def _same(given: Data, shown: Data) -> bool:
    blank = {"metadata_modified": None, "resources": None}
    return {**given, **blank} == {**shown, **blank} and given.get("resources") == shown.get(
        "resources"
    )


def _compare_resources(
    plugin: Any, dataset_type: str, given: Data, shown: Data
) -> tuple[dict[int, int], list[Data] | None]:
    """New index -> old index of the resources that stay, and the list of the others."""
    depends: list[str] = getattr(plugin, "resource_validation_dependencies", lambda _type: [])(
        dataset_type
    )
    nothing = object()
    same_ground = all(given.get(key, nothing) == shown.get(key, nothing) for key in depends)
    if "resources" not in given:
        return {}, None if same_ground else shown["resources"]
    if not same_ground:
        return {}, given["resources"]
    old = {resource["id"]: resource for resource in shown["resources"]}
    resources = given["resources"]
    copied = {
        index: resource["position"]
        for index, resource in enumerate(resources)
        if resource == old.get(resource.get("id"), ())
    }
    return copied, [r for index, r in enumerate(resources) if index not in copied]


def _upload(resource: Data) -> Any:
    """The site's uploader guesses the type and size of files that it knows."""
    if route.needs_plain({"resources": [resource]}):
        raise NeedsPlainError
    upload = uploader.get_resource_uploader(resource)
    if "mimetype" not in resource and hasattr(upload, "mimetype"):
        resource["mimetype"] = upload.mimetype
    if "url_type" in resource and hasattr(upload, "filesize"):
        resource["size"] = upload.filesize
    return upload


def _merged(changed: list[Data], copied: dict[int, int], old: list[Data]) -> list[Data]:
    """All resources in their order: those that stay, and the validated others."""
    rest = iter(changed)
    total = len(changed) + len(copied)
    return [old[copied[index]] if index in copied else next(rest) for index in range(total)]


def _shift_errors(errors: dict[str, Any], copied: dict[int, int]) -> None:
    """Errors of changed resources, at the resources' positions in the whole list."""
    if copied and "resources" in errors:
        shifted = list(errors["resources"])
        for index in sorted(copied):
            shifted.insert(index, {})
        errors["resources"] = shifted
