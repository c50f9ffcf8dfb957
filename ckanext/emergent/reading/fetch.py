"""The only way out to the network. Nothing else in this package imports an HTTP client.

`Fetch.get` visits one address under a `FetchPolicy`: it refuses where the hub must not go, waits
its turn, tries again when that may help, follows redirects by hand and hands back an `Answer`
whose status, size and kind were checked. "HTTP 200" alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import requests.adapters
import urllib3.exceptions
from urllib3 import HTTPResponse

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.address import address_from
from ckanext.emergent.reading.answer import CHARSET, Answer
from ckanext.emergent.reading.body import PIECE, Limits, body_from, decoder_for
from ckanext.emergent.reading.errors import (
    FatalError,
    ReadingError,
    RetriableError,
    UnexpectedAnswer,
)
from ckanext.emergent.reading.expectation import check
from ckanext.emergent.reading.guard import Guard, Resolve, guarded_pools, resolve
from ckanext.emergent.reading.link import Link, link_from
from ckanext.emergent.reading.pace import PACE, Budget, Clock, Pace, back_off, retry_after
from ckanext.emergent.reading.policy import FetchPolicy, Key, Validator

__all__ = ["Answer", "Fetch", "FetchPolicy", "Key", "Validator"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What one `get` wants."""

    url: str
    limits: Limits
    expect: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    validator: Validator | None = None


