"""One record of a CKAN catalogue to a record of ours, of any version and most look-alikes.

The names read here are those of the *remote* catalogue, and of the plugins that many run
(ckanext-dcat, -spatial, -harvest, -restricted, -scheming); they are not this hub's own, which only
the mapping knows. Seen in answers of 2.2, 2.6 and 2.8 to 2.12.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ckanext.emergent.reading.entries.ckan_file import distributions_from
from ckanext.emergent.reading.entries.ckan_people import agent_from, publisher_from, steward_from
from ckanext.emergent.reading.entries.ckan_told import flattened
from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.received.geometry import geometry_from
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.record import (
    Distribution,
    Link,
    LinkKind,
    Period,
    Place,
    Record,
)
from ckanext.emergent.spectrum.access import Access, access_from

#: Kinds of package that are no dataset: the site's harvest sources, and its gallery.
OTHER_TYPES = frozenset({"harvest", "showcase"})
#: What the site's own machinery writes; some of it changes at every look.
MACHINERY = (
    "id", "isopen", "num_resources", "num_tags", "revision_id", "revision_timestamp",
    "creator_user_id", "tracking_summary", "relationships_as_object", "relationships_as_subject",
    "archiver", "qa", "data_dict", "validated_data_dict", "individual_resources", "capacity",
    "timeseries_resources", "additional_resources", "harvest_object_id",
    "total_downloads", "index_id", "indexed_ts", "score", "has_views", "type",
)  # fmt: skip
#: Left by whoever harvested the record into this site, most telling first.
ORIGINS = ("harvest_source_reference", "harvest_url", "remote_url", "source_url", "guid", "uri")
HARVESTED = frozenset({"guid", "harvest_source_reference", "harvest_source_id", "harvest_url"})
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_NO = frozenset({"none", "", "false", "0", "no", "f"})


def entry_identifier(entry: dict[str, Any]) -> str | None:
    """The entry's `id`, a UUID."""
    return identifier_from(entry.get("id"))


def is_no_dataset(entry: dict[str, Any]) -> bool:
    """Whether this package is none of the site's datasets."""
    return str(entry.get("type")).strip().lower() in OTHER_TYPES


def modified_at(entry: dict[str, Any]) -> object:
    """When the site says that it last wrote the record."""
    return entry.get("metadata_modified")


def record_from(entry: dict[str, Any], identifier: str, site: str) -> Record:
    """What an entry says of its dataset; `site` is the address that its pages are below."""
    if not _is_public(entry):
        stated = "private: true" if _is_private(entry) else None
        return Record(identifier=identifier, access_stated=stated, published=False)
    fields = Fields(flattened(entry))
    own_page = _own_page(fields, identifier, site)
    copied_from = _origin(fields)
    licence = _licence(fields)
    files = distributions_from(fields, site)
    access, stated = _access(fields, files)
    fields.ignore(*MACHINERY)
    record = Record(
        identifier=identifier,
        title=fields.text("title"),
        description=fields.prose("notes"),
        landing_page=fields.link("url", base=site) or own_page,
        source_url=own_page,
        copied_from=copied_from,
        publisher=publisher_from(fields),
        author=agent_from(fields, "author"),
        steward=steward_from(fields),
        licence=licence,
        rights=_rights(fields),
        attribution=fields.text("attribution", "attribution_text"),
        access=access,
        access_stated=stated,
        keywords=fields.words("tags", names=("display_name", "name", "id")),
        themes=_themes(fields),
        frequency=_frequency(fields),
        issued=_first_date(fields, "issued", "release_date", "metadata_created"),
        modified=_first_date(fields, "modified", "metadata_modified"),
        temporal=_periods(fields),
        spatial=_places(fields),
        languages=fields.words("language") or fields.words("languages"),
        conforms_to=fields.words("conforms_to"),
        links=_documents(fields),
        distributions=files,
        extras=fields.left_over(told=False),
    )
    return replace(record, problems=tuple(fields.problems))


def _is_public(entry: dict[str, Any]) -> bool:
    """Neither private nor a draft, by any of its words; what cannot be read is not public."""
    return not _is_private(entry) and (entry.get("state") or "active") == "active"


def _is_private(entry: dict[str, Any]) -> bool:
    private = str(entry.get("private")).strip().lower() not in _NO
    return private or entry.get("capacity") == "private"


def _own_page(fields: Fields, identifier: str, site: str) -> str:
    """The page of the record on its site; by its id where it has no name."""
    fields.take("state", "private")
    name = fields.text("name")
    return f"{site}dataset/{quote(name or identifier, safe='')}"


