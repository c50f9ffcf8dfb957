"""What the actions on portals, runs and problems take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.emergent.harvest.logic import portal_values as values
from ckanext.emergent.problem import Severity

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Schema
else:
    import ckantoolkit as tk

_MOST = 1_000


def portal_create() -> Schema:
    """Parameters of `emergent_portal_create`."""
    ask = tk.get_validator
    begin = {
        "name": ask("not_empty"),
        "title": ask("ignore_empty"),
        "link": ask("not_empty"),
        "adapter": ask("ignore_empty"),
        "owner_org": ask("default")(""),
        "rules": ask("default")({}),
        "secret": ask("ignore_empty"),
        "state": ask("default")("active"),
    }
    return {key: [first, *_rules_for(key)] for key, first in begin.items()} | _ignoring_others()


def portal_update() -> Schema:
    """Parameters of `emergent_portal_update`: what is absent stays as it is."""
    absent, empty = tk.get_validator("ignore_missing"), tk.get_validator("ignore_empty")
    begin = dict.fromkeys(("name", "link", "owner_org", "rules", "state"), absent)
    begin |= dict.fromkeys(("title", "adapter"), empty)
    schema = {key: [first, *_rules_for(key)] for key, first in begin.items()}
    return {**schema, "secret": [absent, _secret_or_none], **_ignoring_others()}


def _rules_for(key: str) -> list[object]:
    ask = tk.get_validator
    text = ask("unicode_safe")
    return {
        "name": [text, ask("name_validator"), values.name_is_new],
        "title": [text],
        "link": [text, values.link_is_public, values.link_is_new],
        "adapter": [text, values.adapter_is_known],
        "owner_org": [values.organisation],
        "rules": [ask("convert_to_json_if_string"), values.rules],
        "secret": [text, values.secret_is_named],
        "state": [ask("one_of")(["active", "paused"])],
    }[key]


def _ignoring_others() -> Schema:
    return {"__extras": [tk.get_validator("ignore")]}


def page() -> Schema:
    """Parameters of every paged list."""
    ask = tk.get_validator
    return {
        "limit": [ask("default")(100), ask("natural_number_validator"), _at_most],
        "offset": [ask("default")(0), ask("natural_number_validator")],
        **_ignoring_others(),
    }


def portal_list() -> Schema:
    """Parameters of `emergent_portal_list`."""
    return {"owner_org": _optional(), **page()}


def run_list() -> Schema:
    """Parameters of `emergent_run_list`."""
    return {"portal": _optional(), "state": _optional(), **page()}


def problem_list() -> Schema:
    """Parameters of `emergent_problem_list`."""
    severities = tk.get_validator("one_of")([severity.value for severity in Severity])
    return {
        **{key: _optional() for key in ("portal", "run", "code", "identifier")},
        "severity": [*_optional(), severities],
        **page(),
    }


def harvest_run() -> Schema:
    """Parameters of `emergent_harvest_run`."""
    ask = tk.get_validator
    return {
        "id": [ask("not_empty"), ask("unicode_safe")],
        "preview": [ask("default")(False), ask("boolean_validator")],
        **_ignoring_others(),
    }


def _optional() -> list[object]:
    return [tk.get_validator("ignore_empty"), tk.get_validator("unicode_safe")]


def _at_most(value: int) -> int:
    return min(value, _MOST)


def _secret_or_none(value: object) -> str | None:
    return values.secret_is_named(str(value)) if value else None
