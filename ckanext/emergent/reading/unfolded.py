"""A record as plain JSON values: for the command line, and to compare with."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any


def unfolded(thing: object) -> Any:
    """Frozen data as dictionaries, lists and texts; what is missing is left out.

    Pairs of texts (`extras`, `values`) become a list of two, in their order.
    """
    if isinstance(thing, Enum):
        return thing.value
    if is_dataclass(thing):
        pairs = ((part.name, unfolded(getattr(thing, part.name))) for part in fields(thing))
        return {name: value for name, value in pairs if value is not None and value != []}
    if isinstance(thing, (tuple, list)):
        return [unfolded(item) for item in thing]
    return thing
