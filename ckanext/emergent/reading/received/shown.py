"""Any JSON value as a short text, fit to be shown in a report or kept beside a record."""

from __future__ import annotations

import json
import re

from ckanext.emergent.reading.received.text import clean, markdown, neutral

#: What a portal sent without a place of its own is kept up to this many characters.
KEPT = 5_000
#: No text is looked at beyond this.
LOOKED_AT = 20_000
_PART = r"[^\s@<>\"'(),;:\[\]\\]"
EMAIL = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,190}}\.{_PART}{{1,63}}")


def shown(value: object) -> str:
    """The value as a person would write it; e-mail addresses in it are hidden.

    Reports are public, and so are a dataset's free extras.
    """
    text = value if isinstance(value, str) else _dumped(value)
    text = clean(text[:LOOKED_AT])
    return EMAIL.sub("…@…", text) if "@" in text else text


def kept(value: object) -> str | None:
    """The value as text to keep: Markdown of a text, JSON of anything else; `None` if empty."""
    text = shown(value)
    text = (markdown(text) or "") if isinstance(value, str) else neutral(text)
    return text if len(text) <= KEPT else text[: KEPT - 1] + "…"


def is_empty(value: object) -> bool:
    """Whether a portal said nothing by it: null, blanks, an empty list or object."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, (list, dict)) and not value)


def _dumped(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=repr)
    except (ValueError, RecursionError):  # a number of 5,000 digits, a list in itself
        return "(a value that cannot be written down)"
