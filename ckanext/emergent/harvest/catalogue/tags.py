"""Free tags, made once however many processes write.

PostgreSQL does not keep free tags unique (their vocabulary is NULL), so that two processes in
their transactions would each make the same new tag. Here new tags are made in a short
transaction of their own, one process at a time.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from ckan import model

_LOCK = 0x656D6572_74616773  # "emertags"


def find_or_make(names: Iterable[str]) -> dict[str, model.Tag]:
    """Name -> free tag, for all the names."""
    wanted = set(names)
    if not wanted:
        return {}
    found = _find(wanted)
    missing = wanted - found.keys()
    if missing:
        _make(missing)
        found |= _find(missing)
    return found


def _find(names: set[str]) -> dict[str, model.Tag]:
    query = sa.select(model.Tag).where(model.Tag.name.in_(names), model.Tag.vocabulary_id.is_(None))
    found: dict[str, model.Tag] = {}
    # Where a catalogue has a tag twice already, the same one is taken each time.
    for tag in model.Session.scalars(query.order_by(model.Tag.id.desc())):
        found[tag.name] = tag
    return found


def _make(names: set[str]) -> None:
    table = model.tag_table
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        there = connection.scalars(
            sa.select(table.c.name).where(table.c.name.in_(names), table.c.vocabulary_id.is_(None))
        )
        new = [{"name": name} for name in sorted(names - set(there))]
        if new:
            connection.execute(table.insert(), new)
