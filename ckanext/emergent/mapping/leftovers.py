"""One record while it is mapped: its problems so far, and values that found no place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.emergent.mapping.acceptable import (
    email_from,
    has_plain_host,
    iso_date_from,
    web_address_from,
)
from ckanext.emergent.mapping.table import RESERVED
from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.record import Record


class Leftovers:
    """What is left of one record: problems, and values without a place of their own."""

    def __init__(self, record: Record) -> None:
        self.problems = list(record.problems)
        self._extras: dict[str, str] = {}
        for key, value in record.extras:
            self.keep(key, value)
        if record.rights is not None:
            self.keep("rights", record.rights)

    def keep(self, key: str, value: str) -> None:
        """Keep a value under a key that no field has; two values of one key on two lines."""
        free = f"portal_{key}" if key in RESERVED else key
        before = self._extras.get(free)
        self._extras[free] = value if before is None else f"{before}\n{value}"

    def refuse(self, code: str, field: str, value: str) -> None:
        """Report a value that its field cannot take, and keep it as the portal wrote it."""
        self.problems.append(problem(code, field, value, severity=Severity.NOTE))
        self.keep(field, value)

    def extras(self) -> list[dict[str, str]]:
        """The free extras, as CKAN has them."""
        return [{"key": key, "value": value} for key, value in sorted(self._extras.items())]

    def date(self, value: str | None, field: str) -> str | None:
        """An ISO date, or none and the value kept in the extras."""
        if value is None:
            return None
        date = iso_date_from(value)
        if date is None:
            self.refuse("date_unreadable", field, value)
        return date

    def email(self, value: str | None, field: str) -> str | None:
        """An e-mail address that CKAN takes, else none. It is not kept: extras are public."""
        if value is None:
            return None
        address = email_from(value)
        if address is None:
            self.problems.append(problem("email_refused", field))
        return address

    def address(self, value: str | None, field: str) -> str | None:
        """A link that CKAN and a reader's browser can be given, else none and a problem."""
        if value is None:
            return None
        address = web_address_from(value)
        if address is None or not has_plain_host(address):
            self.problems.append(problem("link_refused", field, value))
            return None
        return address


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value; an empty list of resources is one: there are none."""
    return {
        key: value
        for key, value in fields.items()
        if value or value == 0 or (key == "resources" and value is not None)
    }


def rows(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a repeating field, each with the values it has; empty rows are none."""
    return [row for one in found if (row := given(one))]
