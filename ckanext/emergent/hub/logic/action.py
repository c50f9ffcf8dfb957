"""The hub page's content for API clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.emergent.hub.census import census
from ckanext.emergent.hub.page import page

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Context
else:
    import ckantoolkit as tk

__all__ = ["emergent_hub_show"]


@tk.side_effect_free
def emergent_hub_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what the hub page shows.

    Takes no parameters; anybody may call it. Everything is counted as an anonymous visitor sees
    it, whoever calls, and may be as old as `ckanext.emergent.hub.cache_seconds` says. Each
    `link` opens exactly what the number beside it counts.

    :returns: a dictionary with the keys

        - `title`, `sentence`: the hub's name, and one sentence about it
        - `datasets`: how many there are; `link`: the search that finds them
        - `spectrum`: five dictionaries from the most closed level to the open one, each with
          `level`, `name`, `band`, `band_name`, `definition`, `example`, `consequence`,
          `datasets`, `link`
        - `unclassified`: `datasets` and `link` of those whose level nobody has said yet
        - `members`: `name`, `title`, `membership`, `membership_name`, `image_display_url`,
          `datasets` and `link` of those that the page shows, most senior first
        - `members_in_all`: how many members there are, shown or not
        - `challenges`: `name`, `title`, `datasets`, `link` of each, in the schema's order
        - `latest`: `name`, `title`, `level` (`None` when unclassified), `organization`,
          `organization_title`, `created` (ISO 8601, UTC) and `link`, newest first
        - `credit`: `text` and `link` of the scale's source
        - `counted`: when this was counted, ISO 8601
    :rtype: dictionary
    """
    tk.check_access("emergent_hub_show", context, data_dict)
    return page(census())
