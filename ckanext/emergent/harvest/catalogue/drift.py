"""The search index against the database: what it owes, and how it is mended.

Before a batch is posted its datasets are noted, in a transaction of their own; the batch's own
commit strikes them out. What a killed worker or an absent Solr leaves behind is still noted, and
`repair` brings the index to what the database says.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from ckan import model

from ckanext.emergent.harvest.catalogue import show
from ckanext.emergent.harvest.catalogue.index import Document, Index, document, moment
from ckanext.emergent.harvest.catalogue.place import load
from ckanext.emergent.harvest.catalogue.validate import context_for
from ckanext.emergent.harvest.model import IndexDebt

# A batch in flight settles its own notes; what is older has lost its worker.
IN_FLIGHT = timedelta(minutes=2)
_SLICE = 50


@dataclass(frozen=True, slots=True)
class Drift:
    """Dataset ids. `missing`: not in the index; `stale`: older there, or newer, than in the
    database; `ghosts`: in the index only.
    """

    missing: frozenset[str]
    stale: frozenset[str]
    ghosts: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.missing | self.stale | self.ghosts


@dataclass(frozen=True, slots=True)
class Repaired:
    """Ids that the index now has as the database, and id -> reason of those that it refuses."""

    mended: tuple[str, ...]
    refused: dict[str, str]


class Ledger:
    """What one catalogue has noted; `open` are the batches that it could not bring to an end."""

    def __init__(self) -> None:
        self.open: set[str] = set()

    def note(self, ids: Iterable[str]) -> str:
        """Note datasets about to be posted, at once and for good; the name of the batch."""
        batch, now = str(uuid.uuid4()), datetime.now(timezone.utc)
        rows = [{"batch": batch, "dataset_id": one, "since": now} for one in ids]
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.insert(IndexDebt.__table__), rows)
        self.open.add(batch)
        return batch

    def settle(self, batch: str) -> None:
        """Strike a batch out, when the session's transaction commits."""
        model.Session.execute(sa.delete(IndexDebt).where(IndexDebt.batch == batch))

    def close(self, batch: str) -> None:
        """The batch is committed; what is still noted of it is for `repair`, some day."""
        self.open.discard(batch)


def owed() -> int:
    """How many datasets are noted, those of batches in flight included."""
    return model.Session.scalar(sa.select(sa.func.count(IndexDebt.dataset_id.distinct()))) or 0


def repair(user: str, index: Index, *, also: Iterable[str] = (), at_once: bool = False) -> Repaired:
    """Index again what is noted, and `also` others, as `check` found them.

    Batches in flight are left alone unless `at_once`. Raises `IndexUnavailableError`.
    """
    before = None if at_once else datetime.now(timezone.utc) - IN_FLIGHT
    noted = _noted([] if before is None else [IndexDebt.since < before])
    return _repair(user, index, noted, set(also))


def mend(user: str, index: Index, ledger: Ledger) -> None:
    """Bring the index back to the database after batches of ours that came to no good end.

    What was posted of them has no dataset, or another one than the database has.
    """
    if ledger.open:
        _repair(user, index, _noted([IndexDebt.batch.in_(ledger.open)]), set())
        ledger.open.clear()


def _repair(user: str, index: Index, noted: list[tuple[str, int]], also: set[str]) -> Repaired:
    ids = sorted({dataset_id for dataset_id, _ in noted} | also)
    mended: list[str] = []
    refused: dict[str, str] = {}
    for start in range(0, len(ids), _SLICE):
        some = ids[start : start + _SLICE]
        wrong = index.post(_documents(some, user))
        refused |= wrong
        mended += [one for one in some if one not in wrong]
        _strike({row for one, row in noted if one in some and one not in wrong})
    if ids:
        index.commit()
    return Repaired(tuple(mended), refused)


def _noted(conditions: list[sa.ColumnElement[bool]]) -> list[tuple[str, int]]:
    query = sa.select(IndexDebt.dataset_id, IndexDebt.id).where(*conditions)
    return [(row.dataset_id, row.id) for row in model.Session.execute(query)]


def _documents(ids: Sequence[str], user: str) -> list[Document]:
    """What the index shall hold: a dataset that is not in the database goes out of it."""
    packages = load(ids)
    pairs = show.pairs(list(packages.values()), context_for(user))
    found = [document(pair.plain, pair.shown) for pair in pairs.values()]
    return found + [Document(one, None) for one in ids if one not in packages]


def _strike(rows: set[int]) -> None:
    model.Session.execute(sa.delete(IndexDebt).where(IndexDebt.id.in_(rows)))
    model.Session.commit()


def check(index: Index) -> Drift:
    """Compare all active datasets of the database with the index."""
    table = model.package_table
    select = sa.select(table.c.id, table.c.metadata_modified).where(table.c.state == "active")
    there = {row.id: moment(row.metadata_modified) for row in model.Session.execute(select)}
    indexed = dict(index.moments())
    both = there.keys() & indexed.keys()
    return Drift(
        missing=frozenset(there.keys() - indexed.keys()),
        stale=frozenset(one for one in both if there[one] != indexed[one]),
        ghosts=frozenset(indexed.keys() - there.keys()),
    )
