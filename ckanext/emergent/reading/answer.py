"""What a server answered: its body in a temporary file, read as text, JSON or a stream of items."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any

import ijson  # type: ignore[import-untyped]  # it ships no types

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.body import PIECE, Body
from ckanext.emergent.reading.errors import UnexpectedAnswer

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
PAGE = re.compile(rb"(\s|<!--.*?-->|<\?xml.*?\?>)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)
DEEPEST = 100


@dataclass(slots=True, eq=False, kw_only=True, repr=False)
class Answer:
    """One answer. A context manager: leaving it throws the temporary file away.

    `asked` is the address that was asked for, `url` the one that answered, after redirects.
    `whole` is false when only a beginning was wanted.
    """

    asked: str
    url: str
    status: int
    body: Body
    #: The media type in lower case, without parameters.
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    whole: bool = True

    def __repr__(self) -> str:
        return f"<Answer {self.status} {self.content_type} from {self.url}>"

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.body.close()

    @property
    def not_modified(self) -> bool:
        """Whether nothing changed since the visit that the validators are from."""
        return self.status == 304

    def file(self) -> Body:
        """The decoded bytes, from their start. The answer owns the file."""
        self.body.seek(0)
        return self.body

    def head(self, size: int) -> bytes:
        """The first `size` bytes of the body."""
        return self.file().read(size)

    def encoding(self) -> str:
        """A byte-order mark rules, then the header, then an HTML page's own word, then UTF-8."""
        head = self.head(1024)
        for mark, name in MARKS:
            if head.startswith(mark):
                return name
        inside = META_CHARSET.search(head) if is_page(head) else None
        name = self.charset or (inside.group(1).decode("ascii") if inside else "utf-8")
        try:
            return codecs.lookup(name).name
        except LookupError:
            return "utf-8"

    def text(self, errors: str = "strict") -> str:
        """The body as text. Raises `UnexpectedAnswer` when bytes break the encoding."""
        encoding = self.encoding()
        try:
            return self.file().read().decode(encoding, errors)
        except UnicodeDecodeError as error:
            raise self._not_encoded(encoding) from error

    def json(self) -> Any:
        """The body as JSON. Raises `UnexpectedAnswer` with a plain problem when it is not."""
        text = self.text()
        self._refuse_other_than_json()
        try:
            value = json.loads(text, parse_constant=lambda _: None)
        except json.JSONDecodeError as error:
            cut = not text[error.pos :].strip() or error.msg.startswith("Unterminated string")
            raise self._not_json(error, cut=cut) from error
        except (ValueError, RecursionError) as error:
            raise self._not_json(error, cut=False) from error
        return self._shallow(value)

    def items(self, prefix: str = "item") -> Iterator[Any]:
        """The elements of a JSON list, one at a time, without the whole in memory.

        `prefix` says where the list is, in ijson's words: `item` for the body itself,
        `datasets.item` for a key of it. Raises `UnexpectedAnswer` where the JSON breaks; an
        answer of which only the beginning was wanted simply ends.
        """
        self._refuse_other_than_json()
        encoding = self.encoding()
        try:
            for item in ijson.items(_Utf8(self.body, encoding), prefix, use_float=True):
                yield self._shallow(item)
        except ijson.IncompleteJSONError as error:
            self._ended_early(error, encoding)
        except ijson.JSONError as error:
            raise self._not_json(error, cut=False) from error
        except UnicodeDecodeError as error:
            raise self._not_encoded(encoding) from error

    def _ended_early(self, error: Exception, encoding: str) -> None:
        """The streaming parser calls every error incomplete: tell them apart by its words."""
        told = str(error)
        if "UTF8" in told:
            raise self._not_encoded(encoding) from error
        cut = "incomplete" in told or "premature" in told
        if self.whole or not cut:
            raise self._not_json(error, cut=cut) from error

    def _refuse_other_than_json(self) -> None:
        head = self.head(PIECE)
        if not head.strip():
            raise self._problem("answer_empty")
        if is_page(head):
            raise self._problem("answer_is_a_page", expected="JSON")

    def _shallow(self, value: Any) -> Any:
        """Refuse what is nested so deeply that reading it would overflow the stack."""
        level: list[Any] = [value]
        for _ in range(DEEPEST):
            level = [inner for outer in level for inner in _containers(outer)]
            if not level:
                return value
        raise self._problem("answer_too_deep", depth=DEEPEST)

    def _not_json(self, error: Exception, *, cut: bool) -> UnexpectedAnswer:
        if cut:
            return self._problem("answer_truncated")
        return self._problem("answer_not_json", detail=str(error).splitlines()[0][:200])

    def _not_encoded(self, encoding: str) -> UnexpectedAnswer:
        return self._problem("answer_wrong_encoding", encoding=encoding)

    def _problem(self, code: str, **values: object) -> UnexpectedAnswer:
        received = self.head(200).decode("utf-8", "replace").strip() or None
        return UnexpectedAnswer(
            problem(code, None, received, severity=Severity.ERROR, url=self.url, **values)
        )


def is_page(head: bytes) -> bool:
    """Whether bytes begin as an HTML page does."""
    for mark, name in MARKS:
        if head.startswith(mark):
            head = head.decode(name, "ignore").encode()
            break
    return PAGE.match(head) is not None


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return
    for inner in value:
        if isinstance(inner, (dict, list)):
            yield inner


class _Utf8:
    """A body as the streaming parser wants it: UTF-8 without mark, with a position of its own."""

    def __init__(self, body: IO[bytes], encoding: str) -> None:
        self._body = body
        self._at = 0
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def read(self, size: int = PIECE) -> bytes:
        if size == 0:
            return b""
        text = ""
        while not text:
            self._body.seek(self._at)
            data = self._body.read(max(size, 16))
            self._at += len(data)
            text = self._decoder.decode(data, final=not data)
            if not data:
                break
        return text.encode()
