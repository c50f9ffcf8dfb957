"""A preview tells what a run would do, by the run's own code, and leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.emergent.harvest.model import TABLES, Outcome, RunState
from ckanext.emergent.harvest.preview import preview
from ckanext.emergent.tests.ckan.harvesting import (
    Scripted,
    a_person_does,
    datasets,
    harvest,
    pages,
    told,
)
from ckanext.emergent.tests.ckan.watching import watching

pytestmark = pytest.mark.usefixtures("harvester")

Script = tuple[str, type[Scripted]]


def everything() -> list[Any]:
    """Every row of the harvester, and of CKAN's datasets."""
    model.Session.remove()
    tables = [kind.__table__ for kind in TABLES] + [
        model.Package.__table__,
        model.Resource.__table__,
    ]
    return [sorted(map(str, model.Session.execute(sa.select(table)))) for table in tables]


def news(portal: str, adapter: type[Scripted]) -> None:
    """A harvested portal with something of everything in its next listing."""
    adapter.script = pages([told(key) for key in ("same", "changed", "edited", "hidden", "gone")])
    harvest(portal)
    a_person_does("package_patch", id=datasets(portal)["edited"]["id"], title="A person's title")
    adapter.script = pages(
        [
            told("same"),
            told("changed", title="The portal's new title", keywords=("bus",)),
            told("edited", title="The portal's new title"),
            told("hidden", published=False),
            told("new"),
            told("poor", licence=()),
        ]
    )


def test_its_counts_are_the_runs(scripted: Script) -> None:
    portal, adapter = scripted
    news(portal, adapter)

    seen = preview(portal)
    done = harvest(portal)

    assert dict(seen.counts) == done.counts
    assert seen.state is done.state is RunState.FINISHED
    assert done.outcomes == {
        "unchanged": 1,
        "updated": 1,
        "kept": 1,
        "retired": 1,
        "created": 2,
        "missing": 1,
    }


def test_it_tells_each_record_field_by_field(scripted: Script) -> None:
    portal, adapter = scripted
    news(portal, adapter)

    lines = {line.identifier: line for line in preview(portal).lines}

    changes = {change.field: (change.before, change.after) for change in lines["changed"].changes}
    assert changes == {
        "title": ("Record changed", "The portal's new title"),
        "tags": ([], ["bus"]),
    }
    assert lines["edited"].kept == ("title",)
    assert lines["new"].outcome is Outcome.CREATED
    assert "same" not in lines


def test_it_leaves_database_and_index_as_they_were(
    scripted: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal, adapter = scripted
    news(portal, adapter)
    before = everything()

    with watching(monkeypatch) as watched:
        preview(portal)

    assert watched.of_ckan() == []
    assert watched.solr_updates == 0
    assert everything() == before


def test_it_tells_what_would_not_be_accepted(
    scripted: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal, adapter = scripted
    adapter.script = pages([told("good"), told("bad")])
    refused = refusing("Record bad")
    monkeypatch.setattr("ckan.lib.plugins.plugin_validate", refused)

    seen = preview(portal)

    assert dict(seen.counts) == {"created": 1, "failed": 1, "problems": 1}


def refusing(title: str) -> Callable[..., Any]:
    """Validation that refuses the dataset of a title."""
    from ckan.lib import plugins as lib_plugins

    original = lib_plugins.plugin_validate

    def validate(plugin: Any, context: Any, data: Any, schema: Any, action: str) -> Any:
        if data.get("title") == title:
            return data, {"title": ["Not this one."]}
        return original(plugin, context, data, schema, action)

    return validate


def test_it_tells_that_a_run_would_be_held(scripted: Script) -> None:
    portal, adapter = scripted
    adapter.script = pages([told(key) for key in "abcdefgh"])
    harvest(portal)
    adapter.script = pages([])

    assert preview(portal).state is RunState.HELD


def test_it_may_be_had_while_a_run_is_under_way(scripted: Script) -> None:
    portal, adapter = scripted
    adapter.script = pages([told("a")], [told("b")])
    seen: list[int] = []

    def in_between(*_: Any, **_named: Any) -> Any:
        first, second = adapter.script
        yield first
        if not seen:
            seen.append(0)
            seen[0] = preview(portal).counts["created"]
        yield second

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "pages", in_between)
        done = harvest(portal)

    assert seen == [2]
    assert done.outcomes == {"created": 2}


def test_as_json_it_has_sentences(scripted: Script) -> None:
    portal, adapter = scripted
    adapter.script = pages([told("poor", licence=())])

    (problem, *_) = preview(portal).as_dict()["problems"]

    assert problem["says"].endswith(".")
    assert problem["title"] == "Record poor"
