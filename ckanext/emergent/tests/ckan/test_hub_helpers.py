"""Small words of the hub's pages: initials, ages, feeds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from freezegun import freeze_time

from ckanext.emergent.hub.helpers import emergent_age, emergent_feeds, emergent_initials

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("title", "initials"),
    [
        ("The Data City", "DC"),
        ("Office for National Statistics", "ON"),
        ("IBM", "IBM"),
        ("SATAVIA", "SA"),
        ("Truata", "Tr"),
        ("Rolls-Royce", "Ro"),
        ("The", "Th"),
        ("“Quoted” & Sons", "So"),
        ("…", ""),
    ],
)
def test_initials_are_what_a_person_would_write(title: str, initials: str) -> None:
    assert emergent_initials(title) == initials


@freeze_time(NOW)
@pytest.mark.usefixtures("with_plugins", "with_request_context")
@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(minutes=3), "3 minutes ago"),
        (timedelta(days=6, hours=23), "1 week ago"),
        (timedelta(days=7), "3 May 2026"),
    ],
)
def test_age_is_relative_only_under_a_week(age: timedelta, told: str) -> None:
    assert emergent_age((NOW - age).isoformat())["told"] == told


@freeze_time(NOW)
@pytest.mark.usefixtures("with_plugins", "with_request_context")
def test_stamp_without_a_zone_is_in_utc() -> None:
    age = emergent_age("2026-05-10T11:59:00.123456")
    assert age["iso"] == "2026-05-10T11:59:00+00:00"
    assert age["exact"] == "10 May 2026, 11:59 UTC"


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.ckan_config(
    "ckan.plugins", "emergent_hub emergent scheming_datasets scheming_organizations"
)
def test_feed_of_a_plugin_that_is_not_loaded_is_not_offered(with_plugins: None) -> None:
    assert [feed["link"] for feed in emergent_feeds() if "catalog" in feed["link"]] == []
