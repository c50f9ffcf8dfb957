"""Asking a portal only for what changed, and noticing when it gives more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from ckanext.emergent.problem import Problem, problem
from ckanext.emergent.reading.received.dates import iso_date

#: A record that was being written during the last reading, or a clock that is wrong.
OVERLAP = timedelta(hours=1)


class Since:
    """The moment from which changes are wanted; `None` when everything is.

    `changed` takes the portal's own date of the last change out of an item; `by_days`: it can be
    asked for whole days only.
    """

    def __init__(
        self,
        since: datetime | None,
        site: str,
        changed: Callable[[dict[str, Any]], object],
        *,
        by_days: bool = False,
    ) -> None:
        self.moment: datetime | None = None
        if since is not None:
            earlier = (since - OVERLAP).astimezone(timezone.utc).replace(microsecond=0)
            self.moment = earlier.replace(hour=0, minute=0, second=0) if by_days else earlier
        self._site = site
        self._changed = changed
        self._is_told = False

    def refused(self) -> tuple[Problem, ...]:
        """From now on everything is asked for; told, if it was not so before."""
        if self.moment is None:
            return ()
        self.moment = None
        return (problem("since_refused", url=self._site),)

    def about(self, items: Iterable[object]) -> tuple[Problem, ...]:
        """Told once, if an item came that the filter should have kept back."""
        if self.moment is None or self._is_told:
            return ()
        if not any(self._is_older(item, self.moment) for item in items):
            return ()
        self._is_told = True
        return (problem("since_ignored", url=self._site),)

    def _is_older(self, item: object, wanted: datetime) -> bool:
        try:
            written = self._changed(item) if isinstance(item, dict) else None
            moment = datetime.fromisoformat(iso_date(written))
        except ValueError:  # it is no date, or only a year: nobody can tell
            return False
        # a date alone is the whole day
        is_day = moment.tzinfo is None
        return (
            moment.replace(tzinfo=timezone.utc) + timedelta(days=1) < wanted
            if is_day
            else moment < wanted
        )
