"""The plugin `emergent_harvest`: portals, runs, previews and their reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ckan.plugins as p

from ckanext.emergent.harvest import cli  # noqa: F401 - joins its commands to `ckan emergent`
from ckanext.emergent.harvest.catalogue import lookups

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
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

    p.implements(p.IConfigurer)
    p.implements(p.IValidators)

    # IConfigurer

    def update_config(self, config_: CKANConfig) -> None:
        """Add the templates; they stand before those of `emergent`."""
        tk.add_template_directory(config_, "templates")

    # IValidators

    def get_validators(self) -> dict[str, Callable[..., Any]]:
        return lookups.validators()
