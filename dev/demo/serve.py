"""Serves the demo's portal: the files beside this one, on this machine only.

    python dev/demo/serve.py --port 8123

Answers with ETag and Last-Modified and knows "not modified", so that a harvest of an unchanged
portal costs what it costs elsewhere. Needs nothing but Python.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlsplit

PORTAL = Path(__file__).resolve().with_name("portal")
TYPES = {".json": "application/json; charset=utf-8"}


class Portal(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the files of the portal, and nothing else."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "EmergentDemo"
    sys_version = ""

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, *, with_body: bool) -> None:
        file = self.file()
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        changed = formatdate(file.stat().st_mtime, usegmt=True)
        known = self.is_known(etag, changed)
        self.send_response(HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK)
        self.send_header("ETag", etag)
        self.send_header("Last-Modified", changed)
        if not known:
            self.send_header("Content-Type", TYPES[file.suffix])
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body and not known:
            self.wfile.write(body)

    def file(self) -> Path | None:
        path = unquote(urlsplit(self.path).path).lstrip("/") or "index.json"
        file = (PORTAL / path).resolve()
        inside = file.is_relative_to(PORTAL) and file.suffix in TYPES
        return file if inside and file.is_file() else None

    def is_known(self, etag: str, changed: str) -> bool:
        """Whether the visitor has this already; where both are sent, the ETag decides."""
        etags = self.headers.get("If-None-Match")
        if etags is not None:
            return etag in (one.strip() for one in etags.split(","))
        return self.headers.get("If-Modified-Since") == changed


def stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the demo's portal on this machine.")
    parser.add_argument("--port", type=int, required=True, help="where to listen; 0 chooses one")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 in a container")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    with ThreadingHTTPServer((options.host, options.port), Portal) as server:
        # `dev/hub` and people wait for this line
        print(f"The demo's portal is at http://{options.host}:{server.server_port}/", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
