"""One run at a time, and none is lost: leases, interruptions, batches delivered twice."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config

from ckanext.emergent.harvest import jobs, lease
from ckanext.emergent.harvest.model import Run, RunKind, RunState, StagedRecord
from ckanext.emergent.harvest.run import carry_out, go_through, start_run
from ckanext.emergent.harvest.steps import batch as batches
from ckanext.emergent.harvest.steps import compare, listing
from ckanext.emergent.harvest.work import Work, work_on
from ckanext.emergent.tests.ckan.harvesting import (
    Scripted,
    Source,
    a_portal,
    a_record,
    counts_of,
    datasets,
    harvest,
    pages,
    problems,
    records,
    told,
)

pytestmark = pytest.mark.usefixtures("harvester")


@pytest.fixture
def portal(source: Source, organisation: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A portal of ten records, to be written in batches of four."""
    monkeypatch.setitem(config, "ckanext.emergent.harvest.batch_size", 4)
    source.lists(*records(10))
    return a_portal(source.link, owner_org=organisation)


def state_of(run_id: str) -> str:
    model.Session.expire_all()
    return str(model.Session.scalar(sa.select(Run.state).where(Run.id == run_id)))


def grow_old(run_id: str) -> None:
    """As if the run's worker had been silent for an hour."""
    long_ago = datetime.now(timezone.utc) - timedelta(hours=1)
    model.Session.execute(sa.update(Run).where(Run.id == run_id).values(heartbeat=long_ago))
    model.Session.commit()


def begun(portal_id: str, worker: str = "first") -> Work:
    run_id = start_run(portal_id, RunKind.MANUAL)
    lease.take(model.Session, run_id, worker)
    return work_on(run_id, worker)


class TestLease:
    def test_two_who_start_get_the_same_run(self, portal: str) -> None:
        assert start_run(portal, RunKind.MANUAL) == start_run(portal, RunKind.SCHEDULED)

    def test_a_run_with_a_young_heartbeat_is_left_alone(self, portal: str) -> None:
        work = begun(portal)

        with pytest.raises(lease.RunBusyError):
            carry_out(work.run_id)

    def test_a_run_with_an_old_heartbeat_is_taken_over(self, portal: str) -> None:
        work = begun(portal)
        grow_old(work.run_id)

        assert carry_out(work.run_id) is RunState.FINISHED
        assert len(datasets(portal)) == 10

    def test_who_lost_the_lease_writes_nothing_more(self, portal: str) -> None:
        work = begun(portal)
        grow_old(work.run_id)
        lease.take(model.Session, work.run_id, "second")

        with pytest.raises(lease.LeaseLostError):
            go_through(work)

        assert counts_of(work.run_id) == {}
        assert model.Session.query(StagedRecord).count() == 0

    def test_a_stopped_run_goes_no_further(self, portal: str) -> None:
        work = begun(portal)
        stopped = sa.update(Run).where(Run.id == work.run_id).values(state=RunState.STOPPED.value)
        model.Session.execute(stopped)
        model.Session.commit()

        with pytest.raises(lease.LeaseLostError):
            go_through(work)

        assert state_of(work.run_id) == RunState.STOPPED.value

    def test_a_run_that_is_over_is_not_begun_again(self, portal: str) -> None:
        done = harvest(portal)

        with pytest.raises(lease.RunBusyError):
            carry_out(done.id)


class Twice:
    """A clock that beats twice."""

    def __init__(self) -> None:
        self._answers = iter([False, False, True])

    def wait(self, _seconds: float) -> bool:
        return next(self._answers)


