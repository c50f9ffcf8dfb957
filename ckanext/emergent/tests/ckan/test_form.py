"""The forms as a browser without scripts sends them, to CKAN's real views, with CSRF tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ckan.common import config
from ckan.config.middleware.flask_app import csrf
from ckan.tests.helpers import _get_test_app
from werkzeug.test import TestResponse

from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import Actor
from ckanext.emergent.tests.ckan.browser import Browser, Form

pytestmark = pytest.mark.usefixtures("hub")


@pytest.fixture(scope="module")
def browser(hub: None) -> Iterator[Browser]:
    before = config["WTF_CSRF_ENABLED"]
    config["WTF_CSRF_ENABLED"] = True
    app = _get_test_app()
    user = factories.User(password="only-for-this-test")
    organization = factories.Organization(users=[{"name": user["name"], "capacity": "admin"}])
    who = Actor(user["name"], organization["id"])
    yield Browser(app.flask_app.test_client(), who, "only-for-this-test")
    config["WTF_CSRF_ENABLED"] = before


def new(browser: Browser, **changes: Any) -> TestResponse:
    return browser.send("/dataset/new", browser.form("/dataset/new").sent(**changes))


def edit(browser: Browser, name: str, **changes: Any) -> TestResponse:
    path = f"/dataset/edit/{name}"
    return browser.send(path, browser.form(path).sent(**changes))


def show(browser: Browser, name: str) -> dict[str, Any]:
    return browser.who.call("package_show", id=name)


def errors(answer: TestResponse) -> list[str]:
    found = re.search(
        r'class="error-explanation.*?</div>', answer.get_data(as_text=True), re.DOTALL
    )
    assert found, "the page shows no errors"
    return [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>.*?</li>", found[0])]


# --- a new dataset ----------------------------------------------------------------------------


def test_title_owner_and_level_alone_save(browser: Browser) -> None:
    answer = new(browser, title="Only the least", data_spectrum=["asked", "public"])
    assert answer.status_code == 302
    shown = show(browser, "only-the-least")
    assert (shown["state"], shown["private"]) == ("active", False)


def test_a_private_record_stays_private_when_edited(browser: Browser) -> None:
    new(browser, title="Kept in", data_spectrum=["asked", "public"], private="True")
    edit(browser, "kept-in", title="Edited")
    assert show(browser, "kept-in")["private"] is True


def test_one_submission_saves_dataset_and_resources(browser: Browser) -> None:
    new(
        browser,
        title="With files",
        data_spectrum=["asked", "public"],
        resources__0__url="https://example.org/a.csv",
        resources__0__name="A",
        resources__0__resource_type="data",
        resources__0__access="anyone",
        resources__1__url="https://example.org/b",
        resources__1__format="API",
    )
    shown = show(browser, "with-files")
    assert [(r["name"], r["url"], r["format"]) for r in shown["resources"]] == [
        ("A", "https://example.org/a.csv", "CSV"),
        ("", "https://example.org/b", "API"),
    ]
    assert (shown["state"], shown["resources"][0]["access"]) == ("active", "anyone")


def test_rows_and_lists_are_saved_without_scripts(browser: Browser) -> None:
    new(
        browser,
        title="With rows",
        data_spectrum=["asked", "public"],
        challenges=["rail", "aviation"],
        theme=["transport", ""],
        **{"links-01-kind": "story", "links-01-url": "https://example.org/story"},
    )
    shown = show(browser, "with-rows")
    assert shown["links"] == [{"kind": "story", "url": "https://example.org/story"}]
    assert (shown["challenges"], shown["theme"]) == (["rail", "aviation"], ["transport"])


def test_a_form_without_a_level_comes_back_with_a_sentence(browser: Browser) -> None:
    answer = new(browser, title="No level")
    assert [error for error in errors(answer) if "Choose one of the five levels" in error]


def test_nothing_is_preselected(browser: Browser) -> None:
    assert browser.form("/dataset/new").sent()["data_spectrum"] == ["asked"]


def test_each_level_is_told_with_definition_example_and_consequence(browser: Browser) -> None:
    page = browser.open("/dataset/new")
    for words in ("A company&#39;s sales reports", "Bus timetables", "Only people inside"):
        assert words in page


def test_what_was_typed_is_there_after_an_error(browser: Browser) -> None:
    answer = new(
        browser,
        title="Failed once",
        data_spectrum=["asked", "group"],
        challenges=["rail"],
        resources__0__url="https://example.org/kept.csv",
        **{"links-01-url": "https://example.org/typed"},
    )
    again = Form(answer.get_data(as_text=True)).sent()
    assert again["data_spectrum"] == ["asked", "group"]
    assert again["resources__0__url"] == ["https://example.org/kept.csv"]
    assert again["links-01-url"] == ["https://example.org/typed"]
    assert again["challenges"] == ["rail"]


def test_errors_name_the_row_and_lead_to_it(browser: Browser) -> None:
    answer = new(
        browser,
        title="Bad row",
        data_spectrum=["asked", "public"],
        **{"links-01-url": "not a link"},
    )
    assert [
        error for error in errors(answer) if error.startswith("Stories and further links 2, Link")
    ]
    assert 'href="#field-links-01-url"' in answer.get_data(as_text=True)
    assert 'id="field-links-01-url"' in answer.get_data(as_text=True)


def test_warnings_are_told_once_on_the_next_page(browser: Browser) -> None:
    new(browser, title="Without licence", data_spectrum=["asked", "public"])
    assert browser.open("/dataset/without-licence").count("No licence is given") == 1


# --- an edit ----------------------------------------------------------------------------------


@pytest.fixture
def harvested(browser: Browser) -> dict[str, Any]:
    return factories.harvested(
        owner_org=browser.who.organization,
        data_spectrum="public",
        notes="Two lines,\nthe second of them here.",
        access_procedure="Write.\nWait.",
        author="Ann",
        links=[
            {"kind": "story", "url": "https://example.org/1"},
            {"kind": "story", "url": "https://example.org/2"},
        ],
        extras=[{"key": "ward", "value": "Hale"}],
        resources=[{"url": "https://example.org/a.csv", "identifier": "f1"}],
    )


def test_an_edit_keeps_what_the_form_does_not_show(
    browser: Browser, harvested: dict[str, Any]
) -> None:
    edit(browser, harvested["name"], title="Edited")
    shown = show(browser, harvested["name"])
    unchanged = {"title": None, "metadata_modified": None}
    assert shown["title"] == "Edited"
    assert {**shown, **unchanged} == {**harvested, **unchanged}


def test_a_row_is_removed_by_emptying_it(browser: Browser, harvested: dict[str, Any]) -> None:
    edit(browser, harvested["name"], **{"links-00-kind": "", "links-00-url": ""})
    urls = [link["url"] for link in show(browser, harvested["name"])["links"]]
    assert urls == ["https://example.org/2"]


def test_rows_typed_in_a_failed_edit_are_not_lost(
    browser: Browser, harvested: dict[str, Any]
) -> None:
    answer = edit(
        browser,
        harvested["name"],
        issued="no date",
        **{"links-00-title": "Typed", "links-01-kind": "", "links-01-url": ""},
    )
    again = Form(answer.get_data(as_text=True)).sent()
    assert (again["links-00-title"], again["links-01-url"]) == (["Typed"], [""])


def test_an_unclassified_dataset_must_get_a_level_in_the_form(browser: Browser) -> None:
    dataset = factories.harvested(owner_org=browser.who.organization)
    answer = edit(browser, dataset["name"], title="Edited")
    assert [error for error in errors(answer) if "Choose one of the five levels" in error]


def test_choosing_a_level_declares_it(browser: Browser) -> None:
    dataset = factories.harvested(owner_org=browser.who.organization)
    edit(browser, dataset["name"], data_spectrum=["asked", "public"])
    assert show(browser, dataset["name"])["spectrum_basis"] == "declared"


def test_provenance_is_shown_on_the_page(browser: Browser, harvested: dict[str, Any]) -> None:
    page = browser.open(f"/dataset/{harvested['name']}")
    assert "Found at" in page
    assert "https://open.barnet.gov.uk/dataset/e1" in page


def test_a_group_with_something_in_it_is_not_folded(
    browser: Browser, harvested: dict[str, Any]
) -> None:
    assert browser.open("/dataset/new").count("<details open>") == 0
    assert browser.open(f"/dataset/edit/{harvested['name']}").count("<details open>") == 1


def test_only_open_data_bears_the_mark_of_open_data(browser: Browser) -> None:
    names = [
        factories.harvested(
            owner_org=browser.who.organization, license_id="cc-by", data_spectrum=level
        )["name"]
        for level in ("open", "group", None)
    ]
    pages = [browser.open(f"/dataset/{name}") for name in names]
    assert ["[Open Data]" in page for page in pages] == [True, False, False]


def test_without_the_token_nothing_is_saved(browser: Browser) -> None:
    # CKAN 2.12 exempts a view for everybody as soon as somebody opens it without a session.
    csrf._exempt_views.clear()
    fields = browser.form("/dataset/new").sent(title="Forged", data_spectrum=["asked", "public"])
    fields.pop("_csrf_token")
    assert browser.send("/dataset/new", fields).status_code == 400
