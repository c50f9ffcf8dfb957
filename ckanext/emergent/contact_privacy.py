"""E-mail addresses of people, and taking them out of what anonymous callers are shown.

They are removed on the way out, never on the way in: what is stored, indexed for `package_show`
and patched keeps them. Pure: works on the plain dictionaries that CKAN's actions answer with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

#: Something that can be written to. Not for judging whether an address is valid.
_PART = r"[^\s@/<>\"'(),;:\[\]{}]+"
_ADDRESS = re.compile(rf"{_PART}@{_PART}\.[^\s@/<>\"'(),;:.\[\]{{}}]+")
_LEFT_EMPTY = re.compile(r"<(?:mailto:)?>|\(\s*\)|\bmailto:(?=\s|$)")
_BLANKS = re.compile(r"\s{2,}")

#: Words about a person or a desk, where portals and members write an address into the text.
_CONTACT_TEXTS = frozenset(
    {"access_contact", "access_procedure", "author", "maintainer", "steward_name"}
)
#: Lists of people and organisations (ckanext-dcat's fields): every text inside is about contact.
_AGENTS = frozenset({"publisher", "creator", "contact"})


def is_address_key(key: str) -> bool:
    """Whether a field holds an e-mail address by its name: `email`, `author_email`, ..."""
    return key.lower().endswith(("email", "_mail", "mbox"))


def without_addresses(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a dataset, an organisation, an activity or a record of a search, less addresses.

    Fields made for an address are left out; in texts about contact the address alone is.
    """
    return {key: _clean(key, value) for key, value in shown.items() if not is_address_key(str(key))}


def without_address(text: str) -> str:
    """The text with every e-mail address cut out."""
    if "@" not in text:
        return text
    rest = _LEFT_EMPTY.sub("", _ADDRESS.sub("", text))
    return rest if rest == text else _BLANKS.sub(" ", rest).strip(" ,;:")


def holds_address(text: str) -> bool:
    """Whether there is an e-mail address anywhere in the text."""
    return _ADDRESS.search(text) is not None


def _clean(key: str, value: Any) -> Any:
    if key == "extras" and isinstance(value, list):
        return [_clean_extra(extra) for extra in value if not _is_address_extra(extra)]
    if key in _AGENTS:
        return _clean_all(value)
    if isinstance(value, Mapping):
        return without_addresses(value)
    if isinstance(value, list):
        return [_clean(key, item) for item in value]
    if isinstance(value, str):
        return _clean_text(key, value)
    return value


def _clean_text(key: str, text: str) -> str:
    """Clean a contact text, or JSON that is stored as text (as Solr keeps whole datasets)."""
    if "@" not in text:
        return text
    if key in _CONTACT_TEXTS:
        return without_address(text)
    return _clean_json(key, text)


def _clean_json(key: str, text: str) -> str:
    if not text.startswith(("{", "[")):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return json.dumps(_clean(key, value))


def _clean_all(value: Any) -> Any:
    """Clean every text, however deep."""
    if isinstance(value, Mapping):
        return {key: _clean_all(item) for key, item in value.items() if not is_address_key(key)}
    if isinstance(value, list):
        return [_clean_all(item) for item in value]
    if isinstance(value, str) and value.startswith(("{", "[")):
        return _clean_json("publisher", value)
    return without_address(value) if isinstance(value, str) else value


def _is_address_extra(extra: Any) -> bool:
    return isinstance(extra, Mapping) and is_address_key(str(extra.get("key", "")))


def _clean_extra(extra: Any) -> Any:
    """Clean one of CKAN's free extras; nobody knows what they hold, so every text is searched."""
    if not isinstance(extra, Mapping) or not isinstance(extra.get("value"), str):
        return extra
    key, text = str(extra.get("key", "")), extra["value"]
    cleaned = _clean_json(key, text)
    return {**extra, "value": without_address(text) if cleaned == text else cleaned}
