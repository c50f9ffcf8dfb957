"""The catalogue: datasets written in batches, isolated from each other."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from ckan import logic, model
from sqlalchemy.exc import DBAPIError

from ckanext.emergent.harvest import config
from ckanext.emergent.harvest.catalogue import names, plain, refusals, route, show, validate
from ckanext.emergent.harvest.catalogue.batch import Alongside, RefusedByIndexError, attempt
from ckanext.emergent.harvest.catalogue.index import Index, IndexUnavailableError
from ckanext.emergent.harvest.catalogue.place import load
from ckanext.emergent.harvest.catalogue.write import Write, Written

log = logging.getLogger(__name__)

# Batches that fail are halved; so few are not worth halving.
_FEW = 4

Answers = dict[int, Written]


class Catalogue:
    """CKAN's datasets, for one user's writing. Raises `LookupError` if there is no such user."""

    def __init__(self, user: str) -> None:
        found = model.User.get(user)
        if found is None:
            raise LookupError(f"There is no user {user}")
        self._user = found
        self._index = Index()

    def show(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Dataset id -> what `package_show` answers, deleted datasets included.

        Those that do not exist are left out. A few queries for all of them.
        """
        packages = list(load(ids).values())
        context = validate.context_for(self._user.name)
        return show.shown(packages, self._index, context) if packages else {}

    def free_names(self, titles: Sequence[str]) -> tuple[str, ...]:
        """For each title a name that no dataset has, each another one."""
        return names.free_names(titles)

    def write(self, writes: Sequence[Write], alongside: Alongside) -> tuple[Written, ...]:
        """Write datasets in one transaction; the answers in the order of the writes.

        `alongside` is called just before the commit with what the transaction writes: what it
        adds to the session is committed with the datasets, or not at all. Normally that is once.
        When the database or the search index refuses something, the transaction is undone and
        the rest written again in smaller ones, each with its own call. Raises only what concerns
        every dataset: a lost database, say.
        """
        numbered = list(enumerate(writes))
        if config.plain_writes() or route.replaced_actions():
            answers = self._plainly(numbered, alongside)
        else:
            answers = self._in_bulk(numbered, alongside)
        self._publish()
        return tuple(answers[position] for position, _ in numbered)

    def _in_bulk(self, numbered: Sequence[tuple[int, Write]], alongside: Alongside) -> Answers:
        if not numbered:
            return {}
        try:
            done = attempt([write for _, write in numbered], self._user, self._index, alongside)
        except RefusedByIndexError as error:
            model.Session.rollback()
            return self._without_refused(numbered, error.reasons, alongside)
        except Exception as error:  # noqa: BLE001 - any plugin's hook may raise anything
            self._recover(error)
            return self._in_halves(numbered, alongside)
        answers = {numbered[index][0]: written for index, written in done.answered.items()}
        return answers | self._plainly([numbered[index] for index in done.plain], alongside)

    def _without_refused(
        self, numbered: Sequence[tuple[int, Write]], reasons: dict[int, str], alongside: Alongside
    ) -> Answers:
        refused = {
            numbered[index][0]: refusals.refused(numbered[index][1], refusals.from_index(why))
            for index, why in reasons.items()
        }
        rest = [one for index, one in enumerate(numbered) if index not in reasons]
        return refused | self._in_bulk(rest, alongside)

    def _in_halves(self, numbered: Sequence[tuple[int, Write]], alongside: Alongside) -> Answers:
        if len(numbered) <= _FEW:
            return self._plainly(numbered, alongside)
        middle = len(numbered) // 2
        first = self._in_bulk(numbered[:middle], alongside)
        return first | self._in_bulk(numbered[middle:], alongside)

    def _plainly(self, numbered: Sequence[tuple[int, Write]], alongside: Alongside) -> Answers:
        return {position: self._one_plainly(write, alongside) for position, write in numbered}

    def _one_plainly(self, write: Write, alongside: Alongside) -> Written:
        """Write one dataset in a transaction of its own."""
        try:
            return plain.write(write, self._user.name, self._index, alongside)
        except logic.ValidationError as error:
            model.Session.rollback()
            problems = refusals.from_validation(error.error_dict, write.dataset)
        except plain.GoneError:
            model.Session.rollback()
            problems = refusals.dataset_gone()
        except RefusedByIndexError as error:
            model.Session.rollback()
            problems = refusals.from_index(error.reasons[0])
        except Exception as error:  # noqa: BLE001 - any plugin's hook may raise anything
            self._recover(error)
            log.warning("The dataset of %s was not written: %s", write.key, error)
            problems = refusals.from_exception(error)
        return refusals.refused(write, problems)

    def _recover(self, error: Exception) -> None:
        """Undo the transaction; a lost connection concerns every dataset, and is raised."""
        model.Session.rollback()
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise error

    def _publish(self) -> None:
        try:
            self._index.commit()
        except IndexUnavailableError as error:
            log.warning("Solr did not commit; it will with the next batch: %s", error)
