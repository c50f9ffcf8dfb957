"""The plugin `emergent_hub`: the theme and the hub page, and nothing that could not be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p

from ckanext.emergent.hub import helpers, views
from ckanext.emergent.hub.logic import action, auth

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.common import CKANConfig
else:
    import ckantoolkit as tk


@tk.blanket.actions(action)
@tk.blanket.auth_functions(auth)
@tk.blanket.blueprints(views)
@tk.blanket.helpers(helpers)
@tk.blanket.config_declarations
class EmergentHubPlugin(p.SingletonPlugin):
    """Puts the hub's pages and look over CKAN's own."""

    p.implements(p.IConfigurer)

    # IConfigurer

    def update_config(self, config_: CKANConfig) -> None:
        """Add templates and assets; both folders lie beside this module."""
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "emergent_hub")
