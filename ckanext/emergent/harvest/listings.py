"""Where a dataset is listed: the portal that it follows, and others that list it as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.emergent.harvest.model import LinkedRecord, LinkState, Portal

_LINKS = LinkedRecord.__table__
_PORTALS = Portal.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetListing:
    """One portal that lists, or listed, a dataset; `kept` are the fields in which an edit won."""

    portal: str
    title: str
    state: LinkState
    record_title: str | None
    source_url: str | None
    last_seen: datetime
    kept: tuple[str, ...] = ()

    @property
    def is_owner(self) -> bool:
        """Whether the dataset follows this portal; the others only list it as well."""
        return self.state is not LinkState.DUPLICATE


def listings_of(dataset_id: str) -> list[DatasetListing]:
    """Every portal that lists a dataset, its own first: one look-up by index."""
    rows = (
        sa.select(
            _PORTALS.c.name.label("portal"),
            _PORTALS.c.title,
            _LINKS.c.state,
            _LINKS.c.title.label("record_title"),
            _LINKS.c.source_url,
            _LINKS.c.last_seen,
            _LINKS.c.kept,
        )
        .join(_PORTALS, _PORTALS.c.id == _LINKS.c.portal_id)
        .where(_LINKS.c.dataset_id == dataset_id)
        .order_by(_LINKS.c.state == LinkState.DUPLICATE.value, _LINKS.c.first_seen)
    )
    return [_listing(row) for row in model.Session.execute(rows)]


def _listing(row: Any) -> DatasetListing:
    return DatasetListing(
        portal=row.portal,
        title=row.title,
        state=LinkState(row.state),
        record_title=row.record_title,
        source_url=row.source_url,
        last_seen=row.last_seen,
        kept=tuple(row.kept or ()),
    )


def retired(reference: str) -> DatasetListing | None:
    """What is still told of a dataset (by id or name) that was retired, where its portal is known.

    Nothing is told of a private one, nor of one that its portal withdrew.
    """
    package = model.Package.get(reference)
    if package is None or package.private or package.state != model.State.DELETED:
        return None
    found = (one for one in listings_of(package.id) if one.state is LinkState.RETIRED)
    return next((one for one in found if one.record_title is not None), None)
