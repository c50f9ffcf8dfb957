"""Isolation: what fails in a batch is found, and costs itself only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from ckan import logic, model
from sqlalchemy.exc import DBAPIError

from ckanext.emergent.harvest.catalogue import refusals
from ckanext.emergent.harvest.catalogue.batch import Attempt, CallerError, RefusedByIndexError
from ckanext.emergent.harvest.catalogue.plain import GoneError
from ckanext.emergent.harvest.catalogue.validate import EditedMeanwhileError
from ckanext.emergent.harvest.catalogue.write import Write, Written

log = logging.getLogger(__name__)

# Batches that fail are halved; so few are not worth halving.
_FEW = 4

Numbered = Sequence[tuple[int, Write]]
Answers = dict[int, Written]


class Isolated:
    """Writes many together, and alone what cannot be written together.

    `together` tries a batch in one transaction, `alone` one dataset; both raise what they like.
    An error of the caller's own, or a lost connection, concerns all and is raised.
    """

    def __init__(
        self,
        together: Callable[[Sequence[Write]], Attempt],
        alone: Callable[[Write], Written],
    ) -> None:
        self._together = together
        self._alone = alone

    def write(self, numbered: Numbered) -> Answers:
        """Position -> answer, for each position given."""
        if not numbered:
            return {}
        try:
            done = self._together([write for _, write in numbered])
        except RefusedByIndexError as error:
            model.Session.rollback()
            return self._without(error.reasons, numbered)
        except Exception as error:  # noqa: BLE001 - any plugin's hook may raise anything
            _recover(error)
            return self._in_halves(numbered)
        answers = {numbered[index][0]: written for index, written in done.answered.items()}
        return answers | self.write_alone([numbered[index] for index in done.plain])

    def write_alone(self, numbered: Numbered) -> Answers:
        """The same, each in a transaction of its own."""
        return {position: self._one(write) for position, write in numbered}

    def _without(self, reasons: dict[int, str], numbered: Numbered) -> Answers:
        refused = {
            numbered[index][0]: refusals.refused(numbered[index][1], refusals.from_index(why))
            for index, why in reasons.items()
        }
        return refused | self.write([one for i, one in enumerate(numbered) if i not in reasons])

    def _in_halves(self, numbered: Numbered) -> Answers:
        if len(numbered) <= _FEW:
            return self.write_alone(numbered)
        middle = len(numbered) // 2
        first = self.write(numbered[:middle])
        return first | self.write(numbered[middle:])

    def _one(self, write: Write) -> Written:
        try:
            return self._alone(write)
        except logic.ValidationError as error:
            model.Session.rollback()
            problems = refusals.from_validation(error.error_dict, write.dataset)
        except GoneError:
            model.Session.rollback()
            problems = refusals.dataset_gone()
        except EditedMeanwhileError:
            model.Session.rollback()
            problems = refusals.edited_meanwhile()
        except RefusedByIndexError as error:
            model.Session.rollback()
            problems = refusals.from_index(error.reasons[0])
        except Exception as error:  # noqa: BLE001 - any plugin's hook may raise anything
            _recover(error)
            log.warning("The dataset of %s was not written: %s", write.key, error)
            problems = refusals.from_exception(error)
        return refusals.refused(write, problems)


def _recover(error: Exception) -> None:
    """Undo the transaction; what concerns every dataset is raised again."""
    model.Session.rollback()
    if isinstance(error, CallerError):
        raise error.error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error
