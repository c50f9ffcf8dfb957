"""The story of one run: start, read, write, finish.

    run_id = start_run(portal_id, RunKind.MANUAL, user)
    state = carry_out(run_id)

A run is carried out by one worker at a time, who holds its lease. Everything that is done is
saved with the place where it stopped: whoever takes a broken run over goes on from there.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.emergent import config as emergent_config
from ckanext.emergent.harvest import config, lease, linked
from ckanext.emergent.harvest.model import Outcome, Portal, Run, RunKind, RunState
from ckanext.emergent.harvest.report import Found, Listener, Report, store
from ckanext.emergent.harvest.secret import secret_of
from ckanext.emergent.harvest.steps import absence, renamed
from ckanext.emergent.harvest.steps.batch import write_batch
from ckanext.emergent.harvest.steps.history import trim
from ckanext.emergent.harvest.steps.listing import end_of, is_approved, read_pages
from ckanext.emergent.harvest.steps.ownership import hand_on
from ckanext.emergent.harvest.steps.staging import count_waiting, waiting_batches
from ckanext.emergent.harvest.steps.withdrawal import retire
from ckanext.emergent.harvest.work import Work, work_on
from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.adapter import End, Listing
from ckanext.emergent.reading.detect import adapter_for
from ckanext.emergent.reading.errors import FatalError, ReadingError
from ckanext.emergent.reading.network.fetch import Fetch, Key

log = logging.getLogger(__name__)

_NOW = sa.func.clock_timestamp()


def start_run(portal_id: str, kind: RunKind, user: str | None = None) -> str:
    """Open a run of a portal, or find the one that is open already; its id."""
    return lease.open_run(model.Session, portal_id, kind, user)


def approve(run_id: str) -> bool:
    """Let a held run go on, as somebody looked and found it right; whether there was one.

    Only the portal's newest run: what an older one saw is seen no longer.
    """
    run, other = Run.__table__, Run.__table__.alias("other")
    newer = sa.exists().where(other.c.portal_id == run.c.portal_id, other.c.created > run.c.created)
    approved = model.Session.execute(
        sa.update(run)
        .where(run.c.id == run_id, run.c.state == RunState.HELD.value, sa.not_(newer))
        .values(
            state=RunState.QUEUED.value,
            finished=None,
            end=run.c.end.concat(sa.type_coerce({"approved": True}, JSONB)),
        )
    )
    model.Session.commit()
    return bool(approved.rowcount)


def carry_out(run_id: str, listener: Listener | None = None) -> RunState:
    """Read and write until the run is over; in what state it ended.

    Raises `lease.RunBusyError` when another worker is at it, `lease.LeaseLostError` when it was
    stopped or taken over meanwhile.
    """
    worker = lease.worker_name()
    lease.take(model.Session, run_id, worker)
    work = _prepared(run_id, worker, listener)
    with _ending_in_a_state(work), lease.heartbeat(run_id, worker):
        return go_through(work)


def _prepared(run_id: str, worker: str, listener: Listener | None) -> Work:
    try:
        return work_on(run_id, worker, listener)
    except BaseException:
        lease.release(model.Session, run_id, worker)
        raise


@contextmanager
def _ending_in_a_state(work: Work) -> Iterator[None]:
    """Never leave a run open without a worker, whatever happens."""
    try:
        yield
    except lease.LeaseLostError:
        raise
    except Exception as error:
        # A mistake of ours would break the run again and again: it fails, and is told.
        log.exception("Run %s broke", work.run_id)
        work.session.rollback()
        broken = problem("run_broke", severity=Severity.ERROR, reason=type(error).__name__)
        close(work, RunState.FAILED, broken)
        raise
    except BaseException:
        lease.release(work.session, work.run_id, work.worker)
        raise


def go_through(work: Work) -> RunState:
    """The run itself, for a worker that holds its lease."""
    if not _organisation_is_there(work):
        return close(work, RunState.FAILED, problem("organisation_gone", severity=Severity.ERROR))
    try:
        read(work)
        return finish(work)
    except ReadingError as error:
        return fail(work, error.problem)


def _organisation_is_there(work: Work) -> bool:
    """Nothing is read, and nothing written, for an organisation that was removed."""
    if work.rules.owner_org is None:
        return True
    organisation = model.Session.get(model.Group, work.rules.owner_org)
    return organisation is not None and organisation.state == model.State.ACTIVE


def read(work: Work) -> None:
    """Read the listing from where it stopped, writing each batch as soon as it is full."""
    with Fetch(emergent_config.fetch_policy(), key=_key(work)) as fetch:
        adapter = adapter_for(work.adapter)(work.link)
        for batch in read_pages(work, adapter, fetch):
            write_batch(work, batch)


def _key(work: Work) -> Key | None:
    """The portal's key, as it is sent. Raises `FatalError` when it is named but not there."""
    if work.secret is None:
        return None
    value = secret_of(work.secret)
    if value is None:
        raise FatalError(problem("secret_missing", "secret", work.secret, severity=Severity.ERROR))
    return Key(link=work.link, header="Authorization", value=value)


