"""The Data Spectrum: reading a level from evidence, and checking one that a person chose.

The level is the more restrictive of two axes: who can get the data, and what the licence allows
(the project's domain notes, section 3). Pure: knows no CKAN, no portal and no sentence about a
problem, only codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.emergent.licences import Finding, is_open, recognise
from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.spectrum.access import Access, access_from, question_about
from ckanext.emergent.spectrum.level import (
    ACCESS_RIGHTS,
    BAND_NAMES,
    LEVEL_TEXTS,
    RESTRICTED,
    UNCLASSIFIED,
    Band,
    Basis,
    Level,
    LevelText,
    is_at_most,
)

__all__ = [
    "ACCESS_RIGHTS",
    "BAND_NAMES",
    "LEVEL_TEXTS",
    "RESTRICTED",
    "UNCLASSIFIED",
    "Access",
    "Band",
    "Basis",
    "Check",
    "Classification",
    "Evidence",
    "Level",
    "LevelText",
    "access_from",
    "check_declared",
    "classify",
    "is_at_most",
    "level_from",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known about one dataset.

    `licence` is `None` where nothing was stated. `gated` is true where a file or service of the
    dataset asks for an account or a request. `access_stated` is the word that `access` was read
    from.
    """

    access: Access
    licence: Finding | None = None
    gated: bool = False
    access_stated: str | None = None

    @property
    def finding(self) -> Finding:
        """The licence found; that nothing was stated is a finding too."""
        return self.licence or recognise(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Where a dataset sits, and why. `level` and `band` are `None` for an unclassified one.

    `reasons` say how the level was found, or why none could be; `warnings` what looks wrong.
    """

    level: Level | None
    basis: Basis
    reasons: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def band(self) -> Band | None:
        """The band of the level."""
        return None if self.level is None else self.level.band


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is wrong with a level that a person chose: errors refuse it, warnings do not."""

    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


_LEVEL_BY_ACCESS = {
    Access.STAFF: Level.INTERNAL,
    Access.NAMED: Level.NAMED,
    Access.GROUP: Level.GROUP,
}


def level_from(evidence: Evidence) -> Level | None:
    """The rule: the more restrictive of access and licence; `None` where access is unknown.

    A licence cannot raise a restricted level. Data that asks for an account is public at most.
    """
    if evidence.access is Access.UNKNOWN:
        return None
    if evidence.access in _LEVEL_BY_ACCESS:
        return _LEVEL_BY_ACCESS[evidence.access]
    if is_open(evidence.licence) and not evidence.gated:
        return Level.OPEN
    return Level.PUBLIC


def classify(evidence: Evidence) -> Classification:
    """Derive a level from what was received."""
    level = level_from(evidence)
    return Classification(
        level=level,
        basis=Basis.DERIVED,
        reasons=(_reason(level, evidence),),
        warnings=_warnings(level, evidence),
    )


def _reason(level: Level | None, evidence: Evidence) -> Problem:
    stated = evidence.access_stated or None
    if level is None:
        return problem(question_about(stated), "access", stated)
    received = evidence.finding.received
    if level in RESTRICTED:
        code, received = "level_from_access", stated or evidence.access.value
    elif level is Level.OPEN:
        code = "level_open"
    elif is_open(evidence.licence):
        code, received = "level_public_gated", stated
    else:
        code = "level_public_licence" if received else "level_public_no_licence"
    return problem(code, "access", received, severity=Severity.NOTE)


def _warnings(level: Level | None, evidence: Evidence) -> tuple[Problem, ...]:
    finding = evidence.finding
    if level in RESTRICTED and is_open(finding):
        title = finding.title or finding.licence_id
        mistaken = problem("open_licence_restricted", "licence", finding.received, licence=title)
        return (*finding.problems, mistaken)
    return finding.problems


def check_declared(
    level: Level,
    evidence: Evidence,
    *,
    reason: str | None = None,
    how_to_ask: str | None = None,
) -> Check:
    """Check a level that a person chose.

    `reason` is why the data is restricted, `how_to_ask` any text or link that tells how to get
    access.
    """
    return Check(
        errors=tuple(_declared_errors(level, evidence, reason)),
        warnings=(*_warnings(level, evidence), *_declared_warnings(level, how_to_ask)),
    )


def _declared_errors(level: Level, evidence: Evidence, reason: str | None) -> list[Problem]:
    found = []
    finding = evidence.finding
    if level is Level.OPEN and not is_open(finding):
        code = "open_without_licence" if finding.received is None else "open_licence_not_approved"
        found.append(_error(code, "license_id", finding.received))
    if level is Level.OPEN and evidence.gated:
        found.append(_error("open_but_gated", "resources", None))
    if level in RESTRICTED and not (reason or "").strip():
        found.append(_error("reason_missing", "spectrum_reason", level.value))
    return found


def _declared_warnings(level: Level, how_to_ask: str | None) -> list[Problem]:
    if level in {Level.NAMED, Level.GROUP} and not (how_to_ask or "").strip():
        return [problem("how_to_ask_missing", "access_procedure", level.value)]
    return []


def _error(code: str, field: str, received: str | None) -> Problem:
    return problem(code, field, received, severity=Severity.ERROR)
