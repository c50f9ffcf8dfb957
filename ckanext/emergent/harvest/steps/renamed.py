"""A known landing page under a new identifier: the linked record is renamed, not made twice."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckanext.emergent.harvest import linked
from ckanext.emergent.harvest.model import LinkedRecord, LinkState, StagedRecord
from ckanext.emergent.reading.adapter import End

_LINKS = LinkedRecord.__table__
_STAGED = StagedRecord.__table__
_RENAMABLE = (LinkState.ACTIVE.value, LinkState.MISSING.value, LinkState.RETIRED.value)


def rename(session: Any, portal_id: str, run_id: str, end: End) -> int:
    """Give absent linked records the identifiers of new records with the same landing page.

    Only where the page is unique on both sides. How many were renamed.
    """
    pairs = list(session.execute(_pairs(portal_id, run_id, end)))
    for link_id, identifier in pairs:
        session.execute(
            sa.update(_LINKS).where(_LINKS.c.id == link_id).values(identifier=identifier)
        )
    linked.mark_seen(session, run_id, [link_id for link_id, _ in pairs])
    return len(pairs)


def _pairs(portal_id: str, run_id: str, end: End) -> Any:
    """(linked record's id, new identifier): the listed ones are all seen, the rest is absent."""
    listed = sa.select(_LINKS.c.landing_page).where(
        _LINKS.c.portal_id == portal_id, _LINKS.c.seen_run == run_id
    )
    new = (
        sa.select(_STAGED.c.landing_page, sa.func.min(_STAGED.c.identifier).label("identifier"))
        .where(_STAGED.c.run_id == run_id, _STAGED.c.late, _STAGED.c.landing_page.is_not(None))
        .group_by(_STAGED.c.landing_page)
        .having(sa.func.count() == 1)
        .subquery()
    )
    old = (
        sa.select(_LINKS.c.landing_page, sa.func.min(_LINKS.c.id).label("id"))
        .where(
            _LINKS.c.portal_id == portal_id,
            _LINKS.c.state.in_(_RENAMABLE),
            linked.unseen(run_id, end),
            _LINKS.c.landing_page.is_not(None),
        )
        .group_by(_LINKS.c.landing_page)
        .having(sa.func.count() == 1)
        .subquery()
    )
    return (
        sa.select(old.c.id, new.c.identifier)
        .join(new, new.c.landing_page == old.c.landing_page)
        .where(old.c.landing_page.not_in(listed.where(_LINKS.c.landing_page.is_not(None))))
    )
