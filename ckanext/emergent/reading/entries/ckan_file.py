"""One resource of a CKAN record to a distribution."""

from __future__ import annotations

from ckanext.emergent.reading.entries.ckan_told import opened
from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.record import Distribution, Period, ResourceKind
from ckanext.emergent.spectrum.access import Access

#: What the site's own machinery writes: link checkers, caches, counters, database rows.
MACHINERY = (
    "package_id", "resource_group_id", "revision_id", "revision_timestamp", "position", "state",
    "hash", "url_type", "mimetype_inner", "has_views", "datastore_active", "on_same_domain",
    "datastore_contains_all_records_of_source_file", "metadata_modified", "tracking_summary",
    "archiver", "qa", "cache_url", "cache_filepath", "cache_last_updated", "ckan_url",
    "task_created", "webstore_url", "webstore_last_updated", "ckan_package_id", "resource_id",
    "original_url",
)  # fmt: skip
#: ckanext-restricted: who gets a file of a public record.
RESTRICTED = {
    "public": Access.ANYONE,
    "registered": Access.GROUP,
    "any_organization": Access.GROUP,
    "same_organization": Access.GROUP,
    "only_allowed_users": Access.NAMED,
}
VISUALISATIONS = frozenset({"vis", "visualisation", "visualization", "map viewer"})


def distributions_from(fields: Fields, site: str) -> tuple[Distribution, ...]:
    """The files of a record; one that was deleted there is none."""
    items = fields.each("resources", bare="url")
    return tuple(_distribution(item, site) for item in items if item.peek("state") != "deleted")


def _distribution(item: Fields, site: str) -> Distribution:
    item.ignore(*MACHINERY)
    url = item.link("url", base=site)
    if url is None:
        item.warn("resource_without_link", "url")
    names = item.text("name"), item.text("title")
    media = item.text("mimetype"), item.text("media_type", "mediaType")
    return Distribution(
        url=url,
        identifier=identifier_from(item.take("id")) or item.key,
        title=next(filter(None, names), None),
        description=item.prose("description"),
        format=_format(item),
        media_type=next(filter(None, media), None),
        size=_size(item),
        kind=_kind(item),
        access=_access(item),
        licence=_licence(item),
        issued=item.date("issued") or item.date("created"),
        modified=item.date("modified") or item.date("last_modified"),
        temporal=_period(item),
        extras=item.left_over(told=False),
    )


def _format(item: Fields) -> str | None:
    """Written by hand on most sites: ".CSV", "csv.", "CSV ;"."""
    text = item.text("format")
    return None if text is None else text.strip(" .,;:") or None


def _size(item: Fields) -> int | None:
    """In bytes. With a unit ("1.2 MB", as DKAN shows it) it is too rough to be counted on."""
    written = item.peek("size")
    if isinstance(written, str) and written.strip() and not written.strip().isdigit():
        item.note("size_without_bytes", "size", written)
        item.keep("size", item.take("size"))
        return None
    return item.whole("size")


def _kind(item: Fields) -> ResourceKind | None:
    """Only where it is a visualisation for sure; CKAN's types ("file", "api") say little."""
    written = item.peek("resource_type")
    if isinstance(written, str) and written.strip().lower() in VISUALISATIONS:
        item.take("resource_type")
        return ResourceKind.VISUALISATION
    return None


def _access(item: Fields) -> Access:
    """Who gets the file, where the site restricts some; an unknown restriction is one."""
    restricted = opened(item.take("restricted"))
    level = restricted.get("level") if isinstance(restricted, dict) else restricted
    if level is None:
        return Access.UNKNOWN
    return RESTRICTED.get(str(level).strip().lower(), Access.NAMED)


def _licence(item: Fields) -> tuple[str, ...]:
    found = (
        item.statement("license_url", "licence_url"),
        item.statement("license_id", "licence_id"),
        item.statement("license", "licence"),
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _period(item: Fields) -> Period | None:
    start, end = item.date("temporal_start"), item.date("temporal_end")
    return Period(start=start, end=end) if start or end else None
