"""The tier on real services: one migrated database for all of it, emptied where a test asks."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from ckan import model, plugins
from ckan.cli.db import _migrate_plugins, _run_migrations
from ckan.common import config
from ckan.lib import search
from ckan.tests import helpers

from ckanext.emergent.tests.ckan.harvesting import (  # noqa: F401 - fixtures
    harvester,
    organisation,
    scripted,
    source,
)


@pytest.fixture(scope="session", autouse=True)
def migrated_database() -> None:
    """Brings the test database to the newest migrations of CKAN and of every plugin of test.ini.

    CKAN's own ``clean_db`` would drop all tables, plugins' too, at its first use in a session and
    make only core's again. Told that the tables are there it deletes their rows, which is also
    much faster.
    """
    plugins.load_all()
    try:
        _run_migrations("", "head")
        _migrate_plugins(apply=True)
    finally:
        plugins.unload_all()
    model.repo.tables_created_and_initialised = True


@pytest.fixture(scope="module")
def hub(migrated_database: None) -> Iterator[None]:
    """An empty hub with all plugins, once for a module; CKAN's fixtures do it for each test.

    The tests of such a module share it, so that each makes what it needs, under names of its own.
    """
    before = copy.deepcopy(dict(config))
    helpers.reset_db()
    plugins.load_all()
    search.clear_all()
    yield
    plugins.unload_all()
    config.clear()
    config.update(before)
