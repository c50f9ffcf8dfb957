"""Portals, runs and problems through the API: who may do what, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers

from ckanext.emergent.harvest.model import Portal, ProblemRow, Run
from ckanext.emergent.tests.ckan.harvesting import a_portal, harvest
from ckanext.emergent.tests.servers import Web, json_reply, serving

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "clean_queues", "with_plugins"),
    pytest.mark.ckan_config("ckanext.emergent.fetch.allowed_networks", "127.0.0.0/8"),
    pytest.mark.ckan_config("ckanext.emergent.fetch.pace", "0"),
]

LINK = "https://data.example.org/index.json"
HANDOVER = {"id": "portal", "owner_org": "other"}


@pytest.fixture
def people() -> dict[str, str]:
    """User names by what they are, and two organisations by their names."""
    named = {
        role: factories.User()["name"]
        for role in ("own admin", "own editor", "own member", "other admin", "other editor")
    }
    named["sysadmin"] = factories.Sysadmin()["name"]
    named["anonymous"] = ""
    for whose in ("own", "other"):
        users = [
            {"name": name, "capacity": role.partition(" ")[2]}
            for role, name in named.items()
            if role.startswith(f"{whose} ")
        ]
        named[whose] = factories.Organization(name=whose, users=users)["id"]
    return named


def act(user: str, action: str, **data: Any) -> Any:
    """Call an action with all its checks, as this user."""
    return tk.get_action(action)({"user": user, "ignore_auth": False}, data)


def may(user: str, action: str, **data: Any) -> bool:
    try:
        act(user, action, **data)
    except tk.NotAuthorized:
        return False
    return True


def create(user: str, **fields: Any) -> Any:
    given = {"name": "portal", "link": LINK, "adapter": "emergent_index", "owner_org": "own"}
    return act(user, "emergent_portal_create", **{**given, **fields})


OTHERS = ("anonymous", "own member", "own editor", "other editor", "other admin")
MANAGERS = {"own admin", "sysadmin"}
ROLES = (*OTHERS, *MANAGERS)


class TestWhoMayManage:
    def test_managers_may_create_and_others_not(self, people: dict[str, str]) -> None:
        given = {"link": LINK, "adapter": "emergent_index", "owner_org": "own"}

        allowed = {
            role
            for number, role in enumerate(ROLES)
            if may(
                people[role],
                "emergent_portal_create",
                **given | {"name": f"portal-{number}", "link": f"{LINK}/{number}"},
            )
        }

        assert allowed == MANAGERS

    @pytest.mark.parametrize("action", ["emergent_portal_update", "emergent_harvest_run"])
    def test_managers_may_change_and_run_and_others_not(
        self, people: dict[str, str], action: str
    ) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])

        assert {role for role in ROLES if may(people[role], action, id="portal")} == MANAGERS

    def test_managers_may_delete_and_others_not(self, people: dict[str, str]) -> None:
        for number, _ in enumerate(ROLES):
            a_portal(f"{LINK}/{number}", owner_org=people["own"], name=f"portal-{number}")

        allowed = {
            role
            for number, role in enumerate(ROLES)
            if may(people[role], "emergent_portal_delete", id=f"portal-{number}")
        }

        assert allowed == MANAGERS

    def test_only_sysadmins_hand_a_portal_over(self, people: dict[str, str]) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])

        assert not may(
            people["own admin"], "emergent_portal_update", id="portal", owner_org="other"
        )
        assert may(people["sysadmin"], "emergent_portal_update", id="portal", owner_org="other")

    def test_an_administrator_of_both_may_not_hand_over_either(
        self, people: dict[str, str]
    ) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])
        helpers.call_action(
            "organization_member_create",
            id="other",
            username=people["own admin"],
            role="admin",
            context={"user": people["sysadmin"]},
        )

        assert not may(
            people["own admin"], "emergent_portal_update", id="portal", owner_org="other"
        )

    def test_naming_the_same_organisation_by_its_name_is_no_handover(
        self, people: dict[str, str]
    ) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])

        assert may(people["own admin"], "emergent_portal_update", id="portal", owner_org="own")

    def test_only_sysadmins_name_a_secret(self, people: dict[str, str]) -> None:
        named = {"secret": "EMERGENT_SECRET_LEEDS"}
        with pytest.raises(tk.NotAuthorized):
            create(people["own admin"], **named)

        assert create(people["sysadmin"], **named)["secret"] == "EMERGENT_SECRET_LEEDS"


class TestWhoSeesWhat:
    def test_others_see_public_fields_only(self, people: dict[str, str]) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"], secret="EMERGENT_SECRET_LEEDS")
        public = {
            *("id", "name", "title", "link", "adapter", "owner_org", "state", "created"),
            *("datasets", "last_run", "last_success"),
        }

        for role in OTHERS:
            assert set(act(people[role], "emergent_portal_show", id="portal")) == public
            (listed,) = act(people[role], "emergent_portal_list")["results"]
            assert set(listed) == public

    def test_those_who_manage_see_the_secrets_name_and_nobody_its_value(
        self, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("EMERGENT_SECRET_LEEDS", "planted-value")
        a_portal(LINK, name="portal", owner_org=people["own"], secret="EMERGENT_SECRET_LEEDS")

        shown = act(people["own admin"], "emergent_portal_show", id="portal")

        assert shown["secret"] == "EMERGENT_SECRET_LEEDS"
        assert "planted-value" not in str(shown)

    def test_who_asked_for_a_run_is_shown_to_those_who_manage_only(
        self, people: dict[str, str]
    ) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])
        run = act(people["own admin"], "emergent_harvest_run", id="portal")

        assert "user" in act(people["own admin"], "emergent_run_show", id=run["id"])
        assert "user" not in act(people["anonymous"], "emergent_run_show", id=run["id"])

    def test_a_deleted_portal_is_not_listed(self, people: dict[str, str]) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])
        act(people["own admin"], "emergent_portal_delete", id="portal")

        assert act("", "emergent_portal_list") == {"count": 0, "results": []}


class TestWhatIsRefused:
    @pytest.fixture
    def people(self) -> dict[str, str]:
        factories.Organization(name="own")
        return {"sysadmin": factories.Sysadmin()["name"]}

    def refused(self, people: dict[str, str], **fields: Any) -> dict[str, list[str]]:
        with pytest.raises(tk.ValidationError) as caught:
            create(people["sysadmin"], **fields)
        return caught.value.error_dict

    def test_links_that_may_not_be_stored(self, people: dict[str, str]) -> None:
        for link in (
            "https://name:word@data.example.org/",
            "https://data.example.org/?api_key=1234",
            "https://data.example.org/?access_token=1234",
            "ftp://data.example.org/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data.example.org",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::ffff:10.0.0.1]/",
            "",
        ):
            assert set(self.refused(people, link=link)) == {"link"}, link

    def test_a_password_is_not_repeated_in_the_refusal(self, people: dict[str, str]) -> None:
        errors = self.refused(people, link="https://name:hunter2@data.example.org/")

        assert "hunter2" not in str(errors)

    def test_the_same_address_twice(self, people: dict[str, str]) -> None:
        create(people["sysadmin"])

        for link in (
            LINK,
            "http://www.data.example.org/index.json/",
            f"{LINK}?slug=leeds",
            f"{LINK}#top",
        ):
            errors = self.refused(people, name="second", link=link)
            assert "“portal”" in errors["link"][0], link

    def test_the_same_name_twice(self, people: dict[str, str]) -> None:
        create(people["sysadmin"])

        assert set(self.refused(people, link="https://other.example.org/")) == {"name"}

    def test_an_organisation_that_is_not_there(self, people: dict[str, str]) -> None:
        assert set(self.refused(people, owner_org="nobody")) == {"owner_org"}

    def test_no_organisation(self, people: dict[str, str]) -> None:
        assert set(self.refused(people, owner_org="")) == {"owner_org"}

    def test_a_family_that_nobody_reads(self, people: dict[str, str]) -> None:
        assert set(self.refused(people, adapter="gopher")) == {"adapter"}

    def test_a_secret_of_any_other_name(self, people: dict[str, str]) -> None:
        for secret in ("SECRET_KEY", "sqlalchemy.url", "EMERGENT_SECRET_", "x"):
            assert set(self.refused(people, secret=secret)) == {"secret"}, secret

    def test_rules_that_are_none(self, people: dict[str, str]) -> None:
        for rules in (
            {"colour": "blue"},
            {"ceiling": "secret"},
            {"default_challenges": ["moon"]},
            {"default_tags": "bus"},
            "[]",
        ):
            assert set(self.refused(people, rules=rules)) == {"rules"}, rules

    def test_changing_nothing_about_the_address_is_no_second_portal(
        self, people: dict[str, str]
    ) -> None:
        create(people["sysadmin"])

        changed = act(
            people["sysadmin"], "emergent_portal_update", id="portal", link=LINK, title="T"
        )

        assert changed["title"] == "T"


class TestDetection:
    @pytest.fixture
    def web(self) -> Iterator[Web]:
        index = {"version": "1.0", "datasets": [{"id": "a", "title": "A"}]}
        with serving({"/index.json": json_reply(index)}) as server:
            yield server

    def test_a_portal_without_a_family_is_looked_at(self, people: dict[str, str], web: Web) -> None:
        made = create(people["sysadmin"], link=web.url("/index.json"), adapter="")

        assert made["adapter"] == "emergent_index"

    def test_with_a_family_nothing_is_fetched(self, people: dict[str, str], web: Web) -> None:
        create(people["sysadmin"], link=web.url("/index.json"))

        assert web.asked == []

    def test_a_link_that_nobody_recognises_is_refused_with_what_was_tried(
        self, people: dict[str, str], web: Web
    ) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            create(people["sysadmin"], link=web.url("/nothing"), adapter="")

        assert web.url("/nothing") in str(caught.value.error_dict["link"])


class TestRuns:
    def test_a_run_waits_in_the_queue_of_those_that_are_waited_for(
        self, people: dict[str, str]
    ) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])

        run = act(people["own admin"], "emergent_harvest_run", id="portal")

        (job,) = tk.get_action("job_list")({"ignore_auth": True}, {"queues": ["emergent-now"]})
        assert run["state"] == "queued"
        assert job["id"] == f"emergent-run-{run['id']}"

    def test_asking_twice_is_asking_once(self, people: dict[str, str]) -> None:
        a_portal(LINK, name="portal", owner_org=people["own"])

        runs = [act(people["own admin"], "emergent_harvest_run", id="portal") for _ in range(3)]

        jobs = tk.get_action("job_list")({"ignore_auth": True}, {"queues": ["emergent-now"]})
        assert len({run["id"] for run in runs}) == 1
        assert len(jobs) == 1

    def test_runs_are_listed_page_by_page_and_by_state(self, people: dict[str, str]) -> None:
        portal = a_portal(LINK, name="portal", owner_org=people["own"])
        for _ in range(3):
            model.Session.add(Run(portal_id=portal, state="finished"))
        model.Session.add(Run(portal_id=portal, state="failed"))
        model.Session.commit()

        page = act("", "emergent_run_list", portal="portal", state="finished", limit=2, offset=1)

        assert page["count"] == 3
        assert [run["state"] for run in page["results"]] == ["finished", "finished"]

    def test_deleting_a_portal_removes_its_history_and_keeps_its_datasets(
        self, people: dict[str, str]
    ) -> None:
        index = {"version": "1.0", "datasets": [{"id": "a", "title": "A"}]}
        with serving({"/index.json": json_reply(index)}) as web:
            harvest(a_portal(web.url("/index.json"), name="portal", owner_org=people["own"]))

        act(people["own admin"], "emergent_portal_delete", id="portal")

        left = [model.Session.query(kind).count() for kind in (Portal, Run, ProblemRow)]
        assert left == [0, 0, 0]
        assert act("", "package_search")["count"] == 1


class TestProblems:
    @pytest.fixture
    def harvested(self, people: dict[str, str]) -> str:
        """A portal with a record without licence, and one that is not public there."""
        records = [
            {"id": "aaa01", "title": "Bus stops", "sharing": "public", "slug": "bus-stops"},
            {"id": "bbb02", "title": "Secret stops", "sharing": "private", "slug": "secret-stops"},
        ]
        with serving({"/api/v3/datasets/export.json": json_reply(records)}) as web:
            portal = a_portal(web.url("/"), "datapress", name="portal", owner_org=people["own"])
            harvest(portal)
        return portal

    def told(self, user: str, **asked: Any) -> list[dict[str, Any]]:
        return list(act(user, "emergent_problem_list", portal="portal", **asked)["results"])

    def test_a_problem_is_told_in_sentences(self, harvested: str) -> None:
        (problem, *_) = self.told("", identifier="aaa01", severity="warning")

        assert problem["title"] == "Bus stops"
        assert problem["says"].endswith(".")
        assert problem["to_do"]

    def test_nobody_else_learns_of_records_that_are_not_public_at_the_portal(
        self, people: dict[str, str], harvested: str
    ) -> None:
        for role in OTHERS:
            assert "bbb02" not in str(self.told(people[role]))
        assert "bbb02" in str(self.told(people["own admin"]))

    def test_nobody_stores_the_title_of_such_a_record(
        self, people: dict[str, str], harvested: str
    ) -> None:
        assert "Secret stops" not in str(self.told(people["sysadmin"]))

    def test_problems_of_datasets_out_of_sight_are_not_for_everybody(
        self, people: dict[str, str], harvested: str
    ) -> None:
        assert self.told("", identifier="aaa01")
        (dataset,) = act("", "package_search")["results"]

        for change in ({"private": True}, {"private": False, "state": "deleted"}):
            act(people["sysadmin"], "package_patch", id=dataset["id"], **change)
            assert self.told("", identifier="aaa01") == [], change
            assert self.told(people["own admin"], identifier="aaa01"), change

    def test_problems_are_listed_page_by_page(self, harvested: str) -> None:
        everything = act("", "emergent_problem_list", portal="portal")

        page = act("", "emergent_problem_list", portal="portal", limit=1, offset=1)

        assert page["count"] == everything["count"] > 1
        assert page["results"] == everything["results"][1:2]
