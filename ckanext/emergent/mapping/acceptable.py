"""What CKAN accepts in its own fields, so that one odd value does not cost a whole record. Pure.

The limits are CKAN 2.12's (`ckan/logic/validators.py`): a value that it would refuse is made
acceptable where that loses nothing, else `None`.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

TAG_SHORTEST, TAG_LONGEST = 2, 100
#: CKAN has no limit; longer ones are abstracts that landed in the wrong field.
TITLE_LONGEST = 500
URL_LONGEST = 4000

_NOT_IN_TAG = re.compile(r"[^\w .-]+")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
_ISO_DATE = re.compile(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?P<day>-\d{2}"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?)?)?",
    re.ASCII,
)
_HOST = re.compile(r"[A-Za-z0-9.-]+")
#: What nearly every address looks like, so that only the others are taken apart.
_PLAIN_ADDRESS = re.compile(
    r"[hH][tT]{2}[pP][sS]?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[1-9]\d{0,3})?(?:[/?#][!-~]*)?"
)


def tag_from(keyword: str) -> str | None:
    """A keyword as a tag: letters, digits, blanks, `-_.`, 2 to 100 characters; else `None`."""
    if _NOT_IN_TAG.search(keyword):
        keyword = _NOT_IN_TAG.sub(" ", keyword.replace("&", " and "))
    tag = " ".join(keyword.split())
    return tag if TAG_SHORTEST <= len(tag) <= TAG_LONGEST else None


def email_from(text: str) -> str | None:
    """An e-mail address without blanks or `mailto:`, if it is one."""
    address = text.strip().removeprefix("mailto:")
    return address if len(address) <= 254 and _EMAIL.fullmatch(address) else None


def iso_date_from(text: str) -> str | None:
    """A date or moment in ISO 8601, as precise as it was given, if it is one."""
    found = _ISO_DATE.fullmatch(text)
    if found is None:
        return None
    try:
        if found["day"]:
            date.fromisoformat(text[:10])
    except ValueError:  # the 31st of June
        return None
    return text


def web_address_from(text: str) -> str | None:
    """An `http` or `https` address with a host, its blanks escaped; else `None`.

    `javascript:` and `data:` addresses would run in a reader's browser; relative ones would lead
    to the hub; a name or password before the host has no place in a catalogue.
    """
    address = text.strip()
    if len(address) > URL_LONGEST:
        return None
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    if not address[:8].lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if port == 0 or "@" in parts.netloc or not parts.hostname:
        return None
    address = "%20".join(address.split())
    return address if address.isprintable() else None


def has_plain_host(address: str) -> bool:
    """Whether CKAN's own check of addresses lets the host pass: letters, digits, `-` and `.`."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return True
    return _HOST.fullmatch(urlsplit(address).hostname or "") is not None
