"""CKAN's validation engine, each step done once.

`ckan.lib.navl.dictization_functions.validate` works out the flattened schema four times, the keys
of the data three times, and sorts all of them four times, for each dataset and each of its three
passes: more than half of what writing a dataset costs. Here the same validators run in the same
order on the same data, and the answer is the same; `test_catalogue_navl.py` compares the two.

Only CKAN's own loop and scheming's are run by this engine. A plugin with a `validate` of its own
is called as ever.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ckan.lib import plugins as lib_plugins
from ckan.lib.navl import dictization_functions as core

Key = tuple[Any, ...]
Flat = dict[Key, Any]
Data = dict[str, Any]
Context = dict[str, Any]


def plugin_validate(
    plugin: Any, context: Context, data: Data, schema: Data, action: str
) -> tuple[Data, Data]:
    """As `ckan.lib.plugins.plugin_validate`."""
    if not hasattr(plugin, "validate"):
        return validate(data, schema, context)
    own = getattr(plugin.validate, "__func__", None)
    if _is_schemings(own):
        found: tuple[Data, Data] = _with_our_engine(own)(plugin, context, data, schema, action)
        return found
    answer: tuple[Data, Data] = lib_plugins.plugin_validate(plugin, context, data, schema, action)
    return answer


def _is_schemings(function: Any) -> bool:
    """Whether it is scheming's code, as scheming wrote it, and ends in CKAN's engine."""
    from ckanext.scheming.plugins import SchemingDatasetsPlugin

    return (
        function is SchemingDatasetsPlugin.validate
        and function.__globals__.get("navl_validate") is core.validate
    )


@functools.cache
def _with_our_engine(function: types.FunctionType) -> Callable[..., Any]:
    """The same code, bound to a copy of its module's names in which the engine is ours."""
    names = {**function.__globals__, "navl_validate": validate, "unflatten": unflatten}
    return types.FunctionType(function.__code__, names, function.__name__, function.__defaults__)


def validate(data: Data, schema: Data, context: Context | None = None) -> tuple[Data, Data]:
    """As CKAN's: the converted data, and errors by field."""
    empty_lists = [key for key, value in data.items() if value == []]
    flat, errors = _run(
        core.flatten_dict(data, schema=schema),
        schema,
        {**(context or {}), "schema_keys": list(schema)},
    )
    converted = unflatten(flat)
    for key in empty_lists:
        converted.setdefault(key, [])
    return converted, _by_field(errors)


def unflatten(data: Flat) -> Data:
    """As `core.unflatten`: `{("tags", 0, "name"): …}` becomes `{"tags": [{"name": …}]}`."""
    whole: Data = {}
    gaps: dict[int, list[Any]] = {}
    for key in ordered(data):
        place: Any = whole
        for step in key[:-1]:
            if isinstance(place, list):
                while step >= len(place):
                    place.append({})
                    if step >= len(place):
                        gaps[id(place)] = place
                place = place[step]
            else:
                place = place.setdefault(step, [])
        place[key[-1]] = data[key]
    for found in gaps.values():
        found[:] = [one for one in found if one]
    return whole


def _run(data: Flat, schema: Data, context: Context) -> tuple[Flat, Flat]:
    flat_schema = core.flatten_schema(schema)
    combinations = _combinations(data, flat_schema)
    full = _full_schema(schema, combinations)
    converted = _augmented(data, flat_schema, combinations, full)
    errors: Flat = {key: [] for key in full}
    for key in _in_order(full):
        for validator in full[key]:
            try:
                _convert(validator, key, converted, errors, context)
            except core.StopOnError:
                break
    return converted, errors


def ordered(keys: Iterable[Key]) -> list[Key]:
    """By length first, then by value, as `core.flattened_order_key` has them sorted."""
    found = list(keys)
    try:
        return sorted(sorted(found), key=len)
    except TypeError:
        # A number where a key of another length has a name: they are never compared with CKAN.
        return sorted(found, key=core.flattened_order_key)


def _combinations(data: Flat, flat_schema: Flat) -> set[Key]:
    """As `core.get_all_key_combinations`: where in the data a part of the schema applies."""
    prefixes = {key[:-1] for key in flat_schema}
    found: set[Key] = {()}
    for key in ordered(key for key in data if len(key) > 1):
        if key[:-1:2] in prefixes and key[:-3] in found:
            found.add(key[:-1])
    return found


def _full_schema(schema: Data, combinations: set[Key]) -> dict[Key, list[Any]]:
    """As `core.make_full_schema`: for each key that the data may have, its validators."""
    full: dict[Key, list[Any]] = {}
    for combination in combinations:
        part = schema
        for step in combination[::2]:
            part = part[step]
        for name, value in part.items():
            if isinstance(value, list):
                key = (*combination, name)
                full[key] = value
    return full


def _augmented(
    data: Flat, flat_schema: Flat, combinations: set[Key], full: dict[Key, list[Any]]
) -> Flat:
    """As `core.augment_data`: strangers to `__extras` and `__junk`, absent keys as missing."""
    known = {key: value for key, value in data.items() if key in full}
    extras: Flat = {}
    junk: Flat = {}
    beginnings = {key[:end] for key in flat_schema for end in range(1, len(key) + 1)}
    for key, value in data.items():
        if key in full:
            continue
        if key[::2] in beginnings and value != []:
            raise core.DataError(
                f"Only lists of dicts can be placed against subschema {key}, not {type(value)}"
            )
        if key[:-1] in combinations:
            extras.setdefault((*key[:-1], "__extras"), {})[key[-1]] = value
        else:
            junk[key] = value
    if junk:
        known["__junk",] = junk
    known |= extras
    for key in full:
        if key not in known and not key[-1].startswith("__"):
            known[key] = core.missing
    return known


def _in_order(full: dict[Key, Any]) -> Iterator[Key]:
    """All keys, in the order of CKAN's runs: before, main, extras, after, junk."""
    keys = ordered(full)
    yield from (key for key in keys if key[-1] == "__before")
    yield from (key for key in keys if not key[-1].startswith("__"))
    yield from (key for key in keys if key[-1] == "__extras")
    yield from (key for key in reversed(keys) if key[-1] == "__after")
    if ("__junk",) in full:
        yield ("__junk",)


def _convert(validator: Any, key: Key, data: Flat, errors: Flat, context: Context) -> None:
    """As `core.convert`."""
    try:
        arguments = validator.__code__.co_argcount
        if arguments == 1:
            data[key] = validator(data.get(key))
        elif arguments == 2:
            data[key] = validator(data.get(key), context)
        elif arguments == 4:
            validator(key, data, errors, context)
        else:
            core.convert(validator, key, data, errors, context)
    except core.Invalid as error:
        errors[key].append(error.error)
    except AttributeError:
        if hasattr(validator, "__code__"):
            raise
        core.convert(validator, key, data, errors, context)


def _by_field(errors: Flat) -> Data:
    """As the end of `core.validate`; nearly always there are none."""
    if not any(errors.values()):
        return {}
    found = unflatten(errors)
    waiting = [found]
    while waiting:
        one = waiting.pop()
        for key, value in list(one.items()):
            if not value:
                del one[key]
            elif isinstance(value[0], dict):
                waiting.extend(value)
    return core._remove_blank_keys(found)
