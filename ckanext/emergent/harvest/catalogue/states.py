"""Retiring and restoring: a dataset's state changes, and nothing else of it.

As an edit of the state, not as `package_delete`, which forgets collaborators and memberships for
good. A dataset whose other values are no longer valid can be retired all the same.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from ckan.lib import plugins as lib_plugins
from sqlalchemy.exc import SQLAlchemyError

from ckanext.emergent.harvest.catalogue import batch, lookups, navl, place, refusals, show, validate
from ckanext.emergent.harvest.catalogue.batch import Attempt, Judged, Means
from ckanext.emergent.harvest.catalogue.validate import Context, Data, Valid
from ckanext.emergent.harvest.catalogue.write import Write, Written


def attempt(writes: Sequence[Write], state: str, means: Means) -> Attempt:
    """Give the datasets a state in one transaction; raises as `batch.attempt`."""
    judged = _judge(writes, state, means)
    for valid in judged.valid:
        valid.package.state = state
        valid.package.metadata_modified = place.utcnow()
    return batch.complete(judged, judged.valid, means)


def _judge(writes: Sequence[Write], state: str, means: Means) -> Judged:
    user = means.user
    packages = place.load((write.dataset["id"] for write in writes), to_edit=True)
    now = show.shown(list(packages.values()), means.index, validate.context_for(user.name, user))
    found = lookups.fetch(list(now.values()))
    judged = Judged()
    for position, write in enumerate(writes):
        package = packages.get(write.dataset["id"])
        if package is None:
            judged.answered[position] = refusals.refused(write, refusals.dataset_gone())
        elif package.state == state:
            judged.answered[position] = Written(write.key, package.id, now[package.id])
        else:
            given = {k: v for k, v in now[package.id].items() if k != "metadata_modified"}
            context = validate.context_for(user.name, user) | {"package": package}
            given["state"] = state
            data = _as_validated(given, context, found)
            judged.valid.append(Valid(write, position, context, given, data, package))
    return judged


def _as_validated(given: Data, context: Context, found: lookups.Lookups) -> Data:
    """What hooks are told: the validated dataset, or, where it is not valid any more, itself."""
    plugin = lib_plugins.lookup_package_plugin(given["type"])
    schema = plugin.update_package_schema()
    asked: Any = copy.deepcopy(given)
    try:
        data, errors = navl.plugin_validate(
            plugin, context | {lookups.KEY: found}, asked, schema, "package_update"
        )
    except SQLAlchemyError:
        raise
    except Exception:  # noqa: BLE001 - a validator may raise anything at odd values
        return given
    return given if errors else data
