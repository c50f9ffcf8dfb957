from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.reading.network.stream import DEEPEST, BrokenJson, DeepJson, elements, whole

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
PIECES = st.integers(min_value=1, max_value=40)


def in_pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@given(st.lists(JSON), PIECES, st.sampled_from([None, 1]))
def test_elements_are_those_of_the_list_however_it_arrives(
    items: list[Any], size: int, indent: int | None
) -> None:
    text = json.dumps(items, indent=indent)

    assert list(elements(in_pieces(text, size))) == items


@given(st.lists(JSON), JSON, JSON, PIECES)
def test_a_list_inside_objects_is_found(
    items: list[Any], before: Any, after: Any, size: int
) -> None:
    text = json.dumps({"a": before, "result": {"b": before, "items": items, "z": after}, "y": 1})

    assert list(elements(in_pieces(text, size), "result.items.item")) == items


@given(JSON, PIECES)
def test_whole_text_is_read_like_the_library_reads_it(value: Any, size: int) -> None:
    assert whole(json.dumps(value)) == value


@given(st.lists(JSON, min_size=1), st.data())
def test_a_list_that_stops_early_is_never_taken_for_whole(items: list[Any], data: Any) -> None:
    text = json.dumps({"datasets": items, "more": {"a": [1]}})
    stop = data.draw(st.integers(min_value=0, max_value=len(text) - 1))

    with pytest.raises(BrokenJson):
        list(elements([text[:stop]], "datasets.item"))


@pytest.mark.parametrize(
    "text", ["{}", '{"a": 1}', '{"a": {}}', '{"a": {"b": null}}', '{"a": {"b": {}}}', "[]", "1"]
)
def test_where_there_is_no_such_list_there_are_no_elements(text: str) -> None:
    assert list(elements([text], "a.b.item")) == []


@pytest.mark.parametrize(
    "text",
    [
        '[1] "more"',
        "[1 2]",
        "[1,]",
        "[,1]",
        "{1: []}",
        '{"a" []}',
        '{"a": []]',
        '{"a": [], "b"}',
        '{"a": [] "b": 1}',
        '{"a": }',
        "]",
        "",
        '{"a": [1], ',
    ],
)
@pytest.mark.parametrize("place", ["item", "a.item", "a.b.item", "a", "a.b"])
def test_what_is_not_json_is_broken(text: str, place: str) -> None:
    with pytest.raises(BrokenJson):
        list(elements([text], place))


@given(JSON, JSON, PIECES)
def test_the_value_of_a_key_is_found(value: Any, other: Any, size: int) -> None:
    text = json.dumps({"a": other, "version": value, "b": {"version": other}})

    assert list(elements(in_pieces(text, size), "version")) == [value]


@given(JSON)
def test_a_key_that_is_not_there_has_no_value(other: Any) -> None:
    assert list(elements([json.dumps([other])], "version")) == []
    assert list(elements([json.dumps({"a": other})], "version.of.it")) == []


def test_a_number_is_read_to_its_last_digit() -> None:
    text = "[" + ", ".join(["-12345.678e+10"] * 30_000) + "]"

    assert set(elements(in_pieces(text, 65_537))) == {-12345.678e10}


def test_one_long_element_among_many_is_read_in_passable_time() -> None:
    text = json.dumps(["x" * 5_000_000, "y"])

    assert [len(item) for item in elements(in_pieces(text, 65_536))] == [5_000_000, 1]


def test_a_number_that_is_none_becomes_missing() -> None:
    assert whole("[NaN, Infinity, -Infinity, 1e999, 1e99]") == [None, None, None, None, 1e99]


def test_raw_line_breaks_in_a_string_are_read_as_such() -> None:
    assert whole('{"notes": "one\ntwo\tthree"}') == {"notes": "one\ntwo\tthree"}


def test_a_fault_is_told_with_its_place_in_the_whole_text() -> None:
    good = json.dumps(["x" * 1000] * 200)[:-1]

    with pytest.raises(BrokenJson, match=f"character {len(good) + 2:,}"):
        list(elements(in_pieces(good + ", nonsense" + " " * 999 + "]", 65_536)))


def test_a_last_piece_that_is_empty_is_no_end_too_early() -> None:
    """A file's reader learns of the end only by an empty piece, with the last value read."""
    text = json.dumps({"datasets": ["x" * 99_000] * 5})

    pieces = [*in_pieces(text, 65_536), ""]

    assert [len(item) for item in elements(pieces, "datasets.item")] == [99_000] * 5


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_what_is_nested_too_deeply_is_refused(opening: str) -> None:
    closing = "]" if opening == "[" else "}"

    def nested(levels: int) -> str:
        return opening * levels + "[]" + closing * levels

    assert whole(nested(DEEPEST - 1))
    for levels in (DEEPEST, 10 * DEEPEST, 1000 * DEEPEST):
        with pytest.raises(DeepJson):
            whole(nested(levels))


def test_many_values_side_by_side_are_not_deep() -> None:
    assert len(whole("[" + ",".join(["[{}]"] * 10_000) + "]")) == 10_000
