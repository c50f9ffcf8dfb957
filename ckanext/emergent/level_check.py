"""A level that a person chose, judged against the rest of the dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckan import model

from ckanext.emergent.licences import Finding, recognise
from ckanext.emergent.spectrum import Access, Check, Evidence, Level, check_declared

#: Fields that tell how to get access; one of them suffices.
HOW_TO_ASK = ("access_procedure", "access_contact", "access_url")
_GATED = frozenset({"account", "request"})


def check(dataset: Mapping[str, Any]) -> Check:
    """Errors and warnings about a dataset's level; nothing about an unclassified one.

    `dataset` has the keys of the schema, `resources` among them as dictionaries.
    """
    try:
        level = Level(dataset.get("data_spectrum"))
    except ValueError:
        return Check()
    ways = [text for field in HOW_TO_ASK if (text := dataset.get(field))]
    return check_declared(
        level,
        Evidence(
            access=Access.UNKNOWN,
            licence=licence_of(dataset),
            gated=is_gated(dataset.get("resources") or ()),
        ),
        reason=dataset.get("spectrum_reason"),
        how_to_ask=" ".join(ways),
    )


def is_gated(resources: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a file or service asks for an account or a request."""
    return any(resource.get("access") in _GATED for resource in resources)


def licence_of(dataset: Mapping[str, Any]) -> Finding:
    """The dataset's licence, judged by the site's own register.

    The licence chosen from the register holds before the words a portal wrote: whoever chose it
    has read them. They count where nothing was chosen.
    """
    register = model.Package.get_license_register()
    chosen = dataset.get("license_id")
    statements = [chosen, _own_link(dataset)]
    if chosen in (None, "", "notspecified"):
        statements += (dataset.get("license_text") or "").splitlines()
    return recognise(
        [text for text in statements if text],
        {id_: str(licence.od_conformance) for id_, licence in register.items()},
    )


def _own_link(dataset: Mapping[str, Any]) -> str | None:
    """The licence's address, unless it is the one that the register gives for the licence."""
    link = dataset.get("license_url")
    return None if link == registered_link(dataset.get("license_id")) else link


def registered_link(license_id: str | None) -> str | None:
    """The address that the site's register has for a licence, or None."""
    licence = model.Package.get_license_register().get(license_id or "")
    return getattr(licence, "url", None) or None
