"""Values that nobody expects, and what every text must be free of after reading."""

from __future__ import annotations

import re
from typing import Any

#: Each takes the place of every text of a portal's answers, addresses of the portal excepted.
HOSTILE: tuple[Any, ...] = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>Rail",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "[click](javascript:alert(1))",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\x00\x08NUL \ud800 half \ufeff\u2028line",
    " \r\n\t padded \r\n ",
    "🚂 emoji, 'quotes' \"double\" \\ back",
    "x" * 20_000,
    "<b>" * 3_000,
    "&" * 3_000,
    "<" * 3_000,
    "](" + " " * 3_000,
    "a@" * 3_000,
    "11-05-2020",
    "2020-13-45T99:99",
    "http://[",
    "https://user:secret@example.org/",
    "http://169.254.169.254/latest",
    "//example.org",
    "{received} {0} %s %(x)s",
    "",
    None,
    True,
    0,
    -1.5,
    10**18,
    ["a", ["b", {"c": None}]],
    {"id": {"id": {}}},
    [],
    {},
)

TAG = re.compile(r"<[a-zA-Z/!?]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TARGET = re.compile(r"\]\(\s*(javascript|data|vbscript):", re.IGNORECASE)


def is_harmless(text: str) -> bool:
    """No markup, no control characters, no link that runs."""
    return not (TAG.search(text) or CONTROL.search(text) or TARGET.search(text))


def spoiled(value: Any, hostile: Any, key: str = "") -> Any:
    """A short portal of the same structure with `hostile` for every text.

    What leads to more of the portal stays, and the identifiers: without them there would be no
    records to look at.
    """
    if isinstance(value, dict):
        return {name: spoiled(inner, hostile, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [spoiled(inner, hostile, key) for inner in value[:5]]
    kept = key in {"id", "index", "version", "sharing", "identifier", "dataset_uid"}
    return hostile if isinstance(value, str) and not kept else value
