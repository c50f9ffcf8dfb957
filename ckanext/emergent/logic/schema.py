"""What the actions of the `emergent` plugin take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.emergent.choices import Membership

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Schema
else:
    import ckantoolkit as tk

_MOST = 1_000


def member_list_schema() -> Schema:
    """Parameters of `emergent_member_list`."""
    ask = tk.get_validator
    return {
        "membership": [ask("ignore_empty"), _as_list, ask("list_of_strings"), _memberships],
        "limit": [ask("default")(100), ask("natural_number_validator"), _at_most],
        "offset": [ask("default")(0), ask("natural_number_validator")],
    }


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _at_most(value: int) -> int:
    return min(value, _MOST)


def _memberships(value: list[str]) -> list[str]:
    known = [kind.value for kind in Membership]
    for text in value:
        if text not in known:
            raise tk.Invalid(
                tk._("“{received}” is no membership. There are: {known}.").format(
                    received=text, known=", ".join(known)
                )
            )
    return value
