"""The catalogue: datasets written in batches, isolated from each other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from ckan import logic, model
from sqlalchemy.exc import DBAPIError

from ckanext.emergent.harvest.catalogue import plain, refusals
from ckanext.emergent.harvest.catalogue.index import Index, IndexUnavailableError
from ckanext.emergent.harvest.catalogue.write import Write, Written

log = logging.getLogger(__name__)

Alongside = Callable[[tuple[Written, ...]], None]


class Catalogue:
    """CKAN's datasets, for one user's writing."""

    def __init__(self, user: str, *, session: Any = model.Session) -> None:
        self._user = user
        self._session = session
        self._index = Index()

    def write(self, writes: Sequence[Write], alongside: Alongside) -> tuple[Written, ...]:
        """Write datasets; the answers in the order of the writes.

        `alongside` is called in each transaction just before its commit, with what this
        transaction writes; what it adds to the session is committed with the datasets, or not
        at all. After a failure it is called again, for what is written again.
        """
        written = tuple(self._write_plainly(write, alongside) for write in writes)
        try:
            self._index.commit()
        except IndexUnavailableError as error:
            log.warning("Solr did not commit: %s", error)
        return written

    def _write_plainly(self, write: Write, alongside: Alongside) -> Written:
        """Write one dataset in a transaction of its own."""
        try:
            return self._placed(write, alongside)
        except logic.ValidationError as error:
            self._session.rollback()
            return _refused(write, refusals.from_validation(error.error_dict, write.dataset))
        except logic.NotFound:
            self._session.rollback()
            return _refused(write, refusals.dataset_gone())
        except Exception as error:
            # Any plugin's hook may raise anything: it costs this dataset, not the batch.
            self._session.rollback()
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            log.exception("Dataset of %s was not written", write.key)
            return _refused(write, refusals.from_exception(error))

    def _placed(self, write: Write, alongside: Alongside) -> Written:
        dataset_id = plain.place(write, self._user)
        shown, document = plain.read_back(dataset_id, self._user)
        written = Written(write.key, dataset_id, shown)
        alongside((written,))
        try:
            refused = self._index.post([document])
        except IndexUnavailableError as error:
            log.warning("Dataset %s is not indexed yet: %s", dataset_id, error)
            refused = {}
        if refused:
            self._session.rollback()
            return _refused(write, refusals.from_index(refused[dataset_id]))
        self._session.commit()
        return written


def _refused(write: Write, problems: tuple[Any, ...]) -> Written:
    dataset_id = write.dataset.get("id") if write.exists else None
    return Written(write.key, dataset_id, None, problems)
