"""Finding portals and the organisations they write into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.emergent.harvest.landing import address_of
from ckanext.emergent.harvest.model import Portal

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk


def get(reference: Any) -> Portal:
    """The portal of that id or name. Raises `ObjectNotFound`."""
    found = None
    if isinstance(reference, str) and reference:
        either = sa.or_(Portal.id == reference, Portal.name == reference)
        found = model.Session.scalars(sa.select(Portal).where(either)).first()
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such portal."))
    return found


def organisation_id(reference: Any) -> str | None:
    """The id of the active organisation of that id or name, or None."""
    group = model.Group.get(reference) if isinstance(reference, str) and reference else None
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        return None
    return str(group.id)


def at_address(link: str, but: str | None = None) -> Portal | None:
    """The portal that is read at the same address already; `but` is the id of one to leave out.

    All links are looked at: there are hundreds of portals, not thousands, and this is rare.
    """
    wanted = address_of(link)
    for portal in model.Session.scalars(sa.select(Portal)):
        if portal.id != but and wanted is not None and address_of(portal.link) == wanted:
            return portal
    return None
