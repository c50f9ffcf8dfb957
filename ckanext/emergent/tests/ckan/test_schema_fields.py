"""The fields of the dataset schema: what they take, keep and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.tests.ckan.actor import Actor, editor

pytestmark = pytest.mark.usefixtures("hub")


@pytest.fixture(scope="module")
def person(hub: None) -> Actor:
    return editor()


def saved(person: Actor, **fields: Any) -> dict[str, Any]:
    dataset = person.create(data_spectrum="public", **fields)
    return person.call("package_show", id=dataset["id"])


def refused(person: Actor, **fields: Any) -> dict[str, Any]:
    return person.refused("package_create", **person.minimal(data_spectrum="public", **fields))


FULL: dict[str, Any] = {
    "notes": "What it is.",
    "theme": ["transport", "Öffentlicher Verkehr"],
    "challenges": ["rail", "aloha"],
    "url": "https://example.org/page",
    "access_contact": "The data desk",
    "access_url": "https://example.org/apply",
    "access_procedure": "Write to us.",
    "secure_environment": "Our own rooms.",
    "license_id": "cc-by",
    "license_text": "CC-BY-4.0 ",
    "attribution_text": "Office for Rail",
    "attribution_url": "https://example.org/credit",
    "author": "Ann",
    "author_email": "ann@example.org",
    "maintainer": "Ben",
    "maintainer_email": "ben@example.org",
    "publisher": [{"name": "Office", "email": "office@example.org", "url": "https://example.org"}],
    "frequency": "quarterly",
    "issued": "2020",
    "modified": "2020-05",
    "next_review": "2026-05-03",
    "temporal_coverage": [{"start": "2019", "end": "2020-03-31"}, {"start": "2021"}],
    "spatial_coverage": [{"text": "Leeds", "geom": '{"type":"Point","coordinates":[-1.5,53.8]}'}],
    "links": [
        {"kind": "story", "url": "https://example.org/story", "title": "Our story"},
        {"kind": "repository", "url": "https://example.org/code"},
    ],
    "references": [{"url": "https://example.org/codes", "description": "Station codes"}],
    "conforms_to": ["https://example.org/standard"],
    "language": ["en", "cy"],
}


def test_every_field_comes_back_as_it_was_sent(person: Actor) -> None:
    shown = saved(person, **FULL)
    sent = {**FULL, "license_text": "CC-BY-4.0"}
    assert {key: shown[key] for key in sent} == sent


def test_a_full_dataset_can_be_sent_back_unchanged(person: Actor) -> None:
    shown = saved(person, **FULL)
    again = person.call("package_update", **{**shown, "version": "2"})
    assert {key: again[key] for key in FULL} == {key: shown[key] for key in FULL}


def test_empty_fields_have_no_key(person: Actor) -> None:
    shown = saved(person, theme=["", " "], spectrum_reason=" ", links=[{"kind": "", "url": ""}])
    assert not {"theme", "spectrum_reason", "links", "extras"} & set(shown)


def test_rows_are_kept_while_empty_ones_between_them_go(person: Actor) -> None:
    rows = [{"start": "2019"}, {"start": "", "end": ""}, {"start": "2021"}]
    shown = saved(person, temporal_coverage=rows)
    assert shown["temporal_coverage"] == [{"start": "2019"}, {"start": "2021"}]


def test_a_link_without_its_kind_is_refused_at_its_row(person: Actor) -> None:
    rows = [{"kind": "story", "url": "https://example.org"}, {"url": "https://example.org"}]
    errors = refused(person, links=rows)
    assert "row is not complete" in errors["links"][1]["kind"][0]


def test_unknown_keys_of_a_row_are_dropped(person: Actor) -> None:
    shown = saved(person, references=[{"description": "Codes", "colour": "red"}])
    assert shown["references"] == [{"description": "Codes"}]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "www.example.org", "https://", "upon request"]
)
def test_only_links_on_the_web_are_links(person: Actor, link: str) -> None:
    errors = refused(person, url=link, links=[{"kind": "story", "url": link}])
    assert "begins with https:// or http://" in errors["url"][0]
    assert "links" in errors


def test_a_resource_cannot_lead_to_a_script(person: Actor) -> None:
    errors = refused(person, resources=[{"url": "javascript:alert(1)"}])
    assert "url" in errors["resources"][0]


@pytest.mark.parametrize("date", ["2020", "2020-05", "2020-05-11", "2020-05-11T10:00:00+01:00"])
def test_a_date_may_be_a_year_or_a_month(person: Actor, date: str) -> None:
    assert saved(person, issued=date)["issued"] == date


@pytest.mark.parametrize("date", ["11-05-2020", "2020-13", "2020-02-30", "last spring", "20"])
def test_what_is_no_date_to_everybody_is_refused(person: Actor, date: str) -> None:
    assert "2026-05-03" in refused(person, issued=date)["issued"][0]


def test_a_choice_that_is_none_is_told_with_the_choices(person: Actor) -> None:
    assert "quarterly" in refused(person, frequency="now and then")["frequency"][0]


def test_a_challenge_that_is_none_is_refused(person: Actor) -> None:
    assert "supply-chain" in refused(person, challenges=["rail", "tea"])["challenges"][0]


def test_the_registers_address_of_a_licence_is_shown_and_not_stored(person: Actor) -> None:
    shown = saved(person, license_id="cc-by")
    changed = person.call("package_update", **{**shown, "license_id": "cc-zero"})
    assert "zero" in changed["license_url"].lower()


def test_a_licences_own_address_is_kept(person: Actor) -> None:
    terms = "https://example.org/terms"
    shown = saved(person, license_id="other-at", license_url=terms)
    again = person.call("package_patch", id=shown["id"], notes="New")
    assert (shown["license_url"], again["license_url"]) == (terms, terms)


def test_a_page_can_be_taken_out_again(person: Actor) -> None:
    shown = saved(person, url="https://example.org/page")
    assert "url" not in person.call("package_update", **{**shown, "url": ""})


def test_a_dataset_keeps_its_name_when_an_update_leaves_it_out(person: Actor) -> None:
    shown = saved(person, title="Named once")
    changed = person.call("package_update", id=shown["id"], title="Renamed", data_spectrum="public")
    assert changed["name"] == shown["name"]


def test_a_record_without_a_resource_is_complete(person: Actor) -> None:
    assert saved(person)["state"] == "active"
