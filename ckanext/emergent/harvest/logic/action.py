"""Actions on portals, runs and problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import authz, model

from ckanext.emergent.harvest import portals, problems, shown
from ckanext.emergent.harvest.finding import found_at
from ckanext.emergent.harvest.jobs import QueueUnavailableError, enqueue
from ckanext.emergent.harvest.logic import schema
from ckanext.emergent.harvest.model import LinkedRecord, Portal, Run, RunKind
from ckanext.emergent.harvest.preview import preview
from ckanext.emergent.harvest.run import start_run
from ckanext.emergent.harvest.steps.ownership import hand_on
from ckanext.emergent.telling import refusal

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
    from ckan.types import Context, DataDict, Schema
else:
    import ckantoolkit as tk

__all__ = [
    "emergent_harvest_run",
    "emergent_portal_create",
    "emergent_portal_delete",
    "emergent_portal_list",
    "emergent_portal_show",
    "emergent_portal_update",
    "emergent_problem_list",
    "emergent_run_list",
    "emergent_run_show",
]


def emergent_portal_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add a portal, to harvest its records. Nothing is harvested yet.

    You must be an administrator of the organisation.

    :param name: the portal's name here: small letters, digits, `-` and `_`
    :type name: string
    :param link: any link of the portal, http or https, without any password or key
    :type link: string
    :param owner_org: id or name of the organisation that the portal writes into
    :type owner_org: string
    :param title: what people call the portal (optional, default: the name)
    :type title: string
    :param adapter: the family of portals (optional; without it the link is opened to find out)
    :type adapter: string
    :param rules: `default_challenges` (list of slugs), `default_tags` (list), `ceiling` (the most
        open level that its records may have), `keep_fields` (fields never to overwrite) (optional)
    :type rules: dictionary
    :param secret: name of the setting (`ckanext.emergent.secret.…`) or environment variable
        (`EMERGENT_SECRET_…`) that holds the portal's key; sysadmins only (optional)
    :type secret: string
    :param state: `active` or `paused` (optional, default: `active`)
    :type state: string

    :returns: the portal, as `emergent_portal_show` does
    :rtype: dictionary
    """
    tk.check_access("emergent_portal_create", context, data_dict)
    values = _validated(schema.portal_create(), data_dict, context)
    if not values.get("adapter"):
        values |= found_at(values["link"])
        _refuse_known_address(values["link"])
    portal = Portal(**{"title": values["name"], **values})
    model.Session.add(portal)
    model.Session.commit()
    return _show(portal, context)


def emergent_portal_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change a portal; what is not given stays as it is.

    You must be an administrator of its organisation. Sysadmins only may give it to another
    organisation or name a secret.

    :param id: id or name of the portal
    :type id: string

    Other parameters as in `emergent_portal_create`.

    :returns: the portal, as `emergent_portal_show` does
    :rtype: dictionary
    """
    tk.check_access("emergent_portal_update", context, data_dict)
    portal = portals.get(data_dict.get("id"))
    known: Any = {**context, "emergent_portal": portal.id}
    values = _validated(schema.portal_update(), data_dict, known)
    for key, value in values.items():
        setattr(portal, key, value)
    model.Session.commit()
    return _show(portal, context)


def emergent_portal_delete(context: Context, data_dict: DataDict) -> None:
    """Remove a portal and the history of its runs. Its datasets stay.

    You must be an administrator of its organisation. A run that is under way ends. A dataset that
    another portal lists as well is kept true to that one from now on.

    :param id: id or name of the portal
    :type id: string
    """
    tk.check_access("emergent_portal_delete", context, data_dict)
    portal = portals.get(data_dict.get("id"))
    hand_on(model.Session, sa.select(LinkedRecord.id).where(LinkedRecord.portal_id == portal.id))
    model.Session.execute(sa.delete(Portal).where(Portal.id == portal.id))
    model.Session.commit()


@tk.side_effect_free
def emergent_portal_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a portal.

    :param id: id or name of the portal
    :type id: string

    :returns: `id`, `name`, `title`, `link`, `adapter`, `owner_org`, `state`, `created`, `datasets`
        (how many are in sight), `last_run`, `last_success`; to those who manage the portal also
        `rules`, `schedule`, `secret` (the name, never the value), `read_until`, `due`, `modified`
    :rtype: dictionary
    """
    tk.check_access("emergent_portal_show", context, data_dict)
    return _show(portals.get(data_dict.get("id")), context)


@tk.side_effect_free
def emergent_portal_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List portals, by title.

    :param owner_org: id or name of an organisation: only its portals (optional)
    :type owner_org: string
    :param limit: how many at most (optional, default: 100, at most 1,000)
    :type limit: int
    :param offset: how many to leave out from the start (optional, default: 0)
    :type offset: int

    :returns: `count` and `results`, each as in `emergent_portal_show`
    :rtype: dictionary
    """
    tk.check_access("emergent_portal_list", context, data_dict)
    asked = _validated(schema.portal_list(), data_dict, context)
    wanted = []
    if asked.get("owner_org"):
        wanted.append(Portal.owner_org == portals.organisation_id(asked["owner_org"]))
    number, page = _page(Portal, wanted, (Portal.title, Portal.name), asked)
    managed = {portal.id for portal in page if _manages(context, portal)}
    return shown.counted(number, shown.portals(page, managed))


def emergent_harvest_run(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Harvest a portal now, or only see what that would do.

    You must be an administrator of the portal's organisation. A worker carries the run out; when
    one is open already, it is that one that is shown.

    :param id: id or name of the portal
    :type id: string
    :param preview: read the portal and tell what a run would do, without saving anything; the
        answer comes when all is read (optional, default: false)
    :type preview: boolean

    :returns: the run, as `emergent_run_show` does; of a preview `state`, `counts`, `lines` (for
        each record that is not unchanged: `identifier`, `title`, `outcome`, `changes`, `kept`)
        and `problems`
    :rtype: dictionary
    """
    tk.check_access("emergent_harvest_run", context, data_dict)
    asked = _validated(schema.harvest_run(), data_dict, context)
    portal = portals.get(asked["id"])
    if asked["preview"]:
        return preview(portal.id).as_dict()
    run_id = start_run(portal.id, RunKind.MANUAL, context.get("user") or None)
    try:
        enqueue(run_id)
    except QueueUnavailableError as error:
        raise tk.ValidationError({"id": [refusal("queue_unavailable", "id")]}) from error
    return shown.run(_run(run_id), in_full=True)


