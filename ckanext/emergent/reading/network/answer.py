"""What a server answered: its body in a temporary file, read as text, JSON or a stream of items."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.body import PIECE, Body
from ckanext.emergent.reading.network.policy import without_secret
from ckanext.emergent.reading.network.stream import DEEPEST, BrokenJson, DeepJson, elements, whole

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
PROLOGUES = ((b"<!--", b"-->"), (b"<?xml", b"?>"))


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
    #: What no problem about this answer may repeat: the secret that was sent for it.
    secret: str | None = None

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
        return self._decoded(self.encoding(), errors)

    def json(self) -> Any:
        """The body as JSON. Raises `UnexpectedAnswer` with a plain problem when it is not."""
        self._refuse_other_than_json()
        try:
            return whole(self._decoded(self._json_encoding()))
        except BrokenJson as error:
            raise self._not_json(error) from error

    def items(self, prefix: str = "item") -> Iterator[Any]:
        """The elements of a JSON list, one at a time, without the whole in memory.

        `prefix` says where: `item` are those of the body itself, `datasets.item` those of a key of
        it, `version` is the value of a key. Raises `UnexpectedAnswer` where the JSON breaks, after
        the elements before; an answer of which only the beginning was wanted simply ends.
        """
        self._refuse_other_than_json()
        encoding = self._json_encoding()
        try:
            yield from elements(self._texts(encoding), prefix)
        except UnicodeDecodeError as error:
            raise self._not_encoded(encoding) from error
        except BrokenJson as error:
            if self.whole or not error.cut:
                raise self._not_json(error) from error

    def _texts(self, encoding: str) -> Iterator[str]:
        """The body as text, piece by piece, from a position of its own."""
        decoder = codecs.getincrementaldecoder(encoding)()
        at = 0
        while True:
            self.body.seek(at)
            data = self.body.read(PIECE)
            at += len(data)
            yield decoder.decode(data, final=self.whole and not data)
            if not data:
                return

    def _decoded(self, encoding: str, errors: str = "strict") -> str:
        try:
            return self.file().read().decode(encoding, errors)
        except UnicodeDecodeError as error:
            raise self._not_encoded(encoding) from error

    def _json_encoding(self) -> str:
        """JSON is UTF-8 whatever the header says (RFC 8259, 8.1), unless its bytes are not."""
        encoding = self.encoding()
        if any(self.head(4).startswith(mark) for mark, _ in MARKS):
            return encoding
        return "utf-8" if encoding == "utf-8" or self._is_utf8() else encoding

    def _is_utf8(self) -> bool:
        try:
            for _ in self._texts("utf-8"):
                pass
        except UnicodeDecodeError:
            return False
        return True

    def _refuse_other_than_json(self) -> None:
        head = self.head(PIECE)
        if not head.strip():
            raise self._problem("answer_empty")
        if is_page(head):
            raise self._problem("answer_is_a_page", expected="JSON")

    def _not_json(self, error: BrokenJson) -> UnexpectedAnswer:
        if isinstance(error, DeepJson):
            return self._problem("answer_too_deep", depth=DEEPEST)
        if error.cut:
            return self._problem("answer_truncated")
        return self._problem("answer_not_json", detail=error)

    def _not_encoded(self, encoding: str) -> UnexpectedAnswer:
        return self._problem("answer_wrong_encoding", encoding=encoding)

    def _problem(self, code: str, **values: object) -> UnexpectedAnswer:
        received = self.head(200).decode("utf-8", "replace").strip() or None
        told = problem(code, None, received, severity=Severity.ERROR, url=self.url, **values)
        return UnexpectedAnswer(without_secret(told, self.secret))


def is_page(head: bytes) -> bool:
    """Whether bytes begin as an HTML page does."""
    for mark, name in MARKS:
        if head.startswith(mark):
            head = head.decode(name, "ignore").encode()
            break
    return PAGE.match(_after_prologue(head)) is not None


def _after_prologue(head: bytes) -> bytes:
    """What follows the blanks, comments and XML declaration that a page may begin with."""
    head = head.lstrip()
    for opening, closing in PROLOGUES * 5:
        if head.startswith(opening):
            head = head.partition(closing)[2].lstrip()
    return head
