"""The hub's own page, at `/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan.lib.search import SearchError, SolrConnectionError
from flask import Blueprint

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

__all__ = ["emergent_hub"]

emergent_hub = Blueprint("emergent_hub", __name__)


def index() -> str:
    """The hub page, in CKAN's own place; without numbers while the search engine is away."""
    try:
        hub = tk.get_action("emergent_hub_show")({}, {})
    except (SearchError, SolrConnectionError):
        hub = None
    return tk.render("home/index.html", {"hub": hub})


emergent_hub.add_url_rule("/", view_func=index)
