"""One run for each portal at a time: a lease in the database, kept alive by a heartbeat.

A run belongs to the worker that its row names, for as long as the heartbeat is young. An old
heartbeat means that the worker died: whoever comes next takes the run over and goes on. All
times are the database's, so that no two machines' clocks are compared.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.emergent.harvest import config
from ckanext.emergent.harvest.model import Portal, Run, RunKind, RunState, StagedRecord

__all__ = ["LeaseLostError", "RunBusyError", "heartbeat", "keep", "open_run", "release", "take"]

_OPEN = tuple(state.value for state in RunState if state.is_open)
_NOW = sa.func.clock_timestamp()
#: How many times within a lease the heart beats.
_BEATS = 4


class RunBusyError(Exception):
    """Another worker is at this run; its heartbeat is young."""


class LeaseLostError(Exception):
    """The run was stopped, or taken over by another worker: leave it alone."""


def worker_name() -> str:
    """A name for this worker, unlike every other's: machine, process, and a part by chance."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def open_run(session: Any, portal_id: str, kind: RunKind, user: str | None) -> str:
    """The portal's open run, or a new one that waits in the queue; the id.

    The portal's row is locked meanwhile, so that two who start at once get the same run.
    """
    session.execute(sa.select(Portal.id).where(Portal.id == portal_id).with_for_update())
    run_id = session.scalar(
        sa.select(Run.id).where(Run.portal_id == portal_id, Run.state.in_(_OPEN))
    )
    if run_id is None:
        run_id = str(uuid.uuid4())
        _drop_staged_of_closed_runs(session, portal_id)
        session.execute(
            sa.insert(Run).values(id=run_id, portal_id=portal_id, kind=kind.value, user=user)
        )
    session.commit()
    return str(run_id)


def _drop_staged_of_closed_runs(session: Any, portal_id: str) -> None:
    """What a held or failed run left unwritten is read again by the new one."""
    runs = sa.select(Run.id).where(Run.portal_id == portal_id)
    session.execute(sa.delete(StagedRecord).where(StagedRecord.run_id.in_(runs)))


def take(session: Any, run_id: str, worker: str) -> None:
    """Make `run_id` this worker's. Raises `RunBusyError` when it is another's, or has ended."""
    lease = sa.func.make_interval(0, 0, 0, 0, 0, 0, config.lease_seconds())
    free = sa.or_(Run.worker.is_(None), Run.heartbeat.is_(None), Run.heartbeat < _NOW - lease)
    taken = session.execute(
        sa.update(Run)
        .where(Run.id == run_id, Run.state.in_(_OPEN), free)
        .values(
            worker=worker,
            heartbeat=_NOW,
            started=sa.func.coalesce(Run.started, _NOW),
            state=sa.case(
                (Run.end.is_(None), RunState.READING.value), else_=RunState.WRITING.value
            ),
        )
    )
    session.commit()
    if not taken.rowcount:
        raise RunBusyError(run_id)


def keep(session: Any, run_id: str, worker: str) -> None:
    """Move the heartbeat within the open transaction. Raises `LeaseLostError`.

    What the transaction writes is committed only by the run's own worker: the row stays locked
    until then.
    """
    beat = session.execute(_beat(run_id, worker))
    if not beat.rowcount:
        session.rollback()
        raise LeaseLostError(run_id)


def _beat(run_id: str, worker: str) -> Any:
    return (
        sa.update(Run)
        .where(Run.id == run_id, Run.worker == worker, Run.state.in_(_OPEN))
        .values(heartbeat=_NOW)
    )


def release(session: Any, run_id: str, worker: str) -> None:
    """Give an unfinished run back: *interrupted*, and free for the next worker at once."""
    session.rollback()
    session.execute(
        sa.update(Run)
        .where(Run.id == run_id, Run.worker == worker, Run.state.in_(_OPEN))
        .values(state=RunState.INTERRUPTED.value, worker=None, heartbeat=None)
    )
    session.commit()


@contextmanager
def heartbeat(run_id: str, worker: str) -> Iterator[None]:
    """Keep the lease while this process waits for a slow portal or writes a large batch."""
    stop = threading.Event()
    pause = max(1.0, config.lease_seconds() / _BEATS)
    heart = threading.Thread(
        target=_beat_until, args=(stop, pause, run_id, worker), name="heartbeat", daemon=True
    )
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()


def _beat_until(stop: threading.Event, pause: float, run_id: str, worker: str) -> None:
    while not stop.wait(pause):
        try:
            with model.ensure_engine().begin() as connection:
                connection.execute(_beat(run_id, worker))
        except SQLAlchemyError:
            # The database is away for a moment; should it stay away, the run itself will notice.
            continue
