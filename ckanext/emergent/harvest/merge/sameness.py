"""When two values say the same, however a form, the API or CKAN's storage spells them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether a reader of the dataset could not tell one value from the other."""
    return bool(plain(one) == plain(other))


def plain(value: Any) -> Any:
    """One spelling for each value: nothing is None, numbers are text, line ends are one."""
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, list | tuple):
        return _plain_list(value)
    if value is None or value == "":
        return None
    return _plain_text(value)


def _plain_text(value: Any) -> str | None:
    return str(value).replace("\r\n", "\n").strip() or None


def _plain_mapping(value: Mapping[str, Any]) -> dict[str, Any] | None:
    spelled = {key: plain(item) for key, item in value.items()}
    return {key: item for key, item in spelled.items() if item is not None} or None


def _plain_list(value: list[Any] | tuple[Any, ...]) -> list[Any] | None:
    return [item for item in map(plain, value) if item is not None] or None
