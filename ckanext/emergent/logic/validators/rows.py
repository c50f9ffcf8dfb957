"""Fields of several values, as a form without scripts sends them: with empty spare rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ckan.lib.navl.dictization_functions import StopOnError, missing

from ckanext.emergent.stored import Flat
from ckanext.emergent.telling import refusal
from ckanext.scheming.validation import scheming_validator


def emergent_texts(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Texts, each once, in their order, stored as JSON; empty ones are dropped.

    Takes a list, one text, or a JSON list as text (which is how it is stored).
    """
    came = data.get(key)
    texts = _loaded(came) if came not in (missing, None, "") else []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        errors[key].append(refusal("texts_expected", key[-1], came))
        raise StopOnError
    kept = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if not kept:
        data.pop(key, None)
        raise StopOnError
    data[key] = json.dumps(kept, ensure_ascii=False)


def _loaded(came: Any) -> Any:
    if not isinstance(came, str):
        return came
    if came.startswith("["):
        try:
            return json.loads(came)
        except ValueError:
            pass
    return [came]


@scheming_validator
def emergent_rows(field: None, schema: Mapping[str, Any]) -> Any:
    """For `after_validators`: drop empty rows of all repeating subfields, check the others.

    A subfield with `required_in_row` must be filled as soon as any other one of its row is.
    """
    repeating = {
        found["field_name"]: found["repeating_subfields"]
        for found in schema.get("dataset_fields", ())
        if "repeating_subfields" in found
    }

    def validator(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
        for name, subfields in repeating.items():
            for row in _rows(name, data):
                _tidy_row(row, subfields, data, errors)

    return validator


def _rows(name: str, data: Flat) -> Iterator[tuple[Any, ...]]:
    yield from sorted({key[:2] for key in data if key[0] == name and len(key) == 3})


def _tidy_row(
    row: tuple[Any, ...], subfields: list[Mapping[str, Any]], data: Flat, errors: Flat
) -> None:
    """Take empty and unknown values out of a row, and with the last one the row."""
    known = {subfield["field_name"]: subfield for subfield in subfields}
    for key in [key for key in data if key[:2] == row]:
        if key[-1] not in known or data[key] in (missing, None, ""):
            del data[key]
    if not any(key[:2] == row for key in data):
        return
    for name, subfield in known.items():
        if subfield.get("required_in_row") and (*row, name) not in data:
            errors.setdefault((*row, name), []).append(refusal("row_incomplete", name))
