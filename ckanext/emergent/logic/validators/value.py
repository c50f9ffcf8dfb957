"""Single values: dates, links, coordinates. What is stored already passes unchanged."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from ckan.lib.navl.dictization_functions import StopOnError, missing
from dateutil import parser

from ckanext.emergent import stored
from ckanext.emergent.level_check import registered_link
from ckanext.emergent.stored import Flat
from ckanext.emergent.telling import refusal

_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
#: Where the data itself may lie; a browser runs none of them as a script.
_RESOURCE_SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp", "s3", "git", "ssh", "gs"})


def emergent_prose(value: Any) -> Any:
    """Text with lines ended as everywhere but in forms, and no blanks around it.

    A browser ends the lines of every text it sends in its own way; without this, saving a form
    would look like an edit of every longer text in it.
    """
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def emergent_none_if_blank(value: Any) -> Any:
    """Nothing for an empty text: for columns of CKAN's own tables, which an omission leaves be."""
    return None if value == "" else value


def emergent_date(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """A date of ISO 8601, perhaps only a year, or a year and a month, perhaps with a time."""
    came = _filled(key, data)
    if isinstance(came, date):
        data[key] = came.isoformat()
        return
    if not _unchanged(key, came, data, context) and not _is_date(came):
        errors[key].append(refusal("date_unknown", key[-1], came))


def emergent_link(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """A link on the web: `http` or `https`, with a host."""
    came = _filled(key, data)
    if not _unchanged(key, came, data, context) and not _is_link(came):
        errors[key].append(refusal("link_expected", key[-1], came))


def emergent_page(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """A link, or none: for a column of CKAN's own table, as `emergent_none_if_blank`."""
    data[key] = emergent_none_if_blank(emergent_prose(data.get(key)))
    if data[key] is not None:
        emergent_link(key, data, errors, context)


def emergent_resource_link(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """The address of a file: a link, or the name of an uploaded file, but never a script."""
    came = data.get(key)
    if not isinstance(came, str):
        return
    scheme = _SCHEME.match(came.strip())
    if scheme and scheme.group()[:-1].lower() not in _RESOURCE_SCHEMES:
        errors[key].append(refusal("link_expected", key[-1], came))


def emergent_licence_link(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """The address of the licence's own terms; the one that the site's register has is not stored.

    `package_show` answers with the register's address, which comes back with every edit and would
    stay when another licence is chosen.
    """
    came = _filled(key, data)
    licences = {stored.given("license_id", data), stored.value("license_id", data, context)}
    if came in {registered_link(licence) for licence in licences}:
        data.pop(key, None)
        raise StopOnError
    emergent_link(key, data, errors, context)


def emergent_latitude(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Degrees north, from -90 to 90; given with a longitude or not at all."""
    _coordinate(key, data, errors, limit=90, other="place_lon")


def emergent_longitude(key: Any, data: Flat, errors: Flat, context: dict[str, Any]) -> None:
    """Degrees east, from -180 to 180; given with a latitude or not at all."""
    _coordinate(key, data, errors, limit=180, other="place_lat")


def _coordinate(key: Any, data: Flat, errors: Flat, *, limit: int, other: str) -> None:
    came = _filled(key, data)
    try:
        degrees = float(came)
    except (TypeError, ValueError):
        degrees = math.nan
    if not abs(degrees) <= limit:
        errors[key].append(refusal("coordinate_unknown", key[-1], came, limit=limit))
        raise StopOnError
    if stored.given(other, data) is None:
        errors[key].append(refusal("coordinate_alone", key[-1], came))
    data[key] = repr(degrees)


def _filled(key: Any, data: Flat) -> Any:
    """The value without blanks around it; an empty one is taken out and needs no more checks."""
    came = data.get(key)
    if isinstance(came, str):
        came = came.strip()
    if came is missing or came is None or came == "":
        data.pop(key, None)
        raise StopOnError
    data[key] = came
    return came


def _unchanged(key: Any, came: Any, data: Flat, context: dict[str, Any]) -> bool:
    return len(key) == 1 and came == stored.value(key[-1], data, context)


def _is_date(text: Any) -> bool:
    if not isinstance(text, str):
        return False
    if _YEAR_OR_MONTH.fullmatch(text):
        return True
    try:
        return isinstance(parser.isoparse(text), datetime)
    except ValueError:
        return False


def _is_link(text: Any) -> bool:
    try:
        parts = urlsplit(str(text))
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
