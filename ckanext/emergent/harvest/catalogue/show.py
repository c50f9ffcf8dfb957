"""What `package_show` answers, for many datasets."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ckan import logic, model
from ckan.lib import plugins as lib_plugins
from ckan.lib.navl.dictization_functions import MissingNullEncoder
from ckan.logic.schema import default_show_package_schema

from ckanext.emergent.harvest.catalogue import navl, tell
from ckanext.emergent.harvest.catalogue.dictize import dictize
from ckanext.emergent.harvest.catalogue.index import Index, IndexUnavailableError, Kept, moment
from ckanext.emergent.harvest.catalogue.lookups import KEY, Lookups

Context = dict[str, Any]
Shown = dict[str, Any]

log = logging.getLogger(__name__)

# CKAN's schema for showing asks whether the name is free, and forgets the answer.
NO_LOOKUPS: Context = {KEY: Lookups()}


@dataclass(frozen=True, slots=True)
class Pair:
    """A dataset under CKAN's default schema, and under its own: what a document is made of."""

    plain: Shown
    shown: Shown


def pairs(packages: Sequence[model.Package], context: Context) -> dict[str, Pair]:
    """As `logic.package_show_default_and_custom_schemas`, for many; from the database."""
    found = dictize(packages, _fresh(context))
    return {package.id: _pair(package, found[package.id], context) for package in packages}


def _fresh(context: Context) -> Context:
    return logic.fresh_context(context, ignore_auth=True, use_cache=False, validate=False)


def _pair(package: model.Package, found: Shown, parent: Context) -> Pair:
    context = _fresh(parent)
    context["package"] = package
    tell.being_read(package, found)
    tell.succeeded("package_show", context, {"id": package.id}, found)
    schema = default_show_package_schema()
    plain, _ = navl.validate(found, schema, context | NO_LOOKUPS)
    shown = _under_own_schema(found, context)
    logic.apply_after_dataset_show_plugins(context, shown)
    return Pair(plain, shown)


def _under_own_schema(found: Shown, context: Context) -> Shown:
    plugin = lib_plugins.lookup_package_plugin(found["type"])
    schema = plugin.show_package_schema()
    shown, _ = navl.plugin_validate(plugin, context | NO_LOOKUPS, found, schema, "package_show")
    return shown


def kept(shown: Shown) -> str:
    """As the search index keeps it for `package_show`."""
    return json.dumps(shown, cls=MissingNullEncoder)


def from_kept(package: model.Package, text: str, context: Context) -> Shown:
    """As `package_show` makes its answer of what the search index keeps."""
    return _from_kept(package, text, context, {"id": package.id})


def as_activity_sees(package: model.Package, text: str) -> Shown:
    """As the activity plugin asks `package_show`, of what the search index will keep."""
    return _from_kept(package, text, _activity_context(), _activity_asks(package))


def gone_as_activity_sees(packages: Sequence[model.Package]) -> dict[str, Shown]:
    """The same of datasets that the search index will not have."""
    if not packages:
        return {}
    found = dictize(packages, _activity_context())
    return {p.id: _alone(p, found[p.id], _activity_context(), _activity_asks(p)) for p in packages}


def _activity_context() -> Context:
    context = {"model": model, "session": model.Session, "user": ""}
    return context | {"for_view": False, "ignore_auth": True}


def _activity_asks(package: model.Package) -> Shown:
    return {"id": package.id, "include_tracking": False}


def _from_kept(package: model.Package, text: str, context: Context, asked: Shown) -> Shown:
    shown: Shown = json.loads(text)
    tell.being_read(package, shown)
    logic.apply_after_dataset_show_plugins(context, shown)
    tell.succeeded("package_show", context, asked, shown)
    return shown


def shown(packages: Sequence[model.Package], index: Index, parent: Context) -> dict[str, Shown]:
    """Dataset id -> what `package_show` answers: from the index where that is fresh."""
    context = logic.fresh_context(parent, ignore_auth=True)
    kept_there = _kept_in(index, [package.id for package in packages])
    answers: dict[str, Shown] = {}
    stale: list[model.Package] = []
    for package in packages:
        found = kept_there.get(package.id)
        if found is not None and found.edited == moment(package.metadata_modified):
            answers[package.id] = from_kept(package, found.shown, context)
        else:
            stale.append(package)
    return answers | (_from_database(stale, context) if stale else {})


def _kept_in(index: Index, ids: Sequence[str]) -> dict[str, Kept]:
    try:
        return index.kept(ids)
    except IndexUnavailableError as error:
        log.warning("Datasets are read from the database: %s", error)
        return {}


def _from_database(packages: Sequence[model.Package], context: Context) -> dict[str, Shown]:
    found = dictize(packages, copy.copy(context))
    return {p.id: _alone(p, found[p.id], context, {"id": p.id}) for p in packages}


def _alone(package: model.Package, found: Shown, context: Context, asked: Shown) -> Shown:
    tell.being_read(package, found)
    own = _under_own_schema(found, context)
    logic.apply_after_dataset_show_plugins(context, own)
    answer: Shown = json.loads(kept(own))
    tell.succeeded("package_show", context, asked, answer)
    return answer
