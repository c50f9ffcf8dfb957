"""A GeoJSON geometry, checked number by number (RFC 7946, section 3.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain

TYPES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
)
#: A coast in full detail is longer than anybody wants to see beside a dataset.
LONGEST = 20_000


def geometry_from(value: object) -> str | None:
    """The geometry that an object, or the feature around it, is, as text; `None` if it is none."""
    if isinstance(value, dict) and isinstance(value.get("geometry"), dict):
        value = value["geometry"]
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str) or kind not in TYPES:
        return None
    places = value.get("coordinates")
    if not isinstance(places, list) or not places or not _are_numbers(places):
        return None
    text = json.dumps({"type": kind, "coordinates": places})
    return text if len(text) <= LONGEST else None


def box(west: float, south: float, east: float, north: float) -> str:
    """The rectangle between these degrees, as a polygon."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _are_numbers(places: Iterable[object]) -> bool:
    """Level by level, for who knows how deep it goes."""
    level = list(places)
    while level:
        lists = [item for item in level if isinstance(item, list)]
        others = (item for item in level if not isinstance(item, list))
        if not all(map(_is_degree, others)):
            return False
        level = list(chain.from_iterable(lists))
    return True


def _is_degree(value: object) -> bool:
    """A number, of a projected system perhaps; no truth value, and not infinite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1e9
