"""CKAN's own actions that can show e-mail addresses, with a filter for anonymous callers.

`package_show` has a hook of its own (`after_dataset_show`); RDF, schema.org, feeds and pages get
their datasets by these actions too, so that nothing is filtered in templates.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import ckan.plugins as p

from ckanext.emergent.contact_privacy import without_addresses

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Action, Context, DataDict
else:
    import ckantoolkit as tk

_SHOWN_BY_CORE = (
    "package_search",
    "current_package_list_with_resources",
    "organization_show",
    "group_show",
)
_SHOWN_BY_ACTIVITY = (
    "activity_show",
    "activity_data_show",
    "user_activity_list",
    "package_activity_list",
    "group_activity_list",
    "organization_activity_list",
    "recently_changed_packages_activity_list",
)


def exits() -> dict[str, Action]:
    """The filtered actions; those of the activity plugin only where it is loaded."""
    actions = {name: _filtered(name) for name in _SHOWN_BY_CORE}
    if p.plugin_loaded("activity"):
        actions |= {name: _filtered(name) for name in _SHOWN_BY_ACTIVITY}
        actions["activity_diff"] = _activity_diff
    return actions


def is_anonymous(context: Mapping[str, Any]) -> bool:
    """Whether nobody is signed in.

    `ignore_auth` is the server's own work (indexing, activities, harvesting), which must keep all
    that is stored; `for_update` is the first half of a patch.
    """
    if context.get("ignore_auth") or context.get("for_update"):
        return False
    return not context.get("user")


def _filtered(name: str) -> Action:
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        answer = original_action(context, data_dict)
        return _clean(answer) if is_anonymous(context) else answer

    action.__name__ = name
    return tk.chained_action(tk.side_effect_free(action))


def _clean(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return without_addresses(answer)
    if isinstance(answer, list):
        return [_clean(item) for item in answer]
    return answer


@tk.chained_action
@tk.side_effect_free
def _activity_diff(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Compare what an anonymous caller may see; the diff's text would tell the addresses."""
    answer = original_action(context, data_dict)
    if not is_anonymous(context):
        return answer
    activities = _clean(answer["activities"])
    versions = [_lines(activity["data"][data_dict["object_type"]]) for activity in activities]
    return {
        "activities": activities,
        "diff": _compare(data_dict.get("diff_type", "unified"), *versions),
    }


def _lines(version: Mapping[str, Any]) -> list[str]:
    return json.dumps(version, indent=2, sort_keys=True).split("\n")


def _compare(kind: str, old: list[str], new: list[str]) -> str:
    if kind == "html":
        return difflib.HtmlDiff(wrapcolumn=70).make_table(old, new)
    compare: Callable[..., Any] = (
        difflib.context_diff if kind == "context" else difflib.unified_diff
    )
    return "\n".join(compare(old, new))
