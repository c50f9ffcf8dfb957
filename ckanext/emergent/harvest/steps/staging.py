"""New and changed records wait in the database for their batch to be written."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckanext.emergent.harvest.model import Run, StagedRecord

_STAGED = StagedRecord.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A mapped record on its way into the catalogue."""

    identifier: str
    fingerprint: str
    dataset: dict[str, Any]
    scope: str | None = None
    landing_page: str | None = None
    source_url: str | None = None
    late: bool = False


class Staging:
    """Puts records into batches: early ones are written as reading goes on, late ones after it.

    A run that goes on after an interruption opens new batches; unfilled ones stay as they are.
    """

    def __init__(self, session: Any, run_id: str, size: int) -> None:
        self._session = session
        self._run_id = run_id
        self._size = size
        self._opened = session.scalar(sa.select(Run.batches).where(Run.id == run_id)) or 0
        self._open: dict[bool, tuple[int, int]] = {}
        self._full: list[int] = []

    def add(self, records: Sequence[Staged]) -> None:
        """Stage records within the open transaction."""
        if not records:
            return
        rows = [self._row(record) for record in records]
        self._session.execute(sa.insert(StagedRecord), rows)
        self._session.execute(
            sa.update(Run).where(Run.id == self._run_id).values(batches=self._opened)
        )

    def take_full(self) -> list[int]:
        """The numbers of the early batches that filled up since the last call."""
        full, self._full = self._full, []
        return full

    def _row(self, record: Staged) -> dict[str, Any]:
        number, held = self._open.get(record.late, (0, self._size))
        if held >= self._size:
            self._opened += 1
            number, held = self._opened, 0
        self._open[record.late] = (number, held + 1)
        if held + 1 == self._size and not record.late:
            self._full.append(number)
        return {
            "id": str(uuid.uuid4()),
            "run_id": self._run_id,
            "batch": number,
            "position": held,
            "late": record.late,
            "identifier": record.identifier,
            "scope": record.scope,
            "landing_page": record.landing_page,
            "source_url": record.source_url,
            "fingerprint": record.fingerprint,
            "dataset": record.dataset,
        }


def waiting_batches(session: Any, run_id: str, *, late: bool) -> list[int]:
    """The numbers of the batches that still wait, in order."""
    numbers = sa.select(_STAGED.c.batch).where(_STAGED.c.run_id == run_id, _STAGED.c.late == late)
    return list(session.scalars(numbers.distinct().order_by(_STAGED.c.batch)))


def count_waiting(session: Any, run_id: str) -> int:
    """How many records still wait."""
    waiting = sa.select(sa.func.count()).where(_STAGED.c.run_id == run_id)
    return int(session.scalar(waiting) or 0)


def records_of(session: Any, run_id: str, batch: int) -> list[Any]:
    """The rows of a batch that are still to be written, locked against a second delivery."""
    rows = sa.select(_STAGED).where(_STAGED.c.run_id == run_id, _STAGED.c.batch == batch)
    return list(
        session.execute(rows.order_by(_STAGED.c.position).with_for_update(skip_locked=True))
    )


def take_out(session: Any, ids: Sequence[str]) -> set[str]:
    """Delete staged rows; the ids of those that were still there.

    Whoever deletes a row applies it: PostgreSQL lets only one of two transactions do so.
    """
    deleted = sa.delete(StagedRecord).where(StagedRecord.id.in_(ids)).returning(StagedRecord.id)
    return set(session.scalars(deleted))
