"""The spectrum wherever CKAN shows datasets: on their page, in lists, as a filter, explained."""

from __future__ import annotations

import re

import pytest
from ckan.tests.helpers import CKANTestApp

from ckanext.emergent.spectrum import UNCLASSIFIED, Level
from ckanext.emergent.spectrum_helpers import (
    emergent_spectrum_badge,
    emergent_spectrum_bands,
    emergent_spectrum_levels,
)
from ckanext.emergent.tests.catalogue_content import dataset, one_of_each_level, organization

SLUGS = [*(level.value for level in Level), UNCLASSIFIED]
WORDS = [
    "Closed · Internal access",
    "Shared · Named access",
    "Shared · Group-based access",
    "Shared · Public access",
    "Open",
    "Unclassified",
]
a_catalogue = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
in_a_request = pytest.mark.usefixtures("with_plugins", "with_request_context")


def badges(page: str) -> list[str]:
    """The words of every badge on a page, in order."""
    found = re.findall(r'class="spectrum-badge[^>]*>(.*?)</(?:a|span)>\s*</?\w', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", badge).strip() for badge in found]


def facet(page: str) -> list[str]:
    """The levels offered by the filter, in order."""
    listed = re.search(r"spectrum-facet\">(.*?)</ul>", page, re.DOTALL)
    return re.findall(r"data_spectrum=(\w+)", listed[1]) if listed else []


@in_a_request
def test_levels_are_told_in_spectrum_order() -> None:
    assert [level["level"] for level in emergent_spectrum_levels()] == SLUGS[:-1]


@in_a_request
def test_public_is_in_the_shared_band() -> None:
    bands = emergent_spectrum_bands(emergent_spectrum_levels())
    assert [(band["name"], [level["level"] for level in band["levels"]]) for band in bands] == [
        ("Closed", ["internal"]),
        ("Shared", ["named", "group", "public"]),
        ("Open", ["open"]),
    ]


@in_a_request
@pytest.mark.parametrize(("slug", "words"), zip(SLUGS, WORDS, strict=True))
def test_badge_says_band_and_level_in_words(slug: str, words: str) -> None:
    assert emergent_spectrum_badge(slug)["words"] == words


@in_a_request
@pytest.mark.parametrize("unknown", [None, "", "secret", "OPEN"])
def test_level_that_is_none_is_never_shown_as_one(unknown: str | None) -> None:
    badge = emergent_spectrum_badge(unknown)
    assert badge["words"] == "Unclassified"
    assert not any(badge["scale"])


@in_a_request
def test_badge_marks_one_place_of_five() -> None:
    assert emergent_spectrum_badge("group")["scale"] == [False, False, True, False, False]


@a_catalogue
def test_search_shows_a_badge_for_every_dataset(app: CKANTestApp) -> None:
    one_of_each_level(organization("rssb", "RSSB"))
    assert sorted(badges(app.get("/dataset/", status=200).body)) == sorted(WORDS)


@a_catalogue
@pytest.mark.parametrize("path", ["/dataset/", "/organization/rssb"])
def test_filter_stands_in_spectrum_order_whatever_the_counts(app: CKANTestApp, path: str) -> None:
    owner = organization("rssb", "RSSB")
    one_of_each_level(owner)
    dataset("more", Level.OPEN, owner)
    assert facet(app.get(path, status=200).body) == SLUGS


@a_catalogue
def test_filter_offers_only_levels_that_a_dataset_has(app: CKANTestApp) -> None:
    dataset("timetables", Level.OPEN, organization("rssb", "RSSB"))
    assert facet(app.get("/dataset/", status=200).body) == ["open"]


@a_catalogue
def test_two_chosen_levels_find_the_datasets_of_either(app: CKANTestApp) -> None:
    one_of_each_level(organization("rssb", "RSSB"))
    page = app.get("/dataset/?data_spectrum=open&data_spectrum=named", status=200).body
    assert sorted(badges(page)) == ["Open", "Shared · Named access"]


@a_catalogue
def test_chosen_level_keeps_the_others_on_offer_and_can_be_taken_back(app: CKANTestApp) -> None:
    one_of_each_level(organization("rssb", "RSSB"))
    page = app.get("/dataset/?data_spectrum=open&sort=title_string+asc", status=200).body
    listed = page[page.index("spectrum-facet") :]
    assert "data_spectrum=open&amp;sort=title_string+asc&amp;data_spectrum=named" in listed
    assert re.search(r'href="/dataset/\?sort=title_string\+asc" aria-current="true"', listed)


@a_catalogue
def test_dataset_page_says_what_its_level_means_and_shows_nothing_empty(app: CKANTestApp) -> None:
    dataset("incidents", Level.NAMED, organization("rssb", "RSSB"))
    page = app.get("/dataset/incidents", status=200).body
    assert badges(page) == ["Shared · Named access"]
    assert 'href="/spectrum#named"' in page
    assert "Only the people or organisations named in an agreement may use it." in page
    rows = re.findall(r'class="dataset-details"[^>]*>(.*?)</td>', page, re.DOTALL)
    assert rows
    assert [row for row in rows if not re.sub(r"<[^>]+>", "", row).strip()] == []


def test_spectrum_page_explains_every_level_with_credit(
    app: CKANTestApp, with_plugins: None
) -> None:
    page = app.get("/spectrum", status=200).body
    assert [slug for slug in SLUGS if f'id="{slug}"' not in page] == []
    assert "Based on The Data Spectrum by The Open Data Institute, CC BY" in page


@pytest.mark.ckan_config("ckan.plugins", "emergent scheming_datasets scheming_organizations")
def test_badges_do_not_need_the_hub(app: CKANTestApp, clean_db: None, with_plugins: None) -> None:
    dataset("incidents", Level.NAMED, organization("rssb", "RSSB"))
    assert badges(app.get("/dataset/incidents", status=200).body) == ["Shared · Named access"]
    assert app.get("/spectrum", status=200)
