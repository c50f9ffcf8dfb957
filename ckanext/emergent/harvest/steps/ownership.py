"""Handing a dataset on to another portal that still lists it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from ckanext.emergent.harvest.model import LinkedRecord, LinkState, Portal

_LINKS = LinkedRecord.__table__


def hand_on(session: Any, link_ids: Collection[str] | sa.Select[Any]) -> dict[str, str]:
    """Give the datasets of linked records to the first other portal that lists them as well.

    `link_ids` are their ids, or a query for them.

    The heir starts from what was written before, so that edits stay edits, and its next run
    writes its own words. The handed-on records are forgotten. Id of the record -> title of the
    heir's portal, within the open transaction.
    """
    heirs = list(session.execute(_heirs(link_ids)))
    for heir in heirs:
        session.execute(
            sa.update(_LINKS)
            .where(_LINKS.c.id == heir.id)
            .values(
                state=LinkState.ACTIVE.value,
                fingerprint=None,
                written=heir.written,
                kept=heir.kept,
            )
        )
    handed_on = {heir.from_id: heir.title for heir in heirs}
    if handed_on:
        session.execute(sa.delete(_LINKS).where(_LINKS.c.id.in_(handed_on)))
    return handed_on


def _heirs(link_ids: Collection[str] | sa.Select[Any]) -> Any:
    owner, heir = _LINKS.alias("owner"), _LINKS.alias("heir")
    return (
        sa.select(
            owner.c.id.label("from_id"), heir.c.id, owner.c.written, owner.c.kept, Portal.title
        )
        .join(heir, heir.c.dataset_id == owner.c.dataset_id)
        .join(Portal, Portal.id == heir.c.portal_id)
        .where(
            owner.c.id.in_(link_ids),
            heir.c.state == LinkState.DUPLICATE.value,
            heir.c.portal_id != owner.c.portal_id,
        )
        .distinct(owner.c.id)
        .order_by(owner.c.id, heir.c.first_seen)
    )
