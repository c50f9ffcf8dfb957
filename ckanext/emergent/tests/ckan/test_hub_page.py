"""The hub page as a visitor gets it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ckan.lib.search import SearchError
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp

from ckanext.emergent.choices import Membership
from ckanext.emergent.hub.page import CREDIT_LINK
from ckanext.emergent.spectrum import Level
from ckanext.emergent.tests.catalogue_content import dataset, one_of_each_level, organization

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("ckanext.emergent.hub.cache_seconds", 0),
    pytest.mark.ckan_config("ckan.site_title", "The test hub"),
]


def hub(app: CKANTestApp, **extra: Any) -> str:
    return app.get("/", status=200, **extra).body


def test_empty_hub_says_that_nothing_is_registered_yet(app: CKANTestApp) -> None:
    page = hub(app)
    assert "No dataset is registered yet." in page
    assert "No organisation is a member yet." in page
    assert "Latest datasets" not in page


def test_page_has_one_main_heading_and_one_search_box(app: CKANTestApp) -> None:
    page = hub(app)
    assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", page) == ["The test hub"]
    assert len(re.findall(r"<input[^>]*name=\"q\"", page)) == 1


def test_page_leads_to_finding_publishing_and_using(app: CKANTestApp) -> None:
    page = hub(app)
    for link in ('href="/dataset/"', 'href="/dataset/new"', 'href="/spectrum"'):
        assert link in page


def test_scale_names_its_source(app: CKANTestApp) -> None:
    page = hub(app)
    assert "Based on The Data Spectrum by The Open Data Institute, CC BY" in page
    assert f'href="{CREDIT_LINK}"' in page


def test_each_level_is_a_link_that_says_level_band_and_number(app: CKANTestApp) -> None:
    one_of_each_level(organization("rssb", "RSSB"))
    page = hub(app)
    for name in (
        "Internal access, closed: 1 dataset",
        "Named access, shared: 1 dataset",
        "Group-based access, shared: 1 dataset",
        "Public access, shared: 1 dataset",
        "Open: 1 dataset",
        "Unclassified: 1 dataset",
    ):
        assert f'aria-label="{name}"' in page


def test_levels_stand_in_spectrum_order(app: CKANTestApp) -> None:
    one_of_each_level(organization("rssb", "RSSB"))
    found = re.findall(r"spectrum-segment[^>]*data_spectrum=(\w+)", hub(app))
    assert found == [*(level.value for level in Level), "unclassified"]


def test_unclassified_is_not_drawn_when_there_is_none(app: CKANTestApp) -> None:
    dataset("timetables", Level.OPEN, organization("rssb", "RSSB"))
    assert "data_spectrum=unclassified" not in hub(app)


def test_founding_partners_come_first_and_others_are_not_called_members(
    app: CKANTestApp,
) -> None:
    organization("ons", "Office for National Statistics")
    organization("iotics", "IOTICS", Membership.MEMBER)
    organization("truata", "Truata", Membership.FOUNDING_PARTNER)
    found = re.findall(r"hub-member-name\">([^<]+)<", hub(app))
    assert found == ["Truata", "IOTICS"]


def test_member_without_a_logo_has_initials(app: CKANTestApp) -> None:
    organization("the-data-city", "The Data City", Membership.MEMBER)
    assert 'class="hub-logo hub-initials" aria-hidden="true">DC<' in hub(app)


def test_member_says_what_it_is_and_how_many_datasets_it_has_once_it_has_some(
    app: CKANTestApp,
) -> None:
    organization("iotics", "IOTICS", Membership.CONTRIBUTOR)
    owner = organization("truata", "Truata", Membership.FOUNDING_PARTNER)
    dataset("spending", Level.NAMED, owner)
    page = hub(app)
    members = page[page.index('id="hub-members"') : page.index('id="hub-challenges"')]
    told = [
        " ".join(text.split()) for text in re.findall(r'"hub-quiet">(.*?)</span>', members, re.S)
    ]
    assert told == ["Founding partner · 1 dataset", "Contributor"]


def test_latest_dataset_shows_badge_title_and_member(app: CKANTestApp) -> None:
    owner = organization("rssb", "RSSB")
    dataset("incidents", Level.NAMED, owner, title="Safety events on the railway")
    page = hub(app)
    latest = page[page.index('id="hub-latest"') :]
    for told in (
        "Shared · Named access",
        "Safety events on the railway",
        "RSSB",
        "<time datetime=",
    ):
        assert told in latest


def test_private_datasets_are_neither_counted_nor_shown_even_to_a_sysadmin(
    app: CKANTestApp,
) -> None:
    owner = organization("rssb", "RSSB", Membership.MEMBER)
    dataset("secret", Level.OPEN, owner, private=True, title="Not for visitors")
    token = factories.SysadminWithToken()["token"]
    page = hub(app, headers={"Authorization": token})
    assert "Not for visitors" not in page
    assert "No dataset is registered yet." in page


def test_no_e_mail_address_is_shown(app: CKANTestApp) -> None:
    owner = organization(
        "rssb", "RSSB", Membership.MEMBER, steward_name="Ada", steward_email="ada@example.org"
    )
    mail = {"author_email": "bob@example.org", "maintainer_email": "cy@example.org"}
    dataset("incidents", Level.PUBLIC, owner, **mail)
    assert "@example.org" not in hub(app)


def test_titles_cannot_bring_markup(app: CKANTestApp) -> None:
    owner = organization("bad", "<script>alert(1)</script>", Membership.MEMBER)
    dataset("worse", Level.PUBLIC, owner, title='"><img src=x onerror=alert(1)>')
    page = hub(app)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_page_is_whole_without_its_search_engine(
    app: CKANTestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: Any, **named: Any) -> None:
        raise SearchError

    monkeypatch.setattr("ckan.lib.search.query.PackageSearchQuery.run", away)
    page = hub(app)
    assert "The search engine does not answer just now" in page
    assert "How to join" in page


@pytest.mark.ckan_config("ckanext.emergent.hub.join_link", "https://example.org/join")
def test_administrator_names_where_one_joins(app: CKANTestApp) -> None:
    assert 'href="https://example.org/join"' in hub(app)


def test_challenges_are_those_of_the_schema_with_their_numbers(app: CKANTestApp) -> None:
    dataset("stations", Level.OPEN, organization("rssb", "RSSB"), challenges=["rail"])
    page = hub(app)
    card = re.search(r'vocab_challenges=rail">(.*?)</a>', page, re.DOTALL)
    assert card is not None
    assert re.sub(r"<[^>]+>|\s+", " ", card[1]).split() == ["Rail", "Services", "1", "dataset"]
