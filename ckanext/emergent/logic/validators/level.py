"""The level of a dataset: asked from people, left alone by everything else.

The form sends a mark beside its radio buttons, so that a form without a choice can be told from
an update that does not speak of the level at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.lib.navl.dictization_functions import StopOnError, missing, unflatten

from ckanext.emergent import stored
from ckanext.emergent.level_check import check
from ckanext.emergent.problem import Problem
from ckanext.emergent.spectrum import Basis, Level
from ckanext.emergent.stored import Flat
from ckanext.emergent.telling import refusal, told
from ckanext.scheming.validation import scheming_validator

#: What the form sends for the level in any case (templates/scheming/form_snippets).
ASKED = "asked"


@scheming_validator
def emergent_level(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Require a level from people, and refuse one that the rest of the dataset contradicts."""
    fields = {found["field_name"] for found in schema.get("dataset_fields", ())}

    def validator(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
        asked, chosen = _choice(data.get(key))
        if chosen is None:
            if not _may_stay_unclassified(key[-1], data, context, asked=asked):
                errors[key].append(refusal("level_missing", key[-1]))
            data.pop(key, None)
            raise StopOnError
        level = _level(chosen)
        if level is None:
            errors[key].append(refusal("level_unknown", key[-1], chosen))
            raise StopOnError
        data[key] = level.value
        for problem in check(_dataset(key[-1], data)).errors:
            if _applies(problem, fields, key[-1], data, context):
                errors[_place(problem, key, errors)].append(told(problem))

    return validator


@scheming_validator
def emergent_basis(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Keep how the level was found: declared, as soon as a person chooses another one."""

    def validator(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
        basis = _basis("data_spectrum", data, context)
        came = stored.given(key[-1], data)
        if came is not None and came not in [known.value for known in Basis]:
            errors[key].append(refusal("basis_unknown", key[-1], came))
        elif came not in (None, basis, stored.value(key[-1], data, context)):
            errors[key].append(refusal("provenance_kept", key[-1], came))
        if basis is None:
            data.pop(key, None)
            raise StopOnError
        data[key] = basis

    return validator


def _choice(came: Any) -> tuple[bool, str | None]:
    """Whether the form asked, and what was chosen; the form's mark comes beside the choice."""
    values = came if isinstance(came, list) else [came]
    chosen = [text for text in values if text not in (missing, None, "", ASKED)]
    return ASKED in values, str(chosen[-1]) if chosen else None


def _level(chosen: str) -> Level | None:
    try:
        return Level(chosen)
    except ValueError:
        return None


def _may_stay_unclassified(name: str, data: Flat, context: dict[str, Any], *, asked: bool) -> bool:
    if stored.is_harvest(context):
        return True
    if asked or stored.entity(data, context) is None:
        return False
    return stored.value(name, data, context) is None


def _dataset(name: str, data: Flat) -> dict[str, Any]:
    """The dataset as far as it came in, for judging the level."""
    return {**unflatten(_without_missing(data)), "data_spectrum": data[(name,)]}


def _without_missing(data: Flat) -> Flat:
    return {key: came for key, came in data.items() if came is not missing and key[-1][:2] != "__"}


def _applies(
    problem: Problem, fields: set[str], name: str, data: Flat, context: dict[str, Any]
) -> bool:
    """Only what a person declares needs a reason, and only where the site's schema asks for one."""
    if problem.code != "reason_missing":
        return True
    declared = _basis(name, data, context) == Basis.DECLARED.value
    return "spectrum_reason" in fields and declared


def _basis(name: str, data: Flat, context: dict[str, Any]) -> str | None:
    """How the level was found, once this is saved."""
    level = stored.given(name, data)
    if level is None:
        return None
    came = stored.given("spectrum_basis", data)
    if came is not None and stored.is_trusted(context):
        return str(came)
    if stored.is_harvest(context):
        return Basis.DERIVED.value
    before = stored.value(name, data, context)
    if level != before:
        return Basis.DECLARED.value
    return stored.value("spectrum_basis", data, context) or Basis.DECLARED.value


def _place(problem: Problem, key: Any, errors: Flat) -> Any:
    """The field that the problem is about, where this schema has it, else the level itself."""
    about = (problem.field,)
    return about if about in errors else key
