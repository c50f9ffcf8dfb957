"""Template helpers, all named `emergent_*`; scheming finds the choices of its fields here too."""

from __future__ import annotations

from ckanext.emergent.choices import (
    emergent_access_choices,
    emergent_basis_choices,
    emergent_challenge_choices,
    emergent_frequency_choices,
    emergent_link_kind_choices,
    emergent_membership_choices,
    emergent_resource_kind_choices,
    emergent_spectrum_choices,
)
from ckanext.emergent.form_helpers import (
    emergent_chosen_level,
    emergent_form_errors,
    emergent_form_groups,
    emergent_form_rows,
    emergent_inline_fields,
    emergent_is_filled,
    emergent_is_sysadmin,
    emergent_resource_rows,
    emergent_texts_of,
    emergent_web_link,
)
from ckanext.emergent.showing import emergent_is_called_open
from ckanext.emergent.spectrum_helpers import (
    emergent_spectrum_badge,
    emergent_spectrum_bands,
    emergent_spectrum_facet,
    emergent_spectrum_levels,
    emergent_spectrum_link,
)

__all__ = [
    "emergent_access_choices",
    "emergent_basis_choices",
    "emergent_challenge_choices",
    "emergent_chosen_level",
    "emergent_form_errors",
    "emergent_form_groups",
    "emergent_form_rows",
    "emergent_frequency_choices",
    "emergent_inline_fields",
    "emergent_is_called_open",
    "emergent_is_filled",
    "emergent_is_sysadmin",
    "emergent_link_kind_choices",
    "emergent_membership_choices",
    "emergent_resource_kind_choices",
    "emergent_resource_rows",
    "emergent_spectrum_badge",
    "emergent_spectrum_bands",
    "emergent_spectrum_choices",
    "emergent_spectrum_facet",
    "emergent_spectrum_levels",
    "emergent_spectrum_link",
    "emergent_texts_of",
    "emergent_web_link",
]
