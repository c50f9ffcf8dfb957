"""Pages of the `emergent` plugin: what the spectrum means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

__all__ = ["emergent"]

emergent = Blueprint("emergent", __name__)


def spectrum() -> str:
    """What the levels mean and what one may do at each; every badge leads here."""
    return tk.render("emergent/spectrum.html", {})


emergent.add_url_rule("/spectrum", view_func=spectrum)
