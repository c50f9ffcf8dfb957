"""What a status and its headers mean: an answer, another address, another try, or an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.errors import FatalError, RetriableError, UnexpectedAnswer
from ckanext.emergent.reading.network.answer import CHARSET, Answer
from ckanext.emergent.reading.network.body import Body
from ckanext.emergent.reading.network.link import Link
from ckanext.emergent.reading.network.pace import Clock, retry_after

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Worth another try. 202: ArcGIS Hub and others prepare an export at the first visit.
PASSING = {202: "portal_not_ready", 429: "portal_busy"}
LASTING = {
    401: "portal_forbids",
    403: "portal_forbids",
    404: "page_not_found",
    410: "page_not_found",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The first part of an HTTP answer: who gave it, its status and its headers."""

    link: Link
    status: int
    headers: Mapping[str, str]

    def redirects_to(self) -> Link | None:
        """Where to go instead, or `None`. Raises `RefusedLink` when the hub must not."""
        if self.status not in REDIRECTS:
            return None
        location = self.headers.get("Location")
        if not location:
            raise unexpected("redirect_without_target", self.link)
        # headers arrive as Latin-1; a location outside ASCII is UTF-8 on every server we met
        return self.link.joined(location.encode("latin-1").decode("utf-8", "replace"))

    def check_status(self, clock: Clock, *, conditional: bool) -> None:
        """Raises `RetriableError` or `UnexpectedAnswer` unless there is something to read."""
        if self.status == HTTPStatus.OK or (conditional and self.status == HTTPStatus.NOT_MODIFIED):
            return
        if self.status in PASSING or self.status >= 500:
            code = PASSING.get(self.status, "portal_failed")
            wait = retry_after(self.headers.get("Retry-After"), clock)
            told = problem_about(code, self.link, status=self.status)
            raise RetriableError(told, retry_after=wait)
        usual = "portal_refuses" if 400 <= self.status < 500 else "status_unexpected"
        raise unexpected(LASTING.get(self.status, usual), self.link, status=self.status)

    def answer(self, asked: str, body: Body, *, whole: bool) -> Answer:
        declared = self.headers.get("Content-Type") or ""
        charset = CHARSET.search(declared)
        return Answer(
            asked=asked,
            url=self.link.url,
            status=self.status,
            body=body,
            content_type=declared.partition(";")[0].strip().lower() or None,
            charset=charset.group(1) if charset else None,
            etag=self.headers.get("ETag"),
            last_modified=self.headers.get("Last-Modified"),
            whole=whole,
        )


def final(error: RetriableError, tries: int) -> FatalError:
    """After the last try: the same words, and that it is over."""
    told = error.problem
    values = {**dict(told.values), "tries": str(tries)}
    kind = UnexpectedAnswer if told.code == "answer_truncated" else FatalError
    return kind(problem(told.code, told.field, told.received, severity=told.severity, **values))


def too_long_to_wait(error: RetriableError, seconds: float) -> FatalError:
    """The portal asks for a longer pause than the policy allows: better come back another time."""
    values = {**dict(error.problem.values), "seconds": f"{seconds:.0f}"}
    told = error.problem
    return FatalError(
        problem("portal_asks_to_wait", told.field, told.received, severity=told.severity, **values)
    )


def problem_about(code: str, link: Link, **values: object) -> Problem:
    """A problem with what `link` led to."""
    return problem(
        code, "link", link.url, severity=Severity.ERROR, host=link.host, url=link.url, **values
    )


def unexpected(code: str, link: Link, **values: object) -> UnexpectedAnswer:
    return UnexpectedAnswer(problem_about(code, link, **values))
