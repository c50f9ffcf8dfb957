"""What a record says about access and licence -> the dataset's level and licence fields. Pure."""

from __future__ import annotations

from typing import Any

from ckanext.emergent.licences import Conformance, Finding, recognise, registered_id
from ckanext.emergent.mapping.acceptable import web_address_from
from ckanext.emergent.mapping.resource import is_gated
from ckanext.emergent.mapping.rules import Rules
from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum import (
    RESTRICTED,
    Classification,
    Evidence,
    Level,
    classify,
    is_at_most,
)

#: CKAN's id for "nothing said", in its default register.
_NOT_SPECIFIED = "notspecified"

_EVIDENCE_LIMIT = 500


def level_fields(record: Record, rules: Rules, problems: list[Problem]) -> dict[str, Any]:
    """The spectrum's and the licence's fields, and the problems found on the way."""
    statements = _statements(record)
    finding = recognise(statements, dict(rules.licences) if rules.licences else None)
    evidence = Evidence(
        access=record.access,
        licence=finding,
        gated=any(map(is_gated, record.distributions)),
        access_stated=record.access_stated,
    )
    found = classify(evidence)
    problems.extend(found.warnings)
    problems.extend(one for one in found.reasons if one.severity is not Severity.NOTE)
    level = _under_ceiling(found, rules, problems)
    return {
        **_licence(finding, rules),
        "data_spectrum": None if level is None else level.value,
        "spectrum_basis": None if level is None else found.basis.value,
        "spectrum_evidence": _evidence(record, statements),
        "spectrum_reason": _reason(level, record, rules),
    }


def _statements(record: Record) -> tuple[str, ...]:
    """Every statement about the licence: the dataset's, and its files' where they differ."""
    files = (text for one in record.distributions for text in one.licence)
    return tuple(dict.fromkeys([*record.licence, *files]))


def _under_ceiling(found: Classification, rules: Rules, problems: list[Problem]) -> Level | None:
    level = found.level
    if level is None or rules.ceiling is None or is_at_most(level, rules.ceiling):
        return level
    lowered = problem(
        "level_lowered_by_rule",
        "access",
        level.value,
        severity=Severity.NOTE,
        level=rules.ceiling.value,
    )
    problems.append(lowered)
    return rules.ceiling


def _licence(finding: Finding, rules: Rules) -> dict[str, Any]:
    register = [known for known, _ in rules.licences]
    licence_id = registered_id(finding, register) if register else finding.licence_id
    if finding.conformance is Conformance.UNSTATED:
        licence_id = _NOT_SPECIFIED if not register or _NOT_SPECIFIED in register else None
    return {
        "license_id": licence_id,
        "license_text": finding.received,
        "license_url": web_address_from(finding.url or ""),
    }


def _evidence(record: Record, statements: tuple[str, ...]) -> str | None:
    """The values read, on one line: no sentence, so that it needs no translation."""
    stated = [f"access: {record.access_stated}"] if record.access_stated else []
    stated += [f"licence: {text}" for text in statements]
    line = " ".join("; ".join(stated).split())
    return line[:_EVIDENCE_LIMIT] or None


def _reason(level: Level | None, record: Record, rules: Rules) -> str | None:
    """Why the data is restricted, as far as a portal says it: its own word."""
    if level not in RESTRICTED:
        return None
    stated = record.access_stated or record.access.value
    return f"{rules.portal_title or rules.portal_name or 'The portal'}: access = {stated}"
