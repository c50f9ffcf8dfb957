"""The document for the search index, without a search index."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.emergent.index import LONGEST_STRING, prepare

SCHEMA: dict[str, Any] = {
    "dataset_fields": [
        {"field_name": "data_spectrum"},
        {"field_name": "theme"},
        {"field_name": "links", "repeating_subfields": [{"field_name": "url"}]},
    ]
}


def test_an_unclassified_dataset_is_indexed_as_such() -> None:
    made = prepare({"id": "1"}, SCHEMA)
    assert (made["data_spectrum"], made["data_spectrum_band"]) == ("unclassified",) * 2


def test_a_type_without_a_level_gets_none() -> None:
    assert "data_spectrum" not in prepare({"id": "1"}, {"dataset_fields": []})
    assert "data_spectrum" not in prepare({"id": "1"}, None)


def test_public_is_in_the_band_shared() -> None:
    assert prepare({"data_spectrum": "public"}, SCHEMA)["data_spectrum_band"] == "shared"


@pytest.mark.parametrize(("size", "kept"), [(LONGEST_STRING, True), (LONGEST_STRING + 1, False)])
def test_a_string_is_dropped_from_the_first_byte_too_many(size: int, kept: bool) -> None:
    assert ("res_note" in prepare({"res_note": "x" * size}, None)) is kept


def test_bytes_count_not_characters() -> None:
    assert "title_string" not in prepare({"title_string": "ö" * (LONGEST_STRING // 2 + 1)}, None)


def test_only_the_long_ones_of_several_values_go() -> None:
    assert prepare({"tags": ["a", "x" * 40_000]}, None) == {"tags": ["a"]}


def test_rows_become_words_to_search() -> None:
    rows = json.dumps([{"url": "https://example.org", "title": "Story"}])
    made = prepare({"links": rows, "extras_links": rows}, SCHEMA)
    assert made["extras_links"] == "https://example.org Story"
    assert "links" not in made


def test_a_list_becomes_a_filter() -> None:
    made = prepare({"theme": '["a", "b"]', "extras_theme": '["a", "b"]'}, SCHEMA)
    assert made["vocab_theme"] == ["a", "b"]


def test_addresses_are_not_indexed() -> None:
    made = prepare(
        {
            "author": "Ann <ann@example.org>",
            "author_email": "ann@example.org",
            "extras_contact": "ann@example.org",
            "contact": "ann@example.org",
            "extras_contact_email": "ann@example.org",
        },
        None,
    )
    assert "example.org" not in str(made)
    assert made["author"] == "Ann"
