"""Problems: what was wrong with a record, a dataset or a run, as a code and its values.

Pure code raises or collects problems; the sentence is composed where it is shown, from the
tables in `problem_sentences.py`, so that nothing here needs gettext.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """How much a problem costs: nothing, a closer look, or what it is about."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that somebody should know, about one record or a whole run.

    `code` is a key of `problem_sentences.SENTENCES`; `field` the field it is about, in the
    publisher's own words; `received` what was sent, shortened to 500 characters; `values` what
    else the sentence needs.
    """

    code: str
    severity: Severity = Severity.WARNING
    field: str | None = None
    received: str | None = None
    values: tuple[tuple[str, str], ...] = ()


RECEIVED_LIMIT = 500


def problem(
    code: str,
    field: str | None = None,
    received: object = None,
    *,
    severity: Severity = Severity.WARNING,
    **values: object,
) -> Problem:
    """Make a `Problem`, shortening what was received and writing every value as text."""
    text = None if received is None else str(received)
    if text is not None and len(text) > RECEIVED_LIMIT:
        text = text[: RECEIVED_LIMIT - 1] + "…"
    return Problem(
        code=code,
        severity=severity,
        field=field,
        received=text,
        values=tuple(sorted((key, str(value)) for key, value in values.items())),
    )
