"""Warnings about a dataset's level, told to whoever saved it: in the answer and on the page.

They are never stored: what they say can change with the licence register, and follows from what
is stored. The harvester reports its own, so that its writes pass by unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
from ckan.logic.action import create, update

from ckanext.emergent import stored
from ckanext.emergent.level_check import check
from ckanext.emergent.logic.chain import chained
from ckanext.emergent.problem import Problem
from ckanext.emergent.problem_sentences import sentence
from ckanext.emergent.telling import told

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Action, Context, DataDict
else:
    import ckantoolkit as tk

#: The key beside a dataset's own in the answer of `package_create`, `_update` and `_patch`.
KEY = "spectrum_warnings"


def saving() -> dict[str, Action]:
    """CKAN's two actions through which every dataset is saved, with warnings in their answer."""
    return {
        "package_create": _warning(create.package_create),
        "package_update": _warning(update.package_update),
    }


def _warning(around: Action) -> Action:
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        answer = original_action(context, data_dict)
        if not isinstance(answer, dict) or stored.is_harvest(context):
            return answer
        found = check(answer).warnings
        _flash(found, context)
        return {**answer, KEY: [_as_dict(problem) for problem in found]} if found else answer

    # The harvester's bulk path need not pass here: it never asks for an answer in words.
    action.bulk_safe = True  # type: ignore[attr-defined]  # read by harvest.catalogue.route
    return chained(action, around)


def _as_dict(problem: Problem) -> dict[str, str | None]:
    words = sentence(problem, translate=tk._)
    return {
        "code": problem.code,
        "field": problem.field,
        "says": words.says,
        "to_do": words.to_do,
    }


def _flash(found: tuple[Problem, ...], context: Context) -> None:
    """Tell them on the page that follows a form; CKAN's form of a new dataset saves it twice."""
    if not flask.has_request_context() or "save" not in context:
        return
    before = flask.g.setdefault("emergent_warned", set())
    for words in map(told, found):
        if words not in before:
            before.add(words)
            tk.h.flash_notice(words)
