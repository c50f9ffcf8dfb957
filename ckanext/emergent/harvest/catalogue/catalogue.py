"""The catalogue: the one door to CKAN's datasets and search index."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from ckan import model

from ckanext.emergent.harvest import config
from ckanext.emergent.harvest.catalogue import batch, drift, names, plain, route, show, states
from ckanext.emergent.harvest.catalogue.batch import Alongside
from ckanext.emergent.harvest.catalogue.drift import Drift, Ledger, Repaired
from ckanext.emergent.harvest.catalogue.index import Index, IndexUnavailableError
from ckanext.emergent.harvest.catalogue.isolate import Isolated
from ckanext.emergent.harvest.catalogue.place import load
from ckanext.emergent.harvest.catalogue.validate import context_for
from ckanext.emergent.harvest.catalogue.write import Write, Written

log = logging.getLogger(__name__)


class Catalogue:
    """CKAN's datasets, for one user's writing. Raises `LookupError` if there is no such user.

    Works in CKAN's session. Reading leaves its transaction open; `write`, `retire` and `restore`
    commit, and undo what was open when something fails: begin them with nothing half done.
    """

    def __init__(self, user: str) -> None:
        found = model.User.get(user)
        if found is None:
            raise LookupError(f"There is no user {user}")
        self._name: str = found.name
        self._index = Index()
        self._ledger = Ledger()

    def show(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Dataset id -> what `package_show` answers, deleted datasets included.

        Those that do not exist are left out. A few queries for all of them.
        """
        packages = list(load(ids).values())
        return show.shown(packages, self._index, context_for(self._name)) if packages else {}

    def free_names(self, titles: Sequence[str]) -> tuple[str, ...]:
        """For each title a name that no dataset has, each another one."""
        return names.free_names(titles)

    def write(self, writes: Sequence[Write], alongside: Alongside) -> tuple[Written, ...]:
        """Write datasets in one transaction; the answers in the order of the writes.

        `alongside` is called just before the commit with what the transaction writes, and with
        what needs no writing: what it adds to the session is committed with the datasets, or not
        at all. Normally that is once. When the database or the search index refuses something,
        the transaction is undone and the rest written again in smaller ones, each with its own
        call. Raises what `alongside` raises (but for errors of the database, which are isolated
        like all others), and `DBAPIError` when the connection is lost.
        """
        return self._isolated(
            writes,
            Isolated(
                together=lambda some: batch.attempt(some, self._means(alongside)),
                alone=lambda one: plain.write(one, self._means(alongside)),
            ),
        )

    def retire(self, ids: Sequence[str], alongside: Alongside) -> tuple[Written, ...]:
        """Take datasets out of search and index; nothing of them is lost. As `write`."""
        return self._set_state(ids, "deleted", alongside)

    def restore(self, ids: Sequence[str], alongside: Alongside) -> tuple[Written, ...]:
        """Bring retired datasets back as they were. As `write`."""
        return self._set_state(ids, "active", alongside)

    def check_index(self) -> Drift:
        """Compare all datasets with the search index. Raises `IndexUnavailableError`."""
        return drift.check(self._index)

    def repair_index(self, also: Iterable[str] = (), *, at_once: bool = False) -> Repaired:
        """Index what is owed, and `also` others. Raises `IndexUnavailableError`.

        What other workers have in flight is left alone, unless `at_once`.
        """
        return drift.repair(self._name, self._index, also=also, at_once=at_once)

    def _set_state(
        self, ids: Sequence[str], state: str, alongside: Alongside
    ) -> tuple[Written, ...]:
        if self._writes_plainly():
            shown = self.show(ids)
            writes = [
                Write(one, {**shown.get(one, {"id": one}), "state": state}, True) for one in ids
            ]
            return self.write(writes, alongside)

        def together(some: Sequence[Write]) -> batch.Attempt:
            return states.attempt(some, state, self._means(alongside))

        writes = [Write(one, {"id": one}, exists=True) for one in ids]
        alone = Isolated(together, alone=lambda one: together([one]).answered[0])
        return self._isolated(writes, alone)

    def _isolated(self, writes: Sequence[Write], isolated: Isolated) -> tuple[Written, ...]:
        numbered = list(enumerate(writes))
        alone = self._writes_plainly()
        answers = isolated.write_alone(numbered) if alone else isolated.write(numbered)
        self._publish()
        return tuple(answers[position] for position, _ in numbered)

    def _writes_plainly(self) -> bool:
        return config.plain_writes() or bool(route.replaced_actions())

    def _means(self, alongside: Alongside) -> batch.Means:
        """Gathered for each batch: after a rollback what the session had cannot be relied on."""
        user = model.User.get(self._name)
        if user is None:
            raise LookupError(f"There is no user {self._name}")
        return batch.Means(user, self._index, self._ledger, alongside)

    def _publish(self) -> None:
        """Let searchers see what was posted, and nothing of what failed after it was posted."""
        try:
            drift.mend(self._name, self._index, self._ledger)
            self._index.commit()
        except IndexUnavailableError as error:
            log.warning("The search index is behind until it is repaired: %s", error)
