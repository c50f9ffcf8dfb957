"""Fills a new hub: its members, the demo's portal, a first harvest, a few links and a record.

    python dev/demo/load.py --config CKAN.INI --demo-url http://127.0.0.1:8123/

All by the actions that people use, and by the real harvester. A second time it changes only what
differs from these files, and nothing when nothing does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit as tk

HERE = Path(__file__).resolve().parent
COLLECTION = "demo-collection"
PORTAL = "demo"
TITLE = "The demo's portal"
ROWS = 1000

Data = dict[str, Any]


def content(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def act(action: str, data: Mapping[str, Any], user: str) -> Any:
    return tk.get_action(action)({"user": user}, dict(data))


def shown(action: str, name: str, user: str, **named: Any) -> Data | None:
    """What is there already, or `None`."""
    try:
        found: Data = act(action, {"id": name, **named}, user)
    except tk.ObjectNotFound:
        return None
    return found


def differing(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Data:
    """The values to set; a number that is stored as text is the same."""
    return {
        key: value
        for key, value in wanted.items()
        if value != there.get(key) and str(value) != str(there.get(key))
    }


def load_member(member: Data, user: str) -> None:
    there = shown("organization_show", member["name"], user, include_datasets=False)
    if there is None:
        act("organization_create", member, user)
    elif changes := differing(member, there):
        act("organization_patch", {"id": there["id"], **changes}, user)


def load_portal(address: str, user: str) -> str:
    """The id of the demo's portal, which is made or moved to `address`."""
    owner = act("organization_show", {"id": COLLECTION, "include_datasets": False}, user)["id"]
    wanted = {
        "name": PORTAL,
        "title": TITLE,
        "link": f"{address.rstrip('/')}/index.json",
        "adapter": "emergent_index",
        "owner_org": owner,
    }
    there = shown("emergent_portal_show", PORTAL, user)
    if there is None:
        there = act("emergent_portal_create", wanted, user)
    elif changes := differing(wanted, there):
        act("emergent_portal_update", {"id": there["id"], **changes}, user)
    return str(there["id"])


def harvest(portal_id: str, user: str) -> None:
    """One run in this process, as `ckan emergent harvest` does it. Exits when it fails."""
    from ckanext.emergent.harvest.model import RunKind, RunState
    from ckanext.emergent.harvest.run import carry_out, start_run

    run_id = start_run(portal_id, RunKind.MANUAL, user)
    state = carry_out(run_id)
    counts = act("emergent_run_show", {"id": run_id}, user)["counts"]
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()) if count)
    print(f"Harvested the demo's portal: {state.value}; {told or 'nothing to do'}")
    if state is not RunState.FINISHED:
        sys.exit(f"The demo's portal could not be harvested: the run is {state.value}.")


def load_links(user: str) -> None:
    """Add the stories and further links to the datasets that were harvested."""
    query = {"fq": f"source_portal:{PORTAL}", "rows": ROWS, "include_private": True}
    found = act("package_search", query, user)["results"]
    datasets = {dataset.get("source_identifier"): dataset for dataset in found}
    for identifier, links in content("links.yaml").items():
        dataset = datasets.get(identifier)
        if dataset is None:
            sys.exit(f"links.yaml names {identifier}, which is not among the harvested datasets.")
        if dataset.get("links") != links:
            act("package_patch", {"id": dataset["id"], "links": links}, user)


def load_registered(dataset: Data, user: str) -> None:
    if shown("package_show", dataset["name"], user) is None:
        act("package_create", dataset, user)


def load(address: str) -> None:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    for member in content("members.yaml"):
        load_member(member, user)
    harvest(load_portal(address, user), user)
    load_links(user)
    for dataset in content("registered.yaml"):
        load_registered(dataset, user)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill a new hub with the demo.")
    parser.add_argument("--config", required=True, help="the hub's ckan.ini")
    parser.add_argument("--demo-url", required=True, help="where serve.py serves the demo's portal")
    chosen = parser.parse_args()
    app = make_app(load_config(chosen.config))
    # what ckan's own commands do: actions need a request
    with app._wsgi_app.test_request_context():
        load(chosen.demo_url)


if __name__ == "__main__":
    main()
