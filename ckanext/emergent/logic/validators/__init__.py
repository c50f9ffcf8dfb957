"""Validators of the schemas, by the names that the YAML files use."""

from __future__ import annotations

from ckanext.emergent.logic.validators.choice import emergent_choice, emergent_choices
from ckanext.emergent.logic.validators.kept import (
    emergent_kept,
    emergent_kept_extras,
    emergent_kept_of_resource,
    emergent_set_by_sysadmins,
)
from ckanext.emergent.logic.validators.level import emergent_basis, emergent_level
from ckanext.emergent.logic.validators.name import emergent_name
from ckanext.emergent.logic.validators.rows import emergent_rows, emergent_texts
from ckanext.emergent.logic.validators.value import (
    emergent_date,
    emergent_latitude,
    emergent_licence_link,
    emergent_link,
    emergent_longitude,
    emergent_none_if_blank,
    emergent_page,
    emergent_prose,
    emergent_resource_link,
)

__all__ = [
    "emergent_basis",
    "emergent_choice",
    "emergent_choices",
    "emergent_date",
    "emergent_kept",
    "emergent_kept_extras",
    "emergent_kept_of_resource",
    "emergent_latitude",
    "emergent_level",
    "emergent_licence_link",
    "emergent_link",
    "emergent_longitude",
    "emergent_name",
    "emergent_none_if_blank",
    "emergent_page",
    "emergent_prose",
    "emergent_resource_link",
    "emergent_rows",
    "emergent_set_by_sysadmins",
    "emergent_texts",
]
