"""`ckan emergent portal …`, `ckan emergent harvest NAME` and `ckan emergent index`.

They join the group that the plugin `emergent` gives to CKAN: a second group of that name would
replace the first one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ckanext.emergent.cli import emergent
from ckanext.emergent.harvest import portals
from ckanext.emergent.harvest.catalogue import Catalogue
from ckanext.emergent.harvest.catalogue.index import IndexUnavailableError
from ckanext.emergent.harvest.lease import LeaseLostError, RunBusyError
from ckanext.emergent.harvest.model import RunKind, RunState
from ckanext.emergent.harvest.preview import preview
from ckanext.emergent.harvest.report import PROBLEMS
from ckanext.emergent.harvest.run import approve as approve_run
from ckanext.emergent.harvest.run import carry_out, start_run
from ckanext.emergent.harvest.terminal import Terminal, preview_lines, summary

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

CLEAN, WITH_PROBLEMS, FAILED = 0, 1, 2


@emergent.group(short_help="Portals that records are read from.")
def portal() -> None:
    """Add, list, show and remove the portals that records are read from."""


@portal.command()
@click.argument("name")
@click.argument("link")
@click.option("--adapter", help="The family of portals; found out when left out.")
@click.option("--organization", help="Id or name of the organisation to write into.")
@click.option("--title", help="What people call the portal.")
@click.option("--secret", help="Name of the setting or variable that holds the portal's key.")
@click.option("--rules", help="Rules, as a JSON object.")
def add(name: str, link: str, organization: str | None, **options: str | None) -> None:
    """Add the portal at LINK under NAME. Nothing is harvested yet."""
    given = {key: value for key, value in options.items() if value is not None}
    made = _act("emergent_portal_create", name=name, link=link, owner_org=organization, **given)
    click.echo(f"Added {made['name']}: {made['adapter']} at {made['link']}")


@portal.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(*, as_json: bool) -> None:
    """List all portals."""
    listed = _all_portals()
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for one in listed:
        state = one["last_run"]["state"] if one["last_run"] else "never harvested"
        click.echo(f"{one['name']}  {state}  {one['datasets']} datasets  {one['link']}")


@portal.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the portal NAME, as JSON."""
    shown = _act("emergent_portal_show", id=name)
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@portal.command()
@click.argument("name")
@click.confirmation_option(
    "--yes", "-y", prompt="Remove the portal and the history of its runs? Its datasets stay."
)
def remove(name: str) -> None:
    """Remove the portal NAME and its history. Its datasets stay."""
    _act("emergent_portal_delete", id=name)
    click.echo(f"Removed {name}")


@portal.command()
@click.argument("name")
def approve(name: str) -> None:
    """Let the held run of the portal NAME go on: what vanished there is meant to be gone.

    Exit code as of `ckan emergent harvest`.
    """
    runs = _act("emergent_run_list", portal=name, limit=1)["results"]
    if not runs or not approve_run(runs[0]["id"]):
        raise _Failure("The portal's last run is not held.")
    sys.exit(_carry_out(runs[0]["id"], as_json=False))


@emergent.command(short_help="Harvest a portal.")
@click.argument("name")
@click.option(
    "--preview", "only_preview", is_flag=True, help="Tell what would be done, do nothing."
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON, nothing else.")
def harvest(name: str, *, only_preview: bool, as_json: bool) -> None:
    """Harvest the portal NAME now, in this process.

    Exit code 0: clean; 1: with problems; 2: failed, or held for a decision.
    """
    found = _found(name)
    if only_preview:
        sys.exit(_preview(found.id, as_json=as_json))
    run_id = start_run(found.id, RunKind.MANUAL)
    sys.exit(_carry_out(run_id, as_json=as_json))


@emergent.command(short_help="Compare the search index with the database.")
@click.option("--repair", is_flag=True, help="Bring the index to what the database says.")
def index(*, repair: bool) -> None:
    """Tell which datasets the search index has lost, holds in an old form, or only imagines.

    Exit code 0: nothing, or all was repaired; 1: there is something to repair.
    """
    catalogue = Catalogue(_site_user())
    try:
        drift = catalogue.check_index()
        mended = catalogue.repair_index(drift.all, at_once=True).mended if repair else ()
    except IndexUnavailableError as error:
        raise _Failure(f"The search index does not answer: {error}") from None
    for word, ids in (("missing", drift.missing), ("stale", drift.stale), ("ghost", drift.ghosts)):
        for dataset_id in sorted(ids):
            click.echo(f"{word}  {dataset_id}")
    click.echo(f"{len(drift.all)} differ · {len(mended)} repaired")
    sys.exit(WITH_PROBLEMS if drift.all - set(mended) else CLEAN)


def _carry_out(run_id: str, *, as_json: bool) -> int:
    terminal = Terminal(quiet=as_json)
    try:
        with terminal:
            state = carry_out(run_id, terminal)
    except RunBusyError:
        raise _Failure("Another worker is at this portal. Wait for its end.") from None
    except LeaseLostError:
        raise _Failure("The run was stopped, or taken over by another worker.") from None
    run = _act("emergent_run_show", id=run_id)
    click.echo(json.dumps(run, ensure_ascii=False) if as_json else summary(state, run["counts"]))
    return exit_code(state, run["counts"])


def _preview(portal_id: str, *, as_json: bool) -> int:
    with Terminal(quiet=as_json) as terminal:
        told = preview(portal_id, terminal)
    if as_json:
        click.echo(json.dumps(told.as_dict(), ensure_ascii=False))
    else:
        for line in preview_lines(told.lines):
            click.echo(line)
        click.echo(summary(told.state, told.counts))
    return exit_code(told.state, told.counts)


def exit_code(state: RunState, counts: Mapping[str, int]) -> int:
    """What the shell is told about a run."""
    if state is not RunState.FINISHED:
        return FAILED
    return WITH_PROBLEMS if counts.get(PROBLEMS) else CLEAN


def _found(name: str) -> Any:
    try:
        return portals.get(name)
    except tk.ObjectNotFound as error:
        raise _Failure(str(error)) from None


def _all_portals() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    while True:
        page = _act("emergent_portal_list", limit=1000, offset=len(listed))
        listed += page["results"]
        if not page["results"] or len(listed) >= page["count"]:
            return listed


def _act(action: str, **parameters: Any) -> Any:
    """Call an action as the hub itself; what it refuses is said in its own sentences."""
    try:
        return tk.get_action(action)({"user": _site_user(), "ignore_auth": True}, parameters)
    except tk.ValidationError as error:
        told = (f"{key}: {text}" for key, texts in error.error_dict.items() for text in texts)
        raise _Failure("\n".join(told)) from None
    except tk.ObjectNotFound as error:
        raise _Failure(str(error)) from None


def _site_user() -> str:
    return str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])


class _Failure(click.ClickException):
    """Said on standard error; ends the command."""

    exit_code = FAILED
