"""What each problem says to people: what was received, what it means, what to do.

One table, in sections by area; whoever makes a new problem code adds its sentence here. The
texts are marked for translation and translated where they are shown:

    told = sentence(problem, translate=tk._)

Placeholders are `{received}`, `{field}` and the problem's own values. Pure: needs no gettext.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ckanext.emergent.msgid import N_
from ckanext.emergent.problem import Problem


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template: what the problem says, and what to do about it."""

    says: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with its values filled in, translated."""

    says: str
    to_do: str


def sentence(problem: Problem, translate: Callable[[str], str] = str) -> Told:
    """Tell a problem in words; a code without a sentence is told as the code itself.

    A code can be older than this table (problems are kept with their runs), so that an unknown
    one must not break the page that shows it.
    """
    found = SENTENCES.get(problem.code)
    if found is None:
        return Told(says=problem.code, to_do="")
    values = _values(problem)
    return Told(
        says=translate(found.says).format_map(values),
        to_do=translate(found.to_do).format_map(values),
    )


def _values(problem: Problem) -> defaultdict[str, str]:
    """What the placeholders stand for; one that was not given is shown as a dash."""
    values = defaultdict(lambda: "–", problem.values)
    if problem.field is not None:
        values["field"] = problem.field
    if problem.received is not None:
        values["received"] = problem.received
    return values


SENTENCES: dict[str, Sentence] = {
    # --- spectrum: who has access, and the level -------------------------------------------
    "access_not_stated": Sentence(
        N_("The portal does not say who can get this data, so it has no level yet."),
        N_("The publisher, or the steward here, says where it sits on the Data Spectrum."),
    ),
    # --- licences --------------------------------------------------------------------------
    # --- mapping ---------------------------------------------------------------------------
    # --- fetch -----------------------------------------------------------------------------
    # --- detect and adapters ---------------------------------------------------------------
    # --- harvest: runs, merge, catalogue ---------------------------------------------------
    "value_not_accepted": Sentence(
        N_("“{field}” cannot be saved as “{received}”: {reason}"),
        N_("Correct it at the portal. The dataset comes in when the record is right."),
    ),
    "dataset_not_saved": Sentence(
        N_("The hub's database did not take this dataset: {reason}"),
        N_("Look for unusual characters in the record, or for another dataset in its place."),
    ),
    "dataset_not_indexed": Sentence(
        N_("The search index did not take this dataset, so it was not saved: {reason}"),
        N_("Look for a text that is far too long, or a date that is none, and shorten or mend it."),
    ),
    "dataset_gone": Sentence(
        N_("The dataset of this record is not there any more: somebody removed it for good."),
        N_("Nothing, if that was meant. Else detach the record, and the next run makes a new one."),
    ),
    # --- schemas and forms -----------------------------------------------------------------
    # --- hub -------------------------------------------------------------------------------
}
