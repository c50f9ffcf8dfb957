"""A period in one text: `2005-04-20/2006-11-09` (ISO 8601, as DCAT-US has it)."""

from __future__ import annotations

from ckanext.emergent.reading.received.dates import UnreadableDateError, iso_date

Interval = tuple[str | None, str | None]


def interval_from(text: object) -> Interval | None:
    """Start and end, either of which may be open (`..` or nothing); `None` if it is no period."""
    parts = text.split("/") if isinstance(text, str) else []
    if len(parts) != 2:
        return None
    try:
        start, end = (iso_date(part) if part.strip(" .") else None for part in parts)
    except UnreadableDateError:
        return None
    return (start, end) if start or end else None
