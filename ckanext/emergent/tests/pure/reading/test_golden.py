"""Golden cases: what a portal answers, and the records that are read from it.

A case is a folder `tests/portals/<adapter>/<case>/`: `link.txt` has the path that a person would
paste, `answers/` what the portal answers at each path (`index.html` is `/`), `expected.json` what
must come of it. `{web}` stands for the portal's address. After a change that is meant to change
the records, `EMERGENT_WRITE_CASES=1` writes `expected.json` anew: read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ckanext.emergent.reading.adapter import Adapter, Page
from ckanext.emergent.reading.adapters import ADAPTERS, adapter_for
from ckanext.emergent.reading.detect import detect
from ckanext.emergent.reading.unfolded import unfolded
from ckanext.emergent.tests.servers import Reply, Web, serving
from ckanext.emergent.tests.visits import visitor

PORTALS = Path(__file__).parents[2] / "portals"
CASES = sorted(path.parent for path in PORTALS.glob("*/*/link.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_what_a_portal_answers_becomes_these_records(case: Path):
    with serving({}) as web:
        web.answers.update(answers_of(case, web))
        found = detect(web.url((case / "link.txt").read_text().strip()), visitor())
        assert found.adapter == case.parent.name
        assert found.link is not None
        adapter = adapter_for(found.adapter)(found.link)
        told = read(adapter, web)
    expected = case / "expected.json"
    if os.environ.get("EMERGENT_WRITE_CASES"):
        expected.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    assert told == json.loads(expected.read_text())


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_family_has_golden_cases(name: str):
    assert name in {case.parent.name for case in CASES}


def answers_of(case: Path, web: Web) -> dict[str, Reply]:
    folder, site = case / "answers", web.url("").rstrip("/")
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        "/" + path.relative_to(folder).as_posix().removesuffix("index.html"): Reply(
            body=path.read_text().replace("{web}", site).encode()
        )
        for path in files
    }


def read(adapter: Adapter, web: Web) -> dict[str, Any]:
    pages = list(adapter.pages(visitor(tries=1)))
    told = {
        "records": [record_in(record) for page in pages for record in page.records],
        "problems": [problem_in(told) for page in pages for told in page.problems],
        "unread": list(end_of(pages)),
    }
    site = web.url("").rstrip("/")
    text = json.dumps(told).replace(site, "{web}").replace(f"127.0.0.1:{web.port}", "{host}")
    return json.loads(text)


def record_in(record: Any) -> dict[str, Any]:
    """The record as JSON, its problems as code and field."""
    told = unfolded(record)
    problems = [problem_in(one) for one in record.problems]
    return {**told, "problems": problems} if problems else told


def problem_in(told: Any) -> str:
    return told.code if told.field is None else f"{told.code} {told.field}"


def end_of(pages: list[Page]) -> tuple[str, ...]:
    assert pages[-1].end is not None
    return pages[-1].end.unread
