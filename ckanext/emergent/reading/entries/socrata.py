"""One result of Socrata's Discovery API to a record.

A result has the `resource` itself, its `classification`, and `metadata` about the site. What the
publisher fills in besides is a list of keys and values, `domain_metadata`; on American sites those
of Project Open Data, `Common-Core_…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from ckanext.emergent.reading.received.fields import Fields
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

#: What people make of a dataset, and what has no data of its own.
OTHER_TYPES = frozenset(
    {"chart", "filter", "form", "story", "calendar", "visualization", "measure", "data_lens"}
)
#: Counters, the columns, and how the platform shows a dataset.
MACHINERY = (
    "id", "parent_fxf", "page_views", "download_count", "columns_name", "columns_field_name",
    "columns_datatype", "columns_description", "columns_format", "lens_view_type",
    "lens_display_type", "hide_from_data_json", "locked", "metadata_updated_at", "nbe_fxf",
    "obe_fxf", "previewImageId", "preview_image_url", "type", "updatedAt", "data_updated_at",
    "createdAt", "publication_date", "last_published", "blob_mime_type",
)  # fmt: skip
CORE = "Common-Core_"
#: A name is no longer than this; what is longer is how to cite the data.
LONGEST_NAME = 120
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def entry_identifier(entry: dict[str, Any]) -> str | None:
    """The resource's `id`, four characters and four more."""
    return identifier_from(_inside(entry, "resource").get("id"))


def is_no_dataset(entry: dict[str, Any]) -> bool:
    """Whether this is a view of another dataset, or something made of it."""
    resource = _inside(entry, "resource")
    return bool(resource.get("parent_fxf")) or str(resource.get("type")).lower() in OTHER_TYPES


def record_from(entry: dict[str, Any], identifier: str, site: str, domain: str) -> Record:
    """What a result says of its dataset; `domain` is the site that was asked about."""
    fields = Fields(entry)
    fields.ignore(
        "resource", "classification", "metadata", "link", "owner", "creator", "preview_image_url"
    )
    resource = _part(entry, "resource", fields)
    classes = _part(entry, "classification", fields)
    about = _part(entry, "metadata", fields)
    own = Fields(_pairs(classes), prefix="", problems=fields.problems)
    page = fields.link("permalink", base=site) or f"{site}d/{quote(identifier, safe='')}"
    home = about.text("domain") or domain
    files = _distributions(resource, identifier, page)
    access, stated = _access(own, files)
    publisher, attribution = _publisher(resource, own)
    resource.ignore(*MACHINERY)
    record = Record(
        identifier=identifier,
        title=resource.text("name"),
        description=resource.prose("description"),
        landing_page=page,
        source_url=page,
        copied_from=page if home.lower() != domain.lower() else None,
        publisher=publisher,
        steward=_steward(resource, own),
        licence=_licence(about, own),
        attribution=attribution,
        access=access,
        access_stated=stated,
        keywords=_both(classes, "domain_tags", "tags"),
        themes=_both(classes, "domain_category", "categories"),
        frequency=own.text(f"{CORE}Update-Frequency"),
        issued=_date(resource, "publication_date", "createdAt"),
        modified=_date(resource, "data_updated_at", "updatedAt"),
        temporal=_periods(own),
        spatial=_places(own),
        languages=tuple(_words(own, f"{CORE}Language")),
        links=_links(own),
        distributions=files,
        extras=(
            own.left_over(told=False)
            + resource.left_over(told=False)
            + classes.left_over(told=False)
            + about.left_over(told=False)
            + fields.left_over(told=False)
        ),
    )
    return replace(record, problems=tuple(fields.problems))


def _inside(entry: dict[str, Any], key: str) -> dict[str, Any]:
    inner = entry.get(key)
    return inner if isinstance(inner, dict) else {}


def _part(entry: dict[str, Any], key: str, fields: Fields) -> Fields:
    received = entry.get(key)
    if received is not None and not isinstance(received, dict):
        fields.unreadable(key, received)
    return Fields(_inside(entry, key), path=f"{key}.", problems=fields.problems)


