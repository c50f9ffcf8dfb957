"""Harvesting in tests: portals served on this machine, and what a run told."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.tests import factories, helpers

from ckanext.emergent.harvest.model import LinkedRecord, Portal, ProblemRow, Run, RunKind, RunState
from ckanext.emergent.harvest.report import Line, Report
from ckanext.emergent.harvest.run import carry_out, start_run
from ckanext.emergent.reading.adapter import Adapter, End, Listing, Page
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum import Access
from ckanext.emergent.tests.servers import Reply, Told, Web, json_reply, serving

COMPLETE = End(listing=Listing.COMPLETE)
WINDOW = End(listing=Listing.WINDOW)


@pytest.fixture(scope="module")
def organisation(hub: None) -> str:
    """The id of an organisation that portals write into."""
    return str(factories.Organization()["id"])


@pytest.fixture
def harvester(hub: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub without portals that may read from this machine. Datasets of other tests are there."""
    monkeypatch.setitem(config, "ckanext.emergent.fetch.allowed_networks", "127.0.0.0/8")
    monkeypatch.setitem(config, "ckanext.emergent.fetch.pace", "0")
    model.Session.remove()
    model.Session.execute(sa.delete(Portal))
    model.Session.commit()


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


@dataclass
class Source:
    """A portal of few records, served on this machine as an organisation's Emergent index."""

    web: Web
    path: str = "/index.json"

    @property
    def link(self) -> str:
        return self.web.url(self.path)

    def lists(self, *records: dict[str, Any]) -> None:
        self.web.answers[self.path] = json_reply({"version": "1.0", "datasets": list(records)})

    def answers(self, told: Told) -> None:
        self.web.answers[self.path] = told

    def breaks(self) -> None:
        self.answers(Reply(404))


def a_record(key: str, **fields: Any) -> dict[str, Any]:
    """An entry of an Emergent index about a dataset with a page and a file of its own."""
    return {
        "id": key,
        "createdAt": "2026-05-01",
        "title": f"Record {key}",
        "sharing": "public",
        "licence": "CC-BY-4.0",
        "url": f"https://example.org/data/{key}",
        "resources": [{"type": "data", "format": "CSV", "url": f"https://example.org/{key}.csv"}],
        **fields,
    }


def records(number: int, first: int = 0) -> list[dict[str, Any]]:
    return [a_record(f"r{place:03}") for place in range(first, first + number)]


class Scripted(Adapter):
    """An adapter that yields the pages it is told, and raises the errors among them."""

    name = "scripted"
    title = "Scripted"
    script: ClassVar[list[Page | Exception]] = []

    @classmethod
    def probes(cls, link: str) -> tuple[str, ...]:
        return ()

    @classmethod
    def recognise(cls, link: str, answer: Any) -> str | None:
        return None

    def pages(self, fetch: Any, cursor: str | None = None, since: Any = None) -> Iterator[Page]:
        for told in self.script[int(cursor or 0) :]:
            if isinstance(told, Exception):
                raise told
            yield told


def pages(*listed: list[Record], end: End | None = COMPLETE) -> list[Page | Exception]:
    """Pages of these records, the last one with the end; each cursor is the next page's number."""
    last = len(listed)
    return [
        Page(records=tuple(one), cursor=str(number), end=end if number == last else None)
        for number, one in enumerate(listed, start=1)
    ]


def told(key: str, **fields: Any) -> Record:
    """A record as an adapter tells it."""
    return Record(
        **{
            "identifier": key,
            "title": f"Record {key}",
            "landing_page": f"https://example.org/data/{key}",
            "access": Access.ANYONE,
            "licence": ("CC-BY-4.0",),
            **fields,
        }
    )


@pytest.fixture
def scripted(
    harvester: None, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, type[Scripted]]:
    """A portal that tells what `script` says, and its adapter."""
    monkeypatch.setattr("ckanext.emergent.harvest.run.adapter_for", lambda _name: Scripted)
    monkeypatch.setattr(Scripted, "script", [])
    return a_portal("https://example.org/", "scripted", owner_org=organisation), Scripted


@pytest.fixture
def source() -> Iterator[Source]:
    with serving({}) as web:
        yield Source(web)


def a_portal(link: str, adapter: str = "emergent_index", **fields: Any) -> str:
    """The id of a new portal; its name is unlike every other's."""
    given = {"name": f"portal-{uuid.uuid4().hex[:8]}", "title": "A portal", **fields}
    portal = Portal(link=link, adapter=adapter, **given)
    model.Session.add(portal)
    model.Session.commit()
    return str(portal.id)


def datasets(portal_id: str) -> dict[str, dict[str, Any]]:
    """Every dataset of a portal that a visitor can find, by the portal's own key."""
    name = model.Session.scalar(sa.select(Portal.name).where(Portal.id == portal_id))
    found = helpers.call_action("package_search", rows=1000, fq=f'source_portal:"{name}"')
    return {dataset["source_identifier"]: dataset for dataset in found["results"]}


def a_person_does(action: str, **data: Any) -> Any:
    """Call an action as a sysadmin."""
    user = factories.Sysadmin()["name"]
    return helpers.call_action(action, {"user": user}, **data)


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
