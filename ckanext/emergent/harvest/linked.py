"""Linked records: finding them, marking them seen, moving them between states."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ckanext.emergent.harvest.model import LinkedRecord, LinkState
from ckanext.emergent.reading.adapter import End

_NOW = sa.func.clock_timestamp()
_LINKS = LinkedRecord.__table__
#: What the comparison of a page needs; `written` is large and left out.
_COMPARED = (
    _LINKS.c.id,
    _LINKS.c.identifier,
    _LINKS.c.fingerprint,
    _LINKS.c.state,
    _LINKS.c.dataset_id,
    _LINKS.c.seen_run,
    _LINKS.c.title,
    _LINKS.c.source_url,
)


def compared(session: Any, portal_id: str, identifiers: Collection[str]) -> dict[str, Any]:
    """Rows for a page's identifiers, without `written`, by identifier."""
    return _by_identifier(session, _COMPARED, portal_id, identifiers)


def whole(session: Any, portal_id: str, identifiers: Collection[str]) -> dict[str, Any]:
    """Whole rows for a batch's identifiers, by identifier."""
    return _by_identifier(session, (_LINKS,), portal_id, identifiers)


def _by_identifier(
    session: Any, columns: Sequence[Any], portal_id: str, identifiers: Collection[str]
) -> dict[str, Any]:
    if not identifiers:
        return {}
    rows = sa.select(*columns).where(
        _LINKS.c.portal_id == portal_id, _LINKS.c.identifier.in_(identifiers)
    )
    return {row.identifier: row for row in session.execute(rows)}


def mark_seen(session: Any, run_id: str, ids: Collection[str]) -> None:
    """Note that a run saw these records: nothing that was missing is missing any more."""
    if not ids:
        return
    found_again = sa.case(
        (_LINKS.c.state == LinkState.MISSING.value, LinkState.ACTIVE.value), else_=_LINKS.c.state
    )
    session.execute(
        sa.update(_LINKS)
        .where(_LINKS.c.id.in_(ids))
        .values(
            seen_run=run_id,
            last_seen=_NOW,
            state=found_again,
            missing_since=None,
            missing_runs=0,
        )
    )


def has_unseen(session: Any, portal_id: str, run_id: str) -> bool:
    """Whether the portal has records that this run did not see (yet)."""
    unseen = sa.select(sa.literal(1)).where(
        _LINKS.c.portal_id == portal_id, _LINKS.c.seen_run.is_distinct_from(run_id)
    )
    return session.scalar(unseen.limit(1)) is not None


def count_shown(session: Any, portal_id: str) -> int:
    """How many of a portal's records have a dataset in sight."""
    shown = (LinkState.ACTIVE.value, LinkState.MISSING.value)
    rows = sa.select(sa.func.count()).where(
        _LINKS.c.portal_id == portal_id, _LINKS.c.state.in_(shown)
    )
    return int(session.scalar(rows) or 0)


def unseen(run_id: str, end: End) -> Any:
    """The condition that a run did not see a record, scopes that it could not read left out."""
    not_seen = _LINKS.c.seen_run.is_distinct_from(run_id)
    if not end.unread:
        return not_seen
    spared = _LINKS.c.scope.in_(end.unread)
    return sa.and_(not_seen, sa.or_(_LINKS.c.scope.is_(None), sa.not_(spared)))


def save(session: Any, portal_id: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Add the records that have no `id`, change the others."""
    new = [{**one, "portal_id": portal_id} for one in records if "id" not in one]
    known = [dict(one) for one in records if "id" in one]
    if new:
        session.execute(sa.insert(LinkedRecord), new)
    if known:
        session.execute(sa.update(LinkedRecord), known)
