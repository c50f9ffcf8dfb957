"""The tier that runs on real services: one migrated database for all of it, emptied where a test asks."""

from __future__ import annotations

import pytest
from ckan import model, plugins
from ckan.cli.db import _migrate_plugins, _run_migrations
from ckan.common import config


@pytest.fixture(scope="session", autouse=True)
def migrated_database() -> None:
    """Brings the test database to the newest migrations of CKAN and of every plugin of test.ini.

    CKAN's own ``clean_db`` would drop all tables, plugins' too, at its first use in a session and make only core's
    again. Told that the tables are there it deletes their rows, which is also much faster.
    """
    plugins.load_all()
    try:
        _run_migrations("", "head")
        _migrate_plugins(apply=True)
    finally:
        plugins.unload_all()
    model.repo.tables_created_and_initialised = True
