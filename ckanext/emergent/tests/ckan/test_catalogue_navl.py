"""Our validation engine answers as CKAN's does."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ckan.lib.navl import dictization_functions as core
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.emergent.harvest.catalogue import navl

LEAF = st.one_of(st.none(), st.text(max_size=3), st.integers(0, 3), st.just([]), st.just(["a"]))
NAMES = st.sampled_from(["name", "title", "odd", "extras", "resources", "__extras", "stranger"])
ROW = st.dictionaries(st.sampled_from(["key", "value", "url", "odd", "parts"]), LEAF, max_size=4)
PARTS = st.lists(st.dictionaries(st.sampled_from(["x", "y"]), LEAF, max_size=2), max_size=2)
ROWS = st.lists(st.builds(lambda row, parts: {**row, "parts": parts}, ROW, PARTS), max_size=3)
DATA = st.dictionaries(NAMES, st.one_of(LEAF, ROWS), max_size=6)


def required(key: Any, data: Any, errors: Any, context: Any) -> None:
    if data[key] is core.missing or not data[key]:
        errors[key].append("Missing value")
        raise core.StopOnError


def short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 2:
        raise core.Invalid("Too long")
    return value


def absent_is_left_out(key: Any, data: Any, errors: Any, context: Any) -> None:
    if data.get(key) is core.missing or data.get(key) is None:
        data.pop(key, None)
        raise core.StopOnError


def told(value: Any, context: Any) -> Any:
    context.setdefault("calls", []).append(value)
    return f"{value} of {len(context['schema_keys'])}"


def keep(key: Any, data: Any, errors: Any, context: Any) -> None:
    for name, value in data.pop(key, {}).items():
        data[(*key[:-1], name)] = value


def odd(key: Any, data: Any, errors: Any, context: Any) -> None:
    errors.setdefault(("elsewhere",), []).append(len(data))


def schema() -> dict[str, Any]:
    return {
        "__before": [odd],
        "name": [required, short],
        "title": [absent_is_left_out, told],
        "odd": [short],
        "extras": {"key": [required], "value": [absent_is_left_out], "__extras": [keep]},
        "resources": {
            "url": [short, told],
            "parts": {"x": [required, short], "__junk": [odd]},
            "__extras": [absent_is_left_out, keep],
            "__after": [odd],
        },
        "__extras": [keep],
        "__after": [odd],
        "__junk": [odd],
    }


def answer(engine: Any, data: Any) -> Any:
    context: dict[str, Any] = {}
    try:
        converted, errors = engine(copy.deepcopy(data), schema(), context)
    except (core.DataError, TypeError, AttributeError) as error:
        return type(error).__name__, str(error)
    return converted, errors, context


@settings(max_examples=600, deadline=None)
@given(DATA)
def test_any_data_is_answered_as_by_ckan(data: Any) -> None:
    assert answer(navl.validate, data) == answer(core.validate, data)


def test_what_is_no_validator_is_refused_as_by_ckan() -> None:
    with pytest.raises(TypeError):
        navl.validate({"a": 1}, {"a": [len]})


def test_an_error_inside_a_validator_is_not_hidden() -> None:
    def broken(value: Any) -> Any:
        return value.nothing_of_this_name

    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        navl.validate({"a": 1}, {"a": [broken]})


KEYS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("ab")),
        st.tuples(st.sampled_from("cd"), st.integers(0, 4), st.sampled_from("xy")),
        st.tuples(
            st.just("c"), st.integers(0, 2), st.just("deep"), st.integers(0, 3), st.just("z")
        ),
    ),
    max_size=8,
    unique=True,
)


@settings(max_examples=300, deadline=None)
@given(KEYS)
def test_flat_data_is_put_together_as_by_ckan(keys: list[Any]) -> None:
    flat = {key: number for number, key in enumerate(keys)}
    assert navl.unflatten(flat) == core.unflatten(flat)
