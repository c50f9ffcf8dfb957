"""The hub's settings, read where they are needed; declared in `config_declaration.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

CACHE_SECONDS = "ckanext.emergent.hub.cache_seconds"
LATEST = "ckanext.emergent.hub.latest"
MEMBERS = "ckanext.emergent.hub.members"
JOIN_LINK = "ckanext.emergent.hub.join_link"


def cache_seconds() -> int:
    """How long a count may be shown before it is counted again; 0 counts every time."""
    return int(tk.config[CACHE_SECONDS])


def latest_shown() -> int:
    """How many of the latest datasets the hub page lists."""
    return int(tk.config[LATEST])


def members_shown() -> int:
    """How many members the hub page shows before it links to the rest."""
    return int(tk.config[MEMBERS])


def join_link() -> str | None:
    """Where an organisation asks to join, or `None` when the administrator named no place."""
    return tk.config.get(JOIN_LINK) or None
