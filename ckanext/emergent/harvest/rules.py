"""A portal's stored rules, as the mapping takes them."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.emergent.choices import challenges
from ckanext.emergent.mapping.rules import Rules
from ckanext.emergent.spectrum import Level


def rules_of(portal: Any) -> Rules:
    """The rules for a portal's records: what is stored with it, and what this hub knows."""
    stored = portal.rules or {}
    ceiling = stored.get("ceiling")
    return Rules(
        portal_name=portal.name,
        portal_title=portal.title,
        owner_org=portal.owner_org,
        default_challenges=tuple(stored.get("default_challenges") or ()),
        default_tags=tuple(stored.get("default_tags") or ()),
        ceiling=Level(ceiling) if ceiling else None,
        keep_fields=tuple(stored.get("keep_fields") or ()),
        challenges=tuple(challenges().items()),
        licences=tuple(sorted(_licences().items())),
    )


def _licences() -> dict[str, str]:
    register = model.Package.get_license_register()
    return {licence.id: licence.od_conformance for licence in register.values()}