def _origin(fields: Fields) -> str | None:
    """Where a harvested copy came from, if an address tells; the words are kept as well."""
    if not any(fields.peek(key) for key in HARVESTED):
        return None
    for key in ORIGINS:
        value = fields.peek(key)
        if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
            fields.keep(key, value)
            return fields.link(key)
    fields.note("copy_of_unknown_origin", "guid", fields.peek("guid"))
    return None


def _licence(fields: Fields) -> tuple[str, ...]:
    """Every statement about the licence, addresses first.

    The title is the site's own translation of an id that says more; by itself it counts.
    """
    named = fields.statement("license_id"), fields.statement("licence_id")
    found = [
        fields.statement("license_url"),
        fields.statement("licence_url", "licence-url", "license-url"),
        *named,
        *_statements(fields, "license"),
        *_statements(fields, "licence"),
        fields.statement("licence_url_title"),
    ]
    told = [text for text in found if text is not None]
    title = fields.statement("license_title")
    if title is not None and (not told or _ADDRESS.match(title)):
        told.insert(0 if _ADDRESS.match(title) else len(told), title)
    return tuple(dict.fromkeys(told))


def _statements(fields: Fields, key: str) -> tuple[str, ...]:
    """An extra may hold several statements, as a list."""
    if isinstance(fields.peek(key), list):
        return fields.words(key)
    text = fields.statement(key)
    return () if text is None else (text,)


def _access(fields: Fields, files: tuple[Distribution, ...]) -> tuple[Access, str | None]:
    """Who gets the data: as the record says, else anyone, if it is public and has a link.

    A record without a link, or of data that is only planned, tells of data that nobody gets here.
    """
    stated = fields.text("access_rights", "access_level", "accessLevel")
    if stated is not None:
        return access_from(stated), stated
    if str(fields.take("unpublished")).lower() == "true":
        return Access.UNKNOWN, "unpublished: true"
    told = fields.received.get("private") is not None
    has_link = any(one.url is not None for one in files)
    return (
        Access.ANYONE if told and has_link else Access.UNKNOWN
    ), "private: false" if told else None


def _rights(fields: Fields) -> str | None:
    """Words about rights and limits; they are no licence, whatever they say of one."""
    keys = ("rights", "access_constraints", "use_constraints")
    told = [fields.prose(key) for key in keys]
    return "\n\n".join(text for text in told if text) or None


def _themes(fields: Fields) -> tuple[str, ...]:
    keys = ("groups", "theme", "theme-primary", "theme-secondary")
    words = [
        word for key in keys for word in fields.words(key, names=("title", "display_name", "name"))
    ]
    return tuple(dict.fromkeys(words))


def _frequency(fields: Fields) -> str | None:
    told = [
        fields.text("update_frequency-other"),
        fields.text("frequency", "update_frequency", "accrual_periodicity", "frequency-of-update"),
    ]
    return next(filter(None, told), None)


def _first_date(fields: Fields, *keys: str) -> str | None:
    """The publisher's own date; the site's date of its record only where there is none."""
    dates = [fields.date(key) for key in keys]
    return next(filter(None, dates), None)


def _periods(fields: Fields) -> tuple[Period, ...]:
    told = [(fields.date("temporal_start"), fields.date("temporal_end"))]
    told += [(fields.date("temporal_coverage-from"), fields.date("temporal_coverage-to"))]
    told += [(fields.date("temporal_coverage_from"), fields.date("temporal_coverage_to"))]
    if isinstance(fields.peek("temporal_coverage"), list):
        items = fields.each("temporal_coverage")
        told += [(item.date("start"), item.date("end")) for item in items]
    return tuple(Period(start=start, end=end) for start, end in told if start or end)


def _places(fields: Fields) -> tuple[Place, ...]:
    found: list[Place] = []
    geometry = geometry_from(fields.peek("spatial"))
    if geometry is not None:
        fields.take("spatial")
        found.append(Place(geometry=geometry))
    else:
        found += [Place(text=text) for text in [fields.text("spatial")] if text]
    for key in ("geographic_coverage", "spatial_text", "spatial-text"):
        found += [Place(text=word) for word in fields.words(key)]
    uri = fields.link("spatial_uri") if fields.peek("spatial_uri") else None
    return (*found, Place(uri=uri)) if uri else tuple(found)


def _documents(fields: Fields) -> tuple[Link, ...]:
    """Pages about the data (`foaf:page`, as ckanext-dcat keeps them)."""
    items = [item.link("url") for item in fields.each("documentation", bare="url")]
    return tuple(Link(kind=LinkKind.DOCUMENTATION, url=url) for url in items if url)
