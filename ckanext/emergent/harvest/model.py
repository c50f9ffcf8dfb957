"""Tables of the harvester: portals, runs, linked and staged records, problems, index debts.

PostgreSQL is the truth about every run; Redis only hints at what to do next. No table has a
foreign key to CKAN's own: purging a dataset or an organisation is never blocked by history.
Times are aware and in UTC. The tables are made by `migration/emergent_harvest`.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from enum import Enum
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

__all__ = [
    "TABLES",
    "IndexDebt",
    "LinkState",
    "LinkedRecord",
    "Outcome",
    "Portal",
    "ProblemRow",
    "Run",
    "RunKind",
    "RunState",
    "StagedRecord",
]


class RunState(str, Enum):
    """Where a run stands."""

    QUEUED = "queued"
    READING = "reading"
    WRITING = "writing"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    HELD = "held"
    INTERRUPTED = "interrupted"

    @property
    def is_open(self) -> bool:
        """Whether the run still has, or may still have, work to do."""
        return self in {RunState.QUEUED, RunState.READING, RunState.WRITING, RunState.INTERRUPTED}


class RunKind(str, Enum):
    """Who asked for a run: the schedule, a person, or a person who only wants to see."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    PREVIEW = "preview"


class LinkState(str, Enum):
    """Where a linked record stands.

    `active`: listed and shown. `duplicate`: listed, but another portal's dataset has its link.
    `missing`: not in the last complete listing, still shown. `retired`: taken out of the hub
    after the grace, comes back when listed again. `detached`: a person deleted or purged its
    dataset, it is not brought back unasked.
    """

    ACTIVE = "active"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    RETIRED = "retired"
    DETACHED = "detached"


