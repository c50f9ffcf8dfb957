"""What a portal said about one dataset, in DCAT's words, frozen.

A record is what adapters make and the mapping reads. It knows nothing of CKAN: the names are
those of DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) and Dublin Core terms. Missing is `None` or
`()`, never an empty string. Text is plain text or Markdown, never HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ckanext.emergent.problem import Problem
from ckanext.emergent.spectrum import Access


class LinkKind(str, Enum):
    """What a link beside a dataset leads to."""

    STORY = "story"
    TECH_BLOG = "tech_blog"
    REPOSITORY = "repository"
    DOCUMENTATION = "documentation"
    VISUALISATION = "visualisation"
    WIKIPEDIA = "wikipedia"
    WIKIDATA = "wikidata"
    OPENSTREETMAP = "openstreetmap"


class ResourceKind(str, Enum):
    """What a distribution is: data, a visualisation, or a catalogue that lists more.

    The three `type`s of the Emergent index, version 1.0.
    """

    DATA = "data"
    VISUALISATION = "vis"
    CATALOGUE = "cat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person or an organisation (`foaf:Agent`)."""

    name: str | None = None
    email: str | None = None
    url: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period of time (`dct:PeriodOfTime`): ISO 8601 dates, perhaps only `2020` or `2020-05`."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that the data covers (`dct:Location`): words, a URI or a GeoJSON geometry."""

    text: str | None = None
    uri: str | None = None
    geometry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A typed link from a dataset to something told or made with it."""

    kind: LinkKind
    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Other data that one needs to use this (`dct:requires`)."""

    url: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A file, a service or a page (`dcat:Distribution`).

    `identifier` is the portal's own key of the file, or `None`; `size` is in bytes; dates are ISO
    8601. `access` says who can get this one, where the portal tells it.
    """

    url: str | None = None
    identifier: str | None = None
    title: str | None = None
    description: str | None = None
    format: str | None = None
    media_type: str | None = None
    size: int | None = None
    kind: ResourceKind | None = None
    access: Access = Access.UNKNOWN
    licence: tuple[str, ...] = ()
    issued: str | None = None
    modified: str | None = None
    temporal: Period | None = None
    extras: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a portal said about one dataset.

    `identifier` is the portal's own stable key, unique within the portal; `scope` names the part
    of the portal that lists the record (an organisation's index), `None` where a portal is one
    list. `licence` holds every licence statement as received, the most binding (a URL) first.
    `access_stated` is the portal's own word about access, `access` what it means. `published` is
    false when the portal itself says that the record is not public. `copied_from` is the page of
    the portal that this one took the record from. `extras` keeps what has no place of its own.
    """

    identifier: str
    scope: str | None = None
    title: str | None = None
    description: str | None = None
    landing_page: str | None = None
    source_url: str | None = None
    copied_from: str | None = None
    publisher: Agent | None = None
    author: Agent | None = None
    steward: Agent | None = None
    licence: tuple[str, ...] = ()
    rights: str | None = None
    attribution: str | None = None
    access: Access = Access.UNKNOWN
    access_stated: str | None = None
    published: bool = True
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    frequency: str | None = None
    issued: str | None = None
    modified: str | None = None
    next_review: str | None = None
    temporal: tuple[Period, ...] = ()
    spatial: tuple[Place, ...] = ()
    languages: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[Reference, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
