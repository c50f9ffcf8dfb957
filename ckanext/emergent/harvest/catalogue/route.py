"""Which datasets may be written in bulk, and which by CKAN's own actions.

What the bulk path does not reproduce is found here, for the site and for each dataset. A chained
action of a plugin that leaves the harvest's writes alone may say so: `action.bulk_safe = True`.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from ckan import logic
from ckan.logic.action import create, get, update

log = logging.getLogger(__name__)

_REPRODUCED = {
    "package_create": create.package_create,
    "package_update": update.package_update,
    "package_show": get.package_show,
    "package_owner_org_update": update.package_owner_org_update,
    "package_create_default_resource_views": create.package_create_default_resource_views,
}


def replaced_actions() -> tuple[str, ...]:
    """The actions that a plugin has replaced or chained: then all datasets are written plainly."""
    found = {name for name, core in _REPRODUCED.items() if _resolved(name) is not core}
    if _has("activity_create"):
        from ckanext.activity.logic.action import activity_create

        found |= (
            {"activity_create"} if _resolved("activity_create") is not activity_create else set()
        )
    return tuple(sorted(found))


def _has(name: str) -> bool:
    try:
        logic.get_action(name)
    except KeyError:
        return False
    return True


def _resolved(name: str) -> Any:
    """The function behind an action's name, under CKAN's wrapper and harmless chains."""
    function = getattr(logic.get_action(name), "__wrapped__", None)
    while isinstance(function, functools.partial) and getattr(function.func, "bulk_safe", False):
        function = function.args[0]
    return function


def needs_plain(dataset: Mapping[str, Any]) -> bool:
    """Whether a dataset, as given or as validated, has something that bulk does not write."""
    return (
        bool(dataset.get("plugin_data"))
        or bool(dataset.get("relationships_as_subject"))
        or bool(dataset.get("relationships_as_object"))
        or any(tag.get("vocabulary_id") for tag in _dicts(dataset.get("tags")))
        or any(_is_upload(resource) for resource in _dicts(dataset.get("resources")))
    )


def _is_upload(resource: Mapping[str, Any]) -> bool:
    return (
        resource.get("url_type") == "upload" or "upload" in resource or "clear_upload" in resource
    )


def _dicts(values: Any) -> Iterable[Mapping[str, Any]]:
    return [v for v in values or () if isinstance(v, Mapping)] if isinstance(values, list) else ()
