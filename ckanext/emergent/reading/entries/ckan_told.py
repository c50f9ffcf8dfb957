"""All that a CKAN record says, as one object: its own fields and its free extras.

Up to 2.6 each extra carried the keys of a database row, before 2.0 they were an object; plugins
turn some of them into fields and leave the extra where it was. Structured values stand in extras
as JSON text, for an extra is a text in CKAN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.emergent.reading.network.stream import BrokenJson, whole
from ckanext.emergent.reading.received.shown import is_empty

#: Longer texts are no structure that anybody reads.
LONGEST = 100_000
#: What somebody wrote, and may well begin with a bracket.
PROSE = frozenset({"title", "notes", "name"})


def flattened(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The record's fields with its extras among them.

    Where an extra has the name of a field that says something else, it is `extras.<name>`.
    """
    told = {key: value for key, value in entry.items() if key != "extras"}
    told = {key: value if key in PROSE else opened(value) for key, value in told.items()}
    for key, received in _extras(entry.get("extras")):
        value = opened(received)
        if key not in told or is_empty(told[key]):
            told[key] = value
        elif told[key] != value and not is_empty(value):
            told[f"extras.{key}"] = value
    return told


def opened(value: Any) -> Any:
    """What JSON text stands for; anything else as it is."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return value
    text = value.strip()
    if len(text) < 2 or (text[0], text[-1]) not in {("[", "]"), ("{", "}"), ('"', '"')}:
        return value
    try:
        return whole(text)
    except BrokenJson:
        return value


def _extras(extras: object) -> Iterator[tuple[str, Any]]:
    if isinstance(extras, dict):
        yield from extras.items()
    elif isinstance(extras, list):
        for number, extra in enumerate(extras):
            if isinstance(extra, dict) and isinstance(extra.get("key"), str):
                if extra.get("state") != "deleted":
                    yield extra["key"], extra.get("value")
            else:
                yield f"extras[{number}]", extra
    else:
        yield "extras", extras
