"""Problems told to people, in their language, by CKAN's gettext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.problem_sentences import sentence

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk


def told(found: Problem) -> str:
    """What the problem says and what to do about it, in one or two sentences."""
    words = sentence(found, translate=tk._)
    return f"{words.says} {words.to_do}".strip()


def refusal(code: str, field: str, received: object = None, **values: object) -> str:
    """The sentence of a validation error."""
    return told(problem(code, field, received, severity=Severity.ERROR, **values))