@tk.side_effect_free
def emergent_run_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a run of a portal.

    :param id: id of the run
    :type id: string

    :returns: `id`, `portal_id`, `kind`, `state`, `created`, `started`, `finished`, `total` (how
        many records the portal says it has, if it does), `counts` (by outcome, and `problems`);
        to those who manage the portal also `user`, `worker`, `heartbeat`
    :rtype: dictionary
    """
    tk.check_access("emergent_run_show", context, data_dict)
    run = _run(data_dict.get("id"))
    return shown.run(run, in_full=_manages(context, portals.get(run.portal_id)))


@tk.side_effect_free
def emergent_run_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List runs, the newest first.

    :param portal: id or name of a portal: only its runs (optional)
    :type portal: string
    :param state: only runs in this state (optional)
    :type state: string
    :param limit: how many at most (optional, default: 100, at most 1,000)
    :type limit: int
    :param offset: how many to leave out from the start (optional, default: 0)
    :type offset: int

    :returns: `count` and `results`, each as in `emergent_run_show`
    :rtype: dictionary
    """
    tk.check_access("emergent_run_list", context, data_dict)
    asked = _validated(schema.run_list(), data_dict, context)
    wanted, in_full = [], authz.is_sysadmin(context.get("user"))
    if asked.get("portal"):
        portal = portals.get(asked["portal"])
        wanted.append(Run.portal_id == portal.id)
        in_full = _manages(context, portal)
    if asked.get("state"):
        wanted.append(Run.state == asked["state"])
    number, page = _page(Run, wanted, (Run.created.desc(),), asked)
    return shown.counted(number, [shown.run(run, in_full=in_full) for run in page])


@tk.side_effect_free
def emergent_problem_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what is wrong with portals' records, in words, the newest first.

    Those who do not manage the portal see nothing about private or retired datasets, nor about
    what the portal does not show to everybody.

    :param portal: id or name of a portal: what is wrong there now (optional)
    :type portal: string
    :param run: id of a run: what it found (optional)
    :type run: string
    :param identifier: the portal's own key of a record (optional)
    :type identifier: string
    :param code: only problems of this kind (optional)
    :type code: string
    :param severity: `note`, `warning` or `error` (optional)
    :type severity: string
    :param limit: how many at most (optional, default: 100, at most 1,000)
    :type limit: int
    :param offset: how many to leave out from the start (optional, default: 0)
    :type offset: int

    :returns: `count` and `results`: for each problem `id`, `run_id`, `portal_id`, `identifier`,
        `title` and `link` of the record, `code`, `severity`, `field`, `received`, `says` (what
        was received and what it means), `to_do`, `created`
    :rtype: dictionary
    """
    tk.check_access("emergent_problem_list", context, data_dict)
    asked = _validated(schema.problem_list(), data_dict, context)
    managed = _manages_all(context)
    if asked.get("run"):
        run = _run(asked["run"])
        asked |= {"run_id": run.id, "portal": run.portal_id}
    if asked.get("portal"):
        portal = portals.get(asked["portal"])
        asked["portal_id"], managed = portal.id, _manages(context, portal)
    number, rows = problems.find(asked, managed=managed)
    return shown.counted(number, [shown.problem(row, in_full=managed) for row in rows])


def _validated(rules: Schema, data_dict: DataDict, context: Context) -> dict[str, Any]:
    values, errors = tk.navl_validate(data_dict, rules, context)
    if errors:
        raise tk.ValidationError(errors)
    return values


def _refuse_known_address(link: str) -> None:
    """The address that was found behind a link may be a known one, where the link was not."""
    other = portals.at_address(link)
    if other is not None:
        raise tk.ValidationError({"link": [refusal("portal_known", "link", link, name=other.name)]})


def _show(portal: Portal, context: Context) -> dict[str, Any]:
    managed = {portal.id} if _manages(context, portal) else frozenset()
    return shown.portals([portal], managed)[0]


def _manages(context: Context, portal: Portal) -> bool:
    if _manages_all(context):
        return True
    user = context.get("user")
    return bool(user) and authz.has_user_permission_for_group_or_org(
        portal.owner_org, user, "admin"
    )


def _manages_all(context: Context) -> bool:
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user"))


def _run(run_id: Any) -> Any:
    """Raises `ObjectNotFound`."""
    found = model.Session.get(Run, run_id) if isinstance(run_id, str) and run_id else None
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such run."))
    return found


def _page(
    kind: Any, wanted: list[Any], order: Iterable[Any], asked: dict[str, Any]
) -> tuple[int, list[Any]]:
    number = model.Session.scalar(sa.select(sa.func.count()).select_from(kind).where(*wanted))
    rows = sa.select(kind).where(*wanted).order_by(*order)
    page = rows.limit(asked["limit"]).offset(asked["offset"])
    return int(number or 0), list(model.Session.scalars(page))
