"""Taking datasets out of sight: what the portal withdrew, and what has been absent for long.

Always reversible: the dataset is retired, not purged, and its linked record remembers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from ckanext.emergent.harvest import linked, report
from ckanext.emergent.harvest.catalogue import Written
from ckanext.emergent.harvest.model import LinkState, Outcome
from ckanext.emergent.harvest.report import Line, Report
from ckanext.emergent.harvest.work import Work
from ckanext.emergent.problem import Problem, Severity, problem


def withdraw(work: Work, links: Sequence[Any]) -> None:
    """Take out of sight, at once, what its portal does not publish any more.

    Title and links are forgotten too: they may be what the portal no longer wants to be known.
    """
    retire(
        work,
        links,
        problem("withdrawn_by_portal", severity=Severity.WARNING),
        dict.fromkeys(("title", "landing_page", "source_url", "source_page", "fingerprint")),
    )


def retire(
    work: Work, links: Sequence[Any], why: Problem, forgotten: Mapping[str, Any] | None = None
) -> None:
    """Retire the datasets of linked records (rows with id, identifier, dataset_id), in batches.

    A dataset that a person deleted or purged meanwhile is theirs: its record is detached.
    """
    rest = iter(links)
    while batch := list(islice(rest, work.batch_size)):
        shown = work.catalogue.show([link.dataset_id for link in batch if link.dataset_id])
        here = [link for link in batch if _is_active(shown.get(link.dataset_id))]
        gone = [link for link in batch if link not in here]
        _Retirement(work, why, dict(forgotten or {})).of(here)
        _detach(work, gone)


def _is_active(shown: Mapping[str, Any] | None) -> bool:
    return shown is not None and shown.get("state") == "active"


def _detach(work: Work, links: Sequence[Any]) -> None:
    detached = LinkState.DETACHED.value
    linked.save(
        work.session,
        work.portal_id,
        [{"id": link.id, "state": detached} for link in links],
    )
    work.session.commit()


class _Retirement:
    """One batch of datasets on their way out of sight."""

    def __init__(self, work: Work, why: Problem, forgotten: Mapping[str, Any]) -> None:
        self._work = work
        self._why = why
        self._forgotten = forgotten
        self._told: list[Report] = []

    def of(self, links: Sequence[Any]) -> None:
        by_dataset = {link.dataset_id: link for link in links}
        if not by_dataset:
            return

        def alongside(written: tuple[Written, ...]) -> None:
            self._settle([by_dataset[str(one.dataset_id)] for one in written])

        written = self._work.catalogue.retire(list(by_dataset), alongside)
        for one in written:
            if one.dataset_id is not None and not one.arrived:
                self._tell([by_dataset[one.dataset_id]], Outcome.FAILED, one.problems)
        self._work.session.commit()
        for told in self._told:
            self._work.listener.hear(told)

    def _settle(self, links: Sequence[Any]) -> None:
        work = self._work
        state = {"state": LinkState.RETIRED.value, **self._forgotten}
        linked.save(work.session, work.portal_id, [{"id": link.id, **state} for link in links])
        report.forget(work.session, work.portal_id, {link.identifier for link in links})
        self._tell(links, Outcome.RETIRED, (self._why,))

    def _tell(self, links: Sequence[Any], outcome: Outcome, problems: Sequence[Problem]) -> None:
        told = Report()
        for link in links:
            line = _line(link, outcome, titled="title" not in self._forgotten)
            told.add(line, problems)
        report.store(self._work.session, self._work.run_id, self._work.portal_id, told)
        self._told.append(told)


def _line(link: Any, outcome: Outcome, *, titled: bool) -> Line:
    return Line(
        identifier=link.identifier,
        outcome=outcome,
        title=link.title if titled else None,
        link=link.source_url if titled else None,
        dataset_id=link.dataset_id,
    )
