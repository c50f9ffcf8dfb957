"""Makes the hub's administrator, or gives them this password again.

Run by the environment's Python, ``python -m hubtools.administrator CKAN.INI NAME``, with the
password on standard input, where other users of the machine cannot read it.
"""

from __future__ import annotations

import sys

from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit as tk


def ensure_administrator(name: str, password: str) -> None:
    context = {"ignore_auth": True}
    user = {"name": name, "password": password, "email": f"{name}@hub.invalid", "sysadmin": True}
    try:
        known = tk.get_action("user_show")(dict(context), {"id": name})
    except tk.ObjectNotFound:
        tk.get_action("user_create")(dict(context), user)
    else:
        tk.get_action("user_update")(dict(context), {**user, "id": known["id"], "state": "active"})


def main(ini: str, name: str) -> None:
    password = sys.stdin.readline().strip()
    app = make_app(load_config(ini))
    with (
        app._wsgi_app.test_request_context()
    ):  # what ckan's own commands do: actions need a request
        ensure_administrator(name, password)


if __name__ == "__main__":
    main(*sys.argv[1:])
