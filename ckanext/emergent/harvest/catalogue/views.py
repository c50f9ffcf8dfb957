"""Default views of new resources."""

from __future__ import annotations

from typing import Any

from ckan import logic, model
from ckan.common import _
from ckan.lib import datapreview
from ckan.model.types import make_uuid

from ckanext.emergent.harvest.catalogue import tell

Context = dict[str, Any]
Data = dict[str, Any]


def default_plugins() -> list[Any]:
    """The view plugins that new resources get views of, for a whole batch."""
    return datapreview.get_default_view_plugins()


def make(plugins: list[Any], parent: Context, data: Data) -> None:
    """As `package_create_default_resource_views`, in the batch's transaction."""
    if not data.get("resources"):
        return
    context = logic.fresh_context(parent, ignore_auth=True, defer_commit=True)
    made = [view for one in data["resources"] for view in _of(one, plugins, context, data)]
    tell.succeeded("package_create_default_resource_views", context, {"package": data}, made)


def _of(resource: Data, plugins: list[Any], context: Context, data: Data) -> list[Data]:
    if plugins:
        tell.succeeded("resource_view_list", context, {"id": resource["id"]}, [])
    return [
        _create(plugin.info(), resource, context)
        for plugin in plugins
        if plugin.can_view({"resource": resource, "package": data})
    ]


def _create(info: Data, resource: Data, context: Context) -> Data:
    """CKAN's own code; whoever hears of a view finds it, though nothing is committed yet."""
    given = {
        "resource_id": resource["id"],
        "view_type": info["name"],
        "title": info.get("default_title", _("View")),
        "description": info.get("default_description", ""),
    }
    create = logic.get_action("resource_view_create").__wrapped__  # type: ignore[attr-defined]
    made: Data = create(context, {**given, "id": make_uuid()})
    model.Session.flush()
    tell.succeeded("resource_view_create", context, given, made)
    return made
