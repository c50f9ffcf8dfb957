"""What a plan has come to: the linked record as it is from now on, and a line for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from ckanext.emergent.harvest.catalogue import Written
from ckanext.emergent.harvest.landing import entry_at
from ckanext.emergent.harvest.merge import changes_between, first_written, next_written
from ckanext.emergent.harvest.model import Outcome
from ckanext.emergent.harvest.report import Line, Report
from ckanext.emergent.harvest.steps.plan import Plan
from ckanext.emergent.harvest.work import OWNERSHIP


@dataclass(frozen=True, slots=True)
class Settlement:
    """The columns of the linked record to save (None: it stays as it was), and what to tell."""

    link: dict[str, Any] | None
    report: Report


def settlement(plan: Plan, written: Written | None) -> Settlement:
    """Settle a plan by what the catalogue answered, or None where nothing was to be written."""
    line = _line(plan)
    if written is not None and written.shown is None:
        failed = replace(line, outcome=Outcome.FAILED, changes=())
        return Settlement(None, _report(failed, written.problems))
    if written is None:
        return Settlement(_untouched(plan), _report(line, plan.problems))
    return Settlement(_written(plan, written), _report(_told(plan, line, written), plan.problems))


def _report(line: Line, problems: Any) -> Report:
    report = Report()
    report.add(line, problems)
    return report


def _line(plan: Plan) -> Line:
    dataset = plan.staged.dataset
    return Line(
        identifier=plan.staged.identifier,
        outcome=plan.outcome,
        title=dataset.get("title"),
        link=dataset.get("url") or plan.staged.source_url,
        dataset_id=plan.dataset_id,
        changes=plan.changes,
        kept=plan.merged.kept if plan.merged else (),
    )


def _told(plan: Plan, line: Line, written: Written) -> Line:
    """The line by what CKAN shows now: a value that it keeps in its own spelling is no change."""
    if plan.merged is None or written.shown is None:
        return line
    changes = changes_between(OWNERSHIP, plan.before, written.shown)
    if changes or plan.outcome is not Outcome.UPDATED:
        return replace(line, changes=changes)
    outcome = Outcome.KEPT if plan.merged.kept else Outcome.UNCHANGED
    return replace(line, outcome=outcome, changes=())


def _untouched(plan: Plan) -> dict[str, Any]:
    link = _common(plan)
    if plan.merged is not None:
        link["written"] = next_written(OWNERSHIP, plan.before, plan.merged)
        link["kept"] = list(plan.merged.kept)
    return link


def _written(plan: Plan, written: Written) -> dict[str, Any]:
    shown: Mapping[str, Any] = written.shown or {}
    if plan.merged is None:
        measure = first_written(OWNERSHIP, shown, plan.staged.dataset)
    else:
        measure = next_written(OWNERSHIP, shown, plan.merged)
    return {
        **_common(plan),
        "dataset_id": written.dataset_id,
        "written": measure,
        "kept": list(plan.merged.kept) if plan.merged else [],
        "last_written": datetime.now(timezone.utc),
    }


def _common(plan: Plan) -> dict[str, Any]:
    known = {} if plan.link is None else {"id": plan.link.id}
    return {
        **known,
        "identifier": plan.staged.identifier,
        "scope": plan.staged.scope,
        "landing_page": plan.staged.landing_page,
        "source_url": plan.staged.source_url,
        "source_page": entry_at(plan.staged.source_url),
        "title": plan.staged.dataset.get("title"),
        "fingerprint": plan.staged.fingerprint,
        "dataset_id": plan.dataset_id,
        "state": plan.state.value,
    }
