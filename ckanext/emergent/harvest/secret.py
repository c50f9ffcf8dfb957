"""A portal's secret: only the name of where it is kept is stored, and only certain names count.

Whoever could name any setting could have the hub's own password sent to a portal of theirs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

SETTING = "ckanext.emergent.secret."
VARIABLE = "EMERGENT_SECRET_"


def is_secret_name(name: str) -> bool:
    """Whether a setting or an environment variable of this name may hold a portal's secret."""
    return any(name.startswith(prefix) and name != prefix for prefix in (SETTING, VARIABLE))


def secret_of(name: str | None) -> str | None:
    """The value kept under that name; None where there is none."""
    if name is None or not is_secret_name(name):
        return None
    if name.startswith(VARIABLE):
        return os.environ.get(name) or None
    return str(tk.config.get(name) or "") or None
