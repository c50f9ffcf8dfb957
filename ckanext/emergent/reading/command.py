"""`detect` and `read`: what a link is, and what a hub would read there. Nothing is written.

The same two commands as `ckan emergent detect|read` and `python -m ckanext.emergent.reading`:
here is what they say, there how they are called. Exit codes: 0 all well, 1 read with problems,
2 nothing recognised or not read to the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ckanext.emergent.problem import Problem, Severity
from ckanext.emergent.problem_sentences import sentence
from ckanext.emergent.reading.adapter import Adapter, Listing, Page
from ckanext.emergent.reading.detect import Detection, adapter_for, detect
from ckanext.emergent.reading.errors import ReadingError
from ckanext.emergent.reading.network.fetch import Fetch, FetchPolicy
from ckanext.emergent.reading.unfolded import unfolded

if TYPE_CHECKING:
    from ckanext.emergent.reading.record import Record

WELL, WITH_PROBLEMS, FAILED = 0, 1, 2
Say = Callable[[str], object]


def run_detect(link: str, policy: FetchPolicy, say: Say, *, as_json: bool = False) -> int:
    """Say which family `link` belongs to, and what was tried."""
    detection = detect(link, Fetch(replace(policy, tries=1)))
    if as_json:
        say(json.dumps(unfolded(detection), ensure_ascii=False))
    else:
        for line in _detection_lines(detection):
            say(line)
    return FAILED if detection.adapter is None else WELL


def run_read(
    link: str,
    policy: FetchPolicy,
    say: Say,
    complain: Say,
    *,
    adapter: str | None = None,
    as_json: bool = False,
) -> int:
    """Say each record of the portal at `link`; what is wrong with the listing is complained of.

    With `as_json` a record is one JSON object on one line, its problems in it.
    """
    counts: Counter[str] = Counter()
    write = _json_lines if as_json else _record_lines
    try:
        for page in _reader(link, policy, adapter, complain).pages(Fetch(policy)):
            for line in (line for record in page.records for line in write(record)):
                say(line)
            for told in page.problems:
                complain(_problem_line(told))
            _count(counts, page)
            for line in _end_lines(page, counts):
                complain(line)
    except ReadingError as error:
        complain(_problem_line(error.problem))
        return FAILED
    return WITH_PROBLEMS if counts["warning"] or counts["error"] else WELL


def _reader(link: str, policy: FetchPolicy, name: str | None, complain: Say) -> Adapter:
    """The adapter that was asked for, or the one that is found. Raises `ReadingError`."""
    if name is not None:
        return adapter_for(name)(link)
    detection = detect(link, Fetch(replace(policy, tries=1)))
    if detection.adapter is None or detection.link is None:
        for line in _detection_lines(detection):
            complain(line)
        raise ReadingError(detection.tried[0].verdict)
    return adapter_for(detection.adapter)(detection.link)


def _detection_lines(detection: Detection) -> Iterable[str]:
    if detection.adapter is None:
        yield "No family of portals was recognised."
    else:
        yield f"{detection.adapter}  {detection.link}"
    for tried in detection.tried:
        yield f"  {tried.url}: {sentence(tried.verdict).says}"


def _json_lines(record: Record) -> Iterable[str]:
    yield json.dumps(unfolded(record), ensure_ascii=False)


def _record_lines(record: Record) -> Iterable[str]:
    yield f"{record.identifier}  {record.title or '–'}"
    files = len(record.distributions)
    told = [record.access.value, *record.licence, f"{files} file{'' if files == 1 else 's'}"]
    yield f"  {' · '.join(told if record.published else ['not public at the portal'])}"
    for problem in record.problems:
        yield f"  {_problem_line(problem)}"


def _problem_line(problem: Problem) -> str:
    told = sentence(problem)
    where = f" {problem.field}:" if problem.field else ":"
    return f"{problem.severity.value}{where} {told.says} {told.to_do}".rstrip()


def _count(counts: Counter[str], page: Page) -> None:
    problems = [*page.problems, *(told for record in page.records for told in record.problems)]
    counts.update(told.severity.value for told in problems)
    counts["records"] += len(page.records)


def _end_lines(page: Page, counts: Counter[str]) -> Iterable[str]:
    if page.end is None:
        return
    part = "" if page.end.listing is Listing.COMPLETE else ", a part of the portal's"
    numbers = ", ".join(f"{counts[kind.value]} {kind.value}s" for kind in reversed(Severity))
    yield f"{counts['records']} records{part}; {numbers}"
    for scope in page.end.unread:
        yield f"not read: {scope}"
