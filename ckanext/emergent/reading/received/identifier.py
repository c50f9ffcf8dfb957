"""A portal's own key of a record, as text."""

from __future__ import annotations

from ckanext.emergent.reading.received.text import clean, neutral

LONGEST = 500


def identifier_from(value: object) -> str | None:
    """The key that `value` is: a text or a whole number; `None` if it cannot be one.

    Capitals and inner blanks stay: two keys that differ in them are two records.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    if isinstance(value, int) and abs(value) >= 10**18:
        return None
    identifier = neutral(clean(str(value))).strip()
    return identifier if 0 < len(identifier) <= LONGEST else None
