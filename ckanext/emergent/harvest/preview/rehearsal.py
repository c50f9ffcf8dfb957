"""A catalogue for previews: it validates what would be written, and writes nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckan import model
from ckan.lib import plugins as lib_plugins

from ckanext.emergent.harvest.catalogue import Catalogue, Write, Written, refusals
from ckanext.emergent.harvest.catalogue.validate import context_for
from ckanext.emergent.harvest.work import Alongside


class Rehearsal:
    """Answers as the catalogue would, as far as validation goes."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._catalogue = Catalogue(user)

    def show(self, ids: Iterable[str]) -> Mapping[str, dict[str, Any]]:
        """What CKAN shows now."""
        return self._catalogue.show(ids)

    def free_names(self, titles: Sequence[str]) -> tuple[str, ...]:
        """The names that datasets of these titles would get."""
        return self._catalogue.free_names(titles)

    def write(self, writes: Sequence[Write], alongside: Alongside) -> tuple[Written, ...]:
        """Validate each dataset; those that may be written are shown as they were given."""
        answers = tuple(self._judged(write) for write in writes)
        arrived = tuple(one for one in answers if one.arrived)
        if arrived:
            alongside(arrived)
        return answers

    def retire(self, ids: Sequence[str], alongside: Alongside) -> tuple[Written, ...]:
        """Say that the datasets are gone."""
        answers = tuple(Written(one, one, {}) for one in ids)
        alongside(answers)
        return answers

    def _judged(self, write: Write) -> Written:
        dataset = copy.deepcopy(write.dataset)
        context = context_for(self._user)
        if write.exists:
            context["package"] = model.Package.get(dataset["id"])
        plugin = lib_plugins.lookup_package_plugin(dataset.get("type"))
        action = "package_update" if write.exists else "package_create"
        schema = plugin.update_package_schema() if write.exists else plugin.create_package_schema()
        _, errors = lib_plugins.plugin_validate(plugin, context, dataset, schema, action)
        if errors:
            problems = refusals.from_validation(errors, write.dataset)
            return refusals.refused(write, problems)
        return Written(write.key, write.dataset["id"], copy.deepcopy(write.dataset))
