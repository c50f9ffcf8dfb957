"""What a complete listing did not list: missing, and after the grace retired.

Absence is a set difference, in the database: linked records that this run did not see. Scopes
that could not be read are spared; from a window nothing follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.emergent.harvest import config
from ckanext.emergent.harvest.linked import unseen
from ckanext.emergent.harvest.model import LinkedRecord, LinkState, Run
from ckanext.emergent.reading.adapter import End

_LINKS = LinkedRecord.__table__
_NOW = sa.func.clock_timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """How many records are shown as this portal's, and how many of them vanished in this run."""

    known: int
    vanished: int

    @property
    def is_too_much(self) -> bool:
        """Whether an administrator should look before anything follows from it."""
        if self.vanished and self.vanished == self.known:
            return True
        few = self.vanished <= config.hold_at_least()
        return not few and self.vanished * 100 > self.known * config.hold_percent()


def absence(session: Any, portal_id: str, run_id: str, end: End) -> Absence:
    """Count, in one query, what the run did not see of the records that were there until now."""
    active = sa.and_(_LINKS.c.portal_id == portal_id, _LINKS.c.state == LinkState.ACTIVE.value)
    vanished = sa.func.count().filter(unseen(run_id, end))
    row = session.execute(sa.select(sa.func.count(), vanished).where(active)).one()
    return Absence(known=row[0], vanished=row[1])


def judge_once(session: Any, run_id: str) -> bool:
    """Whether this run's absentees are still to be judged; from now on they are not.

    A run that broke after this, and goes on, must not count an absence twice.
    """
    judged = sa.type_coerce({"judged": True}, JSONB)
    done = session.execute(
        sa.update(Run)
        .where(Run.id == run_id, sa.not_(Run.end.has_key("judged")))
        .values(end=Run.end.concat(judged))
    )
    return bool(done.rowcount)


def mark_missing(session: Any, portal_id: str, run_id: str, end: End) -> int:
    """Note every shown record that the run did not see; how many."""
    missing = session.execute(
        sa.update(_LINKS)
        .where(
            _LINKS.c.portal_id == portal_id,
            _LINKS.c.state.in_([LinkState.ACTIVE.value, LinkState.MISSING.value]),
            unseen(run_id, end),
        )
        .values(
            state=LinkState.MISSING.value,
            missing_since=sa.func.coalesce(_LINKS.c.missing_since, _NOW),
            missing_runs=_LINKS.c.missing_runs + 1,
        )
    )
    return int(missing.rowcount)


def drop_duplicates(session: Any, portal_id: str, run_id: str, end: End) -> None:
    """Forget that this portal lists another portal's dataset, when it does no longer."""
    session.execute(
        sa.delete(_LINKS).where(
            _LINKS.c.portal_id == portal_id,
            _LINKS.c.state == LinkState.DUPLICATE.value,
            unseen(run_id, end),
        )
    )


def overdue(session: Any, portal_id: str, run_id: str, end: End) -> list[Any]:
    """The missing records whose grace is over: absent in enough listings, or for long enough."""
    grace = sa.func.make_interval(0, 0, 0, config.grace_days())
    rows = sa.select(
        _LINKS.c.id,
        _LINKS.c.identifier,
        _LINKS.c.dataset_id,
        _LINKS.c.title,
        _LINKS.c.source_url,
    ).where(
        _LINKS.c.portal_id == portal_id,
        _LINKS.c.state == LinkState.MISSING.value,
        unseen(run_id, end),
        sa.or_(
            _LINKS.c.missing_runs >= config.grace_runs(), _LINKS.c.missing_since <= _NOW - grace
        ),
    )
    return list(session.execute(rows))
