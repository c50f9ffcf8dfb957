"""Errors of the schema, the database and the search index, told as problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.emergent.harvest.catalogue.write import Write, Written
from ckanext.emergent.problem import Problem, Severity, problem

_REASON_LIMIT = 300


def from_validation(errors: Mapping[str, Any], dataset: Mapping[str, Any]) -> tuple[Problem, ...]:
    """One problem for each message of CKAN's nested error dict."""
    return tuple(
        problem(
            "value_not_accepted",
            field,
            _received(field, dataset),
            severity=Severity.ERROR,
            reason=message,
        )
        for field, message in _messages(errors)
    )


def from_exception(error: Exception) -> tuple[Problem, ...]:
    """The database, or another plugin, stopped the dataset; the first line says why."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    reason = lines[0] if lines else type(cause).__name__
    return (_error("dataset_not_saved", reason),)


def from_index(reason: str) -> tuple[Problem, ...]:
    """The search index took its document for faulty."""
    return (_error("dataset_not_indexed", reason),)


def dataset_gone() -> tuple[Problem, ...]:
    """The dataset to update is not there any more: somebody purged it."""
    return (problem("dataset_gone", severity=Severity.ERROR),)


def edited_meanwhile() -> tuple[Problem, ...]:
    """A person was faster: the write was made from what the dataset was before."""
    return (problem("dataset_edited_meanwhile", severity=Severity.WARNING),)


def refused(write: Write, problems: tuple[Problem, ...]) -> Written:
    """The answer to a write that left everything as it was."""
    dataset_id = write.dataset.get("id") if write.exists else None
    return Written(write.key, dataset_id, None, problems)


def _error(code: str, reason: str) -> Problem:
    return problem(code, severity=Severity.ERROR, reason=reason[:_REASON_LIMIT])


def _messages(errors: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Walk `{"title": ["…"], "resources": [{}, {"url": ["…"]}]}` as `("resources/2/url", "…")`."""
    for key, found in errors.items():
        field = f"{prefix}{key}"
        if isinstance(found, str):
            yield field, found
            continue
        for position, item in enumerate(found, start=1):
            if isinstance(item, Mapping):
                yield from _messages(item, f"{field}/{position}/")
            elif item:
                yield field, str(item)


def _received(field: str, dataset: Mapping[str, Any]) -> Any:
    """Follow `resources/2/url` into the dataset; None where the path leads nowhere."""
    value: Any = dataset
    for step in field.split("/"):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, (list, tuple)) and step.isdigit() and int(step) <= len(value):
            value = value[int(step) - 1]
        else:
            return None
    return value or None
