"""The name in the address of a page: made from the title where nobody gave one."""

from __future__ import annotations

from itertools import count
from typing import Any

from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckan.lib.navl.dictization_functions import missing
from ckan.model import PACKAGE_NAME_MAX_LENGTH

from ckanext.emergent import stored
from ckanext.emergent.stored import Flat


def emergent_name(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Keep the name of what exists, and find a free one for what is new.

    CKAN's form makes it from the title by a script; without scripts it comes empty.
    """
    if data.get(key) not in (missing, None, ""):
        return
    found = stored.entity(data, context)
    title = stored.given("title", data)
    if found is not None:
        data[key] = found.name
    elif title is not None:
        data[key] = _free(munge_title_to_name(str(title)), _is_group(context))


def _is_group(context: dict[str, Any]) -> bool:
    return "approval_status" in context.get("schema_keys", ())


def _free(wanted: str, is_group: bool) -> str:
    taken = model.Group.get if is_group else model.Package.get
    if taken(wanted) is None:
        return wanted
    for number in count(2):
        ending = f"-{number}"
        name = f"{wanted[: PACKAGE_NAME_MAX_LENGTH - len(ending)]}{ending}"
        if taken(name) is None:
            return name
    raise AssertionError("numbers do not end")
