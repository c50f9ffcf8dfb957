"""Filters of the search: which ones there are, and what their values are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ckanext.emergent.choices import challenges
from ckanext.emergent.chosen import any_of_chosen
from ckanext.emergent.msgid import N_
from ckanext.emergent.spectrum import UNCLASSIFIED, Level

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

LEVEL = "data_spectrum"
CHALLENGES = "vocab_challenges"


def choose_any(search: dict[str, Any]) -> dict[str, Any]:
    """A search's parameters with the filter query of `any_of_chosen`."""
    query = search.get("fq")
    return {**search, "fq": any_of_chosen(query)} if isinstance(query, str) else search


def with_ours(titles: Mapping[str, str]) -> dict[str, str]:
    """CKAN's filters after ours: the spectrum first, challenges second."""
    return {LEVEL: tk._("Data Spectrum"), CHALLENGES: tk._("Challenges"), **titles}


def name_values(facets: Mapping[str, Any]) -> None:
    """Write names for slugs into a search's `search_facets`, as CKAN does for organisations."""
    levels = {level.value: level.texts.name for level in Level}
    levels[UNCLASSIFIED] = N_("Unclassified")
    for field, names in ((LEVEL, levels), (CHALLENGES, challenges())):
        for item in facets.get(field, {}).get("items", ()):
            name = names.get(item["name"])
            item["display_name"] = tk._(name) if name else item["display_name"]
