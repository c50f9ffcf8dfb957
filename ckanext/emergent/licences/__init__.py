"""What portals write about licences -> one finding: which licence, and is it open?

Several statements are all kept. An address beats an id, an id beats a text; of several licences
the least open decides, and the conflict is recorded. Unknown is never open. Pure: knows no CKAN;
a hub's own register of licences is given by whoever knows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ckanext.emergent.licences.statement import Reading, Step, read
from ckanext.emergent.licences.table import Conformance, Licence
from ckanext.emergent.problem import Problem, Severity, problem

__all__ = ["Conformance", "Finding", "is_open", "recognise", "registered_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What statements about a licence come to.

    `licence_id` is CKAN's id (`None` where its default register has no such licence), `spdx` the
    SPDX id with its version, `url` the licence's own page, `received` the statements as they came,
    one a line, and `step` the kind of statement that decided.
    """

    conformance: Conformance
    licence_id: str | None = None
    spdx: str | None = None
    title: str | None = None
    url: str | None = None
    received: str | None = None
    step: str = Step.NONE.value
    problems: tuple[Problem, ...] = ()


#: The least open first. Nothing stated counts only where nothing else was.
_OPENNESS = (
    Conformance.NOT_APPROVED,
    Conformance.SOFTWARE,
    Conformance.UNRECOGNISED,
    Conformance.APPROVED,
)


def is_open(finding: Finding | None) -> bool:
    """Whether the licence is one that the Open Definition approves for data."""
    return finding is not None and finding.conformance is Conformance.APPROVED


def recognise(statements: Sequence[str], register: Mapping[str, str] | None = None) -> Finding:
    """Find out which licence is meant by all statements about one dataset or file.

    `register` maps the ids of a hub's configured licences to their `od_conformance`; it adds ids
    that the table does not know and can only lower, never raise, what the table says.
    """
    stated = tuple(dict.fromkeys(text for text in statements if text and text.strip()))
    return _recognise(stated, () if register is None else tuple(sorted(register.items())))


def registered_id(finding: Finding, register: Iterable[str]) -> str | None:
    """The id by which a hub's register knows the licence found, if it does.

    A register from opendefinition.org has `CC-BY-4.0` where CKAN's own has `cc-by`.
    """
    ids = {known.casefold(): known for known in register}
    for wanted in (finding.licence_id, finding.spdx):
        if wanted is not None and wanted.casefold() in ids:
            return ids[wanted.casefold()]
    return None


@lru_cache(maxsize=4096)
def _recognise(statements: tuple[str, ...], register: tuple[tuple[str, str], ...]) -> Finding:
    readings = [_with_register(read(text), dict(register)) for text in statements]
    received = "\n".join(statements) or None
    named = _candidates(readings)
    if not named:
        return _nothing_named(readings, received)
    address = _unknown_address(readings)
    chosen, step = min(named, key=lambda hit: _rank(hit, address))
    conformance = _conformance(chosen, address)
    problems = [*_conflict(named, chosen, received), *_about(chosen, address)]
    if conformance is not Conformance.APPROVED:
        return _finding(chosen, step, conformance, received, problems)
    blocking = _blocking(readings, chosen)
    if blocking:
        return Finding(
            conformance=Conformance.UNRECOGNISED,
            received=received,
            problems=(*problems, *blocking),
        )
    return _finding(
        chosen, step, conformance, received, [*problems, *_beside(readings, chosen)], address
    )


def _finding(
    chosen: Licence,
    step: Step,
    conformance: Conformance,
    received: str | None,
    problems: list[Problem],
    address: str | None = None,
) -> Finding:
    return Finding(
        conformance=conformance,
        licence_id=chosen.ckan,
        spdx=chosen.spdx,
        title=chosen.title,
        url=chosen.url or address,
        received=received,
        step=step.value,
        problems=tuple(problems),
    )


_Hit = tuple[Licence, Step]


def _candidates(readings: Iterable[Reading]) -> list[_Hit]:
    """The licences named, each once, without those that only say less of another one.

    `cc-by` beside `CC-BY-4.0` is the same licence with its version left out; `other-at` beside a
    licence that CKAN's register lacks only says of what kind that is.
    """
    hits: dict[str, _Hit] = {}
    for step in Step:
        for reading in readings:
            if reading.step is step:
                for licence in reading.licences:
                    hits.setdefault(licence.key, (licence, step))
    named = list(hits.values())
    return [hit for hit in named if not _says_less(hit[0], [other for other, _ in named])]


