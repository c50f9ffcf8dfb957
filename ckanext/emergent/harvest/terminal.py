"""A run on a terminal: a progress bar, one line for each problem, the counts at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from types import TracebackType
from typing import Any

import click

from ckanext.emergent.harvest.model import Outcome, RunState
from ckanext.emergent.harvest.report import PROBLEMS, Found, Line, Report
from ckanext.emergent.problem import Severity
from ckanext.emergent.problem_sentences import sentence

#: A value longer than this is cut in a preview's line.
_SHOWN = 60


class Terminal:
    """Listens to a run and says on standard error what happens."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar: Any = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def read(self, records: int, total: int | None) -> None:
        """Move the bar on; without a total it only counts."""
        if self._quiet:
            return
        if self._bar is None:
            stderr = click.get_text_stream("stderr")
            # Without a total the bar wants something endless to go through.
            self._bar = click.progressbar(
                count(), length=total, label="Reading", file=stderr, show_pos=True, width=30
            ).__enter__()
        self._bar.update(records)

    def hear(self, report: Report) -> None:
        """Say each problem that is more than a note."""
        if self._quiet:
            return
        for found in report.found:
            if found.problem.severity is not Severity.NOTE:
                click.echo(f"\r{problem_line(found)}", err=True)


def problem_line(found: Found) -> str:
    """One problem on one line: the record, what was received, what to do."""
    told = sentence(found.problem)
    about = found.title or found.identifier
    text = " ".join(f"{told.says} {told.to_do}".split())
    return (
        f"{found.problem.severity.value}: {about}: {text}"
        if about
        else (f"{found.problem.severity.value}: {text}")
    )


def summary(state: RunState, counts: Mapping[str, int]) -> str:
    """The end of a run on one line, as in look.md: `finished: 12 created · 3 updated`."""
    told = [f"{counts[kind.value]:,} {kind.value}" for kind in Outcome if counts.get(kind.value)]
    told.append(f"{counts.get(PROBLEMS, 0):,} problems")
    return f"{state.value}: {' · '.join(told)}"


def preview_lines(lines: Iterable[Line]) -> Iterator[str]:
    """What would become of each record, and each field that would change."""
    for line in lines:
        kept = f" (kept: {', '.join(line.kept)})" if line.kept else ""
        yield f"{line.outcome.value}  {line.title or line.identifier}{kept}"
        if line.outcome is Outcome.CREATED:
            continue
        for change in line.changes:
            yield f"    {change.field}: {_short(change.before)} → {_short(change.after)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} of them"
    text = "–" if value is None or value == "" else " ".join(str(value).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
