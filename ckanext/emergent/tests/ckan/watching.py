"""Watching what a piece of code writes: statements for the database, requests to Solr."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pysolr
import pytest
import sqlalchemy as sa
from ckan import model

_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@dataclass
class Watched:
    """Names of the tables written to, in order; how many statements; updates sent to Solr."""

    tables: list[str] = field(default_factory=list)
    statements: int = 0
    solr_updates: int = 0

    def of_ckan(self) -> list[str]:
        return [table for table in self.tables if not table.startswith("emergent_")]


@contextmanager
def watching(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watched = Watched()

    def statement(_conn: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        watched.statements += 1
        found = _WRITES.match(text)
        if found:
            watched.tables.append(found.group(1).lower())

    send = pysolr.Solr._send_request

    def request(solr: Any, method: str, path: str = "", *rest: Any, **named: Any) -> Any:
        watched.solr_updates += path.startswith("update")
        return send(solr, method, path, *rest, **named)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", statement)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(pysolr.Solr, "_send_request", request)
            yield watched
    finally:
        sa.event.remove(engine, "before_cursor_execute", statement)
