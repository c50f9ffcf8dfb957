"""Writing a batch: staged records, merged with what is there, into the catalogue.

A staged record is deleted in the transaction that applies it, so that a batch delivered twice,
or half done by a worker that died, is applied once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.emergent.harvest import linked
from ckanext.emergent.harvest.catalogue import Written
from ckanext.emergent.harvest.report import Report, store
from ckanext.emergent.harvest.steps import duplicates, staging
from ckanext.emergent.harvest.steps.plan import Plan, Planner, owns_nothing
from ckanext.emergent.harvest.steps.settlement import settlement
from ckanext.emergent.harvest.work import OWNERSHIP, Work


class AlreadyAppliedError(Exception):
    """Another delivery of this batch was faster: nothing of this one is kept."""


def write_batch(work: Work, number: int) -> None:
    """Write what is still staged of a batch."""
    staged = staging.records_of(work.session, work.run_id, number)
    if not staged:
        work.session.rollback()
        return
    plans = {one.staged.id: one for one in _plans(work, staged)}
    writes = [plan.write for plan in plans.values() if plan.write is not None]
    settled = _Settled(work, plans)
    written = work.catalogue.write(writes, settled.alongside) if writes else ()
    settled.rest(written)
    work.listener.hear(settled.report())


def _plans(work: Work, staged: Sequence[Any]) -> list[Plan]:
    links = linked.whole(work.session, work.portal_id, [one.identifier for one in staged])
    new = [one for one in staged if owns_nothing(links.get(one.identifier))]
    names = work.catalogue.free_names([one.dataset["title"] for one in new])
    planner = Planner(
        rules=work.rules,
        ownership=OWNERSHIP,
        links=links,
        shown=work.catalogue.show([link.dataset_id for link in links.values() if link.dataset_id]),
        originals=duplicates.originals(work.session, work.portal_id, work.run_id, staged),
        names={one.id: name for one, name in zip(new, names, strict=True)},
    )
    return [planner.plan(one) for one in staged]


class _Settled:
    """Keeps the books of one batch: staged records, linked records, the report.

    `alongside` is called again when the catalogue has to try again; what is told in the end is
    what was committed.
    """

    def __init__(self, work: Work, plans: Mapping[str, Plan]) -> None:
        self._work = work
        self._plans = plans
        self._told: dict[str, Report] = {}

    def alongside(self, written: tuple[Written, ...]) -> None:
        """Add to the catalogue's transaction what belongs to the datasets it writes."""
        keys = [one.key for one in written]
        if len(staging.take_out(self._work.session, keys)) < len(keys):
            raise AlreadyAppliedError
        self._settle({one.key: one for one in written})

    def rest(self, written: Sequence[Written]) -> None:
        """Settle what needed no write, and what could not be written, in one transaction."""
        answers = {one.key: one for one in written}
        left = [key for key in self._plans if key not in answers or not answers[key].arrived]
        for key in left:
            self._told.pop(key, None)
        here = staging.take_out(self._work.session, left) if left else set()
        self._settle({key: answers.get(key) for key in left if key in here})
        self._work.session.commit()

    def report(self) -> Report:
        """All that was settled, in the order of the batch."""
        whole = Report()
        for told in (self._told[key] for key in self._plans if key in self._told):
            whole.lines += told.lines
            whole.found += told.found
        return whole

    def _settle(self, answers: Mapping[str, Written | None]) -> None:
        """Move linked records on and store the report, within the open transaction."""
        work, sum_of_all = self._work, Report()
        settled = [settlement(self._plans[key], answer) for key, answer in answers.items()]
        links = [one.link | {"seen_run": work.run_id} for one in settled if one.link]
        linked.save(work.session, work.portal_id, links)
        for key, one in zip(answers, settled, strict=True):
            self._told[key] = one.report
            sum_of_all.lines += one.report.lines
            sum_of_all.found += one.report.found
        store(work.session, work.run_id, work.portal_id, sum_of_all)
