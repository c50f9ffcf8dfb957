"""One entry of an Emergent index, version 1.0, to a record.

The entries of 2020 hold every defect that a hand-written file can have; each is read as it was
meant, and told.
"""

from __future__ import annotations

import re
from typing import Any

from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.received.text import plain
from ckanext.emergent.reading.record import (
    Agent,
    Distribution,
    Period,
    Record,
    Reference,
    ResourceKind,
)
from ckanext.emergent.spectrum.access import access_from

#: The Alliance began about this day; no index can have had an entry before.
BEGINNING = "2020-04-01"
TOPICS = frozenset({"travel", "crime", "b2c", "timeline"})
#: What people write where a link is expected when data is handed out by a person.
_ON_REQUEST = re.compile(r"request|contact|e-?mail|\bask\b|available|enquir|inquir", re.IGNORECASE)


def entry_identifier(entry: dict[str, Any]) -> str | None:
    """The entry's `id`: a text or a whole number (the schema's own example has 123)."""
    return identifier_from(entry.get("id"))


def record_from(entry: dict[str, Any], identifier: str) -> Record:
    """What an entry says about its dataset, with the problems that it has."""
    fields = Fields(entry)
    own = identifier_from(fields.take("id")) or ""
    if own != own.lower():
        fields.note("identifier_mixed_case", "id", own)
    landing_page, rights = _landing_page(fields)
    sharing = fields.text("sharing")
    return Record(
        identifier=identifier,
        title=fields.text("title"),
        description=fields.prose("description"),
        landing_page=landing_page,
        author=_agent(fields, "author"),
        steward=_agent(fields, "maintainer"),
        licence=tuple(filter(None, [fields.statement("licence", "license")])),
        rights=rights,
        access=access_from(sharing),
        access_stated=sharing,
        keywords=fields.words("tags", by_blanks=True),
        themes=_topics(fields),
        challenges=fields.words("challenges", "challenge"),
        frequency=fields.text("update_frequency"),
        references=_references(fields),
        distributions=_distributions(fields),
        extras=_entry_dates(fields) + fields.left_over(),
        problems=tuple(fields.problems),
    )


def _landing_page(fields: Fields) -> tuple[str | None, str | None]:
    """The link, or the words about access that stand in its place."""
    written = fields.peek("url")
    if written is None:
        fields.missing("url")
    elif isinstance(written, str) and "://" not in written and _ON_REQUEST.search(written):
        fields.take("url")
        fields.warn("link_is_text", "url", written)
        return None, plain(written)
    return fields.link("url"), None


def _agent(fields: Fields, key: str) -> Agent | None:
    name, email = fields.text(key), fields.email(f"{key}_email")
    return Agent(name=name, email=email) if name or email else None


def _topics(fields: Fields) -> tuple[str, ...]:
    if fields.peek("topics") is None:
        fields.missing("topics")
    topics = fields.words("topics")
    for topic in topics:
        if topic.lower() not in TOPICS:
            fields.note("topic_unknown", "topics", topic)
    return topics


def _references(fields: Fields) -> tuple[Reference, ...]:
    """Data that one needs to use this; an older README called them `dependencies`."""
    items = [*fields.each("references", bare="url"), *fields.each("dependencies", bare="url")]
    return tuple(reference for item in items if (reference := _reference(item)) is not None)


def _reference(item: Fields) -> Reference | None:
    """By address or by id: "Dependencies should be referred to by index ID or URL"."""
    written = item.peek("url")
    by_id = isinstance(written, str) and re.fullmatch(r"\s*[\w./-]+\s*", written) is not None
    name = item.text("url") if by_id else None
    url = None if by_id else item.link("url")
    told = [text for text in (name, item.prose("description", "title")) if text]
    told += [text for _, text in item.left_over()]
    if url is None and not told:
        return None
    return Reference(url=url, description=" – ".join(told) or None)


def _distributions(fields: Fields) -> tuple[Distribution, ...]:
    if fields.peek("resources") is None:
        fields.missing("resources")
    return tuple(_distribution(item) for item in fields.each("resources", bare="url"))


def _distribution(item: Fields) -> Distribution:
    url = item.link("url")
    if url is None:
        item.warn("resource_without_link", "url")
    start, end = item.date("temporal_coverage_from"), item.date("temporal_coverage_to")
    size = item.take("check_size")
    if size is not None:
        item.note("size_without_unit", "check_size", size)
        item.keep("check_size", size)
    return Distribution(
        url=url,
        title=item.text("title"),
        description=item.prose("description"),
        format=item.text("format"),
        kind=_kind(item),
        temporal=Period(start=start, end=end) if start or end else None,
        extras=item.left_over(),
    )


def _kind(item: Fields) -> ResourceKind:
    """The resource's `type`; data where it is not said, as the 2020 hub showed it."""
    written = item.text("type")
    if written is None:
        item.note("resource_type_missing", "type")
        return ResourceKind.DATA
    try:
        return ResourceKind(written.lower())
    except ValueError:
        item.note("resource_type_unknown", "type", written)
        return ResourceKind.DATA


def _entry_dates(fields: Fields) -> tuple[tuple[str, str], ...]:
    """When the entry was made and edited; a date that cannot be read is kept by `left_over`."""
    if fields.peek("createdAt") is None:
        fields.missing("createdAt")
    made, edited = fields.date("createdAt"), fields.date("updatedAt")
    if made is not None and made < BEGINNING:
        fields.note("entry_before_alliance", "createdAt", made)
    dates = (("createdAt", made), ("updatedAt", edited))
    return tuple((key, moment) for key, moment in dates if moment is not None)
