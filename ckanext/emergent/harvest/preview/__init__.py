"""What a run would do, told without doing it: the run's own code on borrowed tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.emergent.harvest import lease
from ckanext.emergent.harvest.model import Outcome, RunKind, RunState
from ckanext.emergent.harvest.preview.rehearsal import Rehearsal
from ckanext.emergent.harvest.preview.shadow import shadowed
from ckanext.emergent.harvest.report import Found, Line, Listener, Report, Silence
from ckanext.emergent.harvest.run import go_through
from ckanext.emergent.harvest.work import site_user, work_on
from ckanext.emergent.problem_sentences import sentence

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

#: Records that stay as they are have nothing to tell but their number.
_QUIET = {Outcome.UNCHANGED}


@dataclass
class Preview:
    """Listens to a run that is no run: how it would end, and what would become of each record."""

    listener: Listener = field(default_factory=Silence)
    state: RunState = RunState.QUEUED
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def read(self, records: int, total: int | None) -> None:
        """Pass it on."""
        self.listener.read(records, total)

    def hear(self, report: Report) -> None:
        """Keep what is worth telling."""
        self.counts += report.counts()
        self.lines += [line for line in report.lines if line.outcome not in _QUIET]
        self.found += report.found
        self.listener.hear(report)

    def as_dict(self) -> dict[str, Any]:
        """The preview as JSON, its problems in words."""
        return {
            "state": self.state.value,
            "counts": dict(self.counts),
            "lines": [_line(line) for line in self.lines],
            "problems": [_problem(found) for found in self.found],
        }


def preview(portal_id: str, listener: Listener | None = None) -> Preview:
    """Go through a whole run of a portal without saving anything."""
    told = Preview(listener or Silence())
    with shadowed(portal_id) as session:
        run_id = lease.open_run(session, portal_id, RunKind.PREVIEW, None)
        worker = lease.worker_name()
        lease.take(session, run_id, worker)
        rehearsal = Rehearsal(site_user())
        work = work_on(run_id, worker, told, session=session, catalogue=rehearsal)
        told.state = go_through(work)
    model.Session.rollback()
    return told


def _line(line: Line) -> dict[str, Any]:
    return {
        "identifier": line.identifier,
        "title": line.title,
        "link": line.link,
        "outcome": line.outcome.value,
        "changes": [asdict(change) for change in line.changes],
        "kept": list(line.kept),
    }


def _problem(found: Found) -> dict[str, Any]:
    words = sentence(found.problem, translate=tk._)
    return {
        "identifier": found.identifier,
        "title": found.title,
        "link": found.link,
        "code": found.problem.code,
        "severity": found.problem.severity.value,
        "field": found.problem.field,
        "received": found.problem.received,
        "says": words.says,
        "to_do": words.to_do,
    }
