"""Actions of the `emergent` plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.emergent.choices import Membership
from ckanext.emergent.contact_privacy import without_addresses
from ckanext.emergent.logic.exits import is_anonymous
from ckanext.emergent.logic.schema import member_list_schema
from ckanext.emergent.members import MEMBERS, members
from ckanext.emergent.spectrum_helpers import emergent_spectrum_levels

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Context, DataDict
else:
    import ckantoolkit as tk

__all__ = ["emergent_member_list", "emergent_spectrum_list"]


@tk.side_effect_free
def emergent_spectrum_list(context: Context, data_dict: DataDict) -> list[dict[str, str]]:
    """List the five levels of the Data Spectrum, from the most closed to the open one.

    Based on The Data Spectrum by The Open Data Institute, CC BY. Takes no parameters.

    :returns: for each level `level` (its slug, the value of a dataset's `data_spectrum`), `name`,
        `band` (`closed`, `shared` or `open`), `band_name`, `definition`, `example` and
        `consequence`; names and texts in the language of the request
    :rtype: list of dictionaries
    """
    tk.check_access("emergent_spectrum_list", context, data_dict)
    return emergent_spectrum_levels()


@tk.side_effect_free
def emergent_member_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the Alliance's members: founding partners first, then members, then contributors.

    :param membership: only these: `founding_partner`, `member`, `contributor`, `none`
        (optional, default: the first three)
    :type membership: string or list of strings
    :param limit: how many at most (optional, default: 100, at most 1,000)
    :type limit: int
    :param offset: how many to leave out from the start (optional, default: 0)
    :type offset: int

    :returns: for each organisation `id`, `name`, `title`, `description`, `image_display_url`,
        `membership`, `joined`, `website`, `repository`, `blog`, `blog_feed`, `wikidata`, `place`,
        `place_lat`, `place_lon` (degrees, as numbers), `steward_name` and, for callers who have
        signed in, `steward_email`; what is not known is null
    :rtype: list of dictionaries
    """
    tk.check_access("emergent_member_list", context, data_dict)
    asked, errors = tk.navl_validate(data_dict, member_list_schema(), context)
    if errors:
        raise tk.ValidationError(errors)
    wanted = [Membership(text) for text in asked.get("membership") or MEMBERS]
    found = members(wanted, limit=asked["limit"], offset=asked["offset"])
    return [without_addresses(one) for one in found] if is_anonymous(context) else found
