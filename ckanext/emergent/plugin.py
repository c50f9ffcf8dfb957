"""The `emergent` plugin: schemas, the spectrum, licences, members; here only the wiring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
from ckan.lib.plugins import DefaultTranslation

from ckanext.emergent import config, facets, index, logic, showing, startup

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.common import CKANConfig
    from ckan.types import Context
else:
    import ckantoolkit as tk

DataDict = dict[str, Any]


@tk.blanket.config_declarations(config.declare)
@tk.blanket.actions(logic.actions)
@tk.blanket.auth_functions
@tk.blanket.validators
@tk.blanket.helpers
@tk.blanket.blueprints
@tk.blanket.cli
class EmergentPlugin(p.SingletonPlugin, DefaultTranslation):
    """Schemas, the Data Spectrum, licences and members for CKAN."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation, inherit=True)

    # IConfigurer

    def update_config(self, config_: CKANConfig) -> None:
        startup.check_order(config_)
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "emergent")

    # IConfigurable

    def configure(self, config_: CKANConfig) -> None:
        startup.revalidate_resources_with_level()

    # IFacets

    def dataset_facets(self, facets_dict: dict[str, str], package_type: str) -> dict[str, str]:
        return facets.with_ours(facets_dict)

    def organization_facets(
        self, facets_dict: dict[str, str], organization_type: str, package_type: str | None
    ) -> dict[str, str]:
        return facets.with_ours(facets_dict)

    def group_facets(
        self, facets_dict: dict[str, str], group_type: str, package_type: str | None
    ) -> dict[str, str]:
        return facets.with_ours(facets_dict)

    # IPackageController

    def before_dataset_index(self, pkg_dict: DataDict) -> DataDict:
        return index.prepare(pkg_dict, showing.schema_of(pkg_dict))

    def before_dataset_search(self, search_params: DataDict) -> DataDict:
        return facets.choose_any(search_params)

    def after_dataset_search(self, search_results: DataDict, search_params: DataDict) -> DataDict:
        facets.name_values(search_results.get("search_facets") or {})
        return search_results

    def after_dataset_show(self, context: Context, pkg_dict: DataDict) -> None:
        showing.show(context, pkg_dict)
