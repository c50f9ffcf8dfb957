"""The hub in use: by keyboard, narrow and wide, without scripts, in the dark, on paper."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page

from ckanext.emergent.spectrum import UNCLASSIFIED, Level

SLUGS = [*(level.value for level in Level), UNCLASSIFIED]
PAGES = ["/", "/dataset/", "/dataset/timetables", "/organization/rssb", "/about", "/spectrum"]
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FOCUS = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  return [here.getAttribute('href'), style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


def of_width(*widths: int) -> pytest.MarkDecorator:
    """Run the test in a window of each width, in pixels."""
    sizes = [{"viewport": {"width": width, "height": 800}} for width in widths]
    return pytest.mark.parametrize("visitor", sizes, indirect=True, ids=map(str, widths))


without_scripts = pytest.mark.parametrize(
    "visitor", [{"java_script_enabled": False}], indirect=True, ids=["no-scripts"]
)


def segments(page: Page) -> Locator:
    return page.locator(".spectrum-bar .spectrum-segment")


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def boxes(found: Locator) -> Sequence[dict[str, float]]:
    return [box for one in found.all() if (box := one.bounding_box()) is not None]  # type: ignore[misc]  # a TypedDict


def walk(page: Page, steps: int) -> list[tuple[str | None, str, float]]:
    """Press Tab so often; what had the focus each time: its link, its outline's style and width."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        seen.append(tuple(page.evaluate(FOCUS)))
    return seen


def test_first_tab_offers_to_skip_to_the_content(visitor: Page) -> None:
    visitor.goto("/")
    assert walk(visitor, 1)[0][0] == "#content"


def test_every_level_is_reached_by_tab_in_spectrum_order_and_shows_it(visitor: Page) -> None:
    visitor.goto("/")
    reached = [step for step in walk(visitor, 30) if step[0] and "data_spectrum=" in step[0]]
    assert [str(link).split("data_spectrum=")[1] for link, _, _ in reached] == SLUGS
    assert {(style, width) for _, style, width in reached} == {("solid", 3.0)}


def test_enter_on_a_level_opens_what_it_counts(visitor: Page) -> None:
    visitor.goto("/")
    segments(visitor).nth(SLUGS.index("open")).press("Enter")
    visitor.wait_for_url("**/dataset/?data_spectrum=open")
    assert heading(visitor) == "2 datasets found"


def test_search_box_finds_by_enter(visitor: Page) -> None:
    visitor.goto("/")
    visitor.get_by_role("searchbox").fill("timetables")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/dataset/?q=timetables")
    assert '1 dataset found for "timetables"' in heading(visitor)


def test_second_level_in_the_filter_finds_datasets_of_either(visitor: Page) -> None:
    visitor.goto("/dataset/?data_spectrum=open")
    visitor.get_by_role("link", name="Shared · Named access").click()
    visitor.wait_for_url("**data_spectrum=named**")
    assert heading(visitor) == "3 datasets found"


def test_filter_stands_in_spectrum_order(visitor: Page) -> None:
    visitor.goto("/dataset/")
    links = visitor.locator(".spectrum-facet a").all()
    assert [str(one.get_attribute("href")).split("data_spectrum=")[1] for one in links] == SLUGS


@of_width(320, 768, 1440)
@pytest.mark.parametrize("path", PAGES)
def test_page_does_not_scroll_sideways(visitor: Page, path: str) -> None:
    visitor.goto(path)
    assert not visitor.evaluate(SCROLLS_SIDEWAYS)


@of_width(1440)
def test_levels_are_equally_wide_side_by_side(visitor: Page) -> None:
    visitor.goto("/")
    five = boxes(segments(visitor))[: len(Level)]
    assert len({box["y"] for box in five}) == 1
    assert max(box["width"] for box in five) - min(box["width"] for box in five) < 2


@of_width(400)
def test_levels_become_rows_in_the_same_order_on_a_narrow_screen(visitor: Page) -> None:
    visitor.goto("/")
    rows = boxes(segments(visitor))
    assert [box["y"] for box in rows] == sorted(box["y"] for box in rows)
    assert len({box["y"] for box in rows}) == len(SLUGS)
    assert len({(box["x"], box["width"]) for box in rows}) == 1


@without_scripts
def test_hub_reads_and_searches_without_scripts(visitor: Page) -> None:
    visitor.goto("/")
    assert segments(visitor).count() == len(SLUGS)
    visitor.get_by_role("searchbox").fill("timetables")
    visitor.get_by_role("button", name="Search").click()
    visitor.wait_for_url("**/dataset/?q=timetables")
    assert visitor.locator(".dataset-item").count() == 1


@pytest.mark.parametrize(
    "visitor",
    [{"java_script_enabled": False, "viewport": {"width": 320, "height": 640}}],
    indirect=True,
    ids=["narrow-no-scripts"],
)
def test_menu_and_filters_stand_open_on_a_narrow_screen_without_scripts(visitor: Page) -> None:
    visitor.goto("/dataset/")
    assert visitor.get_by_role("link", name="About", exact=True).is_visible()
    assert visitor.locator(".spectrum-facet a").first.is_visible()


@pytest.mark.parametrize(
    ("visitor", "paper"),
    [
        ({"color_scheme": "light"}, "rgb(255, 255, 255)"),
        ({"color_scheme": "dark"}, "rgb(15, 19, 48)"),
    ],
    indirect=["visitor"],
)
def test_page_follows_the_system_into_the_dark(visitor: Page, paper: str) -> None:
    visitor.goto("/")
    assert visitor.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_bar_is_printed_and_the_search_box_is_not(visitor: Page) -> None:
    visitor.goto("/")
    visitor.emulate_media(media="print")
    assert segments(visitor).first.is_visible()
    assert not visitor.get_by_role("searchbox").is_visible()


@pytest.mark.parametrize(
    "visitor", [{"reduced_motion": "reduce"}], indirect=True, ids=["reduced-motion"]
)
def test_nothing_moves_for_who_wants_it_still(visitor: Page) -> None:
    visitor.goto("/")
    duration = "getComputedStyle(document.querySelector('.spectrum-segment')).transitionDuration"
    assert set(visitor.evaluate(duration).split(", ")) == {"0s"}


@pytest.mark.parametrize("path", PAGES)
def test_no_script_of_the_page_fails(visitor: Page, path: str) -> None:
    failures: list[str] = []
    visitor.on("pageerror", lambda error: failures.append(str(error)))
    visitor.goto(path, wait_until="load")
    assert failures == []


@pytest.mark.parametrize("slug", SLUGS)
def test_dataset_says_in_words_where_it_stands_and_leads_to_what_that_means(
    visitor: Page, slug: str
) -> None:
    visitor.goto(f"/dataset/at-{slug}")
    visitor.locator("a.spectrum-badge").click()
    visitor.wait_for_url(f"**/spectrum#{slug}")
    assert visitor.locator(f"#{slug}").get_by_role("heading").is_visible()
