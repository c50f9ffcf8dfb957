"""Finding out what a pasted link belongs to, for a new portal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ckanext.emergent.config import fetch_policy
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.network.fetch import Fetch
from ckanext.emergent.telling import refusal, told

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk


def found_at(link: str) -> dict[str, str]:
    """`adapter` and `link` of the portal behind any of its links.

    Asks a few addresses there. Raises `ValidationError` that says what was tried.
    """
    with Fetch(replace(fetch_policy(), tries=1)) as fetch:
        detection = detect(link, fetch)
    if detection.adapter is not None and detection.link is not None:
        return {"adapter": detection.adapter, "link": detection.link}
    tried = [f"{one.url}: {told(one.verdict)}" for one in detection.tried]
    raise tk.ValidationError({"link": [refusal("portal_not_recognised", "link", link), *tried]})
