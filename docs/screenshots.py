"""Take the pictures in docs/screenshots from a running hub, in light and dark.

    .hub/venv/bin/python docs/screenshots.py http://127.0.0.1:5000

Uses the system's Chromium, else the one that `playwright install chromium` brought.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the file's name, the page, the window's size in CSS pixels, the scheme."""

    name: str
    path: str
    width: int = 1280
    height: int = 1000
    scheme: str = "light"


PICTURES = (
    Picture("hub", "/"),
    Picture("hub-dark", "/", scheme="dark"),
    Picture("hub-narrow", "/", width=390, height=1100),
    Picture("search", "/dataset/"),
)


def take(browser: Browser, hub: str, picture: Picture) -> Path:
    """Save one picture and say where."""
    page = browser.new_page(
        base_url=hub,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
    )
    page.goto(picture.path, wait_until="load")
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    page.close()
    return file


def main(hub: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for picture in PICTURES:
            sys.stdout.write(f"{take(browser, hub, picture)}\n")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