class Outcome(str, Enum):
    """What became of one record in one run."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"
    MISSING = "missing"
    RETIRED = "retired"
    RESTORED = "restored"


def _new_id() -> str:
    return str(uuid.uuid4())


def _now() -> datetime:
    return datetime.now(timezone.utc)


_TIME = sa.DateTime(timezone=True)


class Portal(tk.BaseModel):  # type: ignore[misc,name-defined]  # CKAN ships no types for its base
    """A site that records are read from.

    `secret` names a configuration key or environment variable, never a value. `rules` is
    `harvest.rules.Rules` as JSON, `validators` what conditional requests need, by address.
    `owner_org` is the id of the organisation that the portal writes into.
    """

    __tablename__ = "emergent_portal"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=_new_id)
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    title: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str] = mapped_column(sa.Text)
    adapter: Mapped[str] = mapped_column(sa.Text)
    owner_org: Mapped[str | None] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text, default="active")
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    schedule: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    validators: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    secret: Mapped[str | None] = mapped_column(sa.Text)
    read_until: Mapped[datetime | None] = mapped_column(_TIME)
    due: Mapped[datetime | None] = mapped_column(_TIME, index=True)
    created: Mapped[datetime] = mapped_column(_TIME, default=_now)
    modified: Mapped[datetime] = mapped_column(_TIME, default=_now, onupdate=_now)

    runs = relationship(
        "Run", back_populates="portal", cascade="all, delete-orphan", passive_deletes=True
    )


class Run(tk.BaseModel):  # type: ignore[misc,name-defined]  # CKAN ships no types for its base
    """One pass over one portal.

    `heartbeat` is moved by whoever works on the run and `worker` says who that is; a run whose
    heartbeat is old has lost its worker. `counts` holds the number of each outcome. `cursor` is
    where reading goes on, `batches` how many batches were staged.
    """

    __tablename__ = "emergent_run"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=_new_id)
    portal_id: Mapped[str] = mapped_column(
        sa.ForeignKey("emergent_portal.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.Text, default=RunKind.MANUAL.value)
    state: Mapped[str] = mapped_column(sa.Text, default=RunState.QUEUED.value, index=True)
    user: Mapped[str | None] = mapped_column(sa.Text)
    worker: Mapped[str | None] = mapped_column(sa.Text)
    created: Mapped[datetime] = mapped_column(_TIME, default=_now)
    started: Mapped[datetime | None] = mapped_column(_TIME)
    heartbeat: Mapped[datetime | None] = mapped_column(_TIME)
    finished: Mapped[datetime | None] = mapped_column(_TIME)
    cursor: Mapped[str | None] = mapped_column(sa.Text)
    end: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    batches: Mapped[int] = mapped_column(sa.Integer, default=0)
    total: Mapped[int | None] = mapped_column(sa.Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)

    portal = relationship("Portal", back_populates="runs")


class LinkedRecord(tk.BaseModel):  # type: ignore[misc,name-defined]  # CKAN ships no types for its base
    """(portal, identifier) <-> dataset.

    `written` is what CKAN showed after our last write, only the fields that the mapping owns.
    `landing_page` is normalised, for finding the same link from two portals; so is `source_page`,
    the entry in a file of the portal, where a record is one. `seen_run` is the
    last run that saw the record, `missing_runs` in how many complete listings it was absent.
    """

    __tablename__ = "emergent_linked_record"
    # No index on `seen_run`: every run moves it in every row, and PostgreSQL rewrites a row in
    # place (HOT) only while no indexed column changes. Landing pages are found by equality only,
    # and some are longer than a row of a B-tree may be.
    __table_args__ = (
        sa.UniqueConstraint("portal_id", "identifier"),
        sa.Index("ix_emergent_linked_record_page", "landing_page", postgresql_using="hash"),
        sa.Index("ix_emergent_linked_record_source", "source_page", postgresql_using="hash"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=_new_id)
    portal_id: Mapped[str] = mapped_column(sa.ForeignKey("emergent_portal.id", ondelete="CASCADE"))
    identifier: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[str | None] = mapped_column(sa.Text)
    dataset_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text, default=LinkState.ACTIVE.value)
    title: Mapped[str | None] = mapped_column(sa.Text)
    landing_page: Mapped[str | None] = mapped_column(sa.Text)
    source_url: Mapped[str | None] = mapped_column(sa.Text)
    source_page: Mapped[str | None] = mapped_column(sa.Text)
    fingerprint: Mapped[str | None] = mapped_column(sa.Text)
    written: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    kept: Mapped[list[str]] = mapped_column(JSONB, default=list)
    first_seen: Mapped[datetime] = mapped_column(_TIME, default=_now)
    last_seen: Mapped[datetime] = mapped_column(_TIME, default=_now)
    last_written: Mapped[datetime | None] = mapped_column(_TIME)
    seen_run: Mapped[str | None] = mapped_column(sa.Text)
    missing_since: Mapped[datetime | None] = mapped_column(_TIME)
    missing_runs: Mapped[int] = mapped_column(sa.Integer, default=0)


class StagedRecord(tk.BaseModel):  # type: ignore[misc,name-defined]  # CKAN ships no types for its base
    """A new or changed record, mapped, waiting for its batch to be written.

    A `late` one is written only after the listing has ended: until then nobody knows whether it
    is new, or an old record under a new identifier.
    """

    __tablename__ = "emergent_staged_record"
    __table_args__ = (sa.Index("ix_emergent_staged_record_batch", "run_id", "batch"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=_new_id)
    run_id: Mapped[str] = mapped_column(sa.ForeignKey("emergent_run.id", ondelete="CASCADE"))
    batch: Mapped[int] = mapped_column(sa.Integer)
    position: Mapped[int] = mapped_column(sa.Integer)
    late: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    identifier: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[str | None] = mapped_column(sa.Text)
    landing_page: Mapped[str | None] = mapped_column(sa.Text)
    source_url: Mapped[str | None] = mapped_column(sa.Text)
    fingerprint: Mapped[str] = mapped_column(sa.Text)
    dataset: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ProblemRow(tk.BaseModel):  # type: ignore[misc,name-defined]  # CKAN ships no types for its base
    """A `Problem`, kept with its run and, where it is about one, its record."""

    __tablename__ = "emergent_problem"
    __table_args__ = (sa.Index("ix_emergent_problem_run", "run_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(sa.ForeignKey("emergent_run.id", ondelete="CASCADE"))
    portal_id: Mapped[str] = mapped_column(sa.Text, index=True)
    identifier: Mapped[str | None] = mapped_column(sa.Text)
    title: Mapped[str | None] = mapped_column(sa.Text)
    link: Mapped[str | None] = mapped_column(sa.Text)
    code: Mapped[str] = mapped_column(sa.Text)
    severity: Mapped[str] = mapped_column(sa.Text)
    field: Mapped[str | None] = mapped_column(sa.Text)
    received: Mapped[str | None] = mapped_column(sa.Text)
    values: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    created: Mapped[datetime] = mapped_column(_TIME, default=_now)


class IndexDebt(tk.BaseModel):  # type: ignore[misc,name-defined]  # CKAN ships no types for its base
    """A dataset that the search index may not show as the database has it.

    Noted in a transaction of its own before a batch is posted, struck out in the batch's: so
    whatever kills a worker, and however long Solr is down, it is known what to index again.
    `batch` tells the notes of one batch from those of another on the same dataset.
    """

    __tablename__ = "emergent_index_debt"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=True)
    batch: Mapped[str] = mapped_column(sa.Text, index=True)
    dataset_id: Mapped[str] = mapped_column(sa.Text)
    since: Mapped[datetime] = mapped_column(_TIME, default=_now)


TABLES = (Portal, Run, LinkedRecord, StagedRecord, ProblemRow, IndexDebt)