def _says_less(licence: Licence, others: Iterable[Licence]) -> bool:
    for other in others:
        if licence.generic and not other.generic and other.ckan == licence.ckan:
            return True
        if not licence.versioned and other.versioned and other.family == licence.family:
            return True
    return False


def _rank(hit: _Hit, address: str | None) -> tuple[int, int]:
    licence, step = hit
    return _OPENNESS.index(_conformance(licence, address)), list(Step).index(step)


def _conformance(licence: Licence, address: str | None) -> Conformance:
    """The conformance of a licence; a generic one is open only beside an address of its terms."""
    if licence.generic and address is None:
        return Conformance.NOT_APPROVED
    return licence.conformance


def _unknown_address(readings: Iterable[Reading]) -> str | None:
    """The first address that stands alone and is no known licence's."""
    alone = (r.address for r in readings if not r.licences and not r.leftover)
    return next(filter(None, alone), None)


def _nothing_named(readings: list[Reading], received: str | None) -> Finding:
    if not any(reading.stated for reading in readings):
        said = problem("licence_unstated", "licence", received)
        return Finding(conformance=Conformance.UNSTATED, received=received, problems=(said,))
    said = problem("licence_unrecognised", "licence", received)
    return Finding(
        conformance=Conformance.UNRECOGNISED,
        received=received,
        url=_unknown_address(readings),
        problems=(said,),
    )


def _conflict(named: list[_Hit], chosen: Licence, received: str | None) -> list[Problem]:
    if len(named) == 1:
        return []
    return [problem("licence_conflict", "licence", received, licence=chosen.title)]


def _about(chosen: Licence, address: str | None) -> list[Problem]:
    """What is to be said of a licence that is known and not open."""
    if chosen.conformance is Conformance.SOFTWARE:
        code = "licence_software"
    elif chosen.limits:
        code = "licence_limits_use"
    elif chosen.conformance is Conformance.NOT_APPROVED:
        code = "licence_not_open"
    elif _conformance(chosen, address) is Conformance.NOT_APPROVED:
        code = "licence_generic"
    else:
        return []
    return [problem(code, "licence", chosen.key, licence=chosen.title)]


def _blocking(readings: Iterable[Reading], chosen: Licence) -> list[Problem]:
    """Statements that may take back what an open licence grants."""
    found = []
    for reading in readings:
        if reading.leftover and reading.licences:
            code = "licence_leftover"
        elif reading.address and not reading.licences and not chosen.generic:
            code = "licence_address_unknown"
        else:
            continue
        found.append(problem(code, "licence", reading.statement, licence=chosen.title))
    return found


def _beside(readings: Iterable[Reading], chosen: Licence) -> list[Problem]:
    """Texts that name no licence, beside one that an id or address told."""
    return [
        problem(
            "licence_text_beside",
            "licence",
            reading.statement,
            severity=Severity.NOTE,
            licence=chosen.title,
        )
        for reading in readings
        if reading.stated and not reading.licences and reading.address is None
    ]


def _with_register(reading: Reading, register: Mapping[str, str]) -> Reading:
    """The reading of a statement that may be an id in a hub's own register of licences."""
    if not reading.stated:
        return reading
    stated = reading.statement.strip().casefold()
    for known, conformance in register.items():
        if known.casefold() == stated:
            return _lowered(reading, known, _conformance_in_register(conformance))
    return reading


def _conformance_in_register(od_conformance: str) -> Conformance:
    approved = od_conformance == Conformance.APPROVED.value
    return Conformance.APPROVED if approved else Conformance.NOT_APPROVED


def _lowered(reading: Reading, known: str, own: Conformance) -> Reading:
    """The table's reading, unless it has none or the hub's register approves less."""
    judged = [licence.conformance for licence in reading.licences]
    if judged and (own is Conformance.APPROVED or Conformance.APPROVED not in judged):
        return reading
    licence = Licence(key=known, title=known, ckan=known, conformance=own)
    return Reading(statement=reading.statement, step=Step.ID, licences=(licence,))
