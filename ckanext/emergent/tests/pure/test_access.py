"""What portals say about access."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.spectrum.access import Access, access_from, question_about
from ckanext.emergent.spectrum.level import ACCESS_RIGHTS, Level

EU = "http://publications.europa.eu/resource/authority/access-right/"


@pytest.mark.parametrize(
    ("stated", "access"),
    [
        ("public", Access.ANYONE),
        ("Public ", Access.ANYONE),
        ("private", Access.STAFF),
        ("internal", Access.STAFF),
        ("alliance", Access.GROUP),
        (f"{EU}PUBLIC", Access.ANYONE),
        ("https://publications.europa.eu/resource/authority/access-right/PUBLIC/", Access.ANYONE),
        ("Unrestricted", Access.ANYONE),
        ("http://purl.org/coar/access_right/c_abf2", Access.ANYONE),
        ("IB1-O", Access.ANYONE),
    ],
)
def test_a_clear_word_is_read(stated: str, access: Access) -> None:
    assert access_from(stated) is access


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "RESTRICTED",
        f"{EU}RESTRICTED",
        f"{EU}NON_PUBLIC",
        f"{EU}CONFIDENTIAL",
        "SENSITIVE",
        "restricted public",
        "non-public",
        "IB1-SA",
        "http://purl.org/coar/access_right/c_16ec",
        "not public",
        "publicly funded",
        f"{EU}PUBLICISH",
    ],
)
def test_a_word_with_several_readings_stays_unknown(stated: str | None) -> None:
    assert access_from(stated) is Access.UNKNOWN


@given(st.text())
def test_any_text_is_either_read_or_questioned(stated: str) -> None:
    assert access_from(stated) is not Access.UNKNOWN or question_about(stated)


@pytest.mark.parametrize("level", [Level.NAMED, Level.GROUP, Level.INTERNAL])
def test_our_own_restricted_access_rights_are_read_back_as_a_question(level: Level) -> None:
    assert access_from(ACCESS_RIGHTS[level]) is Access.UNKNOWN
    assert question_about(ACCESS_RIGHTS[level]) in {
        "access_named_or_group",
        "access_perhaps_internal",
    }


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.OPEN])
def test_our_own_public_access_rights_are_read_back(level: Level) -> None:
    assert access_from(ACCESS_RIGHTS[level]) is Access.ANYONE
