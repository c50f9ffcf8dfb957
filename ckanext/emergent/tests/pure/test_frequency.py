"""How often data is updated, as portals say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.frequency import FREQUENCIES, frequency_from


@pytest.mark.parametrize(
    ("stated", "slug"),
    [
        # the Emergent index, whose README capitalises
        ("annually", "annually"),
        ("Monthly", "monthly"),
        ("real time", "real_time"),
        ("one off", "one_off"),
        ("R/P1D", "daily"),
        ("R/P6M", "half_yearly"),
        ("http://publications.europa.eu/resource/authority/frequency/ANNUAL_2", "half_yearly"),
        ("http://publications.europa.eu/resource/authority/frequency/BIWEEKLY", "fortnightly"),
        ("http://purl.org/cld/freq/quarterly", "quarterly"),
        ("asNeeded", "irregular"),
        ("Every 2 weeks", "fortnightly"),
    ],
)
def test_a_usual_spelling_is_read(stated: str, slug: str) -> None:
    assert frequency_from(stated) == slug


@pytest.mark.parametrize("stated", ["", "bimonthly", "OTHER", "UNKNOWN", "R/P0.33W", "often"])
def test_what_is_none_of_ours_is_not_guessed(stated: str) -> None:
    assert frequency_from(stated) is None


@pytest.mark.parametrize("slug", FREQUENCIES)
def test_a_slug_is_read_as_itself(slug: str) -> None:
    assert frequency_from(slug) == slug


@pytest.mark.parametrize("slug", [slug for slug in FREQUENCIES if slug != "less_often"])
def test_a_frequency_survives_the_way_through_the_eu_vocabulary(slug: str) -> None:
    assert frequency_from(FREQUENCIES[slug].uri) == slug


@given(st.text())
def test_no_text_is_an_error(stated: str) -> None:
    assert frequency_from(stated) in {None, *FREQUENCIES}
