"""Every text of the hub can be read on its ground: the colours of the one token file, computed.

The formulas are WCAG 2.2's relative luminance and contrast ratio.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "assets"
TOKENS = ASSETS / "tokens.css"
HUB_ASSETS = Path(__file__).parents[2] / "hub" / "assets"
STYLES = sorted({*ASSETS.glob("*.css"), *HUB_ASSETS.glob("*.css")} - {TOKENS})
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("paper", "raised")
BANDS = ("closed", "shared", "open")

TEXT_ON_GROUND = [
    *((ink, ground) for ink in ("ink", "ink-soft", "brand", "brand-strong") for ground in GROUNDS),
    *((band, ground) for band in (*BANDS, "unclassified") for ground in GROUNDS),
    *((band, f"{band}-ground") for band in BANDS),
    *((message, f"{message}-ground") for message in ("danger", "success", "warning")),
    *((message, ground) for message in ("danger", "success", "warning") for ground in GROUNDS),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-accent", "accent"),
    ("on-navy", "navy"),
    ("on-navy-soft", "navy"),
]
SHAPE_ON_GROUND = [
    *((shape, ground) for shape in ("line-strong", "focus") for ground in GROUNDS),
    ("accent", "navy"),
]
PAIRS = [(*pair, TEXT) for pair in TEXT_ON_GROUND] + [(*pair, SHAPE) for pair in SHAPE_ON_GROUND]

Colour = tuple[float, float, float]


def tokens() -> dict[str, tuple[str, str]]:
    """Token name -> its light and its dark colour, as written in the file."""
    both = r"--hub-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);"
    return {name: (light, dark) for name, light, dark in re.findall(both, TOKENS.read_text())}


def channels(colour: str) -> Colour:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_ratio_that_wcag_names() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_front_stands_out_from_its_ground(
    front: str, ground: str, least: float, scheme: str
) -> None:
    side = ("light", "dark").index(scheme)
    found = ratio(tokens()[front][side], tokens()[ground][side])
    assert found >= least, f"{front} on {ground} in {scheme}: {found:.2f}"


def test_every_colour_token_has_been_judged_or_carries_no_text() -> None:
    judged = {name for pair in PAIRS for name in pair[:2]}
    assert set(tokens()) - judged == {"line", "logo-ground"}


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_colours_are_written_in_the_token_file_alone(file: Path) -> None:
    style = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    own = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\brgba?\(", style)
    assert own == []
