"""One dataset of an Opendatasoft catalogue to a record, in any of the interface's forms.

Metadata stand in templates: `default` is on every site, `dcat` on many, `custom` and others as a
site likes. Version 1.0 has those of `default` without a template around them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ckanext.emergent.reading.received.fields import Extras, Fields
from ckanext.emergent.reading.received.geometry import geometry_from
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.received.text import clean
from ckanext.emergent.reading.record import (
    Agent,
    Distribution,
    Link,
    LinkKind,
    Period,
    Place,
    Record,
)
from ckanext.emergent.spectrum.access import Access

#: What the platform keeps for itself, or counts anew each day.
MACHINERY = (
    "records_count", "records_size", "data_processed", "metadata_processed", "timezone",
    "modified_updates_on_data_change", "modified_updates_on_metadata_change", "parent_domain",
    "geographic_reference", "geographic_reference_auto", "geographic_area_mode", "oauth_scope",
    "metadata_languages", "shared_catalog", "federated", "source_domain", "source_domain_title",
    "source_domain_address", "source_dataset", "update_frequency_last", "bbox",
)  # fmt: skip
#: Attached files have addresses of this kind, which only the platform understands.
ODS_FILE = "odsfile:"


def unwrapped(item: Any) -> Any:
    """The dataset itself, of what a catalogue's list holds in any form."""
    if not isinstance(item, dict):
        return item
    return item["dataset"] if isinstance(item.get("dataset"), dict) else item


def entry_identifier(entry: dict[str, Any]) -> str | None:
    """The `dataset_uid`; of version 1.0, which has none, the `datasetid`."""
    return identifier_from(entry.get("dataset_uid")) or identifier_from(entry.get("datasetid"))


def modified_at(entry: dict[str, Any]) -> object:
    """When the data was last changed, as the catalogue's own filter sees it."""
    return _default(entry).get("modified")


def record_from(entry: dict[str, Any], identifier: str, api: str) -> Record:
    """What an entry says of its dataset; `api` is the address of the catalogue's interface."""
    fields = Fields(entry)
    fields.ignore("dataset_uid", "datasetid", "dataset_id", "metas", "fields", "features", "links")
    name = _name(entry) or identifier
    metas = Fields(_default(entry), problems=fields.problems)
    dcat = _template(entry, "dcat", fields)
    files = _distributions(fields, entry, name, api)
    access, stated = _access(fields, files)
    copied_from = _origin(metas, identifier)
    metas.ignore(*MACHINERY)
    page = urljoin(api, f"/explore/dataset/{quote(name, safe='')}/")
    places, area = _places(metas)
    record = Record(
        identifier=identifier,
        title=metas.text("title"),
        description=metas.prose("description"),
        landing_page=page,
        source_url=page,
        copied_from=copied_from,
        publisher=_agent(metas.text("publisher")),
        author=_agent(dcat.text("creator")),
        steward=_agent(dcat.text("contact_name"), dcat.email("contact_email")),
        licence=_licence(metas),
        attribution=metas.text("attributions"),
        access=access,
        access_stated=stated,
        keywords=metas.words("keyword"),
        themes=_whole_words(metas, "theme"),
        frequency=dcat.text("accrualperiodicity") or metas.text("update_frequency"),
        issued=dcat.date("issued", "created"),
        modified=metas.date("modified"),
        temporal=_periods(dcat),
        spatial=places + area,
        languages=_whole_words(metas, "language"),
        conforms_to=dcat.words("conforms_to"),
        links=_links(metas, api),
        distributions=files,
        extras=_leftovers(entry, metas, dcat, fields),
    )
    return replace(record, problems=tuple(fields.problems))


