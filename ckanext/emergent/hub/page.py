"""What the hub page shows, as data, in the reader's language: a census with names and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.emergent.choices import MEMBERSHIPS, Membership
from ckanext.emergent.hub.census import DATASET_TYPE, Census
from ckanext.emergent.spectrum import UNCLASSIFIED

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

CREDIT_LINK = "https://theodi.org/about-the-odi/the-data-spectrum/"


def page(census: Census) -> dict[str, Any]:
    """The answer of `emergent_hub_show`; its docstring names every key."""
    return {
        "title": tk.config["ckan.site_title"],
        "sentence": sentence(),
        "datasets": census["datasets"],
        "link": search_link(),
        "spectrum": [_level(level, census) for level in tk.h.emergent_spectrum_levels()],
        "unclassified": _unclassified(census),
        "members": [_member(member, census) for member in census["members"]],
        "members_in_all": census["members_in_all"],
        "challenges": [_challenge(choice, census) for choice in _challenge_choices()],
        "latest": [_latest(dataset) for dataset in census["latest"]],
        "credit": credit(),
        "counted": census["counted"],
    }


def sentence() -> str:
    """One sentence about the hub: the site's own description, or ours."""
    return tk.config.get("ckan.site_description") or tk._(
        "What data the Alliance’s members have, where it is and how you may use it."
    )


def credit() -> dict[str, str]:
    """Whose scale it is; CC BY asks that this stands wherever the scale does."""
    return {
        "text": tk._("Based on The Data Spectrum by The Open Data Institute, CC BY"),
        "link": CREDIT_LINK,
    }


def search_link(**filters: str) -> str:
    """The whole address of the dataset search with these filters."""
    return tk.h.url_for(f"{DATASET_TYPE}.search", _external=True, **filters)


def _level(level: dict[str, str], census: Census) -> dict[str, Any]:
    return {
        **level,
        "datasets": census["levels"].get(level["level"], 0),
        "link": search_link(data_spectrum=level["level"]),
    }


def _unclassified(census: Census) -> dict[str, Any]:
    return {
        "datasets": census["levels"].get(UNCLASSIFIED, 0),
        "link": search_link(data_spectrum=UNCLASSIFIED),
    }


def _member(member: dict[str, Any], census: Census) -> dict[str, Any]:
    return {
        **member,
        "membership_name": tk._(MEMBERSHIPS[Membership(member["membership"])]),
        "datasets": census["organizations"].get(member["name"], 0),
        "link": tk.h.url_for("organization.read", id=member["name"], _external=True),
    }


def _challenge(choice: dict[str, str], census: Census) -> dict[str, Any]:
    return {
        "name": choice["value"],
        "title": choice["label"],
        "datasets": census["challenges"].get(choice["value"], 0),
        "link": search_link(vocab_challenges=choice["value"]),
    }


def _challenge_choices() -> list[dict[str, str]]:
    """The choices of the dataset schema's field, whichever schema the site uses."""
    schema = tk.h.scheming_get_dataset_schema(DATASET_TYPE) or {}
    field = tk.h.scheming_field_by_name(schema.get("dataset_fields", []), "challenges")
    return [
        {"value": choice["value"], "label": tk.h.scheming_language_text(choice["label"])}
        for choice in (tk.h.scheming_field_choices(field) or [] if field else [])
    ]


def _latest(dataset: dict[str, Any]) -> dict[str, Any]:
    return {
        **dataset,
        "link": tk.h.url_for(f"{DATASET_TYPE}.read", id=dataset["name"], _external=True),
    }
