"""What must be right when CKAN starts, told in a sentence where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.exceptions import CkanConfigurationException

from ckanext.scheming.plugins import SchemingDatasetsPlugin

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.common import CKANConfig
else:
    import ckantoolkit as tk

OURS = "emergent"
#: Their templates and schemas are ours to add to, so that they stand after us.
AFTER_US = ("scheming_datasets", "scheming_organizations", "dcat", "structured_data")
NEEDED = ("scheming_datasets", "scheming_organizations")


def check_order(config: CKANConfig) -> None:
    """Refuse an order of `ckan.plugins` that would leave our schemas or forms unseen.

    Raises `CkanConfigurationException`.
    """
    listed = tk.aslist(config.get("ckan.plugins"))
    if OURS not in listed:
        return
    for name in NEEDED:
        if name not in listed:
            raise CkanConfigurationException(
                f"ckan.plugins lists {OURS} without {name}, which loads its schemas: add {name} "
                f"after {OURS}."
            )
    for name in AFTER_US:
        if name in listed and listed.index(name) < listed.index(OURS):
            raise CkanConfigurationException(
                f"ckan.plugins lists {name} before {OURS}, so that CKAN would not see the schemas "
                f"and forms of {OURS}: write {OURS} before {name}."
            )


def revalidate_resources_with_level() -> None:
    """Have CKAN validate all resources again when the level changes.

    An update leaves out resources that did not change, so that a level set to open would not see
    the file that asks for an account. `resource_validation_dependencies` is CKAN 2.12's way to say
    so, and belongs to the plugin that validates, which is scheming's; scheming 3.1 has none.
    """
    scheming = SchemingDatasetsPlugin.instance
    if scheming is None or "resource_validation_dependencies" in vars(type(scheming)):
        return

    def dependencies(package_type: str) -> list[str]:
        fields: list[dict[str, Any]] = scheming._schemas[package_type]["dataset_fields"]
        level = "data_spectrum"
        return [level] if any(field["field_name"] == level for field in fields) else []

    scheming.resource_validation_dependencies = dependencies
