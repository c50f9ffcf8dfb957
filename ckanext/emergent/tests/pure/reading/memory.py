"""Answers without a network, for tests that need thousands; the real `Answer` reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import Any, cast

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.answer import Answer
from ckanext.emergent.reading.network.fetch import Fetch
from ckanext.emergent.reading.network.link import link_from

SITE = "https://portal.example"


class MemoryFetch:
    """Knows what each address answers; whatever else is asked for is not there."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self._answers = answers
        self.requests_made = 0

    def get(self, url: str, **_: Any) -> Answer:
        link_from(url)
        self.requests_made += 1
        if url not in self._answers:
            raise UnexpectedAnswer(problem("page_not_found", severity=Severity.ERROR, url=url))
        return answer_of(self._answers[url], url)


def answer_of(body: bytes, url: str = f"{SITE}/") -> Answer:
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile()  # noqa: SIM115 - the answer closes it
    file.write(body)
    return Answer(asked=url, url=url, status=200, body=file, content_type="application/json")


def fetch_of(answers: Mapping[str, Any]) -> Fetch:
    """A fetch for paths of `SITE` (or whole addresses) and the JSON values that they answer."""
    bodies = {
        path if "://" in path else SITE + path: value
        if isinstance(value, bytes)
        else json.dumps(value).encode()
        for path, value in answers.items()
    }
    return cast(Fetch, MemoryFetch(bodies))
