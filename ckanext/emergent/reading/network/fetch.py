"""The only way out to the network. Nothing else in this package imports an HTTP client.

`Fetch.get` visits one address under a `FetchPolicy`: it refuses where the hub must not go, waits
its turn, tries again when that may help, follows redirects by hand and hands back an `Answer`
whose status, size and kind were checked. "HTTP 200" alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import requests
import requests.adapters
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError, LocationValueError, ProtocolError
from urllib3.exceptions import TimeoutError as Urllib3Timeout

from ckanext.emergent.reading.errors import FatalError, ReadingError, RefusedLink, RetriableError
from ckanext.emergent.reading.network.answer import Answer
from ckanext.emergent.reading.network.body import PIECE, Limits, body_from, decoder_for
from ckanext.emergent.reading.network.expectation import check
from ckanext.emergent.reading.network.guard import Guard, Resolve, distrusts, guarded_pools, resolve
from ckanext.emergent.reading.network.link import Link, link_from
from ckanext.emergent.reading.network.pace import PACE, Budget, Clock, Pace, back_off
from ckanext.emergent.reading.network.policy import FetchPolicy, Key, Validator, without_secret
from ckanext.emergent.reading.network.reply import (
    Reply,
    final,
    problem_about,
    too_long_to_wait,
    unexpected,
)

__all__ = ["Answer", "Fetch", "FetchPolicy", "Key", "Validator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What one `get` wants."""

    url: str
    accept: str
    expect: str | None
    limits: Limits
    validator: Validator | None


