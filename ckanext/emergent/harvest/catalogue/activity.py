"""Activities of a batch's datasets, as the activity plugin writes them, in one insert."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ckan.plugins as p
from ckan import model
from ckan.common import config
from ckan.lib import plugins as lib_plugins
from ckan.model.types import make_uuid

from ckanext.emergent.harvest.catalogue import tell
from ckanext.emergent.harvest.catalogue.place import utcnow


@dataclass(frozen=True, slots=True)
class Happened:
    """A dataset that was made or changed, and how it is shown since."""

    package: model.Package
    action: str
    shown: dict[str, Any]


def receivers() -> tuple[tell.Receiver, ...]:
    """The activity plugin's own listeners, whose work `write` does."""
    if not p.plugin_loaded("activity"):
        return ()
    from ckanext.activity import subscriptions

    return subscriptions.package_changed, subscriptions.package_updated


def write(happened: Iterable[Happened], user: model.User) -> list[dict[str, Any]]:
    """Add the rows to the open transaction; the rows. None where activities are off."""
    if not config.get("ckan.activity_streams_enabled"):
        return []
    listeners = receivers()
    heard = [h for h in happened if any(tell.receives(h.action, one) for one in listeners)]
    rows = [_row(one, user) for one in heard]
    if rows:
        from ckanext.activity.model import Activity

        model.Session.execute(Activity.__table__.insert(), rows)
    return rows


def tell_of(row: dict[str, Any], user: model.User) -> None:
    """Send the signal that an activity was created."""
    context = {"user": user.name, "ignore_auth": True, "session": model.Session}
    given = {key: row[key] for key in ("user_id", "object_id", "activity_type", "data")}
    labels = {"permission_labels": row["permission_labels"] or []}
    result = {**row, "timestamp": row["timestamp"].isoformat()}
    tell.succeeded("activity_create", context, given | labels, result)


def _row(happened: Happened, user: model.User) -> dict[str, Any]:
    package = happened.package
    return {
        "id": make_uuid(),
        "timestamp": utcnow(),
        "user_id": user.id,
        "object_id": package.id,
        "activity_type": f"{_kind(happened)} package",
        "data": {"package": happened.shown, "actor": user.name},
        "permission_labels": lib_plugins.get_permission_labels().get_dataset_labels(package)
        or None,
    }


def _kind(happened: Happened) -> str:
    if happened.action == "package_create":
        return "new"
    return "deleted" if happened.package.state == "deleted" else "changed"
