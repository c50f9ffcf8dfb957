"""Web servers on this machine that answer as a test tells them, however badly.

    with serving({"/data.json": json_reply([1]), "/busy": [Reply(503), Reply(200, b"ok")]}) as web:
        fetch.get(web.url("/data.json"))
    assert web.asked == ["/data.json"]

A list is served in turn, its last reply for ever. A callable gets the request and makes the reply.
"""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer, and how to spoil it.

    `drip`: seconds between single bytes of the body. `cut`: close after so many bytes of a body
    that was announced in full. `chunked`: no length, chunks of 1,000 bytes (with `cut`: the last
    chunk is missing). `hang`: accept the request and say nothing. `raw`: these bytes instead of
    an HTTP answer. `drip_head`: as `drip`, from the first byte of the headers on.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float | None = None
    drip_head: float | None = None
    cut: int | None = None
    chunked: bool = False
    hang: bool = False
    raw: bytes | None = None


@dataclass(frozen=True)
class Received:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    connection: int


Told = Reply | Callable[[Received], Reply]
Answers = Mapping[str, Told | Sequence[Told]]


def json_reply(value: Any, **spoiled: Any) -> Reply:
    headers = {"Content-Type": "application/json", **spoiled.pop("headers", {})}
    return Reply(body=json.dumps(value).encode(), headers=headers, **spoiled)


def page_reply(html: str = "<!DOCTYPE html><title>Sorry</title>", **spoiled: Any) -> Reply:
    headers = {"Content-Type": "text/html; charset=utf-8", **spoiled.pop("headers", {})}
    return Reply(body=html.encode(), headers=headers, **spoiled)


def file_reply(path: Path, content_type: str = "application/json") -> Reply:
    return Reply(body=path.read_bytes(), headers={"Content-Type": content_type})


def redirect_reply(to: str, status: int = 302) -> Reply:
    return Reply(status, headers={"Location": to})


def zipped(reply: Reply) -> Reply:
    headers = {**reply.headers, "Content-Encoding": "gzip"}
    return Reply(reply.status, gzip.compress(reply.body), headers)


def unless_known(reply: Reply, etag: str) -> Callable[[Received], Reply]:
    """The reply with an ETag, or 304 to who has it already."""

    def answer(received: Received) -> Reply:
        if received.headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        return Reply(reply.status, reply.body, {**reply.headers, "ETag": etag})

    return answer


class Web:
    """A running server: where it is, and what it was asked."""

    def __init__(self, answers: Answers, host: str, tls: ssl.SSLContext | None) -> None:
        self.answers = dict(answers)
        self.requests: list[Received] = []
        self.stopped = threading.Event()
        self._served: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _Listener((host, 0), _Handler, self)
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.host, self.port = host, self._server.server_port

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"{self._scheme}://{host or self.host}:{self.port}{path}"

    @property
    def asked(self) -> list[str]:
        """The paths of all requests, in order, with their queries."""
        return [received.path for received in self.requests]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply_to(self, received: Received) -> Reply:
        with self._lock:
            self.requests.append(received)
            key = received.path if received.path in self.answers else urlsplit(received.path).path
            told = self.answers.get(key, Reply(404))
            if isinstance(told, Sequence):
                turn = self._served.get(key, 0)
                self._served[key] = turn + 1
                told = told[min(turn, len(told) - 1)]
        return told if isinstance(told, Reply) else told(received)


@contextmanager
def serving(
    answers: Answers, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Web]:
    """A server for the time of a test. `answers` may be changed while it runs."""
    web = Web(answers, host, tls)
    web.start()
    try:
        yield web
    finally:
        web.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: Any, web: Web) -> None:
        self.web = web
        self.connections = 0
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1
        self.number = self.server.connections

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        web = self.server.web
        reply = web.reply_to(Received(self.command, self.path, headers, self.number))
        if reply.hang:
            web.stopped.wait(30)
            self.close_connection = True
        elif reply.raw is not None:
            self._send(reply.raw, reply.drip_head)
            self.close_connection = True
        else:
            self._answer(reply)

    do_HEAD = do_GET  # noqa: N815 - the names are those of http.server

    def _answer(self, reply: Reply) -> None:
        self._send(self._head(reply), reply.drip_head)
        if self.command == "HEAD" or reply.status in {204, 304}:
            return
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        if reply.chunked:
            body = _chunked(body, whole=reply.cut is None)
        self._send(body, reply.drip)
        self.close_connection = self.close_connection or reply.cut is not None

    def _head(self, reply: Reply) -> bytes:
        headers = dict(reply.headers)
        if reply.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif reply.status not in {204, 304}:
            headers.setdefault("Content-Length", str(len(reply.body)))
        lines = [f"HTTP/1.1 {reply.status} Told"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")

    def _send(self, data: bytes, drip: float | None) -> None:
        if drip is None:
            self.wfile.write(data)
            return
        for byte in data:
            if self.server.web.stopped.wait(drip):
                break
            self.wfile.write(bytes([byte]))

    def log_message(self, *arguments: Any) -> None:
        """Tests read what the program says, not the server."""


def _chunked(body: bytes, *, whole: bool) -> bytes:
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    sent = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return sent + (b"0\r\n\r\n" if whole else b"3e8\r\nonly a part")
