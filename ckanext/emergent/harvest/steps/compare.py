"""A page of records against what is known: unchanged ones cost a hash, the others are mapped."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from ckanext.emergent import mapping
from ckanext.emergent.harvest.landing import page_of
from ckanext.emergent.harvest.model import LinkState, Outcome
from ckanext.emergent.harvest.report import Line, Report
from ckanext.emergent.harvest.steps.staging import Staged
from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.errors import SkippableError
from ckanext.emergent.reading.record import Record

log = logging.getLogger(__name__)

#: In bytes, as JSON. One record of 8,327 files stopped data.gov's harvester (GSA/data.gov#4583);
#: this is some 3,000 files, or a description of a thousand pages.
LARGEST = 1024 * 1024


class News(Enum):
    """What a record is to this hub."""

    NEW = auto()
    CHANGED = auto()
    UNCHANGED = auto()
    #: Seen before in this listing.
    REPEATED = auto()
    #: The portal itself says that it is not public.
    WITHHELD = auto()
    #: A person took its dataset out of the hub.
    DETACHED = auto()


@dataclass(slots=True)
class Sorted:
    """A page, sorted: what to stage, what to withdraw, and the records already known."""

    report: Report = field(default_factory=Report)
    staged: list[Staged] = field(default_factory=list)
    withdrawn: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the hub knows of a page's identifiers.

    `links` are their linked records, `staged` the fingerprints of what this run staged already,
    `returned` the ids of detached datasets that a person has put back.
    """

    run_id: str
    links: Mapping[str, Any]
    staged: Mapping[str, str]
    returned: frozenset[str] = frozenset()


class PageSorter:
    """Compares the records of one page; one bad record costs itself only."""

    def __init__(self, rules: mapping.Rules, known: Known, is_late: Callable[[str], bool]) -> None:
        self._rules = rules
        self._known = known
        self._is_late = is_late
        self._staged = dict(known.staged)
        self._page = Sorted()

    def sort(self, records: tuple[Record, ...]) -> Sorted:
        """Compare each record with what is known, and map what is new or changed."""
        for record in records:
            try:
                self._sort_one(record)
            except SkippableError as error:
                self._say(record, Outcome.SKIPPED, error.problem)
            except Exception as error:
                # The mapping meets whatever portals send: no record may spoil the next.
                log.exception("Record %s could not be understood", record.identifier)
                self._say(record, Outcome.FAILED, _not_understood(error))
        return self._page

    def _sort_one(self, record: Record) -> None:
        link = self._known.links.get(record.identifier)
        fingerprint = mapping.fingerprint(record, self._rules)
        news = self._news_of(record, link, fingerprint)
        if news in {News.NEW, News.CHANGED}:
            self._stage(record, fingerprint, is_new=news is News.NEW)
        elif news is News.UNCHANGED:
            self._say(record, _standing(link))
        elif news is News.DETACHED:
            self._say(record, Outcome.SKIPPED)
        elif news is News.WITHHELD:
            self._withhold(record, link)
        elif fingerprint not in self._fingerprints_of(record, link):
            self._say(
                record, Outcome.SKIPPED, problem("record_repeated", "identifier", record.identifier)
            )

    def _news_of(self, record: Record, link: Any, fingerprint: str) -> News:
        if self._fingerprints_of(record, link):
            return News.REPEATED
        if not record.published:
            return News.WITHHELD
        if link is None:
            return News.NEW
        if link.state == LinkState.DETACHED.value and link.dataset_id not in self._known.returned:
            return News.DETACHED
        settled = link.state not in {LinkState.RETIRED.value, LinkState.DETACHED.value}
        return News.UNCHANGED if settled and link.fingerprint == fingerprint else News.CHANGED

    def _fingerprints_of(self, record: Record, link: Any) -> set[str | None]:
        """The fingerprints under which this listing gave the record before; empty if it did not."""
        seen: set[str | None] = set()
        if record.identifier in self._staged:
            seen.add(self._staged[record.identifier])
        if link is not None and link.seen_run == self._known.run_id:
            seen.add(link.fingerprint)
        return seen

    def _stage(self, record: Record, fingerprint: str, *, is_new: bool) -> None:
        mapped = mapping.dataset_from(record, self._rules)
        check_storable(mapped.dataset)
        self._page.staged.append(
            Staged(
                identifier=record.identifier,
                fingerprint=fingerprint,
                dataset=mapped.dataset,
                scope=record.scope,
                landing_page=page_of(record),
                source_url=record.source_url,
                late=is_new and self._is_late(record.identifier),
            )
        )
        self._staged[record.identifier] = fingerprint
        self._page.report.about(
            _line(record, Outcome.UPDATED), (*record.problems, *mapped.problems)
        )

    def _withhold(self, record: Record, link: Any) -> None:
        if link is not None and link.state in {LinkState.ACTIVE.value, LinkState.MISSING.value}:
            self._page.withdrawn.append(link)
            return
        # Neither title nor link is kept of what the portal does not show to everybody.
        line = Line(identifier=record.identifier, outcome=Outcome.SKIPPED)
        self._page.report.add(line, (problem("not_public_at_portal", severity=Severity.NOTE),))

    def _say(self, record: Record, outcome: Outcome, *problems: Problem) -> None:
        self._page.report.add(_line(record, outcome), problems)


def check_storable(dataset: dict[str, Any]) -> None:
    """Refuses what would stop the whole page, or its batch, in the database.

    Raises `SkippableError` for a giant, `ValueError` for characters that cannot be stored.
    """
    text = json.dumps(dataset, ensure_ascii=False)
    if "\\u0000" in text:
        raise ValueError("NUL")
    size = len(text.encode("utf-8"))
    if size > LARGEST:
        raise SkippableError(
            problem("record_too_large", severity=Severity.ERROR, size=size, most=LARGEST)
        )


def _standing(link: Any) -> Outcome:
    duplicate = link.state == LinkState.DUPLICATE.value
    return Outcome.DUPLICATE if duplicate else Outcome.UNCHANGED


def _not_understood(error: Exception) -> Problem:
    reason = type(error).__name__
    return problem("record_not_understood", severity=Severity.ERROR, reason=reason)


def _line(record: Record, outcome: Outcome) -> Line:
    return Line(
        identifier=record.identifier,
        outcome=outcome,
        title=record.title,
        link=record.landing_page or record.source_url,
    )
