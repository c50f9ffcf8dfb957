"""Who may call the actions of the `emergent` plugin: everybody, for they only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import AuthResult, Context, DataDict
else:
    import ckantoolkit as tk

__all__ = ["emergent_member_list", "emergent_spectrum_list"]


@tk.auth_allow_anonymous_access
def emergent_spectrum_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anyone may know what the levels mean."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def emergent_member_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Anyone may know who the members are."""
    return {"success": True}
