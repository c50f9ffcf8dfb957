"""The plugin `emergent_harvest`: portals, runs, previews and their reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ckan.plugins as p

from ckanext.emergent.cli import emergent
from ckanext.emergent.harvest import cli
from ckanext.emergent.harvest.catalogue import lookups

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    import click
    from ckan.common import CKANConfig
else:
    import ckantoolkit as tk


@tk.blanket.config_declarations
@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.helpers
class EmergentHarvestPlugin(p.SingletonPlugin):
    """Keeps the hub's records true to the portals they were read from."""

    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IValidators)

    # IClick

    def get_commands(self) -> list[click.Command]:
        """None of its own: a second group named `emergent` would replace the first one."""
        for command in cli.COMMANDS:
            emergent.add_command(command)
        return []

    # IConfigurer

    def update_config(self, config_: CKANConfig) -> None:
        """Add the templates; they stand before those of `emergent`."""
        tk.add_template_directory(config_, "templates")

    # IValidators

    def get_validators(self) -> dict[str, Callable[..., Any]]:
        return lookups.validators()
