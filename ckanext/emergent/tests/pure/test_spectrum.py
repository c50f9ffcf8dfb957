"""The levels of the spectrum, the rule that derives one, and the check of a declared one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.licences import Conformance, Finding, is_open, recognise
from ckanext.emergent.problem import Severity
from ckanext.emergent.spectrum import (
    ACCESS_RIGHTS,
    LEVEL_TEXTS,
    RESTRICTED,
    Access,
    Band,
    Basis,
    Check,
    Classification,
    Evidence,
    Level,
    check_declared,
    classify,
    is_at_most,
)

OPEN = recognise(["CC-BY-4.0"])
NC = recognise(["CC-BY-NC-4.0"])
UNKNOWN = recognise(["VK (Open Source)"])
SOFTWARE = recognise(["MIT"])
NONE = recognise([])

evidence = st.builds(
    Evidence,
    access=st.sampled_from(Access),
    licence=st.sampled_from([None, OPEN, NC, UNKNOWN, SOFTWARE, NONE]),
    gated=st.booleans(),
    access_stated=st.one_of(st.none(), st.text(max_size=30)),
)


def level_of(access: Access, licence: Finding | None) -> Level | None:
    return classify(Evidence(access=access, licence=licence)).level


def codes(found: Classification | Check) -> set[str]:
    return {problem.code for problem in found.warnings}


def errors(level: Level, licence: Finding | None = None, **rest: object) -> set[str]:
    reason = rest.pop("reason", None)
    known = Evidence(access=Access.UNKNOWN, licence=licence, **rest)
    return {problem.code for problem in check_declared(level, known, reason=reason).errors}


def test_the_levels_stand_in_the_order_of_the_spectrum() -> None:
    assert [level.value for level in Level] == ["internal", "named", "group", "public", "open"]


def test_public_is_shared_and_not_open() -> None:
    assert [level.band for level in Level] == [
        Band.CLOSED,
        Band.SHARED,
        Band.SHARED,
        Band.SHARED,
        Band.OPEN,
    ]


def test_every_level_is_told_in_words() -> None:
    for level in Level:
        text = LEVEL_TEXTS[level]
        assert all([text.name, text.definition, text.example, text.consequence])


def test_every_level_has_an_access_right() -> None:
    assert set(ACCESS_RIGHTS) == set(Level)


def test_a_level_is_at_most_itself_and_those_after_it() -> None:
    assert is_at_most(Level.GROUP, Level.GROUP)
    assert is_at_most(Level.INTERNAL, Level.OPEN)
    assert not is_at_most(Level.OPEN, Level.PUBLIC)


@pytest.mark.parametrize(
    ("access", "level"),
    [(Access.STAFF, Level.INTERNAL), (Access.NAMED, Level.NAMED), (Access.GROUP, Level.GROUP)],
)
@pytest.mark.parametrize("licence", [None, OPEN, NC, UNKNOWN])
def test_a_licence_cannot_raise_restricted_access(
    access: Access, level: Level, licence: Finding | None
) -> None:
    assert level_of(access, licence) is level


def test_anyone_and_an_approved_licence_is_open() -> None:
    assert level_of(Access.ANYONE, OPEN) is Level.OPEN


@pytest.mark.parametrize("licence", [None, NONE, NC, UNKNOWN, SOFTWARE])
def test_anyone_and_any_other_licence_is_public(licence: Finding | None) -> None:
    assert level_of(Access.ANYONE, licence) is Level.PUBLIC


def test_data_behind_an_account_is_public_at_most() -> None:
    gated = Evidence(access=Access.ANYONE, licence=OPEN, gated=True)
    assert classify(gated).level is Level.PUBLIC


@given(evidence)
def test_unknown_access_never_becomes_a_level(known: Evidence) -> None:
    found = classify(replace(known, access=Access.UNKNOWN))
    assert found.level is None
    assert found.band is None


@given(evidence)
def test_open_is_only_what_anyone_can_get_under_an_approved_licence(known: Evidence) -> None:
    is_said_open = classify(known).level is Level.OPEN
    entitled = known.access is Access.ANYONE and is_open(known.licence) and not known.gated
    assert is_said_open == entitled


@given(evidence)
def test_every_classification_says_why(known: Evidence) -> None:
    found = classify(known)
    assert found.reasons
    assert found.basis is Basis.DERIVED


@given(evidence)
def test_being_unclassified_is_a_warning_and_a_level_found_a_note(known: Evidence) -> None:
    found = classify(known)
    severity = Severity.WARNING if found.level is None else Severity.NOTE
    assert {reason.severity for reason in found.reasons} == {severity}


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        (None, "access_not_stated"),
        ("RESTRICTED", "access_named_or_group"),
        ("restricted public", "access_named_group_or_public"),
        ("NON_PUBLIC", "access_perhaps_internal"),
        ("by carrier pigeon", "access_unknown"),
    ],
)
def test_an_unclassified_dataset_says_which_question_is_open(stated: str | None, code: str) -> None:
    found = classify(Evidence(access=Access.UNKNOWN, access_stated=stated))
    assert [reason.code for reason in found.reasons] == [code]


def test_no_licence_is_warned_of() -> None:
    assert "licence_unstated" in codes(classify(Evidence(access=Access.ANYONE)))


def test_an_open_licence_on_restricted_data_is_warned_of() -> None:
    assert codes(classify(Evidence(access=Access.GROUP, licence=OPEN))) == {
        "open_licence_restricted"
    }


def test_a_software_licence_on_data_is_warned_of() -> None:
    assert codes(classify(Evidence(access=Access.ANYONE, licence=SOFTWARE))) == {"licence_software"}


@pytest.mark.parametrize("licence", [None, NONE])
def test_open_without_a_licence_is_an_error(licence: Finding | None) -> None:
    assert errors(Level.OPEN, licence) == {"open_without_licence"}


@pytest.mark.parametrize("licence", [NC, UNKNOWN, SOFTWARE])
def test_open_under_a_licence_that_is_not_approved_is_an_error(licence: Finding) -> None:
    assert errors(Level.OPEN, licence) == {"open_licence_not_approved"}


def test_open_with_a_gated_file_is_an_error() -> None:
    assert errors(Level.OPEN, OPEN, gated=True) == {"open_but_gated"}


def test_open_under_an_approved_licence_passes() -> None:
    assert errors(Level.OPEN, OPEN) == set()


@pytest.mark.parametrize("level", sorted(RESTRICTED))
@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_a_restricted_level_needs_a_reason(level: Level, reason: str | None) -> None:
    assert errors(level, reason=reason) == {"reason_missing"}


@pytest.mark.parametrize("level", sorted(RESTRICTED))
def test_a_restricted_level_with_a_reason_passes(level: Level) -> None:
    assert errors(level, reason="Commercial contracts") == set()


def test_public_needs_neither_reason_nor_licence() -> None:
    assert errors(Level.PUBLIC) == set()


@pytest.mark.parametrize("level", [Level.NAMED, Level.GROUP])
def test_named_and_group_without_a_way_to_ask_are_warned_of(level: Level) -> None:
    checked = check_declared(level, Evidence(access=Access.UNKNOWN), reason="Contracts")
    assert "how_to_ask_missing" in codes(checked)


@pytest.mark.parametrize("level", [Level.INTERNAL, Level.PUBLIC])
def test_other_levels_need_no_way_to_ask(level: Level) -> None:
    checked = check_declared(level, Evidence(access=Access.UNKNOWN), reason="Contracts")
    assert "how_to_ask_missing" not in codes(checked)


def test_a_declared_restricted_level_under_an_open_licence_is_warned_of() -> None:
    known = Evidence(access=Access.UNKNOWN, licence=OPEN)
    checked = check_declared(Level.INTERNAL, known, reason="Contracts")
    assert codes(checked) == {"open_licence_restricted"}


def test_a_licence_that_forbids_commercial_use_is_warned_of() -> None:
    checked = check_declared(Level.PUBLIC, Evidence(access=Access.UNKNOWN, licence=NC))
    assert codes(checked) == {"licence_limits_use"}


def test_errors_are_errors_and_warnings_are_not() -> None:
    checked = check_declared(Level.OPEN, Evidence(access=Access.UNKNOWN, licence=NC, gated=True))
    assert {one.severity for one in checked.errors} == {Severity.ERROR}
    assert {one.severity for one in checked.warnings} == {Severity.WARNING}


def test_conformance_is_what_opens_and_not_the_name_of_the_licence() -> None:
    lookalike = Finding(conformance=Conformance.UNRECOGNISED, licence_id="cc-by", received="x")
    assert level_of(Access.ANYONE, lookalike) is Level.PUBLIC
