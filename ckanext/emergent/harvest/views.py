"""Pages of the harvester: what is left to say about a retired dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, request

from ckanext.emergent.harvest.listings import retired

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

__all__ = ["emergent_harvest"]

emergent_harvest = Blueprint("emergent_harvest", __name__)

NOT_FOUND, GONE = 404, 410


@emergent_harvest.after_app_request
def tell_of_retired(response: Response) -> Response:
    """Instead of "not found", say where a retired dataset was and when it was last seen.

    Looked up only when CKAN has already decided that the reader is shown no dataset.
    """
    if response.status_code != NOT_FOUND or request.endpoint != "dataset.read":
        return response
    found = retired((request.view_args or {}).get("id", ""))
    if found is None:
        return response
    return make_response(tk.render("emergent/retired_dataset.html", {"listing": found}), GONE)
