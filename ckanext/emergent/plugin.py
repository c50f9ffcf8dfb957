"""The `emergent` plugin: schemas, the spectrum, licences, members; here only the wiring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins as p

from ckanext.emergent import config

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.common import CKANConfig
else:
    import ckantoolkit as tk


@tk.blanket.config_declarations(config.declare)
@tk.blanket.validators
@tk.blanket.helpers
@tk.blanket.blueprints
@tk.blanket.cli
class EmergentPlugin(p.SingletonPlugin):
    """Schemas, the Data Spectrum, licences and members for CKAN."""

    p.implements(p.IConfigurer)

    # IConfigurer

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "emergent")
