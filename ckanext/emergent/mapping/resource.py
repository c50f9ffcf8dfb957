"""DISTRIBUTION -> RESOURCE: one file, service or page as CKAN keeps it. Pure."""

from __future__ import annotations

from typing import Any

from ckanext.emergent.licences import recognise
from ckanext.emergent.mapping.acceptable import iso_date_from, web_address_from
from ckanext.emergent.mapping.table import RESERVED
from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.record import Distribution, Period
from ckanext.emergent.spectrum.access import Access

#: Who can get one file, in the words of the resource's `access`; unknown is left out.
_ACCESS = {
    Access.ANYONE: "anyone",
    Access.GROUP: "account",
    Access.NAMED: "request",
    Access.STAFF: "request",
}

#: An adapter that read the portal's own words about a missing link has told it already.
_TOLD_BY_ADAPTER = frozenset({"resource_without_link"})


def resources_from(
    distributions: tuple[Distribution, ...], problems: list[Problem]
) -> list[dict[str, Any]] | None:
    """The resources of a dataset; a distribution without a usable link is none, and is reported.

    `None` where there are distributions and not one has a link: then nothing is known about the
    links, and those that were good before stay (Data Mill North's `/data.json` lost all, 2026).
    """
    found = []
    is_told = any(one.code in _TOLD_BY_ADAPTER for one in problems)
    for distribution in distributions:
        resource = _resource_from(distribution, problems)
        if resource is None and not is_told:
            problems.append(_without_link(distribution))
        if resource is not None:
            found.append(resource)
    return found if found or not distributions else None


def is_gated(distribution: Distribution) -> bool:
    """Whether one needs an account, or has to ask, to get this distribution."""
    return _ACCESS.get(distribution.access, "anyone") != "anyone"


def _resource_from(distribution: Distribution, problems: list[Problem]) -> dict[str, Any] | None:
    url = web_address_from(distribution.url or "")
    if url is None:
        return None
    period = distribution.temporal or Period()
    fields = {
        "url": url,
        "identifier": distribution.identifier,
        "name": distribution.title,
        "description": distribution.description,
        "format": distribution.format,
        "mimetype": distribution.media_type,
        "size": distribution.size,
        "resource_type": distribution.kind.value if distribution.kind else None,
        "access": _ACCESS.get(distribution.access),
        "license": _licence(distribution),
        "issued": _date(distribution.issued, "issued", problems),
        "modified": _date(distribution.modified, "modified", problems),
        "temporal_start": _date(period.start, "temporal", problems),
        "temporal_end": _date(period.end, "temporal", problems),
    }
    kept = {key: value for key, value in fields.items() if value is not None}
    return {**_extras(distribution), **kept}


def _without_link(distribution: Distribution) -> Problem:
    named = distribution.title or distribution.identifier or distribution.format or "?"
    return problem("file_without_link", "distributions", distribution.url, file=named)


def _licence(distribution: Distribution) -> str | None:
    """The licence's own page where it is known, as DCAT wants it; else as it was stated."""
    if not distribution.licence:
        return None
    finding = recognise(distribution.licence)
    return finding.url or finding.received


def _date(value: str | None, field: str, problems: list[Problem]) -> str | None:
    if value is None:
        return None
    date = iso_date_from(value)
    if date is None:
        problems.append(problem("date_unreadable", field, value, severity=Severity.NOTE))
    return date


def _extras(distribution: Distribution) -> dict[str, str]:
    return {
        f"portal_{key}" if key in RESERVED else key: value for key, value in distribution.extras
    }
