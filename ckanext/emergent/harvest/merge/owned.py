"""The part of a dataset that the mapping owns, in one flat spelling that can be compared. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RESOURCES = "resources"
EXTRAS = "extras"
TAGS = "tags"
TAG_STRING = "tag_string"
#: An extra is a field of its own, under this prefix and its key.
EXTRA = "extras: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """What the mapping owns: fields of a dataset (without its resources), fields of a resource."""

    fields: tuple[str, ...]
    resource_fields: tuple[str, ...]


def owned_by(ownership: Ownership, dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The owned fields of a dataset, flat; every extra among them, whoever made it."""
    fields = {name: dataset.get(name) for name in ownership.fields}
    if TAGS in fields or TAG_STRING in fields:
        fields.pop(TAG_STRING, None)
        fields[TAGS] = tag_names(dataset)
    fields.pop(EXTRAS, None)
    return {**fields, **extras_of(dataset)}


def tag_names(dataset: Mapping[str, Any]) -> list[str]:
    """The names of a dataset's tags, however it spells them, in one order."""
    if dataset.get(TAGS):
        return sorted(tag["name"] if isinstance(tag, Mapping) else tag for tag in dataset[TAGS])
    return sorted(
        name.strip() for name in (dataset.get(TAG_STRING) or "").split(",") if name.strip()
    )


def extras_of(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The free extras of a dataset, each under its own flat name."""
    return {EXTRA + extra["key"]: extra.get("value") for extra in dataset.get(EXTRAS) or ()}


def names_among(ownership: Ownership, *sides: Mapping[str, Any]) -> tuple[str, ...]:
    """The flat names that a merge has to look at: owned fields, and the extras of these sides."""
    fixed = owned_by(ownership, {})
    extras = {name for side in sides for name in side if name.startswith(EXTRA)}
    return (*fixed, *sorted(extras))


def with_fields(dataset: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The dataset with flat `fields` put in; an extra without a value is taken out."""
    changed = {name: value for name, value in fields.items() if not name.startswith(EXTRA)}
    whole = {**dataset, **changed}
    if TAGS in changed:
        whole[TAGS] = [{"name": name} for name in changed[TAGS] or ()]
    whole.pop(TAG_STRING, None)
    extras = {**extras_of(dataset), **{k: v for k, v in fields.items() if k.startswith(EXTRA)}}
    if extras or EXTRAS in dataset:
        whole[EXTRAS] = _extras_from(extras)
    return whole


def _extras_from(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": name.removeprefix(EXTRA), "value": value}
        for name, value in fields.items()
        if value is not None
    ]


def owned_resources(
    ownership: Ownership, resources: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The owned fields of resources, each with its id."""
    names: Sequence[str] = ("id", *ownership.resource_fields)
    return [{name: one.get(name) for name in names if name in one} for one in resources]
