"""The plugin `emergent_harvest`: portals, runs, previews and their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk


@tk.blanket.config_declarations
@tk.blanket.actions
@tk.blanket.auth_functions
class EmergentHarvestPlugin(p.SingletonPlugin):
    """Keeps the hub's records true to the portals they were read from."""
