"""How fast a portal is harvested: first, unchanged, and with one record in a hundred changed.

    python3 bench/harvest.py [--datasets 1000] [--json]

In one process and one run, through the whole harvester: a local server with a CKAN API hands out
generated datasets of 3 resources and 8 tags each, a hundred a page.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hub import ORGANISATION, an_empty_hub
from services import with_services


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure harvesting.")
    parser.add_argument("--datasets", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with an_empty_hub(), portal_of(options.datasets) as (link, datasets):
        figures = measure(link, datasets)
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        for name, one in figures["runs"].items():
            sys.stdout.write(
                f"{name:14}{one['seconds']:8.1f} s {one['per_second']:8.0f} a second\n"
            )
        sys.stdout.write(f"unchanged is {figures['ratios']['unchanged']} times as fast as first\n")
    return 0


def measure(link: str, datasets: list[dict[str, Any]]) -> dict[str, Any]:
    portal_id = added(link)
    runs = {"first": timed(portal_id, len(datasets))}
    runs["unchanged"] = timed(portal_id, len(datasets))
    for one in datasets[::100]:
        one["title"] += ", changed"
    runs["changed_1pct"] = timed(portal_id, len(datasets))
    ratio = runs["first"]["seconds"] / runs["unchanged"]["seconds"]
    return {"datasets": len(datasets), "runs": runs, "ratios": {"unchanged": round(ratio, 1)}}


def added(link: str) -> str:
    import ckan.plugins.toolkit as tk

    tk.config["ckanext.emergent.fetch.allowed_networks"] = ["127.0.0.0/8"]
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    values = {"name": "bench", "link": link, "adapter": "ckan", "owner_org": ORGANISATION}
    context = {"user": user, "ignore_auth": True}
    return str(tk.get_action("emergent_portal_create")(context, values)["id"])


def timed(portal_id: str, number: int) -> dict[str, Any]:
    """One run, complete and without a failure; seconds, records a second, and its counts."""
    from ckan import model

    from ckanext.emergent.harvest.model import Run, RunKind, RunState
    from ckanext.emergent.harvest.run import carry_out, start_run

    started = time.perf_counter()
    run_id = start_run(portal_id, RunKind.MANUAL)
    state = carry_out(run_id)
    seconds = time.perf_counter() - started
    counts = dict(model.Session.get(Run, run_id).counts)
    model.Session.remove()
    if state is not RunState.FINISHED or counts.get("failed"):
        raise SystemExit(f"The run ended as {state.value}: {counts}")
    return {"seconds": round(seconds, 2), "per_second": round(number / seconds), "counts": counts}


def dataset(number: int) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "name": f"dataset-{number}",
        "title": f"Dataset {number} of the bench",
        "notes": "A sentence about what is in this data and what it is good for. " * 6,
        "url": f"https://portal.example/pages/{number}",
        "type": "dataset",
        "private": False,
        "state": "active",
        "license_id": "cc-by",
        "author": "Somebody",
        "metadata_created": "2026-01-01T00:00:00.000000",
        "metadata_modified": "2026-01-02T00:00:00.000000",
        "organization": {"name": "council", "title": "A council"},
        "tags": [{"name": f"tag-{(number + one) % 40}"} for one in range(8)],
        "extras": [],
        "resources": [
            {
                "id": f"11111111-0000-4000-{one:04d}-{number:012d}",
                "name": f"File {one}",
                "format": "CSV",
                "url": f"https://portal.example/files/{number}/{one}.csv",
            }
            for one in range(3)
        ],
    }


@contextmanager
def portal_of(number: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A portal on this machine: its link, and its datasets, to be changed between two runs."""
    datasets = [dataset(one) for one in range(number)]

    class Portal(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            start, rows = (int(asked.get(key, ["0"])[0]) for key in ("start", "rows"))
            result = {"count": len(datasets), "results": datasets[start : start + rows]}
            body = json.dumps({"help": "", "success": True, "result": result}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Silence: the figures are what is read."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", datasets
        server.shutdown()


if __name__ == "__main__":
    sys.exit(with_services(__file__, main))
