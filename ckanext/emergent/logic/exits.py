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
from ckan.logic.action import get

from ckanext.emergent.contact_privacy import without_addresses
from ckanext.emergent.logic.chain import chained

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

_SHOWN_BY_CORE = (
    get.package_search,
    get.current_package_list_with_resources,
    get.organization_show,
    get.group_show,
)


def exits() -> dict[str, Action]:
    """The filtered actions; those of the activity plugin only where it is loaded."""
    filtered = list(_SHOWN_BY_CORE)
    actions: dict[str, Action] = {}
    if p.plugin_loaded("activity"):
        from ckanext.activity.logic import action as activity

        filtered += [
            activity.activity_show,
            activity.activity_data_show,
            activity.user_activity_list,
            activity.package_activity_list,
            activity.group_activity_list,
            activity.organization_activity_list,
            activity.recently_changed_packages_activity_list,
        ]
        actions["activity_diff"] = chained(_activity_diff, activity.activity_diff)
    return actions | {action.__name__: _filtered(action) for action in filtered}


def is_anonymous(context: Mapping[str, Any]) -> bool:
    """Whether nobody is signed in.

    `ignore_auth` is the server's own work (indexing, activities, harvesting), which must keep all
    that is stored; `for_update` is the first half of a patch.
    """
    if context.get("ignore_auth") or context.get("for_update"):
        return False
    return not context.get("user")


def _filtered(around: Action) -> Action:
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        answer = original_action(context, data_dict)
        return _clean(answer) if is_anonymous(context) else answer

    return chained(action, around)


def _clean(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return without_addresses(answer)
    if isinstance(answer, list):
        return [_clean(item) for item in answer]
    return answer


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