class Fetch:
    """Visits the addresses of one portal. For one thread at a time; a context manager.

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
        self._clock = clock or Clock()
        self._pace = pace
        self._guard = Guard(self._policy, resolve)
        self._session = _session(self._guard)
        self.requests_made = 0

    def __repr__(self) -> str:
        return f"<Fetch, {self.requests_made} requests made>"

    def __enter__(self) -> Fetch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept for the next visit."""
        self._session.close()

    def validators(self) -> Mapping[str, Validator]:
        """What to keep for the next visit: the validators of each address asked conditionally."""
        return dict(self._validators)

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
            accept=accept or "*/*",
            expect=expect,
            limits=Limits(max_bytes or self._policy.max_bytes, self._policy.max_ratio, stop_after),
            validator=self._validators.get(url) if conditional else None,
        )
        try:
            answer = self._tried(link_from(url), ask)
        except ReadingError as error:
            # a server may repeat what it was sent
            error.problem = without_secret(error.problem, self._secret)
            raise
        if conditional and not answer.not_modified:
            self._remember(url, answer)
        return answer

    @property
    def _secret(self) -> str | None:
        return self._key.value if self._key else None

    def _remember(self, url: str, answer: Answer) -> None:
        if answer.etag or answer.last_modified:
            self._validators[url] = Validator(etag=answer.etag, last_modified=answer.last_modified)
        else:
            self._validators.pop(url, None)

    def _tried(self, link: Link, ask: _Ask) -> Answer:
        self._guard.budget = Budget(self._policy.total_timeout)
        attempt = 1
        while True:
            try:
                return self._followed(link, ask)
            except RetriableError as error:
                if attempt >= self._policy.tries or self._guard.budget.spent:
                    raise final(error, attempt) from error
                self._wait(error, attempt)
            attempt += 1

    def _wait(self, error: RetriableError, attempt: int) -> None:
        wait = error.retry_after
        if wait is None:
            wait = back_off(attempt, self._policy.backoff, self._clock)
        elif wait > self._policy.max_wait:
            raise too_long_to_wait(error, wait) from error
        with self._guard.budget.paused():
            self._clock.sleep(wait)

    def _followed(self, link: Link, ask: _Ask) -> Answer:
        most = self._policy.max_redirects
        for _ in range(most + 1):
            arrived = self._visited(link, ask)
            if isinstance(arrived, Answer):
                return arrived
            link = arrived
        raise unexpected("too_many_redirects", link, asked=ask.url, count=most)

    def _visited(self, link: Link, ask: _Ask) -> Answer | Link:
        """Make one request: an answer, or where it redirects to."""
        if self._policy.proxy:
            self._guard.check_unresolved(link.host, link.port)
        interval = 0 if self._guard.is_own(link.host) else self._policy.pace
        try:
            with self._pace.turn(link.host, interval, self._policy.total_timeout, self._clock):
                self.requests_made += 1
                return self._answered(link, ask)
        except (OSError, HTTPError) as error:
            raise self._failure(error, link) from error

    def _answered(self, link: Link, ask: _Ask) -> Answer | Link:
        with self._sent(link, ask) as response:
            reply = Reply(link, response.status_code, response.headers)
            target = reply.redirects_to()
            if target is not None:
                return target
            reply.check_status(self._clock, conditional=ask.validator is not None)
            decoder = decoder_for(response.headers.get("Content-Encoding"))
            chunks = self._chunks(cast("HTTPResponse", response.raw))
            body, whole = body_from(chunks, decoder, ask.limits)
        answer = reply.answer(ask.url, body, whole=whole)
        answer.secret = self._secret
        try:
            check(answer, ask.expect)
        except ReadingError:
            answer.close()
            raise
        return answer

    def _chunks(self, raw: HTTPResponse) -> Iterator[bytes]:
        while chunk := raw.read1(PIECE, decode_content=False):
            yield chunk
            # through a proxy the guard does not watch each read, so look at the time here as well
            self._guard.patience()

    def _sent(self, link: Link, ask: _Ask) -> requests.Response:
        request = requests.Request("GET", link.url, headers=self._headers(link, ask))
        proxy = self._policy.proxy
        return self._session.send(
            request.prepare(),
            stream=True,
            allow_redirects=False,
            timeout=(self._policy.connect_timeout, self._policy.read_timeout),
            verify=self._policy.ca_bundle or True,
            proxies={"http": proxy, "https": proxy} if proxy else {},
        )

    def _headers(self, link: Link, ask: _Ask) -> dict[str, str]:
        headers = {
            "User-Agent": self._policy.user_agent,
            "Accept": ask.accept,
            "Accept-Encoding": "gzip, deflate",
        }
        if ask.validator and ask.validator.etag:
            headers["If-None-Match"] = ask.validator.etag
        if ask.validator and ask.validator.last_modified:
            headers["If-Modified-Since"] = ask.validator.last_modified
        if self._key and link_from(self._key.link).carries_on(link):
            headers[self._key.header] = self._key.value
        return headers

    def _failure(self, error: Exception, link: Link) -> ReadingError:
        """Say what went wrong on the way, and whether another try may help."""
        if self._guard.budget.spent:
            limit = f"{self._policy.total_timeout:g}"
            return FatalError(problem_about("answer_too_slow", link, seconds=limit))
        if isinstance(error, (requests.exceptions.InvalidURL, LocationValueError)):
            return RefusedLink(problem_about("link_malformed", link))
        if distrusts(error):
            return FatalError(problem_about("portal_not_trusted", link))
        if isinstance(error, (TimeoutError, requests.Timeout, Urllib3Timeout)):
            return RetriableError(problem_about("portal_timed_out", link))
        if isinstance(error, ProtocolError):
            return RetriableError(problem_about("answer_truncated", link))
        return RetriableError(problem_about("portal_unreachable", link))


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


class _Session(requests.Session):
    """Leaves redirects alone: else it takes the next address apart, and fails on a broken one."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        return None


def _session(guard: Guard) -> requests.Session:
    session = _Session()
    # neither proxies nor credentials from the environment or ~/.netrc
    session.trust_env = False
    session.mount("http://", _GuardedAdapter(guard))
    session.mount("https://", _GuardedAdapter(guard))
    return session
