"""Choices from a list, told in a sentence where the list has no such thing.

A value that is stored already passes: a site that shortens a list must not make every other edit
of its older datasets fail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckan.lib.navl.dictization_functions import StopOnError, missing

from ckanext.emergent import stored
from ckanext.emergent.logic.validators.rows import emergent_texts
from ckanext.emergent.stored import Flat
from ckanext.emergent.telling import refusal
from ckanext.scheming import helpers as scheming
from ckanext.scheming.validation import scheming_validator


@scheming_validator
def emergent_choice(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """At most one of the field's choices."""

    def validator(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
        came = data.get(key)
        if came in (missing, None, ""):
            data.pop(key, None)
            raise StopOnError
        before = stored.value(key[-1], data, context) if len(key) == 1 else None
        if came != before and came not in _values(field):
            errors[key].append(_refusal(field, key[-1], came))

    return validator


@scheming_validator
def emergent_choices(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Any number of the field's choices, stored as a JSON list in the order of the choices."""

    def validator(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
        emergent_texts(key, data, errors, context)
        came = json.loads(data[key])
        known = _values(field)
        before = json.loads(stored.value(key[-1], data, context) or "[]")
        for text in came:
            if text not in known and text not in before:
                errors[key].append(_refusal(field, key[-1], text))
        others = [text for text in came if text not in known]
        data[key] = json.dumps([*(text for text in known if text in came), *others])

    return validator


def _values(field: Mapping[str, Any]) -> list[str]:
    return [choice["value"] for choice in scheming.scheming_field_choices(field) or ()]


def _refusal(field: Mapping[str, Any], name: str, came: object) -> str:
    return refusal("choice_unknown", name, came, choices=", ".join(_values(field)))
