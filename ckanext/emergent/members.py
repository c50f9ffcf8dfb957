"""The Alliance's members among the organisations of the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan import model
from ckan.lib.dictization.model_dictize import group_dictize
from sqlalchemy import case

from ckanext.emergent.choices import Membership

#: Who counts as a member where nobody asks for certain ones; the order they are listed in.
MEMBERS = (Membership.FOUNDING_PARTNER, Membership.MEMBER, Membership.CONTRIBUTOR)

_FIELDS = (
    *("membership", "joined", "website", "repository", "blog", "blog_feed", "wikidata"),
    *("place", "place_lat", "place_lon", "steward_name", "steward_email"),
)


def members(memberships: Sequence[Membership], *, limit: int, offset: int) -> list[dict[str, Any]]:
    """Organisations of the given memberships, founding partners first, then by title."""
    membership = model.Group.extras["membership"].astext
    order = case({kind.value: place for place, kind in enumerate(MEMBERS)}, value=membership)
    found = (
        model.Session.query(model.Group)
        .filter(
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
            membership.in_([kind.value for kind in memberships]),
        )
        .order_by(order, model.Group.title, model.Group.name)
    )
    return [_member(group) for group in found.limit(limit).offset(offset)]


def _member(group: model.Group) -> dict[str, Any]:
    shown = group_dictize(
        group,
        {"session": model.Session},
        include_groups=False,
        include_users=False,
        include_extras=False,
        packages_field=None,
    )
    kept: Mapping[str, Any] = group.extras or {}
    return {
        "id": group.id,
        "name": group.name,
        "title": group.title or group.name,
        "description": group.description,
        "image_display_url": shown["image_display_url"] or None,
        **{field: kept.get(field) for field in _FIELDS},
        "place_lat": _degrees(kept.get("place_lat")),
        "place_lon": _degrees(kept.get("place_lon")),
    }


def _degrees(stored: str | None) -> float | None:
    return None if stored in (None, "") else float(stored)
