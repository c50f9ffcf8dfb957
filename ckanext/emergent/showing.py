"""What `package_show` answers beyond what CKAN puts there, and what it keeps to itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.emergent.contact_privacy import without_addresses
from ckanext.emergent.logic.exits import is_anonymous
from ckanext.emergent.spectrum import Level
from ckanext.scheming import helpers as scheming

DataDict = dict[str, Any]


def schema_of(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """Scheming's schema of a dataset's type, None for a type that has none."""
    return scheming.scheming_get_dataset_schema(dataset.get("type"))


def emergent_is_called_open(dataset: Mapping[str, Any]) -> bool:
    """Whether a page may call a dataset open: by its level, where its type has one.

    CKAN's own `isopen` looks at the licence alone, and would call data for members only open.
    """
    fields = (schema_of(dataset) or {}).get("dataset_fields", ())
    if any(field["field_name"] == "data_spectrum" for field in fields):
        return dataset.get("data_spectrum") == Level.OPEN.value
    return bool(dataset.get("isopen"))


def show(context: Mapping[str, Any], dataset: DataDict) -> None:
    """Finish a shown dataset in place, for whoever asked."""
    _own_licence_link(dataset)
    if is_anonymous(context):
        cleaned = without_addresses(dataset)
        dataset.clear()
        dataset.update(cleaned)


def _own_licence_link(dataset: DataDict) -> None:
    """Move the dataset's own `license_url` out of the extras.

    CKAN answers with the address from its register under that very key, so that scheming leaves
    ours among the extras, where the next update would refuse it as a field of the schema.
    """
    extras: list[DataDict] = dataset.get("extras") or []
    for extra in extras:
        if extra.get("key") == "license_url":
            dataset["license_url"] = extra["value"]
            dataset["extras"] = [other for other in extras if other is not extra]
            return