class Fetch:
    """Visits the addresses of one portal. For one thread at a time.

    `validators` are those that an earlier `Fetch.validators()` gave; `key` is the portal's
    secret, which no problem, text or other host ever sees.
    """

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        validators: Mapping[str, Validator] | None = None,
        *,
        key: Key | None = None,
        clock: Clock | None = None,
        pace: Pace = PACE,
        resolve: Resolve = resolve,
    ) -> None:
        self._policy = policy or FetchPolicy()
        self._validators = dict(validators or {})
        self._key = key
        self._key_link = link_from(key.link) if key else None
        self._clock = clock or Clock()
        self._pace = pace
        self._guard = Guard(self._policy, resolve)
        self._session = _session(self._guard)
        self.requests_made = 0

    def __repr__(self) -> str:
        return f"<Fetch, {self.requests_made} requests made>"

    def validators(self) -> Mapping[str, Validator]:
        """What to keep for the next visit: the validators of each address asked conditionally."""
        return dict(self._validators)

    def close(self) -> None:
        self._session.close()

    def get(
        self,
        url: str,
        *,
        accept: str | None = None,
        conditional: bool = False,
        max_bytes: int | None = None,
        expect: str | None = None,
        stop_after: int | None = None,
    ) -> Answer:
        """Visit `url` and hand back what it answered, in full.

        `expect` is "json", "html", "rdf" or `None` for anything. With `conditional` the server
        is told what we have, and the answer may be `not_modified`. With `stop_after` only so many
        bytes are wanted, the rest is left unread.

        Raises `RefusedLink` when the hub must not go there, `UnexpectedAnswer` when the answer is
        not what was expected, another `FatalError` when no try succeeded.
        """
        ask = _Ask(
            url=url,
            limits=Limits(max_bytes or self._policy.max_bytes, self._policy.max_ratio, stop_after),
            expect=expect,
            headers={"Accept": accept or "*/*"},
            validator=self._validators.get(url) if conditional else None,
        )
        try:
            answer = self._tried(link_from(url), ask)
        except ReadingError as error:
            raise self._without_key(error) from error.__cause__
        if conditional and not answer.not_modified:
            self._remember(url, answer)
        return answer

    def _tried(self, link: Link, ask: _Ask) -> Answer:
        self._guard.budget = Budget(self._policy.total_timeout)
        for attempt in range(1, self._policy.tries):
            try:
                return self._followed(link, ask)
            except RetriableError as error:
                if self._guard.budget.spent:
                    raise _final(error, attempt) from error
                self._wait(error, attempt)
        try:
            return self._followed(link, ask)
        except RetriableError as error:
            raise _final(error, self._policy.tries) from error

    def _wait(self, error: RetriableError, attempt: int) -> None:
        wait = error.retry_after
        if wait is None:
            wait = back_off(attempt, self._policy.backoff, self._clock)
        elif wait > self._policy.max_wait:
            values = {**dict(error.problem.values), "seconds": f"{wait:.0f}"}
            raise FatalError(_problem("portal_asks_to_wait", **values)) from error
        before = self._clock.monotonic()
        self._clock.sleep(wait)
        self._guard.budget.extend(self._clock.monotonic() - before)

    def _followed(self, link: Link, ask: _Ask) -> Answer:
        for _ in range(self._policy.max_redirects + 1):
            answered = self._visit(link, ask)
            if isinstance(answered, Answer):
                return answered
            link = answered
        raise _unexpected(
            "too_many_redirects", ask.url, count=self._policy.max_redirects, host=link.host
        )

    def _visit(self, link: Link, ask: _Ask) -> Answer | Link:
        """Make one request: an answer, or where it redirects to."""
        self._check_proxied(link)
        interval, patience = self._policy.pace, self._policy.total_timeout
        try:
            with self._pace.turn(link.host, interval, patience, self._clock):
                self.requests_made += 1
                return self._answered(link, ask)
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise self._failure(error, link) from error

    def _answered(self, link: Link, ask: _Ask) -> Answer | Link:
        with self._sent(link, ask) as response:
            if response.status_code in REDIRECTS:
                return _redirected(response, link)
            _check_status(response, link, ask, self._clock)
            raw = response.raw
            assert isinstance(raw, HTTPResponse)  # noqa: S101 - tells mypy what requests wraps
            decoder = decoder_for(response.headers.get("Content-Encoding"))
            body, whole = body_from(_chunks(raw), decoder, ask.limits)
        answer = _answer(ask, link, response, body, whole)
        try:
            check(answer, ask.expect)
        except BaseException:
            answer.close()
            raise
        return answer

    def _sent(self, link: Link, ask: _Ask) -> requests.Response:
        request = requests.Request("GET", link.url, headers=self._headers(link, ask))
        return self._session.send(
            request.prepare(),
            stream=True,
            allow_redirects=False,
            timeout=(self._policy.connect_timeout, self._policy.read_timeout),
            verify=self._policy.ca_bundle or True,
            proxies=_proxies(self._policy),
        )

    def _headers(self, link: Link, ask: _Ask) -> dict[str, str]:
        headers = {
            "User-Agent": self._policy.user_agent,
            "Accept-Encoding": "gzip, deflate",
            **ask.headers,
        }
        if ask.validator and ask.validator.etag:
            headers["If-None-Match"] = ask.validator.etag
        if ask.validator and ask.validator.last_modified:
            headers["If-Modified-Since"] = ask.validator.last_modified
        if self._key and self._key_link and self._key_link.carries_on(link):
            headers[self._key.header] = self._key.value
        return headers

    def _check_proxied(self, link: Link) -> None:
        """Through a proxy no connection of ours is made: judge what the link itself tells."""
        literal = address_from(link.host) if self._policy.proxy else None
        refused = self._guard.judge(literal, link.host, link.port) if literal else None
        if refused:
            raise refused

    def _failure(self, error: Exception, link: Link) -> ReadingError:
        """Say what went wrong on the way, and whether another try may help."""
        if self._guard.budget.spent:
            limit = f"{self._policy.total_timeout:g}"
            return FatalError(_problem("answer_too_slow", link.url, host=link.host, seconds=limit))
        if isinstance(error, requests.exceptions.SSLError):
            return FatalError(_problem("portal_not_trusted", link.url, host=link.host))
        if isinstance(error, (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)):
            return RetriableError(_problem("portal_timed_out", link.url, host=link.host))
        if isinstance(error, (urllib3.exceptions.IncompleteRead, urllib3.exceptions.ProtocolError)):
            return RetriableError(_problem("answer_truncated", link.url, url=link.url))
        return RetriableError(_problem("portal_unreachable", link.url, host=link.host, detail=""))

    def _remember(self, url: str, answer: Answer) -> None:
        if answer.etag or answer.last_modified:
            self._validators[url] = Validator(etag=answer.etag, last_modified=answer.last_modified)
        else:
            self._validators.pop(url, None)

    def _without_key(self, error: ReadingError) -> ReadingError:
        """A server may repeat what we sent it: nothing told about the visit holds the key."""
        if self._key and self._key.value:
            error.problem = _masked(error.problem, self._key.value)
        return error


