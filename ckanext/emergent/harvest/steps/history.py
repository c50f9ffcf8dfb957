"""How much of the past is kept: the newest runs of each portal, and what is still true."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckanext.emergent.harvest.model import ProblemRow, Run, RunState

_CLOSED = tuple(state.value for state in RunState if not state.is_open)


def trim(session: Any, portal_id: str, keep: int) -> None:
    """Delete a portal's oldest closed runs, within the open transaction.

    What a deleted run found about records is still true as long as they were not judged anew:
    it moves to the oldest run that stays.
    """
    old = list(session.scalars(_beyond(portal_id, keep)))
    if not old:
        return
    heir = session.scalar(
        sa.select(Run.id)
        .where(Run.portal_id == portal_id, Run.id.not_in(old))
        .order_by(Run.created)
        .limit(1)
    )
    if heir is not None:
        session.execute(
            sa.update(ProblemRow)
            .where(ProblemRow.run_id.in_(old), ProblemRow.identifier.is_not(None))
            .values(run_id=heir)
        )
    session.execute(sa.delete(Run).where(Run.id.in_(old)))


def _beyond(portal_id: str, keep: int) -> Any:
    closed = sa.select(Run.id).where(Run.portal_id == portal_id, Run.state.in_(_CLOSED))
    return closed.order_by(Run.created.desc()).offset(max(1, keep))
