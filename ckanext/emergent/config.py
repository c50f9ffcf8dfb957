"""The settings of the `emergent` plugin, one typed getter each, and how they are declared."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from ckan.exceptions import CkanConfigurationException

from ckanext.emergent.reading.network.policy import MEBIBYTE, FetchPolicy, agent

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.config.declaration import Declaration, Key
else:
    import ckantoolkit as tk

DATASET_SCHEMA = "ckanext.emergent:schemas/dataset.yaml"
ORGANIZATION_SCHEMA = "ckanext.emergent:schemas/organization.yaml"
PRESETS = (
    "ckanext.scheming:presets.json",
    "ckanext.emergent:schemas/presets.yaml",
)

RDF_PROFILES = "euro_dcat_ap_3 emergent"
FETCH = "ckanext.emergent.fetch"


def declare(declaration: Declaration, key: Key) -> None:
    """Declare our settings, and the defaults of others' settings that the schemas need.

    ckanext-scheming declares none of its settings and reads them in `update_config`, which CKAN
    calls from the last plugin of `ckan.plugins` to the first: a plugin that stands before
    scheming, as ours must for its templates, would set them too late. Defaults of declared
    settings are there before any plugin configures itself.
    """
    source = Path(__file__).with_name("config_declaration.yaml")
    declaration.load_dict(yaml.safe_load(source.read_text(encoding="utf-8")))
    _declare_default(declaration, "scheming.dataset_schemas", DATASET_SCHEMA)
    _declare_default(declaration, "scheming.organization_schemas", ORGANIZATION_SCHEMA)
    _declare_default(declaration, "scheming.presets", " ".join(PRESETS))
    _declare_default(declaration, "ckan.dataset.create_on_ui_requires_resources", default=False)
    _change_default(declaration, "ckanext.dcat.rdf.profiles", RDF_PROFILES)
    _add_presets()


def _declare_default(declaration: Declaration, name: str, default: str | bool) -> None:
    option = declaration.get(name)
    if option is None:
        from ckan.config.declaration import Key

        option = declaration.declare(Key.from_string(name), default)
    option.set_default(default)


def _change_default(declaration: Declaration, name: str, default: str) -> None:
    """Set the default of a plugin's setting, where that plugin is loaded."""
    option = declaration.get(name)
    if option is not None:
        option.set_default(default)


def _add_presets() -> None:
    """Add our presets to those a site lists itself, so that its own schema can name them."""
    listed = tk.config.get("scheming.presets", None)
    if listed and PRESETS[-1] not in listed.split():
        tk.config["scheming.presets"] = f"{listed} {PRESETS[-1]}"


def fetch_policy() -> FetchPolicy:
    """How this hub behaves on other people's servers.

    Raises `CkanConfigurationException` when a setting cannot be read.
    """
    config = tk.config
    try:
        return FetchPolicy(
            user_agent=agent(config[f"{FETCH}.user_agent_contact"] or config["ckan.site_url"]),
            connect_timeout=float(config[f"{FETCH}.connect_timeout"]),
            read_timeout=float(config[f"{FETCH}.read_timeout"]),
            total_timeout=float(config[f"{FETCH}.total_timeout"]),
            max_wait=float(config[f"{FETCH}.max_wait"]),
            max_bytes=int(config[f"{FETCH}.max_megabytes"]) * MEBIBYTE,
            tries=int(config[f"{FETCH}.tries"]),
            pace=float(config[f"{FETCH}.pace"]),
            allowed_networks=_networks(tk.aslist(config[f"{FETCH}.allowed_networks"])),
            allowed_ports=frozenset(
                int(port) for port in tk.aslist(config[f"{FETCH}.allowed_ports"])
            ),
            proxy=config[f"{FETCH}.proxy"] or None,
            ca_bundle=config[f"{FETCH}.ca_bundle"] or None,
        )
    except ValueError as error:
        raise CkanConfigurationException(f"A setting {FETCH}.… is wrong: {error}") from error


def _networks(texts: list[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)
