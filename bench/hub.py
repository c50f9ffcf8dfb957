"""An empty hub to measure on: CKAN with the plugins of test.ini, and one organisation."""

from __future__ import annotations

from services import ROOT

ORGANISATION = "bench"


class an_empty_hub:  # noqa: N801 - read as words
    """CKAN with the plugins of test.ini, an empty database and an empty index; the site's user."""

    def __enter__(self) -> str:
        from ckan import logic, model
        from ckan.cli import load_config
        from ckan.cli.db import _migrate_plugins, _run_migrations
        from ckan.config.middleware import make_app
        from ckan.lib import search

        app = make_app(load_config(str(ROOT / "test.ini")))
        self._context = app._wsgi_app.test_request_context()
        self._context.push()
        _run_migrations("", "head")
        _migrate_plugins(apply=True)
        model.repo.tables_created_and_initialised = True
        model.repo.rebuild_db()
        search.clear_all()
        user = str(logic.get_action("get_site_user")({"ignore_auth": True}, {})["name"])
        logic.get_action("organization_create")(
            {"user": user, "ignore_auth": True}, {"name": ORGANISATION, "title": "Bench"}
        )
        return user

    def __exit__(self, *_error: object) -> None:
        self._context.pop()
