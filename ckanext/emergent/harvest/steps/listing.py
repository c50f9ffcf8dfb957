"""Reading a portal's listing, page by page: compare, stage what is new or changed, go on.

A page is saved with its cursor in one transaction, so that an interrupted run goes on exactly
where it stopped. Memory holds one page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import sqlalchemy as sa

from ckanext.emergent.harvest import lease, linked, report
from ckanext.emergent.harvest.landing import entry_at, page_of
from ckanext.emergent.harvest.model import LinkState, Run, RunState, StagedRecord
from ckanext.emergent.harvest.report import Found
from ckanext.emergent.harvest.steps import duplicates, withdrawal
from ckanext.emergent.harvest.steps.compare import Known, PageSorter, Sorted
from ckanext.emergent.harvest.steps.staging import Staging
from ckanext.emergent.harvest.work import Work
from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.adapter import Adapter, End, Listing, Page
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.reading.network.fetch import Fetch


def read_pages(work: Work, adapter: Adapter, fetch: Fetch) -> Iterator[int]:
    """Read what is left of the listing; yields the number of each batch that filled up.

    Raises `FatalError` when the portal cannot be read on; what was read before stands.
    """
    begun = work.session.execute(sa.select(Run.cursor, Run.end).where(Run.id == work.run_id)).one()
    if begun.end is not None:
        return
    reader = _Reader(work)
    for page in adapter.pages(fetch, cursor=begun.cursor):
        reader.take(page)
        yield from reader.full_batches()
        if page.end is not None:
            return
    raise FatalError(problem("listing_without_end", severity=Severity.ERROR))


def end_of(session: Any, run_id: str) -> End | None:
    """How the listing of a run ended; None while it did not."""
    stored = session.scalar(sa.select(Run.end).where(Run.id == run_id))
    if stored is None:
        return None
    return End(listing=Listing(stored["listing"]), unread=tuple(stored["unread"]))


def is_approved(session: Any, run_id: str) -> bool:
    """Whether somebody looked at what vanished, and found it right."""
    stored = session.scalar(sa.select(Run.end).where(Run.id == run_id))
    return bool(stored and stored.get("approved"))


class _Reader:
    """Takes pages, one transaction each."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._staging = Staging(work.session, work.run_id, work.batch_size)
        #: With records that were not seen yet, a new one may be an old one renamed.
        self._may_be_renamed = linked.has_unseen(work.session, work.portal_id, work.run_id)

    def full_batches(self) -> list[int]:
        return self._staging.take_full()

    def take(self, page: Page) -> None:
        work = self._work
        known = self._known(page)
        sorted_page = PageSorter(work.rules, known, self._late_test(page, known)).sort(page.records)
        sorted_page.report.found.extend(Found(problem=one) for one in page.problems)
        withdrawal.withdraw(work, sorted_page.withdrawn)
        self._save(page, known, sorted_page)
        work.session.commit()
        work.listener.read(len(page.records), page.total)
        work.listener.hear(sorted_page.report)

    def _save(self, page: Page, known: Known, sorted_page: Sorted) -> None:
        work = self._work
        lease.keep(work.session, work.run_id, work.worker)
        linked.mark_seen(work.session, work.run_id, [link.id for link in known.links.values()])
        anew = [one.identifier for one in sorted_page.report.found if one.identifier]
        changed = [one.identifier for one in sorted_page.staged]
        report.forget(work.session, work.portal_id, {*anew, *changed})
        self._staging.add(sorted_page.staged)
        report.store(work.session, work.run_id, work.portal_id, sorted_page.report)
        work.session.execute(sa.update(Run).where(Run.id == work.run_id).values(_progress(page)))

    def _known(self, page: Page) -> Known:
        work = self._work
        identifiers = {record.identifier for record in page.records}
        links = linked.compared(work.session, work.portal_id, identifiers)
        return Known(
            run_id=work.run_id,
            links=links,
            staged=_staged(work, {one for one in identifiers if _may_be_staged(work, links, one)}),
            returned=_returned(work, links.values()),
        )

    def _late_test(self, page: Page, known: Known) -> Callable[[str], bool]:
        if self._may_be_renamed:
            return lambda _identifier: True
        new = [one for one in page.records if one.identifier not in known.links]
        pages = [(page_of(one), entry_at(one.source_url)) for one in new]
        in_use = duplicates.pages_in_use(self._work.session, chain.from_iterable(pages))
        late = {one.identifier for one, own in zip(new, pages, strict=True) if in_use & {*own}}
        return late.__contains__


def _may_be_staged(work: Work, links: Mapping[str, Any], identifier: str) -> bool:
    link = links.get(identifier)
    return link is None or link.seen_run == work.run_id


def _staged(work: Work, identifiers: Collection[str]) -> dict[str, str]:
    """The fingerprints of records that this run staged and did not write yet."""
    if not identifiers:
        return {}
    rows = sa.select(StagedRecord.identifier, StagedRecord.fingerprint).where(
        StagedRecord.run_id == work.run_id, StagedRecord.identifier.in_(identifiers)
    )
    return {row.identifier: row.fingerprint for row in work.session.execute(rows)}


def _returned(work: Work, links: Iterable[Any]) -> frozenset[str]:
    """The datasets that were taken out of the hub by a person, and put back since."""
    detached = [
        link.dataset_id
        for link in links
        if link.state == LinkState.DETACHED.value and link.dataset_id
    ]
    shown = work.catalogue.show(detached) if detached else {}
    return frozenset(key for key, one in shown.items() if one.get("state") == "active")


def _progress(page: Page) -> dict[str, Any]:
    """What a run's row keeps of a page: where to go on, and how the listing ended."""
    progress: dict[str, Any] = {"cursor": page.cursor}
    if page.total is not None:
        progress["total"] = page.total
    if page.end is not None:
        progress["end"] = {
            "listing": page.end.listing.value,
            "unread": list(page.end.unread),
        }
        progress["state"] = RunState.WRITING.value
    return progress
