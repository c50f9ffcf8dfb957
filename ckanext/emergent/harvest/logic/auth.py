"""Who may see and change portals and runs.

Sysadmins may do everything. An administrator of an organisation manages the portals that write
into it; handing a portal to another organisation and naming secrets are for sysadmins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import authz

from ckanext.emergent.harvest import portals

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import AuthResult, Context, DataDict
else:
    import ckantoolkit as tk

__all__ = [
    "emergent_harvest_run",
    "emergent_portal_create",
    "emergent_portal_delete",
    "emergent_portal_list",
    "emergent_portal_show",
    "emergent_portal_update",
    "emergent_problem_list",
    "emergent_run_list",
    "emergent_run_show",
]


def emergent_portal_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Administrators of the organisation that the portal will write into."""
    if data_dict.get("secret"):
        return _only_sysadmins()
    return _administers(context, data_dict.get("owner_org"))


def emergent_portal_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Administrators of its organisation; another organisation or a secret: sysadmins only."""
    portal = portals.get(data_dict.get("id"))
    if _moves(portal, data_dict) or data_dict.get("secret", portal.secret) != portal.secret:
        return _only_sysadmins()
    return _administers(context, portal.owner_org)


def emergent_portal_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Administrators of the organisation that the portal writes into."""
    return _administers(context, portals.get(data_dict.get("id")).owner_org)


def emergent_harvest_run(context: Context, data_dict: DataDict) -> AuthResult:
    """Administrators of the organisation that the portal writes into."""
    return _administers(context, portals.get(data_dict.get("id")).owner_org)


@tk.auth_allow_anonymous_access
def emergent_portal_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the action shows less to those who do not manage the portal."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def emergent_portal_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def emergent_run_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the action shows less to those who do not manage the portal."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def emergent_run_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def emergent_problem_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the action leaves out what is about records that not everybody may see."""
    return {"success": True}


def _moves(portal: Any, data_dict: DataDict) -> bool:
    wanted = data_dict.get("owner_org", portal.owner_org)
    return wanted != portal.owner_org and portals.organisation_id(wanted) != portal.owner_org


def _administers(context: Context, organisation: Any) -> AuthResult:
    user = context.get("user")
    if user and authz.has_user_permission_for_group_or_org(organisation, user, "admin"):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only administrators of the organisation may manage its portals."),
    }


def _only_sysadmins() -> AuthResult:
    return {
        "success": False,
        "msg": tk._("Only sysadmins may move portals between organisations or name secrets."),
    }