class TestHeartbeat:
    def heartbeat_of(self, run_id: str) -> datetime | None:
        model.Session.remove()
        return model.Session.scalar(sa.select(Run.heartbeat).where(Run.id == run_id))

    def test_it_keeps_a_run_alive(self, portal: str) -> None:
        work = begun(portal)
        grow_old(work.run_id)
        old = self.heartbeat_of(work.run_id)

        lease._beat_until(Twice(), 0, work.run_id, work.worker)

        now = self.heartbeat_of(work.run_id)
        assert old is not None
        assert now is not None
        assert now > old

    def test_it_does_not_keep_another_workers_run(self, portal: str) -> None:
        work = begun(portal)
        grow_old(work.run_id)
        old = self.heartbeat_of(work.run_id)

        lease._beat_until(Twice(), 0, work.run_id, "somebody else")

        assert self.heartbeat_of(work.run_id) == old


class TestJob:
    def test_a_job_carries_out_its_run(self, portal: str) -> None:
        run_id = start_run(portal, RunKind.MANUAL)

        jobs.carry_out_run(run_id)

        assert state_of(run_id) == RunState.FINISHED.value

    def test_a_job_that_is_delivered_twice_does_nothing_the_second_time(self, portal: str) -> None:
        run_id = start_run(portal, RunKind.MANUAL)
        jobs.carry_out_run(run_id)
        counts = counts_of(run_id)

        jobs.carry_out_run(run_id)

        assert counts_of(run_id) == counts


