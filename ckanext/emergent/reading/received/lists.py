"""Lists as portals send them: of texts, of objects, objects by key, or one text for all."""

from __future__ import annotations

import re

from ckanext.emergent.reading.received.text import clean, neutral, plain

Named = tuple[str | None, object]


def split_words(text: str, *, by_blanks: bool) -> list[str]:
    """The words of one text that should have been a list.

    `by_blanks`: where there is no comma, semicolon or line end, blanks separate.
    """
    text = clean(text)
    separator = r"[,;\n]"
    if by_blanks and re.search(separator, text) is None:
        separator = r"\s+"
    found = (plain(part) for part in re.split(separator, text))
    return [word for word in found if word is not None]


def without_repeats(words: list[str]) -> tuple[str, ...]:
    """Each word once, as it was first written; capitals make no difference."""
    return tuple({word.casefold(): word for word in reversed(words)}.values())[::-1]


def listed(value: object) -> list[object]:
    """The items of a list, of an object that holds objects, or the one thing that stands alone."""
    return [item for _, item in named(value)]


def named(value: object) -> list[Named]:
    """The same items, each with the key that it was kept under, if it was."""
    if isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
        return [(neutral(clean(str(name))), item) for name, item in value.items()]
    if isinstance(value, list):
        return [(None, item) for item in value]
    return [] if value is None else [(None, value)]
