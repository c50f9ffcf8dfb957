"""Who may see the hub: everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import AuthResult, Context
else:
    import ckantoolkit as tk

__all__ = ["emergent_hub_show"]


@tk.auth_allow_anonymous_access
def emergent_hub_show(_context: Context, _data_dict: dict[str, Any] | None) -> AuthResult:
    """Everybody: it tells only what an anonymous visitor finds anyway."""
    return {"success": True}
