"""Levels for the datasets of an existing catalogue, derived from what their records say.

Only datasets without a level are looked at: running it twice changes nothing, and what a person
declared or a portal's adapter derived stays. Access that nobody stated is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.emergent.level_check import is_gated, licence_of
from ckanext.emergent.spectrum import (
    Access,
    Basis,
    Classification,
    Evidence,
    access_from,
    classify,
)

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

#: Free extras in which catalogues state access, ckanext-dcat's first.
STATEMENTS = ("access_rights", "access_level", "accessLevel", "sharing")


@dataclass(frozen=True, slots=True)
class Classified:
    """One dataset and the level found; `refused` is what CKAN said against saving it."""

    name: str
    found: Classification
    refused: str | None = None


def classify_catalogue(*, links_public: bool, preview: bool) -> Iterator[Classified]:
    """Find levels for all datasets without one, and save them unless it is a preview.

    With `links_public` the administrator vouches that what a record links to can be got by
    anyone, unless the record itself says otherwise.
    """
    for dataset_id in _unclassified():
        dataset = _act("package_show", id=dataset_id)
        found = classify(evidence_of(dataset, links_public=links_public))
        refused = None if preview or found.level is None else _save(dataset, found)
        yield Classified(dataset["name"], found, refused)


def evidence_of(dataset: Mapping[str, Any], *, links_public: bool = False) -> Evidence:
    """What a dataset's own fields say about who can get it, and under which licence."""
    stated = _stated(dataset)
    resources = dataset.get("resources") or ()
    access = access_from(stated)
    if stated is None and not dataset.get("private"):
        access = _access_of(resources, links_public=links_public)
    return Evidence(
        access=access,
        licence=licence_of(dataset),
        gated=is_gated(resources),
        access_stated=stated,
    )


def _stated(dataset: Mapping[str, Any]) -> str | None:
    extras = {extra["key"]: extra["value"] for extra in dataset.get("extras") or ()}
    for key in STATEMENTS:
        if stated := dataset.get(key) or extras.get(key):
            return str(stated)
    return None


def _access_of(resources: Iterable[Mapping[str, Any]], *, links_public: bool) -> Access:
    """Who can get files of a public dataset: anyone those kept here, or said to be for anyone."""
    each = {
        resource.get("access")
        or ("anyone" if links_public or resource.get("url_type") == "upload" else None)
        for resource in resources
    }
    return Access.ANYONE if each and each <= {"anyone", "account"} else Access.UNKNOWN


def _unclassified() -> list[str]:
    found = (
        model.Session.query(model.Package.id)
        .filter(
            model.Package.state == model.State.ACTIVE,
            model.Package.type == "dataset",
            ~model.Package.extras.has_key("data_spectrum"),
        )
        .order_by(model.Package.name)
    )
    return [row.id for row in found]


def _save(dataset: Mapping[str, Any], found: Classification) -> str | None:
    """Save the level; what speaks against it, if anything does."""
    changes = {
        "data_spectrum": found.level.value if found.level else None,
        "spectrum_basis": Basis.DERIVED.value,
        "spectrum_evidence": _stated(dataset),
    }
    given = {key: value for key, value in changes.items() if value is not None}
    try:
        _act("package_patch", id=dataset["id"], **given)
    except tk.ValidationError as error:
        return "; ".join(f"{key}: {words}" for key, words in error.error_summary.items())
    return None


def _act(action: str, **fields: Any) -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"user": user, "ignore_auth": True}
    answer: dict[str, Any] = tk.get_action(action)(context, fields)
    return answer
