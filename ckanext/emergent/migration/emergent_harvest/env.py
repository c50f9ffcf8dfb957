"""Runs the migrations of the harvester's tables, for `ckan db`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context

from ckanext.emergent.harvest import model

VERSION_TABLE = "emergent_harvest_alembic_version"
OURS = {table.__tablename__ for table in model.TABLES}


def is_ours(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Alembic compares our tables only, not those of CKAN in the same database."""
    return kind != "table" or name in OURS


def run() -> None:
    """Migrate in one transaction; after the last step down no trace of us is left."""
    engine = sa.create_engine(
        context.config.get_main_option("sqlalchemy.url") or "", poolclass=sa.pool.NullPool
    )
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=model.Portal.metadata,
            version_table=VERSION_TABLE,
            include_object=is_ours,
        )
        with context.begin_transaction():
            context.run_migrations()
            forget_version(connection)


def forget_version(connection: sa.Connection) -> None:
    """Alembic keeps an empty table where nothing is migrated any more."""
    table = sa.table(VERSION_TABLE)
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return
    if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
        connection.execute(sa.text(f"DROP TABLE {VERSION_TABLE}"))


run()
