"""Filters of the search: which ones there are, and how several levels combine.

CKAN joins the chosen values of a filter with AND; a dataset has one level, so that two of them
would find nothing. Values of our single-valued fields are joined with OR instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ckanext.emergent.choices import challenges
from ckanext.emergent.msgid import N_
from ckanext.emergent.spectrum import UNCLASSIFIED, Level

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

LEVEL = "data_spectrum"
CHALLENGES = "vocab_challenges"
_SINGLE_VALUED = (LEVEL, "data_spectrum_band", "source_portal")

#: What CKAN's pages write for one chosen value: ` field:"value"`, perhaps with a plus.
_CHOSEN = r'(?:(?<=\s)|^)\+?{field}:("(?:[^"\\]|\\.)*"|[\w-]+)(?=\s|$)'
#: Where somebody wrote a query with a will of its own, it is left alone.
_OWN_LOGIC = re.compile(r"[()]|\b(?:AND|OR|NOT)\b|&&|\|\|")


def any_of_chosen(query: str) -> str:
    """A filter query in which several values of a single-valued field mean any of them."""
    for field in _SINGLE_VALUED:
        query = _any_of(field, query)
    return query


def _any_of(field: str, query: str) -> str:
    pattern = re.compile(_CHOSEN.format(field=field))
    chosen = list(dict.fromkeys(pattern.findall(query)))
    if len(chosen) < 2 or _OWN_LOGIC.search(_near(field, query)):
        return query
    rest = re.sub(r"\s{2,}", " ", pattern.sub("", query)).strip()
    return f"+{field}:({' OR '.join(chosen)}) {rest}".strip()


def _near(field: str, query: str) -> str:
    """The part of the query from the first to the last mention of the field."""
    return query[query.index(f"{field}:") : query.rindex(f"{field}:")]


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
