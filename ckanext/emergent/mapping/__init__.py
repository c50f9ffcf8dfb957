"""RECORD -> DATASET: what a portal said, as CKAN keeps it. Pure; opens no socket.

`dataset_from` makes the dictionary that CKAN is given, without ids and names, which are the
hub's to choose. A value that CKAN would refuse is made acceptable or left out, with a problem:
it never costs the record. What has no place of its own is kept in the free extras, under
`portal_<key>` where its key is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckanext.emergent.challenge import CHALLENGES, challenge_from
from ckanext.emergent.frequency import frequency_from
from ckanext.emergent.mapping.acceptable import TITLE_LONGEST, tag_from
from ckanext.emergent.mapping.digest import MAPPING_VERSION, fingerprint
from ckanext.emergent.mapping.leftovers import Leftovers, given, rows
from ckanext.emergent.mapping.level import level_fields
from ckanext.emergent.mapping.resource import resources_from
from ckanext.emergent.mapping.rules import Rules
from ckanext.emergent.mapping.table import (
    MAPPING,
    OWNED_FIELDS,
    RESOURCE_FIELDS,
    RESOURCE_MAPPING,
)
from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.errors import SkippableError
from ckanext.emergent.reading.record import Agent, Record

__all__ = [
    "MAPPING",
    "MAPPING_VERSION",
    "OWNED_FIELDS",
    "RESOURCE_FIELDS",
    "RESOURCE_MAPPING",
    "Mapped",
    "Rules",
    "dataset_from",
    "fingerprint",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A dataset for CKAN and what was wrong with the record; missing values have no key.

    `resources` is missing where a record has files but not one link: what was good before stays.
    """

    dataset: dict[str, Any]
    problems: tuple[Problem, ...]


def dataset_from(record: Record, rules: Rules) -> Mapped:
    """Map a record, by a portal's rules.

    Raises `SkippableError` for a record that its own portal does not show to everybody.
    """
    if not record.published:
        raise SkippableError(problem("not_public_at_portal", "published", record.identifier))
    leftovers = Leftovers(record)
    dataset = {
        **_what(record, rules, leftovers),
        **level_fields(record, rules, leftovers.problems),
        **_who(record, rules, leftovers),
        **_when(record, leftovers),
        **_where(record),
        **_links(record, leftovers),
        **_provenance(record, rules, leftovers),
        "resources": resources_from(record.distributions, leftovers.problems),
    }
    dataset["extras"] = leftovers.extras()
    problems = tuple(dict.fromkeys(leftovers.problems))
    return Mapped(dataset=given(dataset), problems=problems)


def _what(record: Record, rules: Rules, leftovers: Leftovers) -> dict[str, Any]:
    return {
        "title": _title(record, leftovers),
        "notes": record.description,
        "tags": _tags(record, rules, leftovers.problems),
        "theme": _texts(record.themes),
        "challenges": _challenges(record, rules, leftovers),
        "attribution_text": record.attribution,
    }


def _title(record: Record, leftovers: Leftovers) -> str:
    title = record.title
    if title is None:
        leftovers.problems.append(problem("title_missing", "title"))
        return record.identifier
    if len(title) > TITLE_LONGEST:
        leftovers.refuse("title_too_long", "title", title)
        return title[: TITLE_LONGEST - 1].rstrip() + "…"
    return title


def _tags(record: Record, rules: Rules, problems: list[Problem]) -> list[dict[str, str]]:
    """Tags, each once whatever its case: `Airports` and `airports` are one."""
    found: dict[str, str] = {}
    for keyword in (*record.keywords, *rules.default_tags):
        tag = tag_from(keyword)
        if tag != keyword:
            code = "keyword_dropped" if tag is None else "keyword_changed"
            note = problem(code, "keywords", keyword, severity=Severity.NOTE, tag=tag or "")
            problems.append(note)
        if tag is not None:
            found.setdefault(tag.casefold(), tag)
    return [{"name": tag} for tag in found.values()]


def _challenges(record: Record, rules: Rules, leftovers: Leftovers) -> list[str]:
    """Slugs in the hub's own order, as its schema stores them."""
    known = dict(rules.challenges) or CHALLENGES
    found = set()
    for stated in (*record.challenges, *rules.default_challenges):
        slug = challenge_from(stated, known)
        if slug is None:
            leftovers.refuse("challenge_unknown", "challenges", stated)
        else:
            found.add(slug)
    return [slug for slug in known if slug in found]


def _texts(values: tuple[str, ...]) -> list[str]:
    """Each text once, without blanks around it, as the schema stores it."""
    return list(dict.fromkeys(text for value in values if (text := value.strip())))


def _who(record: Record, rules: Rules, leftovers: Leftovers) -> dict[str, Any]:
    author, steward = record.author or Agent(), record.steward or Agent()
    for role, agent in (("author", author), ("maintainer", steward)):
        if agent.url is not None:
            leftovers.keep(f"{role}_url", agent.url)
    return {
        "owner_org": rules.owner_org,
        "author": author.name,
        "author_email": leftovers.email(author.email, "author_email"),
        "maintainer": steward.name,
        "maintainer_email": leftovers.email(steward.email, "maintainer_email"),
        "publisher": _publisher(record, leftovers),
    }


def _publisher(record: Record, leftovers: Leftovers) -> list[dict[str, Any]]:
    agent = record.publisher
    if agent is None:
        return []
    fields = {
        "name": agent.name,
        "email": leftovers.email(agent.email, "publisher"),
        "url": leftovers.address(agent.url, "publisher"),
        "identifier": agent.identifier,
    }
    return rows([fields])


def _when(record: Record, leftovers: Leftovers) -> dict[str, Any]:
    frequency = None
    if record.frequency is not None:
        frequency = frequency_from(record.frequency)
        if frequency is None:
            leftovers.refuse("frequency_unknown", "frequency", record.frequency)
    return {
        "frequency": frequency,
        "issued": leftovers.date(record.issued, "issued"),
        "modified": leftovers.date(record.modified, "modified"),
        "next_review": leftovers.date(record.next_review, "next_review"),
        "temporal_coverage": rows(
            {
                "start": leftovers.date(period.start, "temporal_coverage"),
                "end": leftovers.date(period.end, "temporal_coverage"),
            }
            for period in record.temporal
        ),
    }


def _where(record: Record) -> dict[str, Any]:
    places = ({"uri": one.uri, "text": one.text, "geom": one.geometry} for one in record.spatial)
    return {
        "spatial_coverage": rows(places),
        "language": _texts(record.languages),
        "conforms_to": _texts(record.conforms_to),
    }


def _links(record: Record, leftovers: Leftovers) -> dict[str, Any]:
    links = []
    for link in record.links:
        url = leftovers.address(link.url, "links")
        if url is not None:
            links.append({"kind": link.kind.value, "url": url, "title": link.title})
    references = [
        {"url": leftovers.address(one.url, "references"), "description": one.description}
        for one in record.references
    ]
    return {
        "url": leftovers.address(record.landing_page, "url"),
        "links": rows(links),
        "references": rows(references),
    }


def _provenance(record: Record, rules: Rules, leftovers: Leftovers) -> dict[str, Any]:
    return {
        "source_portal": rules.portal_name,
        "source_identifier": record.identifier,
        "source_url": leftovers.address(record.source_url, "source_url"),
    }
