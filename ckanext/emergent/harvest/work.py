"""What a process needs to work on a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import ckantoolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.emergent import mapping
from ckanext.emergent.harvest import config
from ckanext.emergent.harvest.catalogue import Catalogue, Write, Written
from ckanext.emergent.harvest.merge.owned import RESOURCES, Ownership
from ckanext.emergent.harvest.model import Portal, Run
from ckanext.emergent.harvest.report import Listener, Silence
from ckanext.emergent.harvest.rules import rules_of

#: What the mapping owns of a dataset; all else belongs to people.
OWNERSHIP = Ownership(
    fields=tuple(name for name in mapping.OWNED_FIELDS if name != RESOURCES),
    resource_fields=mapping.RESOURCE_FIELDS,
)

Alongside = Callable[[tuple[Written, ...]], None]


class Writer(Protocol):
    """What a run asks of the catalogue; a preview has one that writes nothing."""

    def show(self, ids: Iterable[str]) -> Mapping[str, dict[str, Any]]:
        """What CKAN shows now, by id: the deleted too, not the purged."""

    def free_names(self, titles: Sequence[str]) -> tuple[str, ...]:
        """For each title a name that no dataset has, each another one."""

    def write(self, writes: Sequence[Write], alongside: Alongside) -> tuple[Written, ...]:
        """Write datasets, in one transaction with what `alongside` adds to the session."""

    def retire(self, ids: Sequence[str], alongside: Alongside) -> tuple[Written, ...]:
        """Take datasets out of sight, reversibly, in one transaction with `alongside`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A run, its portal's rules, and the doors to the database, the catalogue and the listener.

    `session` holds the harvester's tables and is the catalogue's own, so that datasets and their
    linked records are committed together. `secret` is the name of where the portal's key is kept.
    """

    run_id: str
    portal_id: str
    adapter: str
    link: str
    secret: str | None
    rules: mapping.Rules
    worker: str
    session: Any
    catalogue: Writer
    listener: Listener = field(default_factory=Silence)
    batch_size: int = 50


def work_on(
    run_id: str,
    worker: str,
    listener: Listener | None = None,
    *,
    session: Any = model.Session,
    catalogue: Writer | None = None,
) -> Work:
    """Gather what is needed to work on a run that this worker holds."""
    portal = session.execute(
        sa.select(Portal.__table__).join(Run, Run.portal_id == Portal.id).where(Run.id == run_id)
    ).one()
    return Work(
        run_id=run_id,
        portal_id=portal.id,
        adapter=portal.adapter,
        link=portal.link,
        secret=portal.secret,
        rules=rules_of(portal),
        worker=worker,
        session=session,
        catalogue=catalogue or Catalogue(site_user()),
        listener=listener or Silence(),
        batch_size=config.batch_size(),
    )


def site_user() -> str:
    """The name of the hub's own user, who writes what is harvested."""
    return str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])
