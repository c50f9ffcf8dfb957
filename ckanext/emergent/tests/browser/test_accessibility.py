"""WCAG 2.2 AA as far as axe can see it: no violation, light or dark, wide or narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from ckanext.emergent.spectrum import UNCLASSIFIED, Level

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
PAGES = [
    "/",
    "/dataset/",
    "/dataset/?page=2",
    "/dataset/?q=nothing+of+the+kind",
    f"/dataset/?data_spectrum={Level.OPEN.value}&data_spectrum={Level.NAMED.value}",
    *(f"/dataset/at-{slug}" for slug in [*(level.value for level in Level), UNCLASSIFIED]),
    "/dataset/timetables",
    "/organization/",
    "/organization/rssb",
    "/about",
    "/spectrum",
]
NARROW = ["/", "/dataset/", "/dataset/timetables"]


def violations(page: Page) -> list[str]:
    """What axe objects to: the rule and the places."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "visitor",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}],
    indirect=True,
    ids=["light", "dark"],
)
def test_page_has_no_violation(visitor: Page, path: str) -> None:
    visitor.goto(path)
    assert violations(visitor) == []


@pytest.mark.parametrize("path", NARROW)
@pytest.mark.parametrize(
    "visitor", [{"viewport": {"width": 320, "height": 640}}], indirect=True, ids=["narrow"]
)
def test_narrow_page_has_no_violation(visitor: Page, path: str) -> None:
    visitor.goto(path)
    assert violations(visitor) == []


def test_axe_would_see_a_text_that_nobody_can_read(visitor: Page) -> None:
    visitor.goto("/")
    visitor.add_style_tag(content=".hub-lead { color: #eee !important; }")
    assert any(found.startswith("color-contrast") for found in violations(visitor))
