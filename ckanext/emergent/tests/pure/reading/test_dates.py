from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.reading.received.dates import (
    AmbiguousDateError,
    UnreadableDateError,
    iso_date,
)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2020", "2020"),
        ("2020-05", "2020-05"),
        ("2020-05-11", "2020-05-11"),
        (" 2020-05-11 ", "2020-05-11"),
        ("20200511", "2020-05-11"),
        ("2020-05-11T14:27Z", "2020-05-11T14:27:00+00:00"),
        ("2020-05-11T14:27:05Z", "2020-05-11T14:27:05+00:00"),
        ("2020-03-02T12:00-08:00", "2020-03-02T12:00:00-08:00"),
        ("2020-05-11T14:27:05+0130", "2020-05-11T14:27:05+01:30"),
        ("2026-07-30T07:43:11.456Z", "2026-07-30T07:43:11.456+00:00"),
        ("2026-07-30T07:43:11.456789", "2026-07-30T07:43:11.456+00:00"),
        ("2019-06-27 12:41:27", "2019-06-27T12:41:27+00:00"),
        (1325430562000, "2012-01-01T15:09:22+00:00"),
        (1325430562000.0, "2012-01-01T15:09:22+00:00"),
        ("1325430562000", "2012-01-01T15:09:22+00:00"),
    ],
)
def test_a_clear_date_becomes_iso_with_a_zone_as_precise_as_it_was(written: Any, iso: str):
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [("28/3/2013", "2013-03-28"), ("3/28/2013", "2013-03-28"), ("05.05.2020", "2020-05-05")],
)
def test_a_local_date_is_read_where_it_has_one_reading(written: str, iso: str):
    assert iso_date(written) == iso


@pytest.mark.parametrize("written", ["11-05-2020", "8/3/2013", "1.2.2020"])
def test_a_local_date_with_two_readings_is_ambiguous(written: str):
    with pytest.raises(AmbiguousDateError):
        iso_date(written)


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "06.07.26", "2020-13", "2020-02-30", "2020-05-11T25:00", "31/31/2020"),
        *("0000", "8-3/2013", "R/P1D", "1589155200", "²⁰²⁰", "2020-05-11T14:27+99:99", "9" * 13),
        *(1589155200, -1, 0, True, 1e300, float("nan"), None, [], {}),
    ],
)
def test_what_is_no_date_is_unreadable(written: Any):
    with pytest.raises(UnreadableDateError) as caught:
        iso_date(written)
    assert not isinstance(caught.value, AmbiguousDateError)
