"""Portals, runs and problems as the API shows them: to everybody, and to those who manage them."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.emergent.contact_privacy import without_address
from ckanext.emergent.harvest.model import LinkedRecord, LinkState, Portal, Run, RunState
from ckanext.emergent.problem import Problem, Severity
from ckanext.emergent.problem_sentences import sentence

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

Shown = dict[str, Any]

_LINKS = LinkedRecord.__table__
_RUNS = Run.__table__


def portals(found: Iterable[Portal], managed: Set[str] = frozenset()) -> list[Shown]:
    """Portals with their figures, in a few queries for all; `managed` are ids shown in full."""
    listed = list(found)
    ids = [portal.id for portal in listed]
    last, success, datasets = _last_runs(ids), _last_successes(ids), _datasets(ids)
    return [
        {
            **_portal(one),
            **(_managed(one) if one.id in managed else {}),
            "datasets": datasets.get(one.id, 0),
            "last_run": last.get(one.id),
            "last_success": success.get(one.id),
        }
        for one in listed
    ]


def _portal(portal: Portal) -> Shown:
    return {
        "id": portal.id,
        "name": portal.name,
        "title": portal.title,
        "link": portal.link,
        "adapter": portal.adapter,
        "owner_org": portal.owner_org,
        "state": portal.state,
        "created": _time(portal.created),
    }


def _managed(portal: Portal) -> Shown:
    """`secret` is the name of where the secret is kept; its value is shown to nobody."""
    return {
        "rules": portal.rules,
        "schedule": portal.schedule,
        "secret": portal.secret,
        "read_until": _time(portal.read_until),
        "due": _time(portal.due),
        "modified": _time(portal.modified),
    }


def _last_runs(portal_ids: list[str]) -> dict[str, Shown]:
    rows = (
        sa.select(_RUNS)
        .where(_RUNS.c.portal_id.in_(portal_ids))
        .distinct(_RUNS.c.portal_id)
        .order_by(_RUNS.c.portal_id, _RUNS.c.created.desc())
    )
    return {row.portal_id: run(row) for row in model.Session.execute(rows)}


def _last_successes(portal_ids: list[str]) -> dict[str, str | None]:
    rows = (
        sa.select(_RUNS.c.portal_id, sa.func.max(_RUNS.c.finished).label("finished"))
        .where(_RUNS.c.portal_id.in_(portal_ids), _RUNS.c.state == RunState.FINISHED.value)
        .group_by(_RUNS.c.portal_id)
    )
    return {row.portal_id: _time(row.finished) for row in model.Session.execute(rows)}


def _datasets(portal_ids: list[str]) -> dict[str, int]:
    """How many datasets each portal has in sight."""
    rows = (
        sa.select(_LINKS.c.portal_id, sa.func.count().label("number"))
        .where(
            _LINKS.c.portal_id.in_(portal_ids),
            _LINKS.c.state.in_([LinkState.ACTIVE.value, LinkState.MISSING.value]),
        )
        .group_by(_LINKS.c.portal_id)
    )
    return {row.portal_id: row.number for row in model.Session.execute(rows)}


def run(row: Any, *, in_full: bool = False) -> Shown:
    """A run; in full also who asked for it and who works on it."""
    shown = {
        "id": row.id,
        "portal_id": row.portal_id,
        "kind": row.kind,
        "state": row.state,
        "created": _time(row.created),
        "started": _time(row.started),
        "finished": _time(row.finished),
        "total": row.total,
        "counts": dict(row.counts or {}),
    }
    if in_full:
        shown |= {"user": row.user, "worker": row.worker, "heartbeat": _time(row.heartbeat)}
    return shown


def problem(row: Any, *, in_full: bool = False) -> Shown:
    """A problem in words, in the language of the request.

    What was received is shown without e-mail addresses to those who do not manage the portal.
    """
    hidden = (lambda text: text) if in_full else _without_address
    found = Problem(
        code=row.code,
        severity=Severity(row.severity),
        field=row.field,
        received=hidden(row.received),
        values=tuple((key, str(hidden(value))) for key, value in row.values.items()),
    )
    words = sentence(found, translate=tk._)
    return {
        "id": row.id,
        "run_id": row.run_id,
        "portal_id": row.portal_id,
        "identifier": row.identifier,
        "title": row.title,
        "link": row.link,
        "code": found.code,
        "severity": found.severity.value,
        "field": found.field,
        "received": found.received,
        "says": words.says,
        "to_do": words.to_do,
        "created": _time(row.created),
    }


def _without_address(text: str | None) -> str | None:
    return None if text is None else without_address(text)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def counted(number: int, results: list[Shown]) -> Shown:
    """A page of a list, and how long the whole list is."""
    return {"count": number, "results": results}
