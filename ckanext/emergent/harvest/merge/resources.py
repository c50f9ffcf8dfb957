"""A dataset's resources as a set: the portal's are replaced, a person's stay, ids are kept. Pure.

A resource of the portal is recognised by the portal's own identifier of the file, then by its
URL. What the portal drops goes; what a person added here stays; what a person removed here does
not come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.emergent.harvest.merge.sameness import same
from ckanext.emergent.problem import Problem, problem

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedResources:
    """The resources to write, and what the next merge has to know about them.

    `own` are the ids that belong to people, not to the portal; `withheld` holds, for each
    resource id, what of it was written before and stays the measure of a person's edit;
    `removed` the portal's resources that a person took out here.
    """

    resources: tuple[Resource, ...]
    kept: bool = False
    own: frozenset[str] = frozenset()
    withheld: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    removed: tuple[Resource, ...] = ()
    problems: tuple[Problem, ...] = ()


def merge_resources(
    written: Sequence[Resource],
    shown: Sequence[Resource],
    new: Sequence[Resource] | None,
    fields: Sequence[str],
) -> MergedResources:
    """Merge what was written, what is shown and what the portal lists now, by `fields`.

    `new` is None when the portal lists files without any link: nothing is known about them.
    """
    written_ids = {resource["id"] for resource in written}
    own = [resource for resource in shown if resource["id"] not in written_ids]
    if new is None:
        return _as_they_are(written, shown, own)
    merged = _Merger(written, shown, fields).merge(new, pair(new, [*written, *own]))
    taken = {resource.get("id") for resource in merged.resources}
    resources = [*merged.resources, *(one for one in own if one["id"] not in taken)]
    return MergedResources(
        resources=tuple(_in_order(resources, written, shown)),
        kept=merged.kept,
        own=frozenset(resource["id"] for resource in own),
        withheld=merged.withheld,
        removed=tuple(merged.removed),
    )


def _in_order(
    resources: Sequence[Resource], written: Sequence[Resource], shown: Sequence[Resource]
) -> Sequence[Resource]:
    """The portal's order when the portal changed it, else the order that people see here."""
    now = [resource["id"] for resource in resources if "id" in resource]
    before = [resource["id"] for resource in written if resource["id"] in now]
    if [key for key in now if key in before] != before:
        return resources
    places = {resource["id"]: place for place, resource in enumerate(shown)}
    return sorted(resources, key=lambda resource: places.get(resource.get("id", ""), len(places)))


def _as_they_are(
    written: Sequence[Resource], shown: Sequence[Resource], own: Sequence[Resource]
) -> MergedResources:
    return MergedResources(
        resources=tuple(shown),
        own=frozenset(resource["id"] for resource in own),
        withheld={resource["id"]: resource for resource in written},
        removed=_absent(written, shown),
        problems=(problem("resource_links_lost", "resources", files=len(written)),)
        if written
        else (),
    )


def _absent(written: Sequence[Resource], shown: Sequence[Resource]) -> tuple[Resource, ...]:
    here = {resource["id"] for resource in shown}
    return tuple(resource for resource in written if resource["id"] not in here)


def pair(new: Sequence[Resource], old: Sequence[Resource]) -> dict[int, Resource]:
    """Which old resource each new one is, by position: identifiers first, then URLs."""
    pairs: dict[int, Resource] = {}
    free = list(old)
    for key in ("identifier", "url"):
        for position, resource in enumerate(new):
            if position in pairs:
                continue
            found = _first_with(free, key, resource.get(key))
            if found is not None:
                pairs[position] = found
                free.remove(found)
    return pairs


def _first_with(resources: Sequence[Resource], key: str, value: Any) -> Resource | None:
    if not value:
        return None
    return next((resource for resource in resources if same(resource.get(key), value)), None)


class _Merger:
    """Goes through the portal's resources in the portal's order."""

    def __init__(
        self, written: Sequence[Resource], shown: Sequence[Resource], fields: Sequence[str]
    ) -> None:
        self._written = {resource["id"]: resource for resource in written}
        self._shown = {resource["id"]: resource for resource in shown}
        self._fields = fields
        self.resources: list[Resource] = []
        self.removed: list[Resource] = []
        self.withheld: dict[str, dict[str, Any]] = {}
        self.kept = False

    def merge(self, new: Sequence[Resource], pairs: Mapping[int, Resource]) -> _Merger:
        for position, resource in enumerate(new):
            known = pairs.get(position)
            if known is None:
                self.resources.append(dict(resource))
            elif known["id"] in self._shown:
                self.resources.append(self._merge_one(known["id"], resource))
            else:
                self.removed.append(known)
                self.kept = True
        return self

    def _merge_one(self, key: str, new: Resource) -> Resource:
        """One resource: per field, a person's edit stays, else the portal's value comes in."""
        written, shown = self._written.get(key, {}), self._shown[key]
        merged = dict(shown)
        for name in self._fields:
            offered, here = new.get(name), shown.get(name)
            if same(offered, here):
                continue
            if same(written.get(name), here):
                merged[name] = offered
            else:
                self.withheld.setdefault(key, {})[name] = written.get(name)
                self.kept = True
        return merged