def finish(work: Work) -> RunState:
    """Write what is still staged, judge what was absent, and close the run."""
    end = end_of(work.session, work.run_id)
    if end is None:
        raise FatalError(problem("listing_without_end", severity=Severity.ERROR))
    _write_waiting(work, late=False)
    if end.listing is Listing.COMPLETE:
        gone = absence.absence(work.session, work.portal_id, work.run_id, end)
        if gone.is_too_much and not is_approved(work.session, work.run_id):
            return _hold(work, gone)
        renamed.rename(work.session, work.portal_id, work.run_id, end)
        work.session.commit()
    _write_waiting(work, late=True)
    if end.listing is Listing.COMPLETE:
        _let_go(work, end)
    return close(work, RunState.FINISHED)


def _write_waiting(work: Work, *, late: bool) -> None:
    for batch in waiting_batches(work.session, work.run_id, late=late):
        lease.keep(work.session, work.run_id, work.worker)
        work.session.commit()
        write_batch(work, batch)


def _let_go(work: Work, end: End) -> None:
    """What was absent is missing; what has been missing for long enough is retired."""
    lease.keep(work.session, work.run_id, work.worker)
    missing = 0
    if absence.judge_once(work.session, work.run_id):
        missing = absence.mark_missing(work.session, work.portal_id, work.run_id, end)
        absence.drop_duplicates(work.session, work.portal_id, work.run_id, end)
    overdue = absence.overdue(work.session, work.portal_id, work.run_id, end)
    told = Report(others=+Counter({Outcome.MISSING.value: missing - len(overdue)}))
    handed_on = _hand_on(work, overdue, told)
    store(work.session, work.run_id, work.portal_id, told)
    work.session.commit()
    work.listener.hear(told)
    gone = [link for link in overdue if link.id not in handed_on]
    retire(work, gone, problem("absent_for_long", severity=Severity.NOTE))


def _hand_on(work: Work, links: Sequence[Any], told: Report) -> Mapping[str, str]:
    """What another portal still lists stays, as that portal's."""
    handed_on = hand_on(work.session, [link.id for link in links])
    for link in links:
        if link.id in handed_on:
            note = problem("handed_on", severity=Severity.NOTE, portal=handed_on[link.id])
            told.found.append(Found(problem=note, identifier=link.identifier, title=link.title))
    return handed_on


def _hold(work: Work, gone: absence.Absence) -> RunState:
    """Too much vanished at once: nothing is taken away or added until somebody has looked."""
    held = problem(
        "too_many_vanished", severity=Severity.ERROR, vanished=gone.vanished, known=gone.known
    )
    return close(work, RunState.HELD, held)


def fail(work: Work, why: Problem) -> RunState:
    """The portal could not be read on: what was read is written, nothing is taken away."""
    _write_waiting(work, late=False)
    if _few_wait(work):
        _write_waiting(work, late=True)
    return close(work, RunState.FAILED, why)


def _few_wait(work: Work) -> bool:
    """Whether the new records are few beside the known ones.

    Of many, in a listing that broke off, nobody knows whether they are the known ones renamed;
    the next run reads them again.
    """
    known = linked.count_shown(work.session, work.portal_id)
    new = count_waiting(work.session, work.run_id)
    return not absence.Absence(known=known, vanished=new).is_too_much


def close(work: Work, state: RunState, *why: Problem) -> RunState:
    """End a run in one of the final states, with the problems that are its own."""
    told = Report(found=[Found(problem=one) for one in why])
    lease.keep(work.session, work.run_id, work.worker)
    store(work.session, work.run_id, work.portal_id, told)
    _end(work.session, work.run_id, state)
    if state is RunState.FINISHED:
        _remember_how_far(work)
    trim(work.session, work.portal_id, config.history_runs())
    work.session.commit()
    work.listener.hear(told)
    return state


def _end(session: Any, run_id: str, state: RunState) -> None:
    session.execute(
        sa.update(Run).where(Run.id == run_id).values(state=state.value, finished=_NOW, worker=None)
    )


def _remember_how_far(work: Work) -> None:
    """What changes at the portal from the start of this run on is for the next one."""
    started = sa.select(Run.started).where(Run.id == work.run_id).scalar_subquery()
    session = work.session
    session.execute(sa.update(Portal).where(Portal.id == work.portal_id).values(read_until=started))
