"""Several values chosen of one filter: any of them, where a dataset can have only one.

CKAN joins the chosen values of a filter with AND; a dataset has one level, so that two of them
would find nothing. Values of our single-valued fields are joined with OR instead. Pure.
"""

from __future__ import annotations

import re

_SINGLE_VALUED = ("data_spectrum", "data_spectrum_band", "source_portal")

_QUOTED = r'"(?:[^"\\]|\\.)*"'
#: What CKAN's pages write for one chosen value: ` field:"value"`, perhaps with a plus.
_CHOSEN = r"(?:(?<=\s)|^)\+?{field}:(" + _QUOTED + r"|[\w-]+)(?=\s|$)"
#: Where somebody wrote a query with a will of its own, it is left alone.
_OWN_LOGIC = re.compile(r"[()]|\b(?:AND|OR|NOT)\b|&&|\|\|")


def any_of_chosen(query: str) -> str:
    """A Solr filter query in which several values of a single-valued field mean any of them."""
    for field in _SINGLE_VALUED:
        query = _any_of(field, query)
    return query


def _any_of(field: str, query: str) -> str:
    pattern = re.compile(_CHOSEN.format(field=field))
    chosen = list(dict.fromkeys(pattern.findall(query)))
    if len(chosen) < 2 or _OWN_LOGIC.search(_between(field, query)):
        return query
    rest = re.sub(r"\s{2,}", " ", pattern.sub("", query)).strip()
    return f"+{field}:({' OR '.join(chosen)}) {rest}".strip()


def _between(field: str, query: str) -> str:
    """What stands between the first and the last mention of a field, less what is quoted."""
    bare = re.sub(_QUOTED, '""', query)
    return bare[bare.index(f"{field}:") : bare.rindex(f"{field}:")]
