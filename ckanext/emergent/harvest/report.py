"""What a run has to tell: an outcome for each record, and problems.

A `Report` collects what one transaction did; it is stored in the same transaction, and told to a
listener (a progress bar, a preview) once that is committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from ckanext.emergent.harvest.merge import Change
from ckanext.emergent.harvest.model import Outcome, ProblemRow, Run
from ckanext.emergent.problem import Problem, Severity

#: Key of `Run.counts` beside the outcomes: problems that are more than notes.
PROBLEMS = "problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one record; `changes` field by field, `kept` where an edit won."""

    identifier: str
    outcome: Outcome
    title: str | None = None
    link: str | None = None
    dataset_id: str | None = None
    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A problem, with the record that it is about, or without one: then it is the run's."""

    problem: Problem
    identifier: str | None = None
    title: str | None = None
    link: str | None = None


class Listener(Protocol):
    """Somebody who wants to know how a run gets on."""

    def read(self, records: int, total: int | None) -> None:
        """So many more records were read, of `total`, where the portal tells."""

    def hear(self, report: Report) -> None:
        """So much more is done and saved."""


class Silence:
    """A listener for those who only want the end."""

    def read(self, records: int, total: int | None) -> None:
        """Say nothing."""

    def hear(self, report: Report) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Report:
    """Lines and problems, in the order in which they came; `others` are outcomes in bulk."""

    lines: list[Line] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    def add(self, line: Line, problems: Iterable[Problem] = ()) -> None:
        """Note what became of a record, and what was wrong with it."""
        self.lines.append(line)
        self.about(line, problems)

    def about(self, line: Line, problems: Iterable[Problem]) -> None:
        """Note what was wrong with a record whose outcome is not known yet."""
        self.found.extend(
            Found(problem=one, identifier=line.identifier, title=line.title, link=line.link)
            for one in problems
        )

    def counts(self) -> Counter[str]:
        """How many of each outcome, and how many problems that are more than notes."""
        counts = Counter(line.outcome.value for line in self.lines) + self.others
        counts[PROBLEMS] += sum(one.problem.severity is not Severity.NOTE for one in self.found)
        return +counts

    def __bool__(self) -> bool:
        return bool(self.lines or self.found or self.others)


def store(session: Any, run_id: str, portal_id: str, report: Report) -> None:
    """Save a report with its run, within the open transaction."""
    if report.found:
        rows = [_row(run_id, portal_id, found) for found in report.found]
        session.execute(sa.insert(ProblemRow), rows)
    counts = report.counts()
    if counts:
        add_counts(session, run_id, counts)


def add_counts(session: Any, run_id: str, counts: Counter[str]) -> None:
    """Add to a run's counts; the row stays locked until the commit, so that none is lost."""
    stored = session.scalar(sa.select(Run.counts).where(Run.id == run_id).with_for_update())
    summed = Counter(stored or {}) + counts
    session.execute(sa.update(Run).where(Run.id == run_id).values(counts=dict(summed)))


def forget(session: Any, portal_id: str, identifiers: Collection[str]) -> None:
    """Remove what earlier runs found about records that are judged anew, or are gone."""
    if identifiers:
        session.execute(
            sa.delete(ProblemRow).where(
                ProblemRow.portal_id == portal_id, ProblemRow.identifier.in_(identifiers)
            )
        )


def _row(run_id: str, portal_id: str, found: Found) -> dict[str, Any]:
    one = found.problem
    return {
        "run_id": run_id,
        "portal_id": portal_id,
        "identifier": found.identifier,
        "title": _storable(found.title),
        "link": _storable(found.link),
        "code": one.code,
        "severity": one.severity.value,
        "field": _storable(one.field),
        "received": _storable(one.received),
        "values": {key: _storable(value) for key, value in one.values},
    }


def _storable(text: str | None) -> str | None:
    """A problem quotes the very text that made it: PostgreSQL takes neither NUL nor surrogates."""
    return None if text is None else text.encode("utf-8", "replace").decode().replace("\0", "")