def _pairs(classes: Fields) -> dict[str, Any]:
    """The publisher's own keys and values; a key that comes twice has both values."""
    told: dict[str, Any] = {}
    for pair in classes.each("domain_metadata"):
        key, value = pair.text("key"), pair.take("value")
        if key is not None and value is not None:
            told[key] = value if key not in told else [told[key], value]
    return told


def _both(classes: Fields, *keys: str) -> tuple[str, ...]:
    """Words of several fields; capitals make no difference."""
    words = [word for key in keys for word in _words(classes, key)]
    return tuple({word.casefold(): word for word in reversed(words)}.values())[::-1]


def _words(classes: Fields, key: str) -> Iterator[str]:
    """A list, or one word with what commas it has inside."""
    for item in classes.each(key, bare="name"):
        word = item.text("name", "title")
        if word is not None:
            yield word


def _publisher(resource: Fields, own: Fields) -> tuple[Agent | None, str | None]:
    """The agent, and how to cite the data: publishers write either in the same field."""
    written, named = resource.text("attribution"), own.peek(f"{CORE}Publisher")
    url = resource.link("attribution_link") if resource.peek("attribution_link") else None
    is_name = written is not None and len(written) <= LONGEST_NAME
    if is_name:
        return Agent(name=written, url=url), None
    name = own.text(f"{CORE}Publisher") if named is not None else None
    return (Agent(name=name, url=url) if name or url else None), written


def _steward(resource: Fields, own: Fields) -> Agent | None:
    """The contact; never the owner, who is whoever had the account."""
    emails = own.email(f"{CORE}Contact-Email"), resource.email("contact_email")
    told = Agent(name=own.text(f"{CORE}Contact-Name"), email=next(filter(None, emails), None))
    return told if told != Agent() else None


def _licence(about: Fields, own: Fields) -> tuple[str, ...]:
    """Both statements, the address first: the text may be of another version."""
    found = own.statement(f"{CORE}License"), about.statement("license")
    told = dict.fromkeys(filter(None, found))
    return tuple(sorted(told, key=lambda text: _WEB.fullmatch(text) is None))


def _access(own: Fields, files: tuple[Distribution, ...]) -> tuple[Access, str | None]:
    """As the publisher says; else anyone, for who asks without an account is shown nothing else."""
    stated = own.text(f"{CORE}Public-Access-Level")
    access = Access.ANYONE if stated is None else access_from(stated)
    return (access if files or access is not Access.ANYONE else Access.UNKNOWN), stated


def _date(resource: Fields, *keys: str) -> str | None:
    dates = [resource.date(key) for key in keys]
    return next(filter(None, dates), None)


def _periods(own: Fields) -> tuple[Period, ...]:
    """`2005-04-20/2006-11-09`, in one text."""
    key = f"{CORE}Temporal-Applicability"
    interval = interval_from(own.peek(key))
    if interval is None:
        return ()
    own.take(key)
    return (Period(start=interval[0], end=interval[1]),)


def _places(own: Fields) -> tuple[Place, ...]:
    text = own.text(f"{CORE}Geographic-Coverage")
    return () if text is None else (Place(text=text),)


def _links(own: Fields) -> tuple[Link, ...]:
    urls = [item.link("url") for item in own.each(f"{CORE}References", bare="url")]
    return tuple(Link(kind=LinkKind.DOCUMENTATION, url=url) for url in urls if url)


def _distributions(resource: Fields, identifier: str, page: str) -> tuple[Distribution, ...]:
    """The one file, or the table as CSV. What only links elsewhere has nothing here."""
    of = quote(identifier, safe="")
    parts = urlsplit(page)
    site = f"{parts.scheme}://{parts.netloc}"
    kind = str(resource.peek("type")).lower()
    media_type = resource.text("blob_mime_type")
    if media_type is not None or kind == "file":
        path = f"/{quote(media_type, safe='')}" if media_type else ""
        url = f"{site}/download/{of}{path}"
        return (Distribution(url=url, identifier=identifier, media_type=media_type),)
    if kind in {"href", "federated_href"}:
        return ()
    url = f"{site}/api/views/{of}/rows.csv?accessType=DOWNLOAD"
    return (Distribution(url=url, identifier="csv", format="CSV", media_type="text/csv"),)
