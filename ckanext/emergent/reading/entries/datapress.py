"""One record of a DataPress export to a record of ours, in any of the export's forms.

What was an id in older forms and in single answers is an object in the v3 export (`topics`,
`team`, `licence`, `contact`), what was an object by id is a list (`resources`, `links`). Both are
read alike. Seen at data.london.gov.uk and open.barnet.gov.uk in 2026, and in the published
documentation; the fields of the years before 2023 are those of London's export.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.received.shown import EMAIL
from ckanext.emergent.reading.record import (
    Agent,
    Distribution,
    Link,
    LinkKind,
    Period,
    Record,
    ResourceKind,
)
from ckanext.emergent.spectrum.access import Access

#: What the site's own link checker writes, changed by nobody, and its search terms.
VOLATILE = (
    "hash", "check_hash", "check_http_status", "check_timestamp", "order",
    "searchDescription", "searchFilename", "searchTitle",
)  # fmt: skip
#: A link to one of these is data that lies elsewhere; any other link is a page about it.
FILES = frozenset(
    {".csv", ".tsv", ".xls", ".xlsx", ".ods", ".json", ".geojson", ".xml", ".kml", ".gml", ".zip"}
    | {".gpkg", ".shp", ".rdf", ".ttl", ".parquet"}
)
#: What older exports call a format says less than the file's name does.
BROAD = frozenset({"spreadsheet", "document", "text", "image", "file", "other", "unknown"})
#: Written where a form wanted a contact and nobody had one.
_PLACEHOLDER = re.compile(
    r"\W*|(the )?(contact|contact name|name|your name|name here|unknown|none|n/?a|not applicable"
    r"|tb[acd]|test|placeholder|publisher|author|email|e-mail|xxx+)\W*",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"@(example|test|domain|email)\.|^no-?reply@", re.IGNORECASE)


def entry_identifier(entry: dict[str, Any]) -> str | None:
    """The entry's `id`: five characters, which may be digits alone and then a number."""
    return identifier_from(entry.get("id"))


def record_from(entry: dict[str, Any], identifier: str, site: str) -> Record:
    """What an entry of the export of `site` (any address there) says, with its problems."""
    fields = Fields(entry)
    fields.ignore("id", "hash", "shares", "descriptionText", "order")
    sharing, state = fields.text("sharing"), fields.text("state")
    if (sharing or "").lower() != "public" or (state or "active").lower() != "active":
        return _withheld(identifier, sharing)
    custom = fields.inside("custom")
    # each is read even where an earlier one says enough: what is not read is left over
    authors = _agent(custom, "author"), _agent(fields, "author")
    stewards = _contact(fields), _agent(fields, "maintainer"), _agent(custom, "maintainer")
    frequencies = custom.text("update_frequency"), fields.text("update_frequency")
    landing_page = _landing_page(fields, identifier, site)
    licence, rights = _licence(fields)
    files = _distributions(fields, identifier, site)
    pages, elsewhere = _links(fields, site)
    record = Record(
        identifier=identifier,
        title=fields.text("title"),
        description=fields.prose("description"),
        landing_page=landing_page,
        source_url=landing_page,
        publisher=_publisher(fields),
        author=next(filter(None, authors), None),
        steward=next(filter(None, stewards), None),
        licence=licence,
        rights=rights,
        access=Access.ANYONE,
        access_stated=sharing,
        keywords=fields.words("tags"),
        themes=_topics(fields),
        frequency=next(filter(None, frequencies), None),
        issued=fields.date("createdAt"),
        modified=fields.date("updatedAt"),
        next_review=fields.date("nextReviewDate"),
        links=pages,
        distributions=files + elsewhere,
        extras=_archived(fields) + custom.left_over(told=False) + fields.left_over(told=False),
    )
    if not (record.description or record.licence or record.distributions or record.links):
        fields.note("poor_record", None, record.title)
    return replace(record, problems=tuple(fields.problems))


def _withheld(identifier: str, sharing: str | None) -> Record:
    """A record that is not public says that it is there, and nothing else."""
    told = problem("sharing_not_stated", "sharing", severity=Severity.NOTE)
    return Record(
        identifier=identifier,
        access_stated=sharing,
        published=False,
        problems=(told,) if sharing is None else (),
    )


def _landing_page(fields: Fields, identifier: str, site: str) -> str:
    """The page that the record names, else the form of 2025, to which older ones redirect."""
    canonical, webpage = fields.link("canonical", base=site), fields.link("webpage", base=site)
    slug = fields.text("slug")
    page = quote(f"{slug}-{identifier}" if slug else identifier, safe="")
    return canonical or webpage or urljoin(site, f"/dataset/{page}")


def _publisher(fields: Fields) -> Agent | None:
    """The team; never the contact, who is often one person or a back office.

    Older forms know the team by its id only; the name is then the publisher's or the banner's.
    """
    name, identifier = _thing(fields, "team")
    others = [fields.text("publisher"), _thing(fields, "masthead")[0], _thing(fields, "logo")[0]]
    name = name or next(filter(None, others), None)
    return Agent(name=name, identifier=identifier) if name or identifier else None


