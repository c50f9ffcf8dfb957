"""What the search index holds for a dataset, on top of what CKAN puts there.

CKAN's schema has one field for everything it does not know: a single string of at most 32,766
bytes, in which a list or a long text makes Solr refuse the whole dataset. Only `vocab_*` takes
several values, and only `extras_*` any length.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.emergent.contact_privacy import is_address_key, without_address, without_addresses
from ckanext.emergent.spectrum import UNCLASSIFIED, Level

Document = dict[str, Any]

#: The most bytes of UTF-8 that Lucene takes as one term, hence as one string.
LONGEST_STRING = 32_766

#: Lists that become filters of several values each.
_FILTERS = {"challenges": "vocab_challenges", "theme": "vocab_theme"}

#: Fields that CKAN's schema.xml splits into words, or keeps without searching them.
_ANY_LENGTH = frozenset(
    {
        *("title", "title_ngram", "name_ngram", "notes", "text", "urls"),
        *("author", "author_email", "maintainer", "maintainer_email"),
        *("res_name", "res_description", "data_dict", "validated_data_dict"),
    }
)
_ANY_LENGTH_PREFIXES = ("extras_", "res_extras_")
_PEOPLE = frozenset({"author", "maintainer"})


def prepare(document: Document, schema: Mapping[str, Any] | None) -> Document:
    """The Solr document to post; `schema` is scheming's of that dataset type, or None."""
    fields = {field["field_name"]: field for field in (schema or {}).get("dataset_fields", ())}
    if "data_spectrum" in fields:
        document |= _spectrum(document)
    document |= _geometry(document)
    for name, field in fields.items():
        if name in document:
            _flatten(document, name, field)
    return {
        key: fitting
        for key, value in document.items()
        if not is_address_key(key)
        and (fitting := _fitting(key, _searchable(key, value, document))) is not None
    }


def _spectrum(document: Document) -> Document:
    """Level and band, one string each; a dataset without a level is found as *unclassified*."""
    try:
        level = Level(document.get("data_spectrum"))
    except ValueError:
        return {"data_spectrum": UNCLASSIFIED, "data_spectrum_band": UNCLASSIFIED}
    return {"data_spectrum": level.value, "data_spectrum_band": level.band.value}


def _flatten(document: Document, name: str, field: Mapping[str, Any]) -> None:
    """Turn a list into a filter of several values, and rows of subfields into words to search."""
    value = _loaded(document[name])
    if "repeating_subfields" in field:
        rows = without_addresses({name: value})[name]
        document.pop(name)
        document[f"extras_{name}"] = " ".join(_words(rows))
    elif isinstance(value, list):
        document.pop(name)
        document[f"extras_{name}"] = " ".join(_words(value))
        if name in _FILTERS:
            document[_FILTERS[name]] = [str(item) for item in value]


def _geometry(document: Document) -> Document:
    """The first geometry, where ckanext-spatial looks for it (as ckanext-dcat would put it)."""
    for place in _loaded(document.get("spatial_coverage")) or ():
        if isinstance(place, Mapping) and place.get("geom"):
            return {"spatial": place["geom"], "extras_spatial": place["geom"]}
    return {}


def _loaded(value: Any) -> Any:
    """Lists come as CKAN stores them, as JSON text."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif value not in (None, ""):
        yield str(value)


def _searchable(key: str, value: Any, document: Document) -> Any:
    """People's names and free extras can be searched, e-mail addresses in them cannot."""
    told_by_people = key in _PEOPLE or key.startswith("extras_") or f"extras_{key}" in document
    return without_address(value) if told_by_people and isinstance(value, str) else value


def _fitting(key: str, value: Any) -> Any:
    """The value as Solr can take it under that name, or None where it cannot."""
    if key in _ANY_LENGTH or key.startswith(_ANY_LENGTH_PREFIXES):
        return value
    if isinstance(value, list):
        return [item for item in value if _fits(item)]
    return value if _fits(value) else None


def _fits(value: Any) -> bool:
    if isinstance(value, Mapping):
        return False
    return not isinstance(value, str) or len(value.encode("utf-8")) <= LONGEST_STRING
