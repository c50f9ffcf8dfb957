"""One attempt at writing a batch: judged, placed, told, posted, committed.

The order is that of `package_create` and `package_update`, each step for all datasets before the
next. Documents are posted before the database commits, as CKAN does it, so that what Solr
refuses is not kept either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan import logic, model
from ckan.lib import uploader
from sqlalchemy.exc import SQLAlchemyError

from ckanext.emergent.harvest.catalogue import (
    activity,
    drift,
    lookups,
    place,
    refusals,
    show,
    tags,
    tell,
    validate,
    views,
)
from ckanext.emergent.harvest.catalogue.index import (
    Document,
    Index,
    IndexUnavailableError,
    document,
)
from ckanext.emergent.harvest.catalogue.validate import Valid
from ckanext.emergent.harvest.catalogue.write import Write, Written

log = logging.getLogger(__name__)

Alongside = Callable[[tuple[Written, ...]], None]


class RefusedByIndexError(Exception):
    """Solr does not take some documents: dataset id -> reason. Nothing was committed."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__()
        self.reasons = reasons


class CallerError(Exception):
    """What `alongside` raised: no fault of any dataset."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(slots=True)
class Judged:
    """The batch after validation; positions are those in the batch."""

    valid: list[Valid] = field(default_factory=list)
    answered: dict[int, Written] = field(default_factory=dict)
    plain: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Placed:
    """A dataset whose rows are flushed."""

    valid: Valid
    shown: dict[str, Any]
    document: Document

    @property
    def package(self) -> model.Package:
        return self.valid.package


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt achieved; the positions in `plain` are left to CKAN's own actions."""

    answered: dict[int, Written]
    plain: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Means:
    """What a batch is written with."""

    user: model.User
    index: Index
    ledger: drift.Ledger
    alongside: Alongside


def attempt(writes: Sequence[Write], means: Means) -> Attempt:
    """Write a batch in one transaction.

    Raises `RefusedByIndexError`, `CallerError`, and whatever the database or a plugin raises; the
    caller rolls back and tries again with less.
    """
    found = lookups.fetch([write.dataset for write in writes])
    judged = _judge(writes, means, found)
    return complete(judged, _place(judged, means.user, found), means)


def complete(judged: Judged, changed: list[Valid], means: Means) -> Attempt:
    """Flush, tell, post and commit what is placed in the session; raises as `attempt`."""
    model.Session.flush()
    _tell_controllers(changed)
    model.Session.flush()
    placed = _read_back(changed, means.user)
    answered = judged.answered | {one.valid.position: _written(one) for one in placed}
    activities = activity.write(
        [activity.Happened(one.package, one.valid.action, one.shown) for one in placed],
        means.user,
    )
    add_alongside(means.alongside, [answered[position] for position in sorted(answered)])
    refused = post_and_commit([one.document for one in placed], means)
    if refused:
        positions = {one.package.id: one.valid.position for one in placed}
        raise RefusedByIndexError({positions[one]: why for one, why in refused.items()})
    _tell_the_rest(placed)
    for row in activities:
        activity.tell_of(row, means.user)
    return Attempt(answered, tuple(judged.plain))


def add_alongside(alongside: Alongside, answered: list[Written]) -> None:
    """Let the caller add what belongs to the datasets that arrive."""
    arrived = tuple(one for one in answered if one.arrived)
    if not arrived:
        return
    try:
        alongside(arrived)
    except SQLAlchemyError:
        raise
    except Exception as error:
        raise CallerError(error) from error
    model.Session.flush()


def _written(placed: Placed) -> Written:
    return Written(placed.valid.write.key, placed.package.id, placed.shown)


# --- judged


def _judge(writes: Sequence[Write], means: Means, found: lookups.Lookups) -> Judged:
    judged, user = Judged(), means.user
    packages = place.load((str(w.dataset.get("id")) for w in writes if w.exists), to_edit=True)
    context = validate.context_for(user.name, user)
    now = show.shown(list(packages.values()), means.index, context) if packages else {}
    for position, write in enumerate(writes):
        try:
            judged.valid.append(_judge_one(write, position, user, found, packages, now))
        except validate.NeedsPlainError:
            judged.plain.append(position)
        except validate.UnchangedError as error:
            judged.answered[position] = Written(write.key, write.dataset["id"], error.shown)
        except logic.ValidationError as error:
            problems = refusals.from_validation(error.error_dict, write.dataset)
            judged.answered[position] = refusals.refused(write, problems)
        except validate.EditedMeanwhileError:
            judged.answered[position] = refusals.refused(write, refusals.edited_meanwhile())
        except logic.NotFound:
            judged.answered[position] = refusals.refused(write, refusals.dataset_gone())
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - a validator may raise anything at odd values
            judged.answered[position] = refusals.refused(write, refusals.from_exception(error))
    return judged


