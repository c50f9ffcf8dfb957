"""What the catalogue holds, counted as an anonymous visitor sees it: one search for everything.

Each number is the count of the very search that its link on the hub page opens.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ckanext.emergent.hub import config
from ckanext.emergent.hub.cache import remembered

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Context
else:
    import ckantoolkit as tk

DATASET_TYPE = "dataset"
FACETS = ("data_spectrum", "vocab_challenges", "organization")
MEMBER_FIELDS = ("name", "title", "membership", "image_display_url")
MOST_MEMBERS = 1_000  # as many as `emergent_member_list` tells at once
CACHED_AS = "hub-census"

Census = dict[str, Any]


def census() -> Census:
    """Counts and latest datasets, at most `ckanext.emergent.hub.cache_seconds` old.

    Keys: `counted` (ISO 8601, UTC), `datasets` and `members_in_all` (ints), `levels`,
    `challenges`, `organizations` (each slug -> int, without zeros), `latest` and `members` (lists
    of dicts, newest and most senior first). Raises `SearchError` or `SolrConnectionError` when
    Solr does not answer.
    """
    return remembered(CACHED_AS, config.cache_seconds(), census_now)


def census_now() -> Census:
    """The same, counted this moment: one Solr query and a fixed number of SQL queries."""
    found = tk.get_action("package_search")(anonymous(), _search())
    counts = {name: _counts(found, name) for name in FACETS}
    return {
        "counted": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "datasets": found["count"],
        "levels": counts["data_spectrum"],
        "challenges": counts["vocab_challenges"],
        "organizations": counts["organization"],
        "latest": [_latest(dataset) for dataset in found["results"]],
        **_members(),
    }


def anonymous() -> Context:
    """The context of a visitor who has not signed in, whoever asks."""
    return {"user": "", "auth_user_obj": None, "ignore_auth": False}


def _search() -> dict[str, Any]:
    return {
        "q": "*:*",
        "fq": f"+dataset_type:{DATASET_TYPE}",
        "facet.field": list(FACETS),
        "facet.limit": -1,
        "rows": config.latest_shown(),
        "sort": "metadata_created desc, id asc",
    }


def _counts(found: dict[str, Any], facet: str) -> dict[str, int]:
    items = found["search_facets"].get(facet, {}).get("items", [])
    return {item["name"]: item["count"] for item in items}


def _members() -> dict[str, Any]:
    members = tk.get_action("emergent_member_list")(anonymous(), {"limit": MOST_MEMBERS})
    shown = members[: config.members_shown()]
    return {
        "members": [{field: member[field] for field in MEMBER_FIELDS} for member in shown],
        "members_in_all": len(members),
    }


def _latest(dataset: dict[str, Any]) -> dict[str, Any]:
    organization = dataset.get("organization") or {}
    return {
        "name": dataset["name"],
        "title": dataset.get("title") or dataset["name"],
        "level": dataset.get("data_spectrum") or None,
        "organization": organization.get("name"),
        "organization_title": organization.get("title") or organization.get("name"),
        "created": dataset["metadata_created"],
    }
