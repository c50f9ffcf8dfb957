"""What is absent: missing, retired after the grace, restored; held when it is too much."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.emergent.harvest.model import LinkedRecord, LinkState, RunState
from ckanext.emergent.harvest.run import approve
from ckanext.emergent.tests.ckan.harvesting import (
    Source,
    a_person_does,
    a_portal,
    a_record,
    datasets,
    harvest,
    links,
    problems,
    records,
)
from ckanext.emergent.tests.servers import Reply

pytestmark = pytest.mark.usefixtures("harvester")


@pytest.fixture
def portal(source: Source, organisation: str) -> str:
    """A portal of ten records, harvested once."""
    source.lists(*records(10))
    portal_id = a_portal(source.link, owner_org=organisation)
    harvest(portal_id)
    return portal_id


class TestGrace:
    def test_an_absent_record_is_missing_and_still_shown(self, portal: str, source: Source) -> None:
        source.lists(*records(9))

        done = harvest(portal)

        assert done.outcomes == {"unchanged": 9, "missing": 1}
        assert len(datasets(portal)) == 10

    def test_absent_in_three_complete_runs_it_is_retired(self, portal: str, source: Source) -> None:
        source.lists(*records(9))

        runs = [harvest(portal).outcomes for _ in range(3)]

        assert runs[1] == {"unchanged": 9, "missing": 1}
        assert runs[2] == {"unchanged": 9, "retired": 1}
        assert set(datasets(portal)) == {f"r{place:03}" for place in range(9)}

    def test_absent_for_a_week_it_is_retired_however_few_the_runs(
        self, portal: str, source: Source
    ) -> None:
        source.lists(*records(9))
        harvest(portal)
        model.Session.execute(
            sa.update(LinkedRecord)
            .where(LinkedRecord.state == LinkState.MISSING.value)
            .values(missing_since=datetime.now(timezone.utc) - timedelta(days=8))
        )
        model.Session.commit()

        assert harvest(portal).outcomes["retired"] == 1

    def test_one_that_returns_in_time_is_as_before(self, portal: str, source: Source) -> None:
        source.lists(*records(9))
        harvest(portal)
        source.lists(*records(10))

        done = harvest(portal)

        link = links(portal)["r009"]
        assert done.outcomes == {"unchanged": 10}
        assert (link.state, link.missing_runs, link.missing_since) == ("active", 0, None)

    def test_one_that_returns_late_is_the_same_dataset(self, portal: str, source: Source) -> None:
        before = datasets(portal)["r009"]
        source.lists(*records(9))
        for _ in range(3):
            harvest(portal)
        source.lists(*records(10))

        done = harvest(portal)

        after = datasets(portal)["r009"]
        assert done.outcomes == {"unchanged": 9, "restored": 1}
        assert (after["id"], after["name"]) == (before["id"], before["name"])
        assert [one["id"] for one in after["resources"]] == [
            one["id"] for one in before["resources"]
        ]

    def test_retired_and_restored_often_it_keeps_its_name(
        self, portal: str, source: Source
    ) -> None:
        before = datasets(portal)["r009"]["name"]
        for _ in range(2):
            source.lists(*records(9))
            for _ in range(3):
                harvest(portal)
            source.lists(*records(10))
            harvest(portal)

        assert datasets(portal)["r009"]["name"] == before

    def test_what_a_person_deleted_meanwhile_is_not_brought_back(
        self, portal: str, source: Source
    ) -> None:
        a_person_does("package_delete", id=datasets(portal)["r009"]["id"])
        source.lists(*records(9))
        for _ in range(3):
            harvest(portal)
        source.lists(*records(10))

        harvest(portal)

        assert links(portal)["r009"].state == LinkState.DETACHED.value
        assert "r009" not in datasets(portal)

    def test_what_a_person_puts_back_is_taken_up_again(self, portal: str, source: Source) -> None:
        dataset = datasets(portal)["r009"]
        a_person_does("package_delete", id=dataset["id"])
        source.lists(*records(9), a_record("r009", title="News"))
        harvest(portal)
        a_person_does("package_patch", id=dataset["id"], state="active")

        harvest(portal)

        assert datasets(portal)["r009"]["title"] == "News"
        assert links(portal)["r009"].state == LinkState.ACTIVE.value


class TestHeld:
    def test_an_empty_listing_holds_the_run(self, portal: str, source: Source) -> None:
        source.lists()

        done = harvest(portal)

        assert done.state is RunState.HELD
        assert [row.code for row in problems(done.id)] == ["too_many_vanished"]
        assert {link.state for link in links(portal).values()} == {LinkState.ACTIVE.value}

    def test_many_vanished_at_once_hold_the_run(self, portal: str, source: Source) -> None:
        source.lists(*records(4))

        assert harvest(portal).state is RunState.HELD
        assert len(datasets(portal)) == 10

    def test_a_held_run_still_takes_in_what_changed(self, portal: str, source: Source) -> None:
        source.lists(a_record("r000", title="News"))

        done = harvest(portal)

        assert done.outcomes == {"updated": 1}
        assert datasets(portal)["r000"]["title"] == "News"

    def test_renamed_identifiers_are_held_and_nothing_is_made_twice(
        self, portal: str, source: Source
    ) -> None:
        source.lists(*(one | {"id": f"new-{one['id']}"} for one in records(10)))

        done = harvest(portal)

        assert done.state is RunState.HELD
        assert done.outcomes == {}
        assert set(datasets(portal)) == {one["id"] for one in records(10)}

    def test_renamed_identifiers_without_pages_are_held_as_well(
        self, source: Source, organisation: str
    ) -> None:
        source.lists(*(one | {"url": None} for one in records(10)))
        portal = a_portal(source.link, owner_org=organisation)
        harvest(portal)
        source.lists(*(one | {"id": f"new-{one['id']}", "url": None} for one in records(10)))

        assert harvest(portal).state is RunState.HELD
        assert len(datasets(portal)) == 10

    def test_the_next_run_after_a_held_one_goes_its_way(self, portal: str, source: Source) -> None:
        source.lists()
        harvest(portal)
        source.lists(*records(10))

        assert harvest(portal).outcomes == {"unchanged": 10}


class TestApproved:
    def test_what_vanished_is_missing_once_somebody_approves(
        self, portal: str, source: Source
    ) -> None:
        source.lists(*records(4))
        held = harvest(portal)

        assert approve(held.id)
        done = harvest(portal)

        assert done.id == held.id
        assert done.state is RunState.FINISHED
        assert done.outcomes == {"unchanged": 4, "missing": 6}

    def test_renamed_identifiers_are_the_same_datasets_once_somebody_approves(
        self, portal: str, source: Source
    ) -> None:
        before = {one["id"] for one in datasets(portal).values()}
        source.lists(*(one | {"id": f"new-{one['id']}"} for one in records(10)))
        held = harvest(portal)

        approve(held.id)
        done = harvest(portal)

        assert done.outcomes == {"updated": 10}
        assert {one["id"] for one in datasets(portal).values()} == before

    def test_only_the_newest_run_can_be_approved(self, portal: str, source: Source) -> None:
        source.lists()
        old = harvest(portal)
        harvest(portal)

        assert not approve(old.id)

    def test_a_run_that_is_not_held_cannot_be_approved(self, portal: str) -> None:
        assert not approve(harvest(portal).id)


class TestRenamed:
    def test_one_renamed_record_is_the_same_dataset(self, portal: str, source: Source) -> None:
        before = datasets(portal)["r009"]["id"]
        source.lists(*records(9), a_record("r009") | {"id": "renamed"})

        done = harvest(portal)

        after = datasets(portal)
        assert done.outcomes == {"unchanged": 9, "updated": 1}
        assert after["renamed"]["id"] == before
        assert len(after) == 10

    def test_a_page_that_is_still_listed_renames_nothing(self, portal: str, source: Source) -> None:
        page = a_record("r000")["url"]
        source.lists(*records(9), a_record("other", url=page))

        done = harvest(portal)

        assert done.outcomes == {"unchanged": 9, "created": 1, "missing": 1}

    def test_a_page_of_two_new_records_renames_nothing(self, portal: str, source: Source) -> None:
        page = a_record("r009")["url"]
        source.lists(*records(9), a_record("one", url=page), a_record("two", url=page))

        assert harvest(portal).outcomes == {"unchanged": 9, "created": 2, "missing": 1}


class TestFailures:
    def test_a_portal_that_does_not_answer_fails_its_run_and_nothing_else(
        self, portal: str, source: Source
    ) -> None:
        source.breaks()

        done = harvest(portal)

        assert done.state is RunState.FAILED
        assert len(problems(done.id)) == 1
        assert {link.state for link in links(portal).values()} == {LinkState.ACTIVE.value}

    def test_a_listing_that_breaks_off_retires_nothing_and_keeps_what_was_read(
        self, portal: str, source: Source
    ) -> None:
        whole = source.web.answers[source.path]
        assert isinstance(whole, Reply)
        news = whole.body.replace(b"Record r000", b"A news record")
        source.answers(Reply(body=news, headers=whole.headers, cut=len(news) - 400))

        done = harvest(portal)

        assert done.state is RunState.FAILED
        assert len(datasets(portal)) == 10
        assert "missing" not in done.outcomes


class TestUnreadScopes:
    def test_absence_from_an_index_that_could_not_be_read_means_nothing(
        self, source: Source, organisation: str
    ) -> None:
        web = source.web
        members = {key: {"author": key, "index": web.url(f"/{key}.json")} for key in ("one", "two")}
        source.web.answers["/central.json"] = Reply(
            body=json.dumps(members).encode(),
            headers={"Content-Type": "application/json"},
        )
        for key in members:
            Source(web, f"/{key}.json").lists(*records(3))
        portal = a_portal(web.url("/central.json"), owner_org=organisation)
        harvest(portal)
        Source(web, "/one.json").breaks()
        Source(web, "/two.json").lists(*records(2))

        done = harvest(portal)

        assert done.state is RunState.FINISHED
        assert done.outcomes == {"unchanged": 2, "missing": 1}