def _judge_one(
    write: Write,
    position: int,
    user: model.User,
    found: lookups.Lookups,
    packages: dict[str, model.Package],
    now: dict[str, Any],
) -> Valid:
    if not write.exists:
        return validate.new(write, position, user, found)
    package = packages.get(str(write.dataset.get("id")))
    if package is None:
        raise logic.NotFound
    return validate.edited(write, position, user, found, package, now[package.id])


# --- placed


def _place(judged: Judged, user: model.User, found: lookups.Lookups) -> list[Valid]:
    """Those that change something, as rows."""
    found.tags = tags.find_or_make(
        name for valid in judged.valid for name in place.tag_names(valid.data)
    )
    members = place.members_of(v.package.id for v in judged.valid if v.write.exists)
    changed: list[Valid] = []
    links = place.Links()
    for valid in judged.valid:
        if not valid.write.exists:
            place.new(valid, user, found, links)
        elif not place.edited(valid, found, members.get(valid.package.id, ())):
            judged.answered[valid.position] = _as_before(valid)
            continue
        changed.append(valid)
    model.Session.flush()
    links.insert()
    return changed


def _as_before(valid: Valid) -> Written:
    return Written(valid.write.key, valid.package.id, valid.shown_before)


def _tell_controllers(changed: list[Valid]) -> None:
    plugins = views.default_plugins()
    for valid in changed:
        if valid.write.exists:
            _finish_resources(valid)
            tell.edited(valid.package, valid.context, valid.data)
        else:
            tell.created(valid.package, valid.context, valid.data)
            views.make(plugins, valid.context, valid.data)


def _finish_resources(valid: Valid) -> None:
    """Changed resources learn their ids, and uploaders what was saved."""
    rest = [r for i, r in enumerate(valid.package.resources) if i not in valid.copied]
    for given, upload, resource in zip(
        valid.changed_resources or (), valid.uploads, rest, strict=False
    ):
        given["id"] = resource.id
        upload.upload(resource.id, uploader.get_max_resource_size())


def _read_back(changed: list[Valid], user: model.User) -> list[Placed]:
    """Each dataset's document, and what `package_show` will answer once that is posted."""
    if not changed:
        return []
    packages = [valid.package for valid in changed]
    pairs = show.pairs(packages, validate.context_for(user.name, user))
    documents = {one: document(pair.plain, pair.shown) for one, pair in pairs.items()}
    shown = show.gone_as_activity_sees([p for p in packages if documents[p.id].body is None])
    for package in packages:
        if package.id not in shown:
            kept = show.kept(pairs[package.id].shown)
            shown[package.id] = show.as_activity_sees(package, kept)
    return [
        Placed(valid, shown[valid.package.id], documents[valid.package.id]) for valid in changed
    ]


# --- posted, committed, told


def post_and_commit(documents: Sequence[Document], means: Means) -> dict[str, str]:
    """Commit, unless Solr refuses some: dataset id -> reason. An absent Solr refuses nothing."""
    if not documents:
        model.Session.commit()
        return {}
    ledger = means.ledger
    batch = ledger.note([one.dataset_id for one in documents])
    try:
        refused = means.index.post(documents)
    except IndexUnavailableError as error:
        log.warning("%d datasets are not in the search index yet: %s", len(documents), error)
    else:
        if refused:
            return refused
        ledger.settle(batch)
    model.Session.commit()
    ledger.close(batch)
    return {}


def _tell_the_rest(placed: list[Placed]) -> None:
    """The signal of each action, when its dataset is there to be read."""
    muted = activity.receivers()
    for one in placed:
        context = one.valid.context
        if one.valid.action == "package_update":
            context.setdefault("changed_entities", {}).setdefault("packages", set()).add(
                one.package.id
            )
        try:
            tell.succeeded_except(muted, one.valid.action, context, one.valid.given, one.shown)
        except Exception:
            # Any plugin may raise; the dataset is committed, and the others wait for their turn.
            log.exception("A plugin failed after %s of %s", one.valid.action, one.package.id)
