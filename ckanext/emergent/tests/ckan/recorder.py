"""A plugin that writes down every call it gets, and what a dataset left everywhere."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.lib import signals
from ckan.lib.plugins import DefaultDatasetForm
from ckan.lib.search.common import make_connection
from ckan.tests import helpers

from ckanext.activity.model import Activity

CALLS: list[tuple[str, Any]] = []

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?")
_NAME = re.compile(r"twin-[0-9a-f]{32}")
_TELLING = ("user", "ignore_auth", "for_view", "emergent_harvest")


def _note(call: str, *details: Any) -> None:
    CALLS.append((call, copy.deepcopy([_plain(detail) for detail in details])))


def _plain(value: Any) -> Any:
    if isinstance(value, (model.Package, model.Resource)):
        return {"class": type(value).__name__, "id": value.id, "state": value.state}
    return value


def _telling(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a plugin may rely on in a context."""
    return {key: context[key] for key in _TELLING if key in context}


class RecorderPlugin(p.SingletonPlugin, DefaultDatasetForm):  # type: ignore[misc]
    """Follows datasets by every interface that CKAN has for it; has a dataset type of its own."""

    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IResourceController, inherit=True)
    p.implements(p.IDomainObjectModification, inherit=True)
    p.implements(p.IResourceUrlChange)
    p.implements(p.IDatasetForm, inherit=True)
    p.implements(p.ISignal)

    def read(self, entity: Any) -> None:
        _note("read", entity)

    def create(self, entity: Any) -> None:
        _note("create", entity)

    def edit(self, entity: Any) -> None:
        _note("edit", entity)

    def delete(self, entity: Any) -> None:
        _note("delete", entity)

    def after_dataset_create(self, context: Any, pkg_dict: Any) -> None:
        _note("after_dataset_create", _telling(context), pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: Any) -> None:
        _note("after_dataset_update", _telling(context), pkg_dict)

    def after_dataset_delete(self, context: Any, pkg_dict: Any) -> None:
        _note("after_dataset_delete", _telling(context), pkg_dict)

    def after_dataset_show(self, context: Any, pkg_dict: Any) -> None:
        _note("after_dataset_show", pkg_dict)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        _note(
            "before_dataset_index", {k: _parsed(v) for k, v in pkg_dict.items() if k != "index_id"}
        )
        if "refused by Solr" in (pkg_dict.get("notes") or ""):
            pkg_dict["never_date"] = "not a date"
        return pkg_dict

    def before_resource_show(self, resource_dict: dict[str, Any]) -> dict[str, Any]:
        _note("before_resource_show", resource_dict)
        return resource_dict

    def notify(self, entity: Any, operation: str | None = None) -> None:
        _note("notify" if operation else "url_changed", entity, operation)

    def package_types(self) -> list[str]:
        return ["recorded"]

    def is_fallback(self) -> bool:
        return False

    def validate(self, context: Any, data_dict: Any, schema: Any, action: str) -> None:
        _note("validate", action, data_dict)

    def get_signal_subscriptions(self) -> dict[Any, list[Any]]:
        return {signals.action_succeeded: [_action_succeeded]}


def _action_succeeded(sender: str, **told: Any) -> None:
    result = told["result"]
    if sender in {"activity_create", "resource_view_create"}:
        result = {**result, "id": "<new>"}
    _note(f"signal {sender}", _telling(told["context"]), told["data_dict"], result)


# --- what a dataset left


def traces(dataset_id: str) -> dict[str, Any]:
    """All that can be found of a dataset, with what differs from dataset to dataset taken out."""
    model.Session.expire_all()
    context = {"ignore_auth": True}
    shown = helpers.call_action("package_show", context, id=dataset_id)
    found = {
        "rows": _rows(dataset_id),
        "cached": shown,
        "database": helpers.call_action(
            "package_show", {"ignore_auth": True, "use_cache": False}, id=dataset_id
        ),
        "document": _document(dataset_id),
    }
    return anonymous(found, dataset_id)


def anonymous(found: Any, dataset_id: str) -> Any:
    """Ids, names and moments as placeholders, so that two datasets can be compared."""
    text = json.dumps(found, default=str, sort_keys=True)
    for number, one in enumerate(_resource_ids(dataset_id)):
        text = text.replace(one, f"<resource {number}>")
    for number, one in enumerate(_view_ids(dataset_id)):
        text = text.replace(one, f"<view {number}>")
    text = _NAME.sub("<name>", text.replace(dataset_id, "<dataset>"))
    return _extras_in_order(json.loads(_TIME.sub("<moment>", text)))


