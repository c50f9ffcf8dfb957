"""The catalogue's promises: one bad dataset costs one dataset, nothing is lost, names stay."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins as p
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.tests import factories, helpers

from ckanext.activity.model import Activity
from ckanext.emergent.harvest.catalogue import Catalogue, Write, Written
from ckanext.emergent.harvest.model import Portal
from ckanext.emergent.problem_sentences import SENTENCES
from ckanext.emergent.tests.ckan.recorder import CALLS, RecorderPlugin

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

Dataset = dict[str, Any]

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "emergent_harvest activity image_view recorder"),
]

PLAIN = pytest.mark.ckan_config("ckanext.emergent.harvest.plain_writes", "true")
both_ways = pytest.mark.parametrize(
    "way", [pytest.param("in bulk"), pytest.param("plainly", marks=PLAIN)]
)


@pytest.fixture
def recorded(provide_plugin: Callable[[str, type], None]) -> None:
    provide_plugin("recorder", RecorderPlugin)


@pytest.fixture
def organisation(recorded: None, with_plugins: None, clean_db: None, clean_index: None) -> str:
    return str(factories.Organization(name="first")["id"])


@pytest.fixture
def catalogue(organisation: str) -> Catalogue:
    user = helpers.call_action("get_site_user", {"ignore_auth": True})["name"]
    CALLS.clear()
    return Catalogue(str(user))


def dataset(number: int, **more: Any) -> Dataset:
    return {
        "name": f"dataset-{number}",
        "title": f"Dataset {number}",
        "notes": "Of use.",
        "owner_org": "first",
        "tags": [{"name": "rail"}],
        "resources": [{"name": "File", "url": f"http://portal.example/{number}.csv"}],
        **more,
    }


def new(*datasets: Dataset) -> list[Write]:
    return [Write(one["name"], one) for one in datasets]


def nothing(_written: tuple[Written, ...]) -> None:
    """A caller that adds nothing of its own."""


def in_search() -> int:
    return int(helpers.call_action("package_search", rows=0)["count"])


def in_database(state: str = "active") -> int:
    return model.Session.query(model.Package).filter_by(state=state).count()


def codes(written: tuple[Written, ...]) -> list[str]:
    return [problem.code for one in written for problem in one.problems]


# --- isolation


def test_in_a_batch_of_500_three_bad_datasets_cost_three_datasets(catalogue: Catalogue) -> None:
    datasets = [dataset(number) for number in range(500)]
    datasets[17]["author_email"] = "no address"
    datasets[230]["title"] = "A \0 in a title"
    datasets[444]["notes"] = "refused by Solr"
    seen: list[str] = []
    written = catalogue.write(new(*datasets), lambda some: seen.extend(one.key for one in some))
    assert [one.arrived for one in written].count(True) == 497
    assert codes(written) == ["value_not_accepted", "dataset_not_saved", "dataset_not_indexed"]
    assert in_search() == in_database() == 497
    assert [one.key for one in written] == [one["name"] for one in datasets]


@both_ways
def test_a_bad_dataset_is_told_in_a_sentence(way: str, catalogue: Catalogue) -> None:
    bad = dataset(1, resources=[{"url": "http://a.example"}, {"url": "http://b", "size": "big"}])
    (written,) = catalogue.write(new(bad), nothing)
    (problem,) = written.problems
    assert (problem.field, problem.received) == ("resources/2/size", "big")
    assert problem.code in SENTENCES


@both_ways
def test_what_stops_in_the_database_leaves_nothing_behind(way: str, catalogue: Catalogue) -> None:
    written = catalogue.write(new(dataset(1, title="\0"), dataset(2)), nothing)
    assert [one.arrived for one in written] == [False, True]
    assert in_search() == in_database() == 1


@both_ways
def test_what_solr_refuses_is_not_in_the_database_either(way: str, catalogue: Catalogue) -> None:
    written = catalogue.write(new(dataset(1, notes="refused by Solr"), dataset(2)), nothing)
    assert [one.arrived for one in written] == [False, True]
    assert in_search() == in_database() == 1


@both_ways
def test_an_edit_that_solr_refuses_leaves_the_dataset_as_it_was(
    way: str, catalogue: Catalogue
) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    worse = Write("1", {**dataset(1), "id": made.dataset_id, "notes": "refused by Solr"}, True)
    (written,) = catalogue.write([worse], nothing)
    assert written.dataset_id == made.dataset_id
    assert helpers.call_action("package_show", id="dataset-1")["notes"] == "Of use."


def test_two_datasets_of_a_batch_cannot_take_one_name(catalogue: Catalogue) -> None:
    written = catalogue.write(new(dataset(1), dataset(1, title="Another")), nothing)
    assert [one.arrived for one in written] == [True, False]


def test_a_name_that_is_taken_at_the_last_moment_costs_one_dataset(catalogue: Catalogue) -> None:
    def meanwhile(written: tuple[Written, ...]) -> None:
        """Another worker commits a dataset of the same name, once."""
        if len(written) == 5:
            with model.ensure_engine().begin() as connection:
                row = {"id": str(uuid.uuid4()), "name": "dataset-9", "state": "active"}
                connection.execute(model.package_table.insert(), [row])

    writes = new(*(dataset(number) for number in range(5)))
    catalogue.write(writes, meanwhile)
    written = catalogue.write(new(dataset(9), dataset(10)), nothing)
    assert [one.arrived for one in written] == [False, True]


@both_ways
def test_a_plugin_that_fails_costs_one_dataset(
    way: str, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Any, _context: Any, pkg_dict: Dataset) -> None:
        if pkg_dict["name"] == "dataset-3":
            raise RuntimeError("not this one")

    monkeypatch.setattr(RecorderPlugin, "after_dataset_create", fail)
    written = catalogue.write(new(*(dataset(number) for number in range(9))), nothing)
    assert [one.key for one in written if not one.arrived] == ["dataset-3"]
    assert in_search() == 8


@both_ways
def test_a_dataset_that_is_gone_is_not_made_again(way: str, catalogue: Catalogue) -> None:
    (written,) = catalogue.write([Write("1", dataset(1, id=str(uuid.uuid4())), True)], nothing)
    assert codes((written,)) == ["dataset_gone"]
    assert in_database() == 0


@both_ways
def test_an_edit_of_the_moment_is_not_written_over(way: str, catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    seen = catalogue.show([str(made.dataset_id)])[str(made.dataset_id)]
    model.Session.rollback()
    person = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", person, id=made.dataset_id, notes="By a person.")
    edit = Write("1", {**seen, "notes": "By a portal."}, exists=True)
    (written,) = catalogue.write([edit], nothing)
    assert codes((written,)) == ["dataset_edited_meanwhile"]
    assert helpers.call_action("package_show", id="dataset-1")["notes"] == "By a person."


# --- what other plugins do


def test_what_a_hook_changes_is_shown_and_searched(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(_self: Any, package: model.Package) -> None:
        package.notes = "By a hook."

    monkeypatch.setattr(RecorderPlugin, "create", change)
    (written,) = catalogue.write(new(dataset(1)), nothing)
    assert written.shown is not None
    assert written.shown["notes"] == "By a hook."
    assert helpers.call_action("package_search", q="hook")["count"] == 1


class ChainingPlugin(p.SingletonPlugin):
    """Wants to see every dataset that is created."""

    p.implements(p.IActions)
    seen: ClassVar[list[str]] = []

    def get_actions(self) -> dict[str, Any]:
        return {"package_create": self.create}

    @staticmethod
    @tk.chained_action
    def create(original_action: Any, context: Any, data_dict: Dataset) -> Any:
        ChainingPlugin.seen.append(data_dict["name"])
        return original_action(context, data_dict)


@pytest.fixture
def chaining(provide_plugin: Callable[[str, type], None]) -> None:
    provide_plugin("chaining", ChainingPlugin)


@pytest.mark.with_plugins("chaining")
def test_a_plugin_that_chains_ckans_action_sees_every_dataset(
    chaining: None, catalogue: Catalogue
) -> None:
    written = catalogue.write(new(dataset(1), dataset(2)), nothing)
    assert all(one.arrived for one in written)
    assert ChainingPlugin.seen == ["dataset-1", "dataset-2"]


# --- what the caller adds


def portal(name: str) -> Portal:
    return Portal(name=name, title=name, link="http://portal.example", adapter="none")


@both_ways
def test_what_the_caller_adds_is_committed_with_the_datasets(
    way: str, catalogue: Catalogue
) -> None:
    def alongside(written: tuple[Written, ...]) -> None:
        for one in written:
            model.Session.add(portal(f"portal-of-{one.key}"))

    catalogue.write(new(dataset(1), dataset(2, title="\0")), alongside)
    model.Session.rollback()
    names = model.Session.scalars(sa.select(Portal.name)).all()
    assert names == ["portal-of-dataset-1"]


@both_ways
def test_a_caller_that_fails_stops_everything(way: str, catalogue: Catalogue) -> None:
    def alongside(_written: tuple[Written, ...]) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        catalogue.write(new(dataset(1), dataset(2)), alongside)
    assert in_database() == 0


def test_a_batch_is_one_transaction(catalogue: Catalogue) -> None:
    commits: list[str] = []
    sa.event.listen(model.ensure_engine(), "commit", lambda _: commits.append("commit"))
    catalogue.write(new(*(dataset(number) for number in range(20))), nothing)
    # The datasets, what the index owes before they are posted, and new tags.
    assert len(commits) <= 3


def test_what_needs_no_writing_is_told_to_the_caller_too(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    now = catalogue.show([str(made.dataset_id)])[str(made.dataset_id)]
    told: list[str] = []
    catalogue.write([Write("same", now, True)], lambda some: told.extend(one.key for one in some))
    assert told == ["same"]


# --- retiring


def test_a_retired_dataset_leaves_search_and_loses_nothing(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    (gone,) = catalogue.retire([str(made.dataset_id)], nothing)
    assert in_search() == 0
    assert gone.shown is not None
    assert made.shown is not None
    assert {k for k in made.shown if made.shown[k] != gone.shown[k]} == {
        "state",
        "metadata_modified",
    }


def test_retired_and_restored_five_times_it_is_the_same_dataset(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    ids = [str(made.dataset_id)]
    for _ in range(5):
        catalogue.retire(ids, nothing)
        (back,) = catalogue.restore(ids, nothing)
    assert made.shown is not None
    assert back.shown is not None
    same = {"metadata_modified": None}
    assert {**back.shown, **same} == {**made.shown, **same}
    assert in_search() == 1


def test_a_dataset_that_is_not_valid_any_more_can_be_retired(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    package = model.Package.get(made.dataset_id)
    assert package is not None
    package.author_email = "no address"
    model.Session.commit()
    (gone,) = catalogue.retire([str(made.dataset_id)], nothing)
    assert gone.arrived
    assert in_search() == 0


@pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", "true")
def test_collaborators_survive_retiring(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    helpers.call_action(
        "package_collaborator_create",
        id=made.dataset_id,
        user_id=factories.User()["id"],
        capacity="editor",
    )
    catalogue.retire([str(made.dataset_id)], nothing)
    assert model.Session.query(model.PackageMember).count() == 1


@both_ways
def test_retiring_is_told_to_plugins_as_an_edit(way: str, catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    CALLS.clear()
    catalogue.retire([str(made.dataset_id)], nothing)
    told = {call for call, _ in CALLS}
    assert {"edit", "after_dataset_update", "notify", "signal package_update"} <= told
    kinds = sa.select(Activity.activity_type).filter_by(object_id=made.dataset_id)
    assert set(model.Session.scalars(kinds)) == {"new package", "deleted package"}


def test_retiring_what_is_gone_or_retired_already_fails_nothing(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    ids = [str(made.dataset_id), "no such dataset"]
    catalogue.retire(ids, nothing)
    again, never = catalogue.retire(ids, nothing)
    assert again.arrived
    assert codes((never,)) == ["dataset_gone"]


# --- the search index


def test_while_solr_is_away_nothing_is_lost(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = catalogue.write(new(dataset(1)), nothing)
    with monkeypatch.context() as patch:
        patch.setitem(config, "solr_url", "http://127.0.0.1:9/solr/none")
        away = Catalogue(str(helpers.call_action("get_site_user", {"ignore_auth": True})["name"]))
        written = away.write(new(dataset(2)), nothing)
        away.retire([str(first.dataset_id)], nothing)
    assert written[0].arrived
    assert catalogue.check_index().missing == {written[0].dataset_id}
    catalogue.repair_index(at_once=True)
    assert not catalogue.check_index().all
    assert helpers.call_action("package_search")["results"][0]["name"] == "dataset-2"


def test_a_batch_in_flight_is_not_repaired_by_another_worker(catalogue: Catalogue) -> None:
    repaired: list[Any] = []

    def meanwhile(_written: tuple[Written, ...]) -> None:
        repaired.append(catalogue.repair_index().mended)

    catalogue.write(new(dataset(1)), meanwhile)
    assert repaired == [()]


def test_what_is_in_the_index_only_is_found_and_taken_out(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("UPDATE package SET state = 'deleted'"))
    drift = catalogue.check_index()
    assert drift.ghosts == {made.dataset_id}
    catalogue.repair_index(drift.all)
    assert in_search() == 0


# --- reading


def test_many_are_shown_as_package_show_shows_each(catalogue: Catalogue) -> None:
    written = catalogue.write(new(*(dataset(number) for number in range(7))), nothing)
    ids = [str(one.dataset_id) for one in written]
    model.Session.remove()
    expected = {
        one: helpers.call_action("package_show", {"ignore_auth": True}, id=one) for one in ids
    }
    assert catalogue.show(ids) == expected


def test_reading_many_takes_few_queries(catalogue: Catalogue) -> None:
    written = catalogue.write(new(*(dataset(number) for number in range(30))), nothing)
    queries: list[str] = []
    model.Session.remove()
    sa.event.listen(
        model.ensure_engine(), "before_cursor_execute", lambda *args: queries.append(args[2])
    )
    catalogue.show([str(one.dataset_id) for one in written])
    assert len(queries) <= 5


def test_an_edit_that_the_index_does_not_know_is_shown(catalogue: Catalogue) -> None:
    (made,) = catalogue.write(new(dataset(1)), nothing)
    with model.ensure_engine().begin() as connection:
        connection.execute(
            sa.text("UPDATE package SET title = 'Newer', metadata_modified = '2030-01-01'")
        )
    model.Session.remove()
    shown = catalogue.show([str(made.dataset_id), "no such dataset"])
    assert {one: dataset["title"] for one, dataset in shown.items()} == {made.dataset_id: "Newer"}


# --- names and tags


def test_names_are_made_of_titles_and_are_free(catalogue: Catalogue) -> None:
    taken = ({"name": "trains"}, {"name": "trains-2", "state": "deleted"})
    catalogue.write(new(*(dataset(number, **more) for number, more in enumerate(taken))), nothing)
    names = catalogue.free_names(["Trains", "Trains!", "Ünïted Küngdom: x/y", "東京", "a", "Edit"])
    assert names == ("trains-3", "trains-4", "united-kungdom-x-y", "dataset", "dataset-2", "edit-2")


def test_a_long_title_makes_a_name_that_ckan_takes(catalogue: Catalogue) -> None:
    titles = ["Word " * 80] * 12
    names = catalogue.free_names(titles)
    assert len(set(names)) == 12
    assert max(map(len, names)) <= 100
    written = catalogue.write(
        new(*(dataset(number, name=name) for number, name in enumerate(names))), nothing
    )
    assert all(one.arrived for one in written)


def test_a_new_tag_is_made_once_by_two_workers_at_a_time(catalogue: Catalogue) -> None:
    user = str(helpers.call_action("get_site_user", {"ignore_auth": True})["name"])
    start = threading.Barrier(2)

    def work(number: int) -> None:
        tags = [{"name": f"tag {n}"} for n in range(20)]
        mine = [dataset(n, tags=tags) for n in range(number * 10, number * 10 + 10)]
        start.wait()
        try:
            Catalogue(user).write(new(*mine), nothing)
        finally:
            model.Session.remove()

    workers = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert model.Session.query(model.Tag).count() == 20
    assert in_database() == 20
