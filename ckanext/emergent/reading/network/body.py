"""Taking a body off the wire, piece by piece, with a cap on what it may grow to."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Protocol

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.errors import RetriableError, UnexpectedAnswer

PIECE = 64 * 1024
#: Below this size the compression ratio tells nothing: two bytes may well become thousands.
RATIO_COUNTS_FROM = 1024 * 1024
IN_MEMORY = 1024 * 1024
WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}

Body = SpooledTemporaryFile[bytes]


class Decoder(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]: ...
    @property
    def finished(self) -> bool: ...


class Plain:
    """A body that is sent as it is."""

    finished = True

    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data


class Inflater:
    """Undoes gzip and deflate, never more than a piece at a time."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._engine = zlib.decompressobj(WINDOW_BITS[coding])
        self._started = False

    @property
    def finished(self) -> bool:
        return self._engine.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        piece = b""
        while data or len(piece) == PIECE:
            piece = self._inflate(data)
            data = self._engine.unconsumed_tail
            if piece:
                yield piece
            if self._engine.eof:
                data = self._next_member()

    def _inflate(self, data: bytes) -> bytes:
        try:
            piece = self._engine.decompress(data, PIECE)
        except zlib.error:
            if self._coding != "deflate" or self._started:
                raise
            # "deflate" without the zlib wrapper, as some servers have always sent it
            self._engine = zlib.decompressobj(-15)
            piece = self._engine.decompress(data, PIECE)
        self._started = True
        return piece

    def _next_member(self) -> bytes:
        """A gzip file may hold several members; what else follows the end is padding."""
        rest = self._engine.unused_data
        if not rest.startswith(b"\x1f\x8b"):
            return b""
        self._engine = zlib.decompressobj(WINDOW_BITS[self._coding])
        return rest


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_bytes` of decoded body, else refused; `stop_after` so many, the rest is not wanted."""

    max_bytes: int
    max_ratio: int
    stop_after: int | None = None


def decoder_for(coding: str | None) -> Decoder:
    """Raises `UnexpectedAnswer` for a compression that we did not ask for and cannot undo."""
    name = (coding or "identity").strip().lower()
    if name in {"identity", ""}:
        return Plain()
    if name in WINDOW_BITS:
        return Inflater(name)
    raise _unexpected("answer_compression_unknown", coding)


def body_from(chunks: Iterable[bytes], decoder: Decoder, limits: Limits) -> tuple[Body, bool]:
    """The decoded body in a temporary file at its start, and whether it is all there.

    Raises `UnexpectedAnswer` when it is too big, expands too much or cannot be unpacked,
    `RetriableError` when it ends in the middle of a compressed stream.
    """
    body: Body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    try:
        whole = _fill(body, chunks, decoder, limits)
    except zlib.error as error:
        body.close()
        raise _unexpected("answer_not_unpacked", error) from error
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body, whole


def _fill(body: Body, chunks: Iterable[bytes], decoder: Decoder, limits: Limits) -> bool:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        for piece in decoder.pieces(chunk):
            body.write(piece)
            _check_size(body.tell(), received, limits)
            if limits.stop_after is not None and body.tell() >= limits.stop_after:
                return False
    if received and not decoder.finished:
        raise RetriableError(problem("answer_truncated", severity=Severity.ERROR))
    return True


def _check_size(size: int, received: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise _unexpected("answer_too_big", limit=f"{limits.max_bytes / 1024 / 1024:.0f}")
    if size > RATIO_COUNTS_FROM and size > received * limits.max_ratio:
        raise _unexpected("answer_expands_too_much", ratio=limits.max_ratio)


def _unexpected(code: str, received: object = None, **values: object) -> UnexpectedAnswer:
    return UnexpectedAnswer(problem(code, None, received, severity=Severity.ERROR, **values))
