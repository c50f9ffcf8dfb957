"""`ckan emergent portal …` and `ckan emergent harvest NAME`, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ckan import model
from ckan.lib.search import clear
from ckan.tests import factories
from ckan.tests.helpers import CKANCliRunner

from ckanext.emergent.cli import emergent
from ckanext.emergent.harvest.model import Portal
from ckanext.emergent.tests.ckan.harvesting import Source, a_record, links, records

pytestmark = pytest.mark.usefixtures("harvester")

Type = Callable[..., Any]


@pytest.fixture
def typed() -> Type:
    """Runs `ckan emergent …`; the result has exit_code, stdout and stderr."""

    def run(*words: str) -> Any:
        result = CKANCliRunner().invoke(emergent, words)
        model.Session.remove()
        return result

    return run


@pytest.fixture
def added(typed: Type, source: Source) -> Source:
    """The portal `stops`, added as an administrator adds it."""
    organisation = factories.Organization()
    source.lists(*records(3))
    result = typed("portal", "add", "stops", source.link, "--organization", organisation["name"])
    assert result.exit_code == 0, result.output
    return source


def test_the_commands_join_the_group_instead_of_replacing_it(typed: Type) -> None:
    shown = typed("--help").stdout

    assert {"portal", "harvest", "detect", "classify"} <= set(shown.split())


def test_a_portal_is_added_and_its_family_found_out(added: Source) -> None:
    (portal,) = model.Session.query(Portal)

    assert (portal.name, portal.adapter, portal.link) == ("stops", "emergent_index", added.link)


def test_portals_are_listed(typed: Type, added: Source) -> None:
    typed("harvest", "stops")

    assert "stops  finished  3 datasets" in typed("portal", "list").stdout
    (listed,) = json.loads(typed("portal", "list", "--json").stdout)
    assert listed["name"] == "stops"


def test_a_portal_is_shown(typed: Type, added: Source) -> None:
    assert json.loads(typed("portal", "show", "stops").stdout)["link"] == added.link


def test_a_portal_is_removed_after_a_question(typed: Type, added: Source) -> None:
    asked = typed("portal", "remove", "stops")
    assert model.Session.query(Portal).count() == 1

    typed("portal", "remove", "stops", "--yes")

    assert "stay" in asked.stdout
    assert model.Session.query(Portal).count() == 0


def test_what_is_refused_is_said_in_a_sentence(typed: Type, added: Source) -> None:
    result = typed("portal", "add", "again", added.link)

    assert result.exit_code == 2
    assert "as the portal “stops”" in result.stderr
    assert "Traceback" not in result.output


def test_a_portal_that_is_not_there(typed: Type) -> None:
    for words in (("harvest", "nothing"), ("portal", "show", "nothing")):
        result = typed(*words)
        assert (result.exit_code, "no such portal" in result.stderr) == (2, True)


class TestHarvest:
    def test_a_clean_run_ends_with_0_and_its_counts(self, typed: Type, added: Source) -> None:
        result = typed("harvest", "stops")

        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1] == "finished: 3 created · 0 problems"
        assert len(links(model.Session.query(Portal).one().id)) == 3

    def test_problems_are_told_one_a_line_and_end_with_1(self, typed: Type, added: Source) -> None:
        added.lists(*records(3), a_record("poor", licence=None))

        result = typed("harvest", "stops")

        (line,) = [line for line in result.stderr.splitlines() if line.startswith("warning")]
        assert result.exit_code == 1
        assert line.startswith("warning: Record poor: ")

    def test_a_failed_run_ends_with_2_and_says_why(self, typed: Type, added: Source) -> None:
        added.breaks()

        result = typed("harvest", "stops")

        assert result.exit_code == 2
        assert result.stdout.splitlines()[-1] == "failed: 1 problems"
        assert "404" in result.stderr

    def test_a_held_run_ends_with_2(self, typed: Type, added: Source) -> None:
        typed("harvest", "stops")
        added.lists()

        assert typed("harvest", "stops").exit_code == 2

    def test_a_held_run_goes_on_when_it_is_approved(self, typed: Type, added: Source) -> None:
        typed("harvest", "stops")
        added.lists()
        typed("harvest", "stops")

        approved = typed("portal", "approve", "stops")

        assert approved.stdout.splitlines()[-1].startswith("finished: 3 missing")
        assert typed("portal", "approve", "stops").exit_code == 2

    def test_as_json_there_is_nothing_else(self, typed: Type, added: Source) -> None:
        result = typed("harvest", "stops", "--json")

        assert json.loads(result.stdout)["counts"] == {"created": 3}
        assert result.stderr == ""

    def test_a_preview_saves_nothing_and_tells_each_record(
        self, typed: Type, added: Source
    ) -> None:
        result = typed("harvest", "stops", "--preview")

        assert result.exit_code == 0
        assert "created  Record r000" in result.stdout
        assert links(model.Session.query(Portal).one().id) == {}

    def test_a_preview_tells_what_would_change(self, typed: Type, added: Source) -> None:
        typed("harvest", "stops")
        added.lists(a_record("r000", title="News"), *records(3)[1:])

        result = typed("harvest", "stops", "--preview")

        assert "updated  News\n    title: Record r000 → News" in result.stdout

    def test_a_preview_as_json(self, typed: Type, added: Source) -> None:
        told = json.loads(typed("harvest", "stops", "--preview", "--json").stdout)

        assert told["counts"] == {"created": 3}
        assert [line["outcome"] for line in told["lines"]] == ["created"] * 3


class TestIndex:
    def test_an_index_that_agrees_ends_with_0(self, typed: Type, added: Source) -> None:
        typed("harvest", "stops")

        result = typed("index")

        assert (result.exit_code, result.stdout) == (0, "0 differ · 0 repaired\n")

    def test_a_lost_document_is_told_and_brought_back(self, typed: Type, added: Source) -> None:
        typed("harvest", "stops")
        lost = model.Session.query(model.Package).first().id
        clear(lost)

        told = typed("index")
        repaired = typed("index", "--repair")

        assert (told.exit_code, told.stdout.splitlines()[0]) == (1, f"missing  {lost}")
        assert (repaired.exit_code, typed("index").exit_code) == (0, 0)
