"""What a run never does: widen access, write where it may not, take a window for the whole."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.tests import factories

from ckanext.emergent.harvest.model import TABLES, Portal, ProblemRow, Run, RunState
from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.spectrum import Access
from ckanext.emergent.tests.ckan.harvesting import (
    WINDOW,
    Scripted,
    Source,
    a_person_does,
    a_portal,
    a_record,
    datasets,
    harvest,
    links,
    pages,
    problems,
    told,
)

pytestmark = pytest.mark.usefixtures("harvester")

Script = tuple[str, type[Scripted]]


def change_portal(portal_id: str, **values: Any) -> None:
    model.Session.execute(sa.update(Portal).where(Portal.id == portal_id).values(**values))
    model.Session.commit()


def shown(portal_id: str, key: str) -> dict[str, Any]:
    """A dataset as its organisation sees it, in sight or not."""
    found: dict[str, Any] = a_person_does("package_show", id=links(portal_id)[key].dataset_id)
    return found


class TestAccess:
    def test_a_private_dataset_stays_private(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        a_person_does("package_patch", id=datasets(portal)["a"]["id"], private=True)
        adapter.script = pages([told("a", title="News")])

        harvest(portal)

        assert shown(portal, "a")["private"] is True
        assert shown(portal, "a")["title"] == "News"

    def test_what_the_portal_withholds_is_never_made(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a"), told("b", published=False)])

        done = harvest(portal)

        assert done.outcomes == {"created": 1, "skipped": 1}
        assert set(datasets(portal)) == {"a"}

    def test_what_the_portal_withdraws_is_out_of_sight_at_once(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a"), told("b")])
        harvest(portal)
        adapter.script = pages([told("a"), told("b", published=False)])

        done = harvest(portal)

        assert done.outcomes == {"unchanged": 1, "retired": 1}
        assert set(datasets(portal)) == {"a"}
        assert (links(portal)["b"].title, links(portal)["b"].source_url) == (None, None)

    def test_withdrawn_again_it_is_only_passed_over(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a"), told("b")])
        harvest(portal)
        adapter.script = pages([told("a"), told("b", published=False)])
        harvest(portal)

        assert harvest(portal).outcomes == {"unchanged": 1, "skipped": 1}

    def test_an_open_licence_withdrawn_is_open_no_longer_and_the_steward_is_told(
        self, scripted: Script
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        dataset = datasets(portal)["a"]
        a_person_does("package_patch", id=dataset["id"], data_spectrum="open")
        adapter.script = pages([told("a", licence=())])

        done = harvest(portal)

        assert datasets(portal)["a"]["data_spectrum"] == "public"
        assert "level_lowered" in [row.code for row in problems(done.id)]

    def test_the_portals_ceiling_holds(self, scripted: Script) -> None:
        portal, adapter = scripted
        change_portal(portal, rules={"ceiling": "public"})
        adapter.script = pages([told("a")])

        harvest(portal)

        assert datasets(portal)["a"]["data_spectrum"] == "public"


class TestRules:
    def test_new_rules_apply_themselves_to_known_records(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        change_portal(portal, rules={"default_tags": ["buses"], "default_challenges": ["rail"]})

        done = harvest(portal)

        dataset = datasets(portal)["a"]
        assert done.outcomes == {"updated": 1}
        assert [tag["name"] for tag in dataset["tags"]] == ["buses"]
        assert dataset["challenges"] == ["rail"]

    def test_a_field_that_is_kept_is_never_overwritten(self, scripted: Script) -> None:
        portal, adapter = scripted
        change_portal(portal, rules={"keep_fields": ["title"]})
        adapter.script = pages([told("a")])
        harvest(portal)
        adapter.script = pages([told("a", title="News")])

        assert harvest(portal).outcomes == {"kept": 1}
        assert datasets(portal)["a"]["title"] == "Record a"


class TestOrganisations:
    def test_a_dataset_that_was_moved_elsewhere_is_left_alone(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        elsewhere = factories.Organization()["id"]
        a_person_does("package_patch", id=datasets(portal)["a"]["id"], owner_org=elsewhere)
        adapter.script = pages([told("a", title="News")])

        done = harvest(portal)

        assert done.outcomes == {"skipped": 1}
        assert datasets(portal)["a"]["title"] == "Record a"
        assert [row.code for row in problems(done.id)] == ["dataset_of_other_organisation"]

    def test_a_portal_that_was_handed_over_takes_its_datasets_along(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        new = factories.Organization()["id"]
        change_portal(portal, owner_org=new)

        harvest(portal)

        assert datasets(portal)["a"]["owner_org"] == new

    def test_a_run_for_a_removed_organisation_fails_and_touches_nothing(
        self, scripted: Script
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        gone = factories.Organization()["id"]
        change_portal(portal, owner_org=gone)
        harvest(portal)
        model.Group.get(gone).state = "deleted"
        model.Session.commit()
        adapter.script = pages([told("a", title="News"), told("b")])

        done = harvest(portal)

        assert done.state is RunState.FAILED
        assert [row.code for row in problems(done.id)] == ["organisation_gone"]
        assert set(datasets(portal)) == {"a"}

    def test_organisation_and_datasets_can_be_purged(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        gone = factories.Organization()["id"]
        change_portal(portal, owner_org=gone)
        harvest(portal)

        a_person_does("dataset_purge", id=links(portal)["a"].dataset_id)
        a_person_does("organization_purge", id=gone)

        assert model.Group.get(gone) is None


class TestSecret:
    def test_a_key_that_is_named_but_not_there_fails_the_run(self, scripted: Script) -> None:
        portal, adapter = scripted
        change_portal(portal, secret="EMERGENT_SECRET_NOBODY")
        adapter.script = pages([told("a")])

        done = harvest(portal)

        assert done.state is RunState.FAILED
        assert [row.code for row in problems(done.id)] == ["secret_missing"]

    def test_the_key_goes_to_the_portal_and_nowhere_else(
        self, source: Source, organisation: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("EMERGENT_SECRET_STOPS", "planted-value")
        source.lists(a_record("a"))
        portal = a_portal(source.link, owner_org=organisation, secret="EMERGENT_SECRET_STOPS")

        done = harvest(portal)

        (request,) = source.web.requests
        assert request.headers["authorization"] == "planted-value"
        rows = [model.Session.execute(sa.select(kind.__table__)).all() for kind in TABLES]
        assert "planted-value" not in f"{rows}{done}{datasets(portal)}"


class TestListings:
    def test_from_a_window_nothing_is_missing(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told(key) for key in "abcdef"])
        harvest(portal)
        adapter.script = pages([told("f"), told("g")], end=WINDOW)

        done = harvest(portal)

        assert done.outcomes == {"unchanged": 1, "created": 1}

    def test_an_error_on_page_3_of_5_keeps_what_was_read_and_retires_nothing(
        self, scripted: Script
    ) -> None:
        portal, adapter = scripted
        five = pages(*([told(key)] for key in "abcde"))
        adapter.script = list(five)
        harvest(portal)
        news = pages(*([told(key, title=f"News of {key}")] for key in "abcde"))
        broken = FatalError(problem("portal_failed", severity=Severity.ERROR, status=500))
        adapter.script = [*news[:2], broken]

        failed = harvest(portal)
        adapter.script = list(news)
        whole = harvest(portal)

        assert failed.state is RunState.FAILED
        assert failed.outcomes == {"updated": 2}
        assert whole.outcomes == {"unchanged": 2, "updated": 3}

    def test_after_a_failed_run_the_next_one_asks_for_everything_since_the_last_good_one(
        self, scripted: Script
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        before = model.Session.get(Portal, portal).read_until
        adapter.script = [FatalError(problem("portal_failed", severity=Severity.ERROR))]

        harvest(portal)

        assert model.Session.get(Portal, portal).read_until == before

    def test_many_new_records_before_an_error_wait_for_a_whole_listing(
        self, scripted: Script
    ) -> None:
        """They may be the known ones under new identifiers."""
        portal, adapter = scripted
        adapter.script = pages([told(f"old-{n}", landing_page=None) for n in range(7)])
        harvest(portal)
        broken = FatalError(problem("portal_failed", severity=Severity.ERROR))
        renamed = [told(f"new-{n}", landing_page=None) for n in range(7)]
        adapter.script = [*pages(renamed, end=None), broken]

        harvest(portal)

        assert len(datasets(portal)) == 7

    def test_a_listing_without_an_end_fails(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")], end=None)

        done = harvest(portal)

        assert done.state is RunState.FAILED
        assert set(datasets(portal)) == {"a"}

    def test_slugs_and_titles_swapped_between_two_records_swap_nothing_else(
        self, scripted: Script
    ) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a", title="One"), told("b", title="Two")])
        harvest(portal)
        before = {key: (one["id"], one["name"]) for key, one in datasets(portal).items()}
        adapter.script = pages([told("a", title="Two"), told("b", title="One")])

        harvest(portal)

        after = datasets(portal)
        assert {key: (one["id"], one["name"]) for key, one in after.items()} == before
        assert after["a"]["title"] == "Two"

    def test_two_records_of_one_title_are_two_datasets(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a", title="Same"), told("b", title="Same")])

        harvest(portal)

        assert len({one["name"] for one in datasets(portal).values()}) == 2


class TestHistory:
    def test_unchanged_runs_do_not_pile_up(
        self, scripted: Script, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(config, "ckanext.emergent.harvest.history_runs", 3)
        portal, adapter = scripted
        adapter.script = pages([told("a", licence=())])
        for _ in range(6):
            harvest(portal)

        assert model.Session.query(Run).count() == 3

    def test_what_is_still_wrong_outlives_the_run_that_found_it(
        self, scripted: Script, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(config, "ckanext.emergent.harvest.history_runs", 2)
        portal, adapter = scripted
        adapter.script = pages([told("a", licence=(), access=Access.ANYONE)])
        found = [row.code for row in problems(harvest(portal).id)]
        for _ in range(4):
            harvest(portal)

        assert found
        assert [row.code for row in model.Session.query(ProblemRow)] == found

    def test_what_was_put_right_is_no_problem_any_more(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a", licence=())])
        harvest(portal)
        adapter.script = pages([told("a")])
        harvest(portal)

        assert model.Session.query(ProblemRow).count() == 0

    def test_the_history_can_go_and_all_is_still_unchanged(self, scripted: Script) -> None:
        portal, adapter = scripted
        adapter.script = pages([told("a")])
        harvest(portal)
        model.Session.execute(sa.delete(Run))
        model.Session.commit()

        assert harvest(portal).outcomes == {"unchanged": 1}
