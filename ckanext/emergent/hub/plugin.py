"""The plugin `emergent_hub`: the theme and the hub page, and nothing that could not be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk


class EmergentHubPlugin(p.SingletonPlugin):
    """Puts the hub's pages and look over CKAN's own."""

    p.implements(p.IConfigurer)

    def update_config(self, config: Any) -> None:
        """Add templates and assets; both folders lie beside this module."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "emergent_hub")