def _default(entry: dict[str, Any]) -> dict[str, Any]:
    metas = entry.get("metas")
    inner = metas.get("default", metas) if isinstance(metas, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _template(entry: dict[str, Any], name: str, fields: Fields) -> Fields:
    metas = entry.get("metas")
    inner = metas.get(name) if isinstance(metas, dict) else None
    told = inner if isinstance(inner, dict) else {}
    return Fields(told, path=f"metas.{name}.", prefix=f"{name}.", problems=fields.problems)


def _leftovers(entry: dict[str, Any], metas: Fields, dcat: Fields, fields: Fields) -> Extras:
    """What no field took, of every template."""
    kept = metas.left_over(told=False) + dcat.left_over(told=False)
    templates = entry.get("metas")
    if not isinstance(templates, dict):
        fields.keep("metas", templates)
    elif "default" in templates:
        for name, inner in templates.items():
            if name not in {"default", "dcat"} or not isinstance(inner, dict):
                fields.keep(name, inner)
    return kept + fields.left_over(told=False)


def _name(entry: dict[str, Any]) -> str | None:
    """The part of the addresses that stands for the dataset."""
    return identifier_from(entry.get("dataset_id")) or identifier_from(entry.get("datasetid"))


def _origin(metas: Fields, identifier: str) -> str | None:
    """The page that a federated copy is of, if the site says where that is."""
    domain = metas.peek("source_domain_address") or metas.peek("source_domain")
    dataset = metas.peek("source_dataset")
    if isinstance(domain, str) and isinstance(dataset, str) and "." in domain:
        host = re.sub(r"^https?://|/.*$", "", domain.strip())
        page = f"https://{host}/explore/dataset/{quote(clean(dataset), safe='')}/"
        return Fields({"source_domain": page}, problems=metas.problems).link("source_domain")
    if domain or metas.peek("federated") is True:
        metas.note("copy_of_unknown_origin", "federated", identifier)
    return None


def _whole_words(metas: Fields, key: str) -> tuple[str, ...]:
    """One word or several, with commas inside: "Administration, Government, Public finances"."""
    words = [item.text("title", "name") for item in metas.each(key, bare="title")]
    return tuple(dict.fromkeys(word for word in words if word))


def _agent(name: str | None, email: str | None = None) -> Agent | None:
    return Agent(name=name, email=email) if name or email else None


def _licence(metas: Fields) -> tuple[str, ...]:
    return tuple(filter(None, [metas.statement("license_url"), metas.statement("license")]))


def _access(fields: Fields, files: tuple[Distribution, ...]) -> tuple[Access, str | None]:
    """`data_visible` says whether who asks may have the data: we ask without an account."""
    visible = fields.take("data_visible")
    if visible is None:
        return Access.UNKNOWN, None
    stated = f"data_visible: {str(visible)[:20].lower()}"
    return (Access.ANYONE if visible is True and files else Access.UNKNOWN), Fields(
        {"stated": stated}
    ).text("stated")


def _periods(dcat: Fields) -> tuple[Period, ...]:
    start = dcat.date("temporal_coverage_start", "temporal_start")
    end = dcat.date("temporal_coverage_end", "temporal_end")
    return (Period(start=start, end=end),) if start or end else ()


def _places(metas: Fields) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    named = tuple(Place(text=word) for word in metas.words("territory"))
    geometry = geometry_from(metas.peek("geographic_area"))
    if geometry is None:
        return named, ()
    metas.take("geographic_area")
    return named, (Place(geometry=geometry),)


def _links(metas: Fields, api: str) -> tuple[Link, ...]:
    urls = [item.link("url", base=api) for item in metas.each("references", bare="url")]
    return tuple(Link(kind=LinkKind.DOCUMENTATION, url=url) for url in urls if url)


def _distributions(
    fields: Fields, entry: dict[str, Any], name: str, api: str
) -> tuple[Distribution, ...]:
    """The exports of a dataset that has records, and the files attached to it."""
    features = entry.get("features")
    has_places = isinstance(features, list) and "geo" in features
    formats = ("csv", "json", "geojson") if has_places else ("csv", "json")
    has_records = fields.take("has_records", "has_record") is True
    exports = tuple(_export(name, form, api) for form in formats) if has_records else ()
    return (
        *exports,
        *_attached(fields, "attachments", name, api),
        *_attached(fields, "alternative_exports", name, api),
    )


def _export(name: str, form: str, api: str) -> Distribution:
    of = quote(name, safe="")
    url = f"{api}/{of}/exports/{form}"
    if _is_first_version(api):
        url = urljoin(api, f"/api/records/1.0/download/?dataset={of}&format={form}")
    return Distribution(url=url, identifier=form, format=form.upper())


def _attached(fields: Fields, key: str, name: str, api: str) -> tuple[Distribution, ...]:
    return tuple(_attachment(item, key, name, api) for item in fields.each(key, bare="url"))


def _attachment(item: Fields, key: str, name: str, api: str) -> Distribution:
    own, written = identifier_from(item.take("id")), item.peek("url")
    if isinstance(written, str) and written.strip().startswith(ODS_FILE) and own is not None:
        item.take("url")
        of, file = quote(name, safe=""), quote(own, safe="")
        url: str | None = f"{api}/{of}/{key}/{file}"
        if _is_first_version(api):
            url = urljoin(api, f"/api/datasets/1.0/{of}/{key}/{file}/")
    else:
        url = item.link("url", base=api)
    if url is None:
        item.warn("resource_without_link", "url")
    return Distribution(
        url=url,
        identifier=own,
        title=item.text("title"),
        description=item.prose("description"),
        media_type=item.text("mimetype"),
        extras=item.left_over(told=False),
    )


def _is_first_version(api: str) -> bool:
    return urlsplit(api).path.startswith("/api/datasets/1.0")