class Interrupted(BaseException):
    """What Ctrl-C, or a worker's shutdown, is to a run."""


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Breaks a run off when a function is called for the nth time; `stop()` ends that."""
    with monkeypatch.context() as patch:

        def at(module: Any, name: str, call: int) -> None:
            original, calls = getattr(module, name), iter(range(1, 1000))

            def breaking(*given: Any, **named: Any) -> Any:
                if next(calls) == call:
                    raise Interrupted
                return original(*given, **named)

            patch.setattr(module, name, breaking)

        at.stop = patch.undo  # type: ignore[attr-defined]  # a fixture's own shorthand
        yield at


class TestInterruption:
    @pytest.mark.parametrize("call", [1, 2, 3])
    def test_a_run_broken_off_while_writing_goes_on_where_it_stopped(
        self, portal: str, interrupt: Any, call: int
    ) -> None:
        run_id = start_run(portal, RunKind.MANUAL)
        interrupt(batches, "settlement", call)
        with pytest.raises(Interrupted):
            carry_out(run_id)
        interrupt.stop()
        assert state_of(run_id) == RunState.INTERRUPTED.value

        again = harvest(portal)

        assert again.id == run_id
        assert again.counts["created"] == 10
        assert len(datasets(portal)) == 10

    def test_a_page_that_was_not_saved_is_read_again(
        self, portal: str, interrupt: Any, source: Source
    ) -> None:
        interrupt(listing, "_progress", 1)
        with pytest.raises(Interrupted):
            harvest(portal)
        interrupt.stop()

        assert harvest(portal).outcomes == {"created": 10}

    def test_a_listing_that_was_read_to_its_end_is_not_read_again(
        self, portal: str, interrupt: Any, source: Source
    ) -> None:
        interrupt(batches, "settlement", 10)
        with pytest.raises(Interrupted):
            harvest(portal)
        interrupt.stop()
        source.breaks()

        assert harvest(portal).counts["created"] == 10

    def test_a_mistake_of_ours_fails_the_run_and_is_told(
        self, portal: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any) -> Any:
            raise ZeroDivisionError

        run_id = start_run(portal, RunKind.MANUAL)
        with monkeypatch.context() as patch:
            patch.setattr(listing, "_progress", broken)
            with pytest.raises(ZeroDivisionError):
                carry_out(run_id)

        assert state_of(run_id) == RunState.FAILED.value
        assert [row.code for row in problems(run_id)] == ["run_broke"]


class TestBatches:
    def test_a_batch_delivered_twice_is_applied_once(self, portal: str) -> None:
        work = begun(portal)
        go_through(work)
        counts = counts_of(work.run_id)

        batches.write_batch(work, 1)

        assert counts_of(work.run_id) == counts
        assert len(datasets(portal)) == 10

    def test_a_batch_that_another_applies_meanwhile_is_not_applied_twice(
        self, portal: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other delivery is complete between this one's reading and its writing."""
        work = begun(portal)
        original = batches._plans

        def slow(*given: Any) -> Any:
            plans = original(*given)
            model.Session.rollback()
            monkeypatch.setattr(batches, "_plans", original)
            batches.write_batch(work, 1)
            return plans

        monkeypatch.setattr(batches, "_plans", slow)
        go_through(work)

        assert counts_of(work.run_id)["created"] == 10
        assert "failed" not in counts_of(work.run_id)
        assert len(datasets(portal)) == 10

    def test_writing_begins_before_the_listing_has_ended(
        self, scripted: tuple[str, type[Scripted]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(config, "ckanext.emergent.harvest.batch_size", 2)
        portal, adapter = scripted
        seen: list[int] = []

        first, second = pages([told("a"), told("b")], [told("c")])

        def in_turn(*_: Any, **_named: Any) -> Iterator[Any]:
            yield first
            seen.append(len(datasets(portal)))
            yield second

        monkeypatch.setattr(adapter, "pages", in_turn)
        harvest(portal)

        assert seen == [2]


class TestIsolation:
    def test_one_bad_record_costs_one_record(
        self, portal: str, source: Source, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        original = compare.mapping.dataset_from

        def mapped(record: Any, rules: Any) -> Any:
            if record.identifier == "r003":
                raise RuntimeError("odd")
            return original(record, rules)

        monkeypatch.setattr(compare.mapping, "dataset_from", mapped)

        done = harvest(portal)

        assert done.outcomes == {"created": 9, "failed": 1}
        assert done.ear.codes["record_not_understood"] == 1

    def test_a_record_that_failed_is_tried_again_by_the_next_run(
        self, scripted: tuple[str, type[Scripted]]
    ) -> None:
        portal, adapter = scripted
        good, bad = told("good"), told("bad", frequency="daily", issued="2026-01-01")
        adapter.script = pages([good, bad])

        def refuse(*_: Any) -> Any:
            raise ValueError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ckanext.emergent.mapping.frequency_from", refuse)
            first = harvest(portal)
        second = harvest(portal)

        assert first.outcomes == {"created": 1, "failed": 1}
        assert second.outcomes == {"unchanged": 1, "created": 1}

    def test_a_giant_costs_itself_only(self, scripted: tuple[str, type[Scripted]]) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("giant", description="x" * 2_000_000), told("good")])

        done = harvest(portal)

        assert done.outcomes == {"skipped": 1, "created": 1}
        assert done.ear.codes["record_too_large"] == 1

    def test_characters_that_cannot_be_stored_cost_their_record_only(
        self, scripted: tuple[str, type[Scripted]]
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages(
            [told("nul", description="a\0b"), told("half", description="a\ud800b"), told("good")]
        )

        done = harvest(portal)

        assert done.outcomes == {"failed": 2, "created": 1}

    def test_what_the_database_refuses_costs_its_record_only(
        self, scripted: tuple[str, type[Scripted]]
    ) -> None:
        """An identifier that is longer than a row of an index may be."""
        portal, adapter = scripted
        endless = "".join(random.Random(1).choices(string.ascii_letters, k=9_000))
        good = [told(f"good-{number}") for number in range(9)]
        adapter.script = pages([*good[:5], told(endless), *good[5:]])

        done = harvest(portal)

        assert done.state is RunState.FINISHED
        assert done.outcomes == {"created": 9, "failed": 1}
        assert done.ear.codes["dataset_not_saved"] == 1
        assert len(datasets(portal)) == 9

    def test_a_record_listed_twice_counts_once(self, portal: str, source: Source) -> None:
        source.lists(a_record("a"), a_record("a"), a_record("b"), a_record("b", title="Other"))

        harvest(portal)

        assert {key: one["title"] for key, one in datasets(portal).items()} == {
            "a": "Record a",
            "b": "Record b",
        }
