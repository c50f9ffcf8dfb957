"""What is taken out of an answer before an anonymous caller gets it."""

from __future__ import annotations

import json

import pytest

from ckanext.emergent.contact_privacy import is_address_key, without_address, without_addresses

ADDRESS = "ann.smith@example.org"


@pytest.mark.parametrize("key", ["email", "author_email", "contactEmail", "extras_contact_email"])
def test_a_field_is_known_for_an_address_by_its_name(key: str) -> None:
    assert is_address_key(key)


@pytest.mark.parametrize("key", ["emailed_on", "title", "activity_streams_email_notifications"])
def test_other_fields_are_left_alone(key: str) -> None:
    assert not is_address_key(key)


@pytest.mark.parametrize(
    "dataset",
    [
        {"author_email": ADDRESS},
        {"publisher": [{"name": "Office", "email": ADDRESS}]},
        {"publisher": [{"name": f"Ann <{ADDRESS}>", "uri": f"mailto:{ADDRESS}"}]},
        {"organization": {"title": "Office", "steward_email": ADDRESS}},
        {"extras": [{"key": "contact_email", "value": ADDRESS}]},
        {"extras": [{"key": "source:contact", "value": f"Ann, {ADDRESS}"}]},
        {"extras": [{"key": "publisher", "value": json.dumps([{"email": ADDRESS}])}]},
        {"access_contact": f"The data desk, {ADDRESS}"},
        {"author": ADDRESS},
        {"resources": [{"name": "a", "contact_email": ADDRESS}]},
        {"validated_data_dict": json.dumps({"author_email": ADDRESS})},
        {"data": {"package": {"maintainer_email": ADDRESS}}},
    ],
)
def test_an_address_is_gone_wherever_it_stood(dataset: dict) -> None:
    assert ADDRESS not in json.dumps(without_addresses(dataset))


def test_what_was_given_keeps_its_addresses() -> None:
    dataset = {"publisher": [{"email": ADDRESS}], "extras": [{"key": "email", "value": ADDRESS}]}
    before = json.dumps(dataset)
    without_addresses(dataset)
    assert json.dumps(dataset) == before


def test_the_rest_of_a_contact_text_stays() -> None:
    assert without_address(f"The data desk, {ADDRESS}") == "The data desk"


@pytest.mark.parametrize(
    "link", ["git@github.com:odileeds/hub.git", "https://medium.com/@odileeds/story"]
)
def test_links_that_only_look_like_addresses_stay(link: str) -> None:
    dataset = {"links": [{"kind": "repository", "url": link}]}
    assert without_addresses(dataset) == dataset


def test_extras_without_an_address_stay() -> None:
    dataset = {"extras": [{"key": "region", "value": "Leeds"}, {"key": "rows", "value": "[1]"}]}
    assert without_addresses(dataset) == dataset