def _extras_in_order(value: Any) -> Any:
    """PostgreSQL gives extras back in an order of its own."""
    if isinstance(value, dict):
        return {key: _extras_in_order(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    found = [_extras_in_order(one) for one in value]
    named = all(isinstance(one, dict) and {"key", "value"} <= one.keys() for one in found)
    return sorted(found, key=lambda one: str(one["key"])) if named else found


def _resource_ids(dataset_id: str) -> list[str]:
    table = model.resource_table
    query = sa.select(table.c.id).where(table.c.package_id == dataset_id)
    return list(model.Session.scalars(query.order_by(table.c.state, table.c.name)))


def _view_ids(dataset_id: str) -> list[str]:
    view, resource = model.ResourceView.__table__, model.resource_table
    query = sa.select(view.c.id).join(resource, resource.c.id == view.c.resource_id)
    return list(model.Session.scalars(query.where(resource.c.package_id == dataset_id)))


def _rows(dataset_id: str) -> dict[str, Any]:
    tag, used = model.tag_table, model.package_tag_table
    resource, view = model.resource_table, model.ResourceView.__table__
    owned = sa.select(resource.c.id).where(resource.c.package_id == dataset_id)
    activity = Activity.__table__
    return {
        "package": _all(sa.select(model.package_table).filter_by(id=dataset_id)),
        "resources": _resources(sa.select(resource).filter_by(package_id=dataset_id)),
        "tags": _all(
            sa.select(tag.c.name, used.c.state).join(used).where(used.c.package_id == dataset_id)
        ),
        "members": _without_ids(sa.select(model.member_table).filter_by(table_id=dataset_id)),
        "views": _without_ids(sa.select(view).where(view.c.resource_id.in_(owned))),
        "activities": _without_ids(sa.select(activity).filter_by(object_id=dataset_id)),
    }


def _all(query: Any) -> list[Any]:
    rows = [dict(row._mapping) for row in model.Session.execute(query)]
    return sorted(rows, key=lambda row: (row.get("position") or 0, str(row.get("name"))))


def _resources(query: Any) -> list[Any]:
    """Where a deleted resource stands is left to chance by CKAN."""
    found = [{**row, "position": None} if row["state"] == "deleted" else row for row in _all(query)]
    return sorted(found, key=lambda row: (row["state"], row["name"]))


def _without_ids(query: Any) -> list[Any]:
    rows = [{**row, "id": ""} for row in _all(query)]
    return sorted(rows, key=lambda row: json.dumps(_no_moments(row), default=str))


def _no_moments(value: Any) -> Any:
    return json.loads(_TIME.sub("", json.dumps(value, default=str)))


def _document(dataset_id: str) -> Any:
    """Stored fields, and the labels, which are indexed only."""
    solr = make_connection(decode_dates=False)
    found = solr.search(
        f'id:"{dataset_id}"', fl="*", facet="true", **{"facet.field": "permission_labels"}
    )
    own = {"_version_", "index_id", "indexed_ts"}
    docs = [{k: _parsed(v) for k, v in doc.items() if k not in own} for doc in found.docs]
    labels = found.facets.get("facet_fields", {}).get("permission_labels", [])
    return {"docs": docs, "labels": [one for one, n in _couples(labels) if n]}


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _couples(flat: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(flat[::2], flat[1::2], strict=True)


def heard(dataset_id: str) -> list[tuple[str, Any]]:
    """The calls so far, without their order, and forget them."""
    # Datasets are written in phases, so that calls about one come in another order.
    calls = [anonymous(call, dataset_id) for call in CALLS]
    CALLS.clear()
    return sorted(calls, key=lambda call: json.dumps(call, sort_keys=True))


def difference(plain: Any, bulk: Any, path: str = "") -> list[str]:
    """Where two structures differ, in lines that a person can read."""
    if isinstance(plain, dict) and isinstance(bulk, dict):
        return [
            line
            for key in sorted(plain.keys() | bulk.keys())
            for line in difference(plain.get(key, "-"), bulk.get(key, "-"), f"{path}/{key}")
        ]
    if isinstance(plain, list) and isinstance(bulk, list) and len(plain) == len(bulk):
        pairs = enumerate(zip(plain, bulk, strict=True))
        return [line for n, pair in pairs for line in difference(*pair, f"{path}/{n}")]
    return [] if plain == bulk else [f"{path}: plain {plain!r}, bulk {bulk!r}"]


def by_name(calls: list[tuple[str, Any]]) -> dict[str, list[Any]]:
    """What each kind of call was told."""
    found: dict[str, list[Any]] = {}
    for name, details in calls:
        found.setdefault(name, []).append(details)
    return found
