"""Filter queries in which several values of one filter were chosen."""

from __future__ import annotations

import pytest

from ckanext.emergent.chosen import any_of_chosen


def test_two_levels_are_joined_with_or() -> None:
    query = 'data_spectrum:"open" data_spectrum:"group" +dataset_type:dataset'
    expected = '+data_spectrum:("open" OR "group") +dataset_type:dataset'
    assert any_of_chosen(query) == expected


def test_other_filters_between_them_stay() -> None:
    query = 'data_spectrum:"open" tags:"a (b) OR c" data_spectrum:"group"'
    assert any_of_chosen(query) == '+data_spectrum:("open" OR "group") tags:"a (b) OR c"'


def test_two_portals_are_joined_with_or() -> None:
    query = 'source_portal:"Data Mill North" source_portal:"barnet"'
    assert any_of_chosen(query) == '+source_portal:("Data Mill North" OR "barnet")'


@pytest.mark.parametrize(
    "query",
    [
        "",
        'data_spectrum:"open"',
        'data_spectrum:"open" data_spectrum:"open"',
        '-data_spectrum:"open" -data_spectrum:"group"',
        'data_spectrum:"open" AND data_spectrum:"group"',
        'data_spectrum:"open" OR data_spectrum:"group"',
        '(data_spectrum:"open" data_spectrum:"group")',
        'data_spectrum:"open" -data_spectrum:"group"',
        'tags:"a" tags:"b"',
        'data_spectrum:"open" data_spectrum_band:"open"',
        'my_data_spectrum:"open" my_data_spectrum:"group"',
    ],
)
def test_everything_else_is_left_alone(query: str) -> None:
    assert any_of_chosen(query) == query
