"""The harvester's tables: made by migrations, and gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator

import alembic.command
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.db import _repo_for_plugin, _run_migrations

from ckanext.emergent.harvest.model import TABLES

PLUGIN = "emergent_harvest"


@pytest.fixture(autouse=True)
def tables_are_put_back(with_plugins: None) -> Iterator[None]:
    """Other tests share the database."""
    model.Session.remove()
    _run_migrations(PLUGIN, "head")
    yield
    _run_migrations(PLUGIN, "head")


def ours_in_the_database() -> dict[str, int]:
    """Our tables, sequences and indexes by name."""
    with model.ensure_engine().connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT relname, oid FROM pg_class"
                " WHERE relname LIKE '%emergent\\_%' AND relname NOT LIKE '%emergent_hub%'"
            )
        )
        return {row.relname: row.oid for row in rows}


def test_migrating_up_makes_the_tables_that_the_models_describe() -> None:
    _run_migrations(PLUGIN, "head")
    with _repo_for_plugin(PLUGIN) as repo:
        repo.setup_migration_version_control()
        alembic.command.check(repo.alembic_config)
    assert {table.__tablename__ for table in TABLES} <= ours_in_the_database().keys()


def test_migrating_down_leaves_nothing_behind() -> None:
    _run_migrations(PLUGIN, "base", forward=False)
    assert ours_in_the_database() == {}


def test_migrating_down_and_up_again_makes_the_same_tables() -> None:
    before = ours_in_the_database().keys()
    _run_migrations(PLUGIN, "base", forward=False)
    _run_migrations(PLUGIN, "head")
    assert ours_in_the_database().keys() == before


def test_a_migrated_database_is_left_alone_by_the_next_upgrade() -> None:
    before = ours_in_the_database()
    _run_migrations(PLUGIN, "head")
    assert ours_in_the_database() == before
