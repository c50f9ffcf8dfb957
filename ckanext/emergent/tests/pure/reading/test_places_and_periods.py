"""Geometries and periods are taken only where every number and date of them can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.emergent.reading.received.geometry import box, geometry_from
from ckanext.emergent.reading.received.interval import interval_from

POINT = {"type": "Point", "coordinates": [-1.5, 53.8]}


def test_a_geometry_is_kept_without_what_stands_beside_it():
    assert json.loads(geometry_from({**POINT, "bbox": "<script>"}) or "") == POINT


def test_a_feature_is_the_geometry_inside():
    assert geometry_from({"type": "Feature", "geometry": POINT}) == geometry_from(POINT)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "Leeds",
        {},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["<script>", 1]},
        {"type": "Point", "coordinates": [1, None]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [1e300, 1]},
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[0, n] for n in range(5000)]]},
    ],
)
def test_what_is_no_geometry_or_too_long_is_none(value: Any):
    assert geometry_from(value) is None


def test_a_box_is_a_closed_ring():
    (ring,) = json.loads(box(-2, 53, -1, 54))["coordinates"]
    assert ring[0] == ring[-1]
    assert len(ring) == 5


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("2005-04-20/2006-11-09", ("2005-04-20", "2006-11-09")),
        ("2005/..", ("2005", None)),
        ("/2006", (None, "2006")),
        ("/", None),
        ("2005", None),
        ("summer/winter", None),
        ("a/b/c", None),
        (7, None),
    ],
)
def test_a_period_has_two_sides_that_can_be_read(text: Any, interval: Any):
    assert interval_from(text) == interval