class _GuardedAdapter(requests.adapters.HTTPAdapter):
    """Sends through pools that the guard watches; never tries again by itself."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        self.poolmanager = guarded_pools(
            self._guard, num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )


def _session(guard: Guard) -> requests.Session:
    session = requests.Session()
    # neither proxies nor credentials from the environment or ~/.netrc
    session.trust_env = False
    session.mount("http://", _GuardedAdapter(guard))
    session.mount("https://", _GuardedAdapter(guard))
    return session


def _proxies(policy: FetchPolicy) -> dict[str, str]:
    return {"http": policy.proxy, "https": policy.proxy} if policy.proxy else {}


def _redirected(response: requests.Response, link: Link) -> Link:
    location = response.headers.get("Location")
    if not location:
        raise _unexpected("redirect_without_target", link.url, host=link.host)
    return link.joined(location)


def _check_status(response: requests.Response, link: Link, ask: _Ask, clock: Clock) -> None:
    status = response.status_code
    if status == 200 or (status == 304 and ask.validator):
        return
    told = {"status": status, "host": link.host, "url": link.url}
    if status == 429 or status >= 500:
        code = "portal_busy" if status == 429 else "portal_failed"
        asked = retry_after(response.headers.get("Retry-After"), clock)
        raise RetriableError(_problem(code, link.url, **told), retry_after=asked)
    if status in {401, 403}:
        raise _unexpected("portal_forbids", link.url, **told)
    if status in {404, 410}:
        raise _unexpected("page_not_found", link.url, **told)
    raise _unexpected("portal_refuses", link.url, **told)


def _chunks(raw: HTTPResponse) -> Iterator[bytes]:
    while chunk := raw.read1(PIECE, decode_content=False):
        yield chunk


def _answer(ask: _Ask, link: Link, response: requests.Response, body: Any, whole: bool) -> Answer:
    declared = response.headers.get("Content-Type", "")
    charset = CHARSET.search(declared)
    return Answer(
        asked=ask.url,
        url=link.url,
        status=response.status_code,
        body=body,
        content_type=declared.partition(";")[0].strip().lower() or None,
        charset=charset.group(1) if charset else None,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        whole=whole,
    )


def _final(error: RetriableError, tries: int) -> FatalError:
    """After the last try: the same words, and that it is over."""
    told = error.problem
    values = {**dict(told.values), "tries": str(tries)}
    kind = UnexpectedAnswer if told.code == "answer_truncated" else FatalError
    return kind(problem(told.code, told.field, told.received, severity=told.severity, **values))


def _masked(told: Problem, secret: str) -> Problem:
    def mask(text: str) -> str:
        return text.replace(secret, "…")

    return Problem(
        code=told.code,
        severity=told.severity,
        field=told.field,
        received=None if told.received is None else mask(told.received),
        values=tuple((key, mask(value)) for key, value in told.values),
    )


def _problem(code: str, received: object = None, **values: object) -> Problem:
    return problem(code, "link", received, severity=Severity.ERROR, **values)


def _unexpected(code: str, received: object = None, **values: object) -> UnexpectedAnswer:
    return UnexpectedAnswer(_problem(code, received, **values))
