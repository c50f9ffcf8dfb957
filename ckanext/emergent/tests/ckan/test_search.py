"""What the index holds, what it refuses to choke on, and how levels are searched for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.tests.helpers import _get_test_app
from sqlalchemy import event

from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import ANYBODY, Actor, editor

pytestmark = pytest.mark.usefixtures("hub")

LONG = "long " * 20_000
LONG_WORD = "x" * 100_000


@pytest.fixture(scope="module")
def person(hub: None) -> Actor:
    return editor()


@pytest.fixture(scope="module")
def levels(person: Actor) -> dict[str, str]:
    """Level -> name of a dataset of that level."""
    fields: dict[str, dict[str, Any]] = {
        "internal": {"spectrum_reason": "Secret."},
        "named": {"spectrum_reason": "Contracts."},
        "group": {"spectrum_reason": "Members."},
        "public": {},
        "open": {"license_id": "cc-by"},
    }
    made = {
        level: person.create(title=f"Level {level}", data_spectrum=level, **more)["name"]
        for level, more in fields.items()
    }
    made["unclassified"] = factories.harvested(owner_org=person.organization)["name"]
    return made


def found(**search: Any) -> set[str]:
    return {one["name"] for one in ANYBODY.call("package_search", rows=100, **search)["results"]}


def counts(field: str, **search: Any) -> dict[str, int]:
    answer = ANYBODY.call("package_search", **{"facet.field": [field], "rows": 0, **search})
    return answer["facets"][field]


# --- levels -----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["internal", "named", "group", "public", "open", "unclassified"])
def test_a_dataset_is_found_by_its_level(levels: dict[str, str], level: str) -> None:
    assert levels[level] in found(fq=f'data_spectrum:"{level}"')
    others = {name for other, name in levels.items() if other != level}
    assert not others & found(fq=f'data_spectrum:"{level}"')


@pytest.mark.parametrize(
    ("band", "inside"),
    [("closed", {"internal"}), ("shared", {"named", "group", "public"}), ("open", {"open"})],
)
def test_a_dataset_is_found_by_its_band(
    levels: dict[str, str], band: str, inside: set[str]
) -> None:
    hits = found(fq=f"data_spectrum_band:{band}")
    assert {level for level, name in levels.items() if name in hits} == inside


def test_two_chosen_levels_find_datasets_of_either(levels: dict[str, str]) -> None:
    hits = found(fq='data_spectrum:"open" data_spectrum:"group" +dataset_type:dataset')
    assert {levels["open"], levels["group"]} <= hits
    assert not hits & {levels["public"], levels["named"]}


def test_two_chosen_levels_on_the_search_page(levels: dict[str, str]) -> None:
    page = _get_test_app().get("/dataset/?data_spectrum=open&data_spectrum=group").body
    assert "Level open" in page
    assert "Level group" in page
    assert "Level public" not in page


def test_levels_combine_with_other_filters_by_and(person: Actor, levels: dict[str, str]) -> None:
    chosen = 'data_spectrum:"open" data_spectrum:"group"'
    assert found(fq=f'{chosen} license_id:"cc-by"') == {levels["open"]}


def test_a_filter_that_excludes_levels_is_left_alone(levels: dict[str, str]) -> None:
    hits = found(fq='-data_spectrum:"open" -data_spectrum:"group"')
    assert not hits & {levels["open"], levels["group"]}


def test_a_filter_written_by_hand_is_left_alone(levels: dict[str, str]) -> None:
    assert found(fq='data_spectrum:"open" AND data_spectrum:"group"') == set()


def test_levels_are_named_in_the_facets(levels: dict[str, str]) -> None:
    answer = ANYBODY.call("package_search", **{"facet.field": ["data_spectrum"], "rows": 0})
    items = answer["search_facets"]["data_spectrum"]["items"]
    names = {item["name"]: item["display_name"] for item in items}
    assert names["group"] == "Group-based access"
    assert names["unclassified"] == "Unclassified"


def test_the_spectrum_is_the_first_filter_of_the_page(levels: dict[str, str]) -> None:
    page = _get_test_app().get("/dataset/").body
    headings = page.index("Data Spectrum"), page.index("Organizations")
    assert headings[0] < headings[1]


def test_more_results_cost_no_more_queries(person: Actor) -> None:
    for number in range(6):
        person.create(title=f"Counted {number}", data_spectrum="public")
    with queries() as few:
        ANYBODY.call("package_search", q="title:counted", rows=1)
    with queries() as many:
        assert len(ANYBODY.call("package_search", q="title:counted", rows=6)["results"]) == 6
    assert len(many) == len(few)


@contextmanager
def queries() -> Iterator[list[str]]:
    """The SQL statements sent within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(model.meta.engine, "before_cursor_execute", note)
    yield sent
    event.remove(model.meta.engine, "before_cursor_execute", note)


