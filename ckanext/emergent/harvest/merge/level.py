"""The spectrum level in a merge: evidence never raises what a person declared. Pure.

Evidence may lower it: when the portal's evidence becomes more restrictive than it was, or when
an open licence is gone, nothing false stays *open*. Lowering is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.emergent.harvest.merge.sameness import same
from ckanext.emergent.licences import is_open, recognise
from ckanext.emergent.problem import Problem, problem
from ckanext.emergent.spectrum import Basis, Level

LEVEL = "data_spectrum"
BASIS = "spectrum_basis"
EVIDENCE = "spectrum_evidence"
LEVEL_FIELDS = (LEVEL, BASIS, EVIDENCE)

_ORDER = {level.value: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedLevel:
    """The three fields to write; `kept` when a declared level won over another from the portal."""

    fields: Mapping[str, Any]
    declared: bool = False
    kept: bool = False
    problems: tuple[Problem, ...] = ()


def merge_level(
    written: Mapping[str, Any], shown: Mapping[str, Any], new: Mapping[str, Any]
) -> MergedLevel:
    """Decide between the level shown here and what the portal's evidence says now."""
    here, offered = shown.get(LEVEL) or None, new.get(LEVEL) or None
    if not is_declared(written, shown):
        return MergedLevel(fields=_fields(new), problems=_lowered(here, offered))
    if _fell_below(here, offered, before=written.get(LEVEL) or None):
        return MergedLevel(fields=_fields(new), problems=_lowered(here, offered))
    kept = offered is not None and offered != here
    return MergedLevel(fields=_fields(shown), declared=True, kept=kept)


def is_declared(written: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    """Whether a person said where the dataset sits, or changed what we wrote."""
    edited = not same(written.get(LEVEL), shown.get(LEVEL))
    return edited or shown.get(BASIS) == Basis.DECLARED.value


def without_false_open(
    dataset: Mapping[str, Any], register: Mapping[str, str] | None = None
) -> MergedLevel | None:
    """The level of a dataset that says *open* without an open licence; None when all is well.

    `register` maps the ids of the hub's own licences to their `od_conformance`.
    """
    if dataset.get(LEVEL) != Level.OPEN.value or is_openly_licensed(dataset, register):
        return None
    lower = Level.PUBLIC.value
    fields = {**_fields(dataset), LEVEL: lower, BASIS: Basis.DERIVED.value}
    return MergedLevel(fields=fields, problems=_lowered(Level.OPEN.value, lower))


def is_openly_licensed(
    dataset: Mapping[str, Any], register: Mapping[str, str] | None = None
) -> bool:
    """Whether the dataset's licence is an open one.

    Judged by the id, which a person may have corrected; the address counts only where the id
    alone names no licence ("other, open").
    """
    chosen, address = dataset.get("license_id"), dataset.get("license_url")
    if not chosen:
        return False
    alone = recognise([chosen], register)
    return is_open(alone) or is_open(recognise([address or "", chosen], register))


def _fell_below(here: str | None, offered: str | None, *, before: str | None) -> bool:
    """Whether evidence fell, both below what is shown and below what it was."""
    if here is None or offered is None:
        return False
    return _is_below(offered, here) and (before is None or _is_below(offered, before))


def _is_below(one: str, other: str) -> bool:
    return one in _ORDER and other in _ORDER and _ORDER[one] < _ORDER[other]


def _lowered(before: str | None, after: str | None) -> tuple[Problem, ...]:
    if before is None or after is None or not _is_below(after, before):
        return ()
    return (problem("level_lowered", LEVEL, before=before, after=after),)


def _fields(dataset: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dataset.get(name) for name in LEVEL_FIELDS}
