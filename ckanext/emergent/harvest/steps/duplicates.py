"""The same page from two portals is one dataset.

A page identifies a dataset only if it is unique in its listing, here and there. Beside the
landing page it may be an entry in a file: what one portal copied from it, the other reads there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ckanext.emergent.harvest.landing import entry_at
from ckanext.emergent.harvest.model import LinkedRecord, LinkState, StagedRecord

_LINKS = LinkedRecord.__table__
_STAGED = StagedRecord.__table__
_OWNING = (LinkState.ACTIVE.value, LinkState.MISSING.value)


def pages_in_use(session: Any, pages: Iterable[str | None]) -> set[str]:
    """Those of the pages that some linked record has already."""
    wanted = {page for page in pages if page}
    if not wanted:
        return set()
    page = _column_of(wanted)
    used = sa.or_(_linked(page, _LINKS.c.landing_page), _linked(page, _LINKS.c.source_page))
    return set(session.scalars(sa.select(page).where(used)))


def originals(
    session: Any, portal_id: str, run_id: str, staged: Sequence[Any]
) -> Mapping[str, str]:
    """The datasets that other portals' records own, by the id of the staged record."""
    keys = {one.id: _keys(one) for one in staged}
    pages = pages_in_use(session, (page for found in keys.values() for page in found))
    pages -= _listed_twice(session, portal_id, run_id, pages)
    owners = _owners(session, portal_id, pages)
    found = {key: next((owners[p] for p in own if p in owners), None) for key, own in keys.items()}
    return {key: dataset for key, dataset in found.items() if dataset is not None}


def _keys(staged: Any) -> tuple[str, ...]:
    keys = (staged.landing_page, entry_at(staged.source_url))
    return tuple(key for key in keys if key)


def _column_of(pages: Iterable[str]) -> Any:
    values = sa.cast(sorted(pages), ARRAY(sa.Text))
    return sa.func.unnest(values).column_valued("page")


def _linked(page: Any, column: Any) -> Any:
    """Whether any record has the page: an index look-up each, however many records have it."""
    return sa.exists(sa.select(sa.literal(1)).where(column == page))


def _owners(session: Any, portal_id: str, pages: set[str]) -> dict[str, str]:
    """The dataset of the only other record that has the page, by page."""
    if not pages:
        return {}
    owned: dict[str, list[str]] = {page: [] for page in pages}
    for column in (_LINKS.c.landing_page, _LINKS.c.source_page):
        rows = sa.select(column, _LINKS.c.dataset_id).where(
            column.in_(pages), _LINKS.c.portal_id != portal_id, _LINKS.c.state.in_(_OWNING)
        )
        for page, dataset_id in session.execute(rows):
            if dataset_id not in owned[page]:
                owned[page].append(dataset_id)
    return {page: datasets[0] for page, datasets in owned.items() if len(datasets) == 1}


def _listed_twice(session: Any, portal_id: str, run_id: str, pages: set[str]) -> set[str]:
    """The pages that several records of this portal have, linked or still staged."""
    if not pages:
        return set()
    linked = sa.select(_LINKS.c.landing_page, _LINKS.c.identifier).where(
        _LINKS.c.landing_page.in_(pages), _LINKS.c.portal_id == portal_id
    )
    staged = sa.select(_STAGED.c.landing_page, _STAGED.c.identifier).where(
        _STAGED.c.landing_page.in_(pages), _STAGED.c.run_id == run_id
    )
    both = sa.union(linked, staged).subquery()
    twice = sa.select(both.c.landing_page).group_by(both.c.landing_page)
    return set(session.scalars(twice.having(sa.func.count() > 1)))
