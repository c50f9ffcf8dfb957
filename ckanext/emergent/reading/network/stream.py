"""The elements of a JSON list, one at a time, as its text arrives.

Each element goes through the standard library's decoder as soon as its text is there, so that a
long catalogue never is in memory as a whole. Text after the list is read to its end: a listing
counts as whole only when everything around it is.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

BLANK = re.compile(r"[ \t\r\n]*")
#: No JSON word or number that runs into the end of the text is misread further from it than this.
LONGEST_WORD = 32
ENOUGH = 64 * 1024


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


#: `strict=False`: raw line breaks inside strings, which some portals write, are read as such.
#: `NaN` and `Infinity`, which Python programs write, become missing, and so does `1e999`.
DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_float=_finite)


#: No catalogue nests deeper; what reads or writes such a value would overflow its stack.
DEEPEST = 100
CONTAINERS = frozenset({dict, list})


class BrokenJson(ValueError):
    """Text that is not JSON; `cut` when it merely stops before its end."""

    def __init__(self, detail: str, *, cut: bool) -> None:
        super().__init__(detail)
        self.cut = cut


class DeepJson(BrokenJson):
    """JSON that is nested more than `DEEPEST` levels deep."""

    def __init__(self) -> None:
        super().__init__("Nested too deeply", cut=False)


def elements(texts: Iterable[str], place: str = "item") -> Iterator[Any]:
    """The elements of a list inside a JSON text, one at a time.

    `place` names the keys that lead there, with dots between them: `item` are the elements of the
    text itself, `result.results.item` those of a list two objects deep, `version` is one value,
    whatever it is. Nothing comes where there is nothing. Raises `BrokenJson` where the text breaks,
    after the elements before.
    """
    *keys, last = place.split(".")
    each = last == "item"
    path = keys if each else [*keys, last]
    cursor = _Cursor(texts)
    entered = 0
    while entered < len(path) and _enter(cursor, path[entered]):
        entered += 1
    if entered < len(path):
        _pass_rest(cursor)
    elif not each:
        yield cursor.value()
    elif cursor.peek() == "[":
        yield from _list(cursor)
    else:
        _pass(cursor)
    for _ in range(entered):
        _leave(cursor)
    if cursor.peek():
        raise cursor.broken("Extra data")


def whole(text: str) -> Any:
    """All of `text` as one JSON value. Raises `BrokenJson`."""
    cursor = _Cursor([text])
    value = cursor.value()
    if cursor.peek():
        raise cursor.broken("Extra data")
    return value


class _Cursor:
    """A place in a text that is read on when it runs out."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = iter(texts)
        self._text = ""
        self._at = 0
        self._before = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            self._at = _end(BLANK.match(self._text, self._at))
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def take(self, expected: str) -> str:
        """The next character, one of `expected`."""
        found = self.peek()
        if not found or found not in expected:
            raise self.broken(f"Expecting {' or '.join(expected)}")
        self._at += 1
        return found

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not (self._runs_out(error) and self._read_on()):
                    raise self._wrong(error) from error
            except RecursionError as error:
                raise DeepJson from error
            except ValueError as error:
                raise BrokenJson(str(error), cut=False) from error
            else:
                # a number at the very end may have more digits to come
                if len(self._text) - end >= LONGEST_WORD or not self._read_on():
                    self._check_depth(value, end)
                    self._at = end
                    return value

    def _check_depth(self, value: Any, end: int) -> None:
        """Counting brackets is much faster than looking inside, and is enough for most."""
        brackets = sum(self._text.count(bracket, self._at, end) for bracket in "[{")
        if brackets > DEEPEST and is_deep(value):
            raise DeepJson

    def broken(self, detail: str) -> BrokenJson:
        place = self._before + self._at
        cut = self._at >= len(self._text)
        return BrokenJson(f"{detail}, character {place:,}", cut=cut)

    def _runs_out(self, error: json.JSONDecodeError) -> bool:
        """Whether the text that is still to come may mend `error`."""
        near = error.pos >= len(self._text) - LONGEST_WORD
        return near or error.msg.startswith("Unterminated")

    def _wrong(self, error: json.JSONDecodeError) -> BrokenJson:
        cut = error.msg.startswith("Unterminated") or not self._text[error.pos :].strip()
        return BrokenJson(f"{error.msg}, character {self._before + error.pos:,}", cut=cut)

    def _read_on(self) -> bool:
        """Read at least as much again as is waiting, so that a long element costs little more."""
        if self._ended:
            return False
        waiting = self._text[self._at :]
        parts, size, wanted = [waiting], 0, max(ENOUGH, len(waiting))
        for text in self._texts:
            parts.append(text)
            size += len(text)
            if size >= wanted:
                break
        else:
            self._ended = True
        if size == 0:
            return False
        self._before += self._at
        self._text, self._at = "".join(parts), 0
        return True


def is_deep(value: Any) -> bool:
    """Whether `value` is nested more than `DEEPEST` levels deep."""
    level = [value] if type(value) in CONTAINERS else []
    for _ in range(DEEPEST):
        if not level:
            return False
        level = [inner for outer in level for inner in _inside(outer) if type(inner) in CONTAINERS]
    return bool(level)


def _inside(container: Any) -> Any:
    return container.values() if type(container) is dict else container


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def _list(cursor: _Cursor) -> Iterator[Any]:
    cursor.take("[")
    if cursor.peek() == "]":
        cursor.take("]")
        return
    yield cursor.value()
    while cursor.take(",]") == ",":
        yield cursor.value()


def _enter(cursor: _Cursor, key: str) -> bool:
    """Go to the value of `key` in the object that follows.

    False when there is no such key, at the object's end; or no object, before what there is.
    """
    if cursor.peek() != "{":
        return False
    cursor.take("{")
    if cursor.peek() == "}":
        return False
    while _key(cursor) != key:
        _pass(cursor)
        if cursor.peek() == "}":
            return False
        cursor.take(",")
    return True


def _pass_rest(cursor: _Cursor) -> None:
    """Pass what `_enter` found instead of its key."""
    if cursor.peek() == "}":
        cursor.take("}")
    else:
        _pass(cursor)


def _pass(cursor: _Cursor) -> None:
    """Pass a value; a long list or object piece by piece, so that it is never in memory whole."""
    opening = cursor.peek()
    if opening == "[":
        for _ in _list(cursor):
            pass
    elif opening == "{":
        _pass_object(cursor)
    else:
        cursor.value()


def _pass_object(cursor: _Cursor) -> None:
    cursor.take("{")
    if cursor.peek() == "}":
        cursor.take("}")
        return
    _key(cursor)
    cursor.value()
    _leave(cursor)


def _leave(cursor: _Cursor) -> None:
    """Pass the rest of an object."""
    while cursor.take(",}") == ",":
        _key(cursor)
        cursor.value()


def _key(cursor: _Cursor) -> str:
    if cursor.peek() != '"':
        raise cursor.broken("Expecting a name in quotes")
    key = str(cursor.value())
    cursor.take(":")
    return key
