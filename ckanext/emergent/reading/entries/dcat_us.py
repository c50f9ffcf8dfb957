"""One dataset of a `data.json` to a record (DCAT-US 1.1, with what its makers add and leave out).

https://resources.data.gov/resources/dcat-us/
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.received.geometry import box, geometry_from
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.received.interval import interval_from
from ckanext.emergent.reading.record import (
    Agent,
    Distribution,
    Link,
    LinkKind,
    Period,
    Place,
    Record,
)
from ckanext.emergent.spectrum.access import Access, access_from

#: Written by a program where nobody had written anything.
_NOTHING = re.compile(r"no description (found|available|provided)\W*|n/?a|none|tb[acd]", re.I)
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
#: ISO 8601's repeating interval: how often, not when.
_REPEATS = re.compile(r"R\d*/P\S+", re.IGNORECASE)
_NUMBER = r"\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*"
_BOX = re.compile(",".join([_NUMBER] * 4))
#: Data that a publisher means to publish, or was asked for (USMART lists both).
_NOT_YET = frozenset({"planned", "requested", "in progress"})
#: An organisation inside another, and so on: no feed that was seen has more than four.
DEEPEST = 10


def entry_identifier(entry: dict[str, Any]) -> str | None:
    """The `identifier`, else the address of the entry or of its landing page."""
    own = identifier_from(entry.get("identifier"))
    return own or _address(entry.get("@id")) or _address(entry.get("landingPage"))


def record_from(entry: dict[str, Any], identifier: str, site: str) -> Record:
    """What an entry says about its dataset; relative links are of `site`."""
    fields = Fields(entry)
    fields.ignore("@type", "@context", "@id")
    if identifier_from(fields.take("identifier")) is None:
        fields.warn("identifier_is_address", "identifier", identifier)
    page = fields.link("landingPage", base=site)
    files = _distributions(fields, site)
    access, stated = _access(fields, files)
    modified, repeats = _modified(fields)
    # read even where the date repeats: what is not read is left over
    frequency = fields.text("accrualPeriodicity", "frequency", "updateFrequency") or repeats
    record = Record(
        identifier=identifier,
        title=fields.text("title"),
        description=_description(fields),
        landing_page=page,
        source_url=page,
        publisher=_publisher(fields),
        steward=_steward(fields),
        licence=_licence(fields),
        rights=fields.prose("rights"),
        access=access,
        access_stated=stated,
        keywords=fields.words("keyword", "keywords"),
        themes=fields.words("theme"),
        frequency=frequency,
        issued=fields.date("issued", "createdAt", "created"),
        modified=modified,
        temporal=_periods(fields),
        spatial=_places(fields),
        languages=fields.words("language"),
        conforms_to=fields.words("conformsTo", names=("@id", "title")),
        links=_links(fields, site),
        distributions=files,
        extras=fields.left_over(told=False),
    )
    return replace(record, problems=tuple(fields.problems))


def _address(value: object) -> str | None:
    text = identifier_from(value)
    return text if text and _WEB.fullmatch(text) else None


def _description(fields: Fields) -> str | None:
    text = fields.prose("description")
    if text is not None and _NOTHING.fullmatch(text):
        fields.note("text_says_nothing", "description", text)
        return None
    return text


def _modified(fields: Fields) -> tuple[str | None, str | None]:
    """The date, or how often there is a new one: publishers write either."""
    written = fields.peek("modified")
    if isinstance(written, str) and _REPEATS.fullmatch(written.strip()):
        return None, fields.text("modified")
    return fields.date("modified", "updatedAt"), None


def _access(fields: Fields, files: tuple[Distribution, ...]) -> tuple[Access, str | None]:
    """As `accessLevel` says. What is public and not there yet is for nobody known."""
    stated = fields.text("accessLevel")
    access = access_from(stated)
    status = fields.peek("status")
    planned = isinstance(status, str) and status.strip().lower() in _NOT_YET
    if access is Access.ANYONE and (planned or not any(one.url for one in files)):
        return Access.UNKNOWN, f"{stated}, without a file"
    return access, stated


def _publisher(fields: Fields) -> Agent | None:
    """The organisation that is nearest; those around it are kept by their names."""
    if not isinstance(fields.peek("publisher"), dict):
        return _named(fields.text("publisher"), None)
    inner = fields.inside("publisher")
    name, email = inner.text("name", "source"), inner.email("mbox", "hasEmail", "email")
    around: object = inner.peek("subOrganizationOf")
    parents: list[object] = []
    while isinstance(around, dict) and len(parents) < DEEPEST:
        parents.append(around.get("name"))
        around = around.get("subOrganizationOf")
    if parents:
        fields.keep("publisher.subOrganizationOf", ", ".join(map(str, filter(None, parents))))
    return _named(name, email)


def _named(name: str | None, email: str | None) -> Agent | None:
    """USMART writes an address where a name belongs; it is not shown as one."""
    if name is not None and _WEB.fullmatch(name):
        return Agent(url=name, email=email)
    return Agent(name=name, email=email) if name or email else None


def _steward(fields: Fields) -> Agent | None:
    """The contact: a vCard, a list of them, or only a name, with `mbox` before version 1.1."""
    mbox = fields.email("mbox") if fields.peek("mbox") else None
    for item in fields.each("contactPoint", bare="fn"):
        written = item.peek("hasEmail")
        is_blank = isinstance(written, str) and written.strip().lower() == "mailto:"
        email = None if is_blank else item.email("hasEmail", "email")
        told = Agent(name=item.text("fn", "name"), email=email or mbox)
        if told != Agent():
            return told
    return Agent(email=mbox) if mbox else None


def _licence(item: Fields) -> tuple[str, ...]:
    """The statements of either spelling, addresses first; they may be blocks of HTML."""
    found: list[str | None] = []
    for key in ("license", "licence"):
        if isinstance(item.peek(key), dict):
            inner = item.inside(key)
            found += [inner.statement("@id", "url"), inner.statement("name", "title")]
        else:
            found.append(item.statement(key))
    told = dict.fromkeys(filter(None, found))
    return tuple(sorted(told, key=lambda text: _WEB.fullmatch(text) is None))


def _periods(fields: Fields) -> tuple[Period, ...]:
    """`2005-04-20/2006-11-09`, either side of which may be missing."""
    interval = interval_from(fields.peek("temporal"))
    if interval is None:
        return _period_as_object(fields)
    fields.take("temporal")
    return (Period(start=interval[0], end=interval[1]),)


def _period_as_object(fields: Fields) -> tuple[Period, ...]:
    if not isinstance(fields.peek("temporal"), dict):
        return ()
    inner = fields.inside("temporal")
    start, end = inner.date("startDate", "start"), inner.date("endDate", "end")
    return (Period(start=start, end=end),) if start or end else ()


def _places(fields: Fields) -> tuple[Place, ...]:
    """Four degrees (west, south, east, north), a geometry, or a name."""
    written = fields.peek("spatial")
    if isinstance(written, str) and (found := _BOX.fullmatch(written)):
        fields.take("spatial")
        west, south, east, north = map(float, found.groups())
        return (Place(geometry=box(west, south, east, north)),)
    geometry = geometry_from(written)
    if geometry is not None:
        fields.take("spatial")
        return (Place(geometry=geometry),)
    return tuple(Place(text=text) for text in fields.words("spatial") if text)


def _links(fields: Fields, site: str) -> tuple[Link, ...]:
    """The data dictionary, and pages about the data."""
    items = (*fields.each("describedBy", bare="url"), *fields.each("references", bare="url"))
    urls = [item.link("url", "@id", base=site) for item in items]
    return tuple(Link(kind=LinkKind.DOCUMENTATION, url=url) for url in dict.fromkeys(urls) if url)


def _distributions(fields: Fields, site: str) -> tuple[Distribution, ...]:
    """The files; before version 1.1 there could be one in the entry itself."""
    found = tuple(
        _distribution(item, site) for item in fields.each("distribution", bare="accessURL")
    )
    if not found and (fields.peek("accessURL") or fields.peek("downloadURL")):
        url = fields.link("downloadURL", "accessURL", base=site)
        return (Distribution(url=url, format=fields.text("format")),)
    return found


def _distribution(item: Fields, site: str) -> Distribution:
    item.ignore("@type")
    file = item.link("downloadURL", base=site) if item.peek("downloadURL") else None
    page = item.link("accessURL", "accessUrl", base=site) if item.peek("accessURL") else None
    if file is None and page is None:
        item.warn("resource_without_link", "downloadURL")
    elif file is not None and page not in (None, file):
        item.keep("accessURL", page)
    return Distribution(
        url=file or page,
        identifier=identifier_from(item.take("identifier")),
        title=item.text("title"),
        description=item.prose("description"),
        format=item.text("format"),
        media_type=item.text("mediaType"),
        size=item.whole("byteSize") if item.peek("byteSize") else None,
        licence=_licence(item),
        issued=item.date("issued"),
        modified=item.date("modified"),
        extras=item.left_over(told=False),
    )