# --- fields of several values -----------------------------------------------------------------


def test_each_challenge_and_topic_is_a_value_of_its_own(person: Actor) -> None:
    dataset = person.create(
        data_spectrum="public", challenges=["rail", "aloha"], theme=["sea salt", "ports"]
    )
    only = {"fq": f"id:{dataset['id']}"}
    assert counts("vocab_challenges", **only) == {"rail": 1, "aloha": 1}
    assert counts("vocab_theme", **only) == {"sea salt": 1, "ports": 1}


def test_the_portal_is_a_value_of_its_own(person: Actor) -> None:
    dataset = factories.harvested(owner_org=person.organization, source_portal="Data Mill North")
    assert found(fq='source_portal:"Data Mill North"') == {dataset["name"]}


def test_words_in_rows_are_found(person: Actor) -> None:
    dataset = person.create(
        data_spectrum="public",
        publisher=[{"name": "Zanzibar Tides"}],
        references=[{"description": "Quokka census"}],
    )
    assert found(q="Zanzibar") == found(q="quokka") == {dataset["name"]}


def test_a_geometry_is_where_ckanext_spatial_looks(person: Actor) -> None:
    point = '{"type":"Point","coordinates":[-1.5,53.8]}'
    dataset = person.create(data_spectrum="public", spatial_coverage=[{"geom": point}])
    stored = make_connection().search(f'id:"{dataset["id"]}"', fl="extras_spatial", wt="json")
    assert stored.docs == [{"extras_spatial": point}]


# --- over-long values -------------------------------------------------------------------------


@pytest.mark.parametrize("text", [LONG, LONG_WORD, "ö" * 60_000], ids=["words", "word", "umlauts"])
@pytest.mark.parametrize(
    "field", ["notes", "spectrum_reason", "license_text", "access_procedure", "author"]
)
def test_a_text_of_100_kilobytes_is_indexed_and_kept(person: Actor, field: str, text: str) -> None:
    dataset = person.create(title=f"Long {field}", data_spectrum="public", **{field: text})
    assert dataset["name"] in found(q=f"title:{field}")
    assert person.call("package_show", id=dataset["id"])[field] == text.strip()


@pytest.mark.parametrize("text", [LONG, LONG_WORD], ids=["words", "word"])
def test_long_values_elsewhere_are_indexed_too(person: Actor, text: str) -> None:
    dataset = person.create(
        title="Long everywhere",
        data_spectrum="public",
        theme=[text, "short"],
        links=[{"kind": "story", "url": f"https://example.org/{text.replace(' ', '')}"}],
        references=[{"description": text}],
        spatial_coverage=[{"geom": text}],
        extras=[{"key": "left over", "value": text}],
        resources=[{"url": f"https://example.org/{text.replace(' ', '')}", "name": text}],
    )
    assert dataset["name"] in found(q="everywhere")
    assert dataset["name"] in found(fq='vocab_theme:"short"')


def test_a_title_of_100_kilobytes_is_indexed(person: Actor) -> None:
    dataset = person.create(title=f"Endless {LONG}", name="endless", data_spectrum="public")
    assert found(fq="name:endless") == {dataset["name"]}
