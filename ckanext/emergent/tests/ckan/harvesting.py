"""Harvesting in tests: portals served on this machine, and what a run told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.emergent.harvest.model import LinkedRecord, Portal, ProblemRow, Run, RunKind, RunState
from ckanext.emergent.harvest.report import Line, Report
from ckanext.emergent.harvest.run import carry_out, start_run


@dataclass
class Ear:
    """A listener that remembers everything."""

    lines: list[Line] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    records: int = 0

    def read(self, records: int, total: int | None) -> None:
        self.records += records

    def hear(self, report: Report) -> None:
        self.lines += report.lines
        self.codes.update(found.problem.code for found in report.found)

    def outcome_of(self, identifier: str) -> str:
        (line,) = [line for line in self.lines if line.identifier == identifier]
        return line.outcome.value


@dataclass
class Done:
    """A run that is over."""

    id: str
    state: RunState
    counts: dict[str, int]
    ear: Ear

    @property
    def outcomes(self) -> dict[str, int]:
        return {key: number for key, number in self.counts.items() if key != "problems"}


def a_portal(link: str, adapter: str = "emergent_index", **fields: Any) -> str:
    """The id of a new portal that writes into a new organisation."""
    owner_org = fields.pop("owner_org", None) or factories.Organization()["id"]
    portal = Portal(
        name=fields.pop("name", "portal"),
        title=fields.pop("title", "A portal"),
        link=link,
        adapter=adapter,
        owner_org=owner_org,
        **fields,
    )
    model.Session.add(portal)
    model.Session.commit()
    return str(portal.id)


def harvest(portal_id: str) -> Done:
    """Carry out a whole run of a portal in this process."""
    run_id = start_run(portal_id, RunKind.MANUAL, None)
    ear = Ear()
    state = carry_out(run_id, ear)
    model.Session.remove()
    return Done(run_id, state, counts_of(run_id), ear)


def counts_of(run_id: str) -> dict[str, int]:
    return dict(model.Session.scalar(sa.select(Run.counts).where(Run.id == run_id)))


def links(portal_id: str) -> dict[str, LinkedRecord]:
    model.Session.expire_all()
    found = sa.select(LinkedRecord).where(LinkedRecord.portal_id == portal_id)
    return {link.identifier: link for link in model.Session.scalars(found)}


def problems(run_id: str) -> list[ProblemRow]:
    found = sa.select(ProblemRow).where(ProblemRow.run_id == run_id).order_by(ProblemRow.id)
    return list(model.Session.scalars(found))
