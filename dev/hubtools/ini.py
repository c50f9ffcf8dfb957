"""The hub's ckan.ini: everything that differs from CKAN's defaults, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

PLUGINS = (
    *("emergent_hub", "emergent_harvest", "emergent"),
    *("scheming_datasets", "scheming_organizations", "dcat", "structured_data"),
    *("activity", "text_view", "image_view"),
)

SETTINGS = {
    "ckan.plugins": " ".join(PLUGINS),
    "ckan.site_id": "emergent_hub",
    "ckan.site_title": "Emergent Alliance data hub",
    "ckan.site_description": "Find, publish and use data across the Alliance",
    "ckan.locale_default": "en_GB",
    # Only administrators make organisations, or anyone could call themselves a founding partner.
    "ckan.auth.user_create_organizations": "false",
    "ckan.auth.user_create_groups": "false",
    # A record that only links to its data is a complete record.
    "ckan.dataset.create_on_ui_requires_resources": "false",
}

#: `dev/hub` serves the demo's portal from this machine; a hub in production leaves this empty.
DEMO_ON_THIS_MACHINE = {"ckanext.emergent.fetch.allowed_networks": "127.0.0.0/8"}

LOGGING = """\
[loggers]
keys = root, ckan, ckanext

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[logger_ckan]
qualname = ckan
level = WARNING
handlers =

[logger_ckanext]
qualname = ckanext
level = INFO
handlers =

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s] %(message)s
"""


def render(settings: Mapping[str, str]) -> str:
    """An ini file of :data:`SETTINGS` and the given ones, which win; ``%`` is escaped."""
    rows = {**SETTINGS, **settings}
    body = "\n".join(f"{name} = {value.replace('%', '%%')}" for name, value in rows.items())
    return (
        "# Written by dev/hub at each start: a change made here does not last.\n"
        "[DEFAULT]\ndebug = false\n\n"
        f"[app:main]\nuse = egg:ckan\n{body}\n\n{LOGGING}"
    )
