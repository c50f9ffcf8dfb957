"""Whether an answer is of the kind that was asked for, judged by its first bytes."""

from __future__ import annotations

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.network.answer import Answer, is_page

#: What each expectation is called in a sentence.
CALLED = {"json": "JSON", "html": "a web page", "rdf": "RDF"}


def check(answer: Answer, expect: str | None) -> None:
    """Raises `UnexpectedAnswer` when `answer` cannot be what `expect` names."""
    if expect is None or answer.not_modified:
        return
    head = answer.head(2048)
    page = is_page(head)
    if not head.strip():
        raise _unexpected("answer_empty", answer, expect)
    if page and expect != "html":
        raise _unexpected("answer_is_a_page", answer, expect)
    if expect == "html" and not page and answer.content_type not in _PAGES:
        raise _unexpected("answer_is_no_page", answer, expect)


_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def _unexpected(code: str, answer: Answer, expect: str) -> UnexpectedAnswer:
    received = answer.head(200).decode("utf-8", "replace").strip() or None
    return UnexpectedAnswer(
        problem(
            code, None, received, severity=Severity.ERROR, url=answer.url, expected=CALLED[expect]
        )
    )
