"""Finding problems: of a portal, of a run, page by page, and only what a caller may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.emergent.harvest.model import LinkedRecord, ProblemRow

_PROBLEMS = ProblemRow.__table__
_LINKS = LinkedRecord.__table__
#: Problems that say that something exists which its portal does not show to everybody.
_PRIVATE_CODES = ("not_public_at_portal", "withdrawn_by_portal")


def find(asked: Mapping[str, Any], *, managed: bool) -> tuple[int, list[Any]]:
    """How many problems there are, and one page of them, the newest first.

    `asked` has `limit` and `offset` and may name `portal_id`, `run_id`, `code`, `severity` and
    `identifier`. Those who do not manage the portal see nothing of datasets that are private or
    out of sight.
    """
    names = ("portal_id", "run_id", "code", "severity", "identifier")
    wanted = [_PROBLEMS.c[name] == asked[name] for name in names if asked.get(name)]
    if not managed:
        wanted.append(_everybody_may_see())
    number = model.Session.scalar(sa.select(sa.func.count()).select_from(_PROBLEMS).where(*wanted))
    rows = sa.select(_PROBLEMS).where(*wanted).order_by(_PROBLEMS.c.id.desc())
    page = rows.limit(asked["limit"]).offset(asked["offset"])
    return int(number or 0), list(model.Session.execute(page))


def _everybody_may_see() -> Any:
    """About the run itself, about a record that never came in, or about a dataset in sight."""
    linked = sa.and_(
        _LINKS.c.portal_id == _PROBLEMS.c.portal_id, _LINKS.c.identifier == _PROBLEMS.c.identifier
    )
    dataset = model.Package.__table__
    in_sight = sa.and_(
        dataset.c.id == _LINKS.c.dataset_id,
        dataset.c.state == model.State.ACTIVE,
        sa.not_(dataset.c.private),
    )
    return sa.or_(
        _PROBLEMS.c.identifier.is_(None),
        sa.and_(
            _PROBLEMS.c.code.not_in(_PRIVATE_CODES),
            sa.or_(
                sa.not_(sa.exists().where(linked)),
                sa.exists().where(linked, in_sight),
            ),
        ),
    )
