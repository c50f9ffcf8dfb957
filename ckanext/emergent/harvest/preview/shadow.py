"""The harvester's tables, borrowed: temporary ones of the same names in front of them.

PostgreSQL looks among a connection's temporary tables first, and drops them when the connection
ends, however it ends. So the run's own code can write and commit as ever, nothing of it is seen
by others, and no row of the real tables is locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from ckanext.emergent.harvest.model import LinkedRecord, Portal, ProblemRow, Run, StagedRecord

_SHADOWED = (Portal, Run, LinkedRecord, StagedRecord, ProblemRow)


@contextmanager
def shadowed(portal_id: str) -> Iterator[Session]:
    """A session on shadows: the portal itself, and all linked records (other portals' in short)."""
    with model.ensure_engine().connect() as connection:
        try:
            schema = str(connection.scalar(sa.select(sa.func.current_schema())))
            for kind in _SHADOWED:
                _shadow(connection, kind.__table__)
            _fill(connection, schema, portal_id)
            connection.commit()
            with Session(bind=connection, expire_on_commit=False) as session:
                yield session
        finally:
            connection.rollback()
            connection.execute(sa.text("DISCARD TEMP"))
            connection.commit()


def _shadow(connection: sa.Connection, table: sa.Table) -> None:
    """An empty temporary table like the real one, with a counter of its own."""
    name = table.name
    connection.execute(sa.text(f"CREATE TEMP TABLE {name} (LIKE {name} INCLUDING ALL)"))
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.BigInteger):
            counter, default = (
                f"{name}_shadow",
                f"ALTER TABLE {name} ALTER {column.name} SET DEFAULT",
            )
            connection.execute(sa.text(f"CREATE TEMP SEQUENCE {counter}"))
            connection.execute(sa.text(f"{default} nextval('{counter}')"))


def _fill(connection: sa.Connection, schema: str, portal_id: str) -> None:
    """Copy what a run looks at; `written` is large, and of other portals it is not looked at."""
    portals, links = _real(Portal, schema), _real(LinkedRecord, schema)
    _copy(connection, Portal, sa.select(portals).where(portals.c.id == portal_id))
    mine = links.c.portal_id == portal_id
    written = sa.case((mine, links.c.written), else_=sa.type_coerce({}, JSONB))
    columns = [written if column.name == "written" else column for column in links.columns]
    _copy(connection, LinkedRecord, sa.select(*columns))


def _real(kind: Any, schema: str) -> sa.Table:
    """The table behind the shadow, by its full name."""
    table: sa.Table = kind.__table__
    return table.to_metadata(sa.MetaData(), schema=schema)


def _copy(connection: sa.Connection, kind: Any, rows: sa.Select[Any]) -> None:
    table: sa.Table = kind.__table__
    connection.execute(sa.insert(table).from_select([one.name for one in table.columns], rows))