def _thing(fields: Fields, key: str) -> tuple[str | None, str | None]:
    """Name and id of a thing that may be an object, a name or an id."""
    if isinstance(fields.peek(key), dict):
        inner = fields.inside(key)
        return inner.text("title", "name"), inner.text("id")
    text = fields.text(key)
    return (text, None) if text and re.search(r"[A-Z\s]", text) else (None, text)


def _agent(fields: Fields, key: str) -> Agent | None:
    name, email = fields.text(key), fields.email(f"{key}_email")
    return Agent(name=name, email=email) if name or email else None


def _contact(fields: Fields) -> Agent | None:
    """The contact as steward, unless it only fills a form."""
    for item in fields.each("contact", bare="title"):
        written = item.peek("title")
        is_address = isinstance(written, str) and EMAIL.fullmatch(written.strip()) is not None
        email = item.email("title") if is_address else item.email("email")
        name = None if is_address else item.text("title", "name")
        told = (name and not _PLACEHOLDER.fullmatch(name), email and not _NOBODY.search(email))
        if any(told):
            return Agent(name=name if told[0] else None, email=email if told[1] else None)
        fields.note("contact_is_placeholder", "contact", name)
    return None


def _licence(fields: Fields) -> tuple[tuple[str, ...], str | None]:
    """The statements, addresses first, and what was written beside them."""
    statements: list[str | None] = []
    for item in fields.each("licence", "license", bare="title"):
        statements += [item.statement("url"), item.statement("title", "name", "id")]
    notes = fields.prose("licence_notes")
    if notes is not None:
        fields.warn("licence_has_notes", "licence_notes", notes)
    return tuple(filter(None, statements)), notes


def _topics(fields: Fields) -> tuple[str, ...]:
    """By their ids, which every form has, written as words."""
    return tuple(map(_spoken, fields.words("topics", names=("id", "title", "name"))))


def _spoken(topic: str) -> str:
    is_id = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", topic) is not None
    return topic.replace("-", " ").capitalize() if is_id else topic


def _distributions(fields: Fields, identifier: str, site: str) -> tuple[Distribution, ...]:
    """The files, in the order that the site shows them in where it says so."""
    items = list(fields.each("resources", bare="url"))
    orders = [item.whole("order") for item in items]
    if all(order is not None for order in orders):
        items = [items[at] for at in sorted(range(len(items)), key=lambda at: orders[at] or 0)]
    return tuple(_distribution(item, identifier, site) for item in items)


def _distribution(item: Fields, identifier: str, site: str) -> Distribution:
    item.ignore(*VOLATILE)
    own, filename = identifier_from(item.take("id")) or item.key, item.text("filename")
    url = item.link("url", base=site)
    if url is None and filename is not None and own is not None:
        path = "/".join(quote(part, safe="") for part in (identifier, own, filename))
        url = urljoin(site, f"/download/{path}")
    if url is None:
        item.warn("resource_without_link", "url")
    return Distribution(
        url=url,
        identifier=own,
        title=item.text("title") or filename,
        description=item.prose("description"),
        format=_format(item.text("format"), filename, url),
        media_type=item.text("mimetype", "check_mimetype"),
        size=item.whole("size", "check_size"),
        issued=item.date("london_release_date"),
        modified=item.date("timestamp"),
        temporal=_period(item),
        extras=item.left_over(told=False),
    )


def _period(item: Fields) -> Period | None:
    inner = item.inside("timeframe", "timeFrame")
    start = item.date("timeframeFrom", "temporal_coverage_from") or inner.date("from", "start")
    end = item.date("timeframeTo", "temporal_coverage_to") or inner.date("to", "end")
    return Period(start=start, end=end) if start or end else None


def _format(told: str | None, filename: str | None, url: str | None) -> str | None:
    """The format; what the file's name ends in where the portal says nothing or "spreadsheet"."""
    if told is not None and told.lower() not in BROAD:
        return told
    for path in (filename or "", urlsplit(url or "").path):
        suffix = PurePosixPath(path).suffix
        if re.fullmatch(r"\.[A-Za-z][A-Za-z0-9]{0,7}", suffix):
            return suffix[1:].lower()
    return told


def _links(fields: Fields, site: str) -> tuple[tuple[Link, ...], tuple[Distribution, ...]]:
    """Pages about the data, and data that lies on other sites."""
    pages: list[Link] = []
    files: list[Distribution] = []
    for item in fields.each("links", bare="url"):
        url, title = item.link("url", "href", "link", base=site), item.text("title", "name")
        description = item.prose("description")
        if url is None:
            item.warn("link_missing", "url", title)
        elif PurePosixPath(urlsplit(url).path).suffix.lower() in FILES:
            own = identifier_from(item.take("id")) or item.key
            files.append(
                Distribution(
                    url=url,
                    identifier=own,
                    title=title,
                    description=description,
                    format=_format(None, None, url),
                    kind=ResourceKind.DATA,
                )
            )
        else:
            pages.append(Link(kind=LinkKind.DOCUMENTATION, url=url, title=title))
    frame = fields.link("descriptionIframe", base=site)
    if frame is not None:
        pages.append(Link(kind=LinkKind.VISUALISATION, url=frame))
    return tuple(pages), tuple(files)


def _archived(fields: Fields) -> tuple[tuple[str, str], ...]:
    moment = fields.date("archivedAt")
    if moment is None:
        return ()
    fields.note("archived_at_portal", "archivedAt", moment)
    return (("archivedAt", moment),)
