"""What to write into a dataset: our last write, what people made of it, the portal's news. Pure.

Per field that the mapping owns: where the hub shows something else than we wrote, a person edited
it, and the edit stays (*kept*). The spectrum level and the resources have rules of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.emergent.harvest.merge.fields import MergedFields, merge_fields
from ckanext.emergent.harvest.merge.level import (
    LEVEL,
    LEVEL_FIELDS,
    MergedLevel,
    merge_level,
    without_false_open,
)
from ckanext.emergent.harvest.merge.owned import (
    RESOURCES,
    Ownership,
    names_among,
    owned_by,
    owned_resources,
    with_fields,
)
from ckanext.emergent.harvest.merge.resources import MergedResources, merge_resources
from ckanext.emergent.harvest.merge.sameness import same
from ckanext.emergent.problem import Problem

Dataset = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that a merge changes, as it was and as it will be."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The whole dataset to write, what changes in it, and the fields in which an edit won.

    `names` are the fields that the merge looked at, `withheld` the edited ones with what was
    written before the edit.
    """

    dataset: dict[str, Any]
    resources: MergedResources
    names: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()
    withheld: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def merge(
    written: Dataset,
    shown: Dataset,
    new: Dataset,
    ownership: Ownership,
    keep_fields: Collection[str] = (),
    register: Mapping[str, str] | None = None,
) -> Merged:
    """Merge `written` (as `next_written` made it), what CKAN shows, and what the mapping made.

    `register` maps the ids of the hub's own licences to their `od_conformance`.
    """
    here, offered = owned_by(ownership, shown), owned_by(ownership, new)
    names = names_among(ownership, written, offered)
    ordinary = [name for name in names if name not in LEVEL_FIELDS]
    fields = merge_fields(ordinary, written, here, offered, keep_fields)
    level = merge_level(written, here, here if LEVEL in keep_fields else offered)
    resources = _resources(written, shown, new, ownership, keep_fields)
    dataset = with_fields(shown, {**fields.adopted, **level.fields})
    dataset[RESOURCES] = list(resources.resources)
    level = _corrected(dataset, level, register)
    return Merged(
        dataset=dataset,
        resources=resources,
        names=names,
        changes=changes_between(ownership, shown, dataset),
        kept=_kept(fields, level, resources),
        withheld={**fields.withheld, **_withheld_level(written, level)},
        problems=(*level.problems, *resources.problems),
    )


def _resources(
    written: Dataset,
    shown: Dataset,
    new: Dataset,
    ownership: Ownership,
    keep_fields: Collection[str],
) -> MergedResources:
    here = shown.get(RESOURCES) or []
    offered = here if RESOURCES in keep_fields else new.get(RESOURCES)
    return merge_resources(written.get(RESOURCES) or [], here, offered, ownership.resource_fields)


def _corrected(
    dataset: dict[str, Any], level: MergedLevel, register: Mapping[str, str] | None
) -> MergedLevel:
    """Lower a level that would be falsely open, in the dataset and in the verdict."""
    correction = without_false_open(dataset, register)
    if correction is None:
        return level
    dataset.update(correction.fields)
    return correction


def _kept(fields: MergedFields, level: MergedLevel, resources: MergedResources) -> tuple[str, ...]:
    """Every field in which an edit won, the level and the resources by their own names."""
    others = ((LEVEL, level.kept), (RESOURCES, resources.kept))
    return (*fields.kept, *(name for name, kept in others if kept))


def _withheld_level(written: Dataset, level: MergedLevel) -> dict[str, Any]:
    """A declared level stays measured by the evidence that was written before it."""
    return {name: written.get(name) for name in LEVEL_FIELDS} if level.declared else {}


def changes_between(ownership: Ownership, before: Dataset, after: Dataset) -> tuple[Change, ...]:
    """The owned fields in which two datasets differ, resources counted as one field."""
    one, other = owned_by(ownership, before), owned_by(ownership, after)
    names = names_among(ownership, one, other)
    changes = [
        Change(field=name, before=one.get(name), after=other.get(name))
        for name in names
        if not same(one.get(name), other.get(name))
    ]
    files = [owned_resources(ownership, side.get(RESOURCES) or ()) for side in (before, after)]
    if not same(files[0], files[1]):
        changes.append(Change(field=RESOURCES, before=files[0], after=files[1]))
    return tuple(changes)


def first_written(ownership: Ownership, shown: Dataset, new: Dataset) -> dict[str, Any]:
    """What the next merge measures edits by, after a dataset was made from `new`."""
    owned, offered = owned_by(ownership, shown), owned_by(ownership, new)
    files = owned_resources(ownership, shown.get(RESOURCES) or ())
    return {**_only(owned, names_among(ownership, offered)), RESOURCES: files}


def next_written(ownership: Ownership, shown: Dataset, merged: Merged) -> dict[str, Any]:
    """What the next merge measures edits by: what CKAN shows after a write, without the edits."""
    owned = _only(owned_by(ownership, shown), merged.names)
    files = owned_resources(ownership, shown.get(RESOURCES) or ())
    ours = [
        {**one, **merged.resources.withheld.get(one.get("id", ""), {})}
        for one in files
        if one.get("id") not in merged.resources.own
    ]
    return {**owned, **merged.withheld, RESOURCES: [*ours, *merged.resources.removed]}


def _only(fields: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: fields.get(name) for name in names}
