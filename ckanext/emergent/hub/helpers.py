"""Template helpers of the hub's pages, all named `emergent_*`; none of them queries anything."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import ckan.plugins as p
from dateutil.parser import isoparse
from flask_babel import format_date, format_datetime, format_timedelta

from ckanext.emergent.hub import config, page

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

__all__ = [
    "emergent_age",
    "emergent_credit",
    "emergent_feeds",
    "emergent_hub_sentence",
    "emergent_initials",
    "emergent_join_link",
]

SMALL_WORDS = frozenset({"the", "of", "for", "and"})
RELATIVE_UNTIL = timedelta(days=7)


def emergent_hub_sentence() -> str:
    """One sentence about the hub: the site's own description, or ours."""
    return page.sentence()


def emergent_credit() -> dict[str, str]:
    """`text` and `link` of the credit that stands wherever the scale does."""
    return page.credit()


def emergent_join_link() -> str:
    """Where an organisation asks to join: the administrator's page, else the about page."""
    return config.join_link() or f"{tk.h.url_for('home.about')}#join"


def emergent_initials(title: str) -> str:
    """What stands for a logo: `"The Data City"` -> `DC`, `"IBM"` -> `IBM`, `"Truata"` -> `Tr`."""
    words = [word for word in title.split() if word[:1].isalnum()]
    told = [word for word in words if word.lower() not in SMALL_WORDS] or words
    if len(told) == 1:
        return told[0] if told[0].isupper() and len(told[0]) <= 4 else told[0][:2]
    return "".join(word[0] for word in told[:2]).upper()


def emergent_age(stamp: str) -> dict[str, str]:
    """How a moment is shown: `iso`, `exact`, and `told`, relative under a week.

    `stamp` is ISO 8601; CKAN's own stamps have no zone and are in UTC.
    """
    moment = isoparse(stamp)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    age = datetime.now(timezone.utc) - moment
    return {
        "iso": moment.isoformat(timespec="seconds"),
        "exact": format_datetime(moment, "d MMMM y, HH:mm z"),
        "told": _told(moment, age),
    }


def emergent_feeds() -> list[dict[str, str]]:
    """Ways to read the catalogue by machine that this site offers: `title` and `link` of each."""
    feeds = [
        {
            "title": tk._("Search API"),
            "link": tk.h.url_for("api.action", ver=3, logic_function="package_search"),
        },
        {
            "title": tk._("What this page shows, as JSON"),
            "link": tk.h.url_for("api.action", ver=3, logic_function="emergent_hub_show"),
        },
        {"title": tk._("Atom feed of new datasets"), "link": tk.h.url_for("feeds.general")},
    ]
    if p.plugin_loaded("dcat"):
        link = tk.h.url_for("dcat.read_catalog", _format="ttl")
        feeds.append({"title": tk._("DCAT catalogue (Turtle)"), "link": link})
    return feeds


def _told(moment: datetime, age: timedelta) -> str:
    if age < RELATIVE_UNTIL:
        return format_timedelta(-age, add_direction=True)
    return format_date(moment, "d MMMM y")
