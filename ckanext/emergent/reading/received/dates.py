"""Dates and times as portals write them, to ISO 8601.

Read: `2020`, `2020-05`, `2020-05-11`, `20200511`, date-times with `T` or a blank, with or without
seconds and zone (none: UTC), milliseconds since 1970, and day-first or month-first dates where
only one reading is possible. Everything else is left to the caller as it is.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ]\s*(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*([Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?"
)
_LOCAL = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
#: Milliseconds since 1970 between 1971 and 2100; what is smaller may be seconds: not guessed.
_EPOCH_FROM, _EPOCH_TO = 31_536_000_000, 4_102_444_800_000


class UnreadableDateError(ValueError):
    """Not a date in any of the forms that are read."""


class AmbiguousDateError(UnreadableDateError):
    """`11-05-2020`: the 11th of May or the 5th of November?"""


def iso_date(value: object) -> str:
    """The date or moment in ISO 8601, as precise as it was given.

    Raises `AmbiguousDateError` when it can be read in two ways, else `UnreadableDateError`.
    """
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) in {11, 12, 13}:
            return _from_epoch(int(text))
    elif isinstance(value, (int, float)):
        return _from_epoch(value)
    else:
        raise UnreadableDateError(value)
    try:
        return _from_text(text)
    except UnreadableDateError:
        raise
    except ValueError as error:  # the 31st of June
        raise UnreadableDateError(text) from error


def _from_epoch(milliseconds: float) -> str:
    if not _EPOCH_FROM <= milliseconds <= _EPOCH_TO:
        raise UnreadableDateError(milliseconds)
    start = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return _written(start + timedelta(milliseconds=milliseconds))


def _from_text(text: str) -> str:
    if found := _PARTIAL.fullmatch(text):
        date(*(int(part or 1) for part in found.groups()))
        return text
    if found := _COMPACT.fullmatch(text):
        return date(*map(int, found.groups())).isoformat()
    if found := _MOMENT.fullmatch(text):
        return _moment(found)
    if found := _LOCAL.fullmatch(text):
        return _local(int(found[1]), int(found[3]), int(found[4]))
    raise UnreadableDateError(text)


def _moment(found: re.Match[str]) -> str:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    micro = int((found[7] or "0").ljust(6, "0")[:6])
    return _written(datetime(year, month, day, hour, minute, second, micro, _zone(found[8])))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() in {"Z", "UTC"}:
        return timezone.utc
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)


def _local(first: int, second: int, year: int) -> str:
    """Day-first, as most of the world writes; month-first where the other cannot be."""
    if first <= 12 and second <= 12 and first != second:
        raise AmbiguousDateError(f"{first}-{second}-{year}")
    day, month = (first, second) if second <= 12 else (second, first)
    return date(year, month, day).isoformat()
