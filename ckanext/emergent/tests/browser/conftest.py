"""A real browser against a running hub with a small catalogue, one for each file of tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ckan import plugins
from ckan.common import config
from ckan.lib.app_globals import _CONFIG_CACHE
from ckan.tests.helpers import _get_test_app
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from ckanext.emergent.choices import Membership
from ckanext.emergent.tests import catalogue_content as content
from ckanext.emergent.tests.ckan.conftest import migrated_database

__all__ = ["migrated_database"]

SETTINGS = {
    "ckan.site_title": "Emergent Alliance",
    "ckan.datasets_per_page": 5,
    "ckanext.emergent.hub.cache_seconds": 0,
}
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is of the slow tier."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def site(migrated_database: None, reset_db: Any, reset_index: Any) -> Iterator[str]:
    """The address of a running hub with one dataset of each level."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in SETTINGS.items():
            patch.setitem(config, key, value)
        _CONFIG_CACHE.clear()
        plugins.load_all()
        try:
            reset_db()
            reset_index()
            fill()
            with served(_get_test_app().flask_app) as address:
                yield address
        finally:
            plugins.unload_all()


def fill() -> None:
    """Members with and without datasets, and a dataset of each level."""
    rssb = content.organization("rssb", "RSSB", Membership.MEMBER)
    content.organization("truata", "Truata", Membership.FOUNDING_PARTNER)
    content.organization("lida", "Leeds Institute for Data Analytics", Membership.FOUNDING_PARTNER)
    content.one_of_each_level(rssb)
    content.dataset(
        "timetables",
        content.Level.OPEN,
        rssb,
        title="Timetables of every passenger train, with platforms and passing times",
        notes="Each **train** that is planned, by day.\n\n* stops\n* times",
        challenges=["rail", "aloha"],
        tags=[{"name": "timetable"}, {"name": "rail"}],
        resources=[{"url": "https://example.org/t.csv", "name": "This week", "format": "CSV"}],
        url="https://example.org/timetables-of-every-passenger-train-with-platforms-and-times",
    )


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve a WSGI application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or else the one that Playwright installed."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A visitor's empty page. `indirect` parameters are those of Playwright's new_context."""
    options: dict[str, Any] = getattr(request, "param", {})
    context: BrowserContext = chromium.new_context(base_url=site, **options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
