"""What was received for one thing, taken out field by field.

    fields = Fields({"title": " Rail ", "tags": "a, b", "odd": 1})
    fields.text("title")     # "Rail", and a note that it was padded
    fields.words("tags")     # ("a", "b"), and a note that it was one text
    fields.left_over()       # (("odd", "1"),), and a note that nobody knows it
    fields.problems          # the three notes

Whatever has another type than expected is read if it can be, kept as an extra if not, and told in
a problem: nothing is dropped in silence and nothing raises. Each reader takes several keys, the
names that the same thing had in the course of time: the first that says something is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from ckanext.emergent.problem import Problem
from ckanext.emergent.reading.network.link import without_credentials
from ckanext.emergent.reading.received.dates import (
    AmbiguousDateError,
    UnreadableDateError,
    iso_date,
)
from ckanext.emergent.reading.received.lists import listed, named, split_words, without_repeats
from ckanext.emergent.reading.received.notes import Notes
from ckanext.emergent.reading.received.outlink import out_link
from ckanext.emergent.reading.received.shown import EMAIL, is_empty, shown
from ckanext.emergent.reading.received.text import clean, is_unsafe, markdown, plain

LINE, STATEMENT, PROSE = 1_000, 10_000, 100_000
MOST_WORDS, MOST_EXTRAS = 500, 100
LARGEST = 2**63 - 1

Extras = tuple[tuple[str, str], ...]


class Fields(Notes):
    """The fields of one received object, and what was wrong with them.

    `key` is the name under which a list kept the object, where it was an object itself.
    """

    def __init__(
        self,
        received: Mapping[str, object],
        *,
        path: str = "",
        prefix: str = "",
        key: str | None = None,
        problems: list[Problem] | None = None,
    ) -> None:
        super().__init__(path=path, prefix=prefix, problems=problems)
        self.received = received
        self.key = key
        self._taken: set[str] = set()

    def take(self, *keys: str) -> object:
        """The received value, whatever it is; `None` when empty."""
        return self._found(keys)[1]

    def peek(self, key: str) -> object:
        """The same, and the field is still to be taken."""
        value = self.received.get(key)
        return None if is_empty(value) else value

    def ignore(self, *keys: str) -> None:
        """Fields that are left out on purpose: they change by themselves or are not public."""
        self._taken.update(keys)

    def text(self, *keys: str) -> str | None:
        """One line of plain text."""
        key, text = self._text_in(keys)
        if text is None:
            return None
        if text != text.strip():
            self.note("text_padded", key, text)
        return self._within(key, plain(text), LINE)

    def prose(self, *keys: str) -> str | None:
        """Markdown."""
        key, text = self._text_in(keys)
        if text is None:
            return None
        if "\r" in text:
            self.note("text_line_ends", key)
        text = self._within(key, text, PROSE)
        return None if text is None else markdown(text)

    def statement(self, *keys: str) -> str | None:
        """A text to be kept as it was received, but for control characters and outer blanks."""
        key, text = self._text_in(keys)
        if text is None:
            return None
        if text != text.strip():
            self.note("text_padded", key, text)
        return self._within(key, clean(text).strip() or None, STATEMENT)

    def words(
        self, *keys: str, by_blanks: bool = False, names: tuple[str, ...] = ("title", "name", "id")
    ) -> tuple[str, ...]:
        """A list of words, of objects that bear a name, or one text with separators.

        `by_blanks`: a text without comma or semicolon is separated by its blanks.
        """
        key, value = self._found(keys)
        words = without_repeats(self._split(key, value, by_blanks, names))
        if len(words) > MOST_WORDS:
            self.warn("list_cut", key, count=MOST_WORDS)
        return words[:MOST_WORDS]

    def date(self, *keys: str) -> str | None:
        """A date or moment in ISO 8601; what cannot be read for sure is kept as an extra."""
        key, value = self._found(keys)
        if value is None:
            return None
        try:
            return iso_date(value)
        except AmbiguousDateError:
            self.warn("date_ambiguous", key, value)
        except UnreadableDateError:
            self.warn("date_unreadable", key, value)
        self.keep(key, value)
        return None

    def whole(self, *keys: str) -> int | None:
        """A whole number, not negative."""
        key, value = self._found(keys)
        number = _whole(value)
        if number is None and value is not None:
            self.unreadable(key, value)
        return number

    def email(self, *keys: str) -> str | None:
        """One e-mail address; what is none is not kept: it may be somebody's all the same."""
        key, value = self._found(keys)
        if value is None:
            return None
        found = EMAIL.findall(clean(value[:LINE])) if isinstance(value, str) else []
        if len(found) != 1:
            self.warn("email_unreadable", key)
            return None
        return str(found[0]).rstrip(".")

    def link(self, *keys: str, base: str | None = None) -> str | None:
        """An address to click on, http or https; with `base`, also one relative to it."""
        key, value = self._found(keys)
        text = self._one_text(key, value)
        if text is None:
            return None
        link = out_link(text, base)
        if link.code == "link_without_scheme":
            self.note(link.code, key, text)
        elif link.code is not None:
            self.warn(link.code, key, without_credentials(text.strip()))
        if link.code == "link_is_text":
            self.keep(key, text)
        return link.url

    def inside(self, *keys: str) -> Fields:
        """The fields of an object inside; none when there is no object."""
        key, value = self._found(keys)
        if value is not None and not isinstance(value, dict):
            self.unreadable(key, value)
        return Fields(
            value if isinstance(value, dict) else {},
            path=f"{self.path}{key}.",
            prefix=f"{self.prefix}{key}.",
            problems=self.problems,
        )

    def each(self, *keys: str, bare: str | None = None) -> Iterator[Fields]:
        """The objects of a list, or of an object that holds them by their keys.

        `bare` names the field that an item is taken for when it is only a text.
        """
        key, value = self._found(keys)
        for number, (name, received) in enumerate(named(value)):
            item = received
            if isinstance(item, str) and bare is not None and item.strip():
                item = {bare: item}
            if isinstance(item, dict):
                path = f"{self.path}{key}[{number}]."
                yield Fields(item, path=path, key=name, problems=self.problems)
            elif not is_empty(item):
                self.unreadable(f"{key}[{number}]", item)

    def left_over(self, *, told: bool = True) -> Extras:
        """What was kept, and the fields that nobody took; with `told`, a note about each."""
        for key, value in self.received.items():
            if key in self._taken or is_empty(value):
                continue
            if told:
                self.note("field_unknown", key, value)
            self.keep(key, value)
        self._taken.update(self.received)
        if len(self.kept) > MOST_EXTRAS:
            self.note("extras_cut", count=MOST_EXTRAS)
        return tuple(self.kept[:MOST_EXTRAS])

    def _found(self, keys: tuple[str, ...]) -> tuple[str, object]:
        self._taken.update(keys)
        for key in keys:
            value = self.received.get(key)
            if value is not None and not is_empty(value):
                return key, value
        return keys[0], None

    def _text_in(self, keys: tuple[str, ...]) -> tuple[str, str | None]:
        key, value = self._found(keys)
        if value is None:
            return key, None
        text = self._one_text(key, value)
        if text is not None and is_unsafe(text):
            self.warn("text_unsafe", key, text)
        return key, text

    def _one_text(self, key: str, value: object) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if _is_number(value):
            self.note("field_is_number", key, value)
            return shown(value)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            self.note("field_is_list", key, value)
            return ", ".join(item for item in value if item.strip()) or None
        self.unreadable(key, value)
        return None

    def _within(self, key: str, text: str | None, limit: int) -> str | None:
        if text is None or len(text) <= limit:
            return text
        self.warn("text_cut", key, limit=limit)
        return text[: limit - 1] + "…"

    def _split(self, key: str, value: object, by_blanks: bool, names: tuple[str, ...]) -> list[str]:
        if isinstance(value, str):
            self.note("list_is_text", key, value)
            return split_words(value, by_blanks=by_blanks)
        if isinstance(value, list) and len(value) == 1 and _is_joined(value[0]):
            self.note("list_is_joined", key, value[0])
            return split_words(value[0], by_blanks=False)
        return [word for item in listed(value) for word in self._word(key, item, names)]

    def _word(self, key: str, received: object, names: tuple[str, ...]) -> Iterator[str]:
        item = received
        if isinstance(item, dict):
            item = next((item[name] for name in names if not is_empty(item.get(name))), item)
        if isinstance(item, str) or _is_number(item):
            text = item if isinstance(item, str) else shown(item)
            word = self._within(key, plain(text), LINE)
            if word is not None:
                yield word
        elif not is_empty(item):
            self.unreadable(key, received)


def _is_joined(item: object) -> TypeGuard[str]:
    return isinstance(item, str) and "," in item


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value) if len(value) < 20 else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    return None
