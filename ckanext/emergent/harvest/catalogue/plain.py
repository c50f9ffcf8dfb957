"""Writing one dataset with CKAN's own actions: slow, and always right."""

from __future__ import annotations

import copy
from typing import Any

from ckan import logic

from ckanext.emergent.harvest.catalogue import show
from ckanext.emergent.harvest.catalogue.batch import (
    Means,
    RefusedByIndexError,
    add_alongside,
    post_and_commit,
)
from ckanext.emergent.harvest.catalogue.index import document
from ckanext.emergent.harvest.catalogue.place import load
from ckanext.emergent.harvest.catalogue.validate import context_for, expect_unedited
from ckanext.emergent.harvest.catalogue.write import Write, Written


class GoneError(Exception):
    """The dataset to update does not exist."""


def write(wanted: Write, means: Means) -> Written:
    """Write one dataset in a transaction of its own.

    Raises `GoneError`, `EditedMeanwhileError`, `RefusedByIndexError` (at position 0),
    `logic.ValidationError`, or whatever the database or a plugin raises; the caller rolls back.
    """
    user = means.user.name
    dataset_id = _act(wanted, user)
    pair = logic.package_show_default_and_custom_schemas(context_for(user), dataset_id)
    package = load([dataset_id])[dataset_id]
    made = document(*pair)
    if made.body is None:
        shown = show.gone_as_activity_sees([package])[dataset_id]
    else:
        shown = show.as_activity_sees(package, show.kept(pair[1]))
    written = Written(wanted.key, dataset_id, shown)
    add_alongside(means.alongside, [written])
    refused = post_and_commit([made], means)
    if refused:
        raise RefusedByIndexError({0: refused[dataset_id]})
    return written


def _act(wanted: Write, user: str) -> str:
    """Create or update in the open transaction; the id.

    `defer_commit` without `return_id_only` would lose an update (CKAN rolls it back). Deferred,
    `package_update` does not tell the activity plugin that something changed: it is told here.
    """
    dataset: dict[str, Any] = copy.deepcopy(wanted.dataset)
    context = context_for(user) | {"defer_commit": True, "return_id_only": True}
    if not wanted.exists:
        return str(logic.get_action("package_create")(context, dataset))
    package = load([str(dataset.get("id"))], to_edit=True).get(str(dataset.get("id")))
    if package is None:
        raise GoneError
    expect_unedited(dataset.pop("metadata_modified", None), package)
    context["changed_entities"] = {"packages": {dataset["id"]}}
    return str(logic.get_action("package_update")(context, dataset))
