"""Writing one dataset with CKAN's own actions: slow, and always right."""

from __future__ import annotations

import copy
from typing import Any

from ckan import logic
from ckan.common import json
from ckan.lib.navl.dictization_functions import MissingNullEncoder

from ckanext.emergent.harvest.catalogue.index import Document, document
from ckanext.emergent.harvest.catalogue.write import Write

Context = dict[str, Any]


def context_for(user: str) -> Context:
    """A fresh context for one dataset.

    `emergent_harvest` lets the schema's validators know that no person fills a form here: a
    dataset without a level is one whose portal does not tell, and provenance may be written.
    """
    return {"user": user, "ignore_auth": True, "emergent_harvest": True}


def place(write: Write, user: str) -> str:
    """Create or update one dataset in the open transaction; the id.

    `defer_commit` without `return_id_only` would lose an update (CKAN rolls it back). Deferred,
    `package_update` does not tell the activity plugin that something changed, so it is told here.
    Raises `ckan.logic.ValidationError` (after which the session is rolled back), `NotFound`,
    or whatever a plugin raises.
    """
    dataset = copy.deepcopy(write.dataset)
    context = context_for(user) | {"defer_commit": True, "return_id_only": True}
    if not write.exists:
        return str(logic.get_action("package_create")(context, dataset))
    # Kept, the date of the last edit would say that nothing was edited.
    dataset.pop("metadata_modified", None)
    context["changed_entities"] = {"packages": {dataset["id"]}}
    return str(logic.get_action("package_update")(context, dataset))


def read_back(dataset_id: str, user: str) -> tuple[dict[str, Any], Document]:
    """What CKAN shows for a dataset just written, and its document for the index."""
    plain, shown = logic.package_show_default_and_custom_schemas(context_for(user), dataset_id)
    made = document(plain, shown)
    return json.loads(json.dumps(shown, cls=MissingNullEncoder)), made
