"""Asking again, asking politely, and asking for what is new; all against real servers."""

from __future__ import annotations

import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest

from ckanext.emergent.reading.errors import FatalError, ReadingError, UnexpectedAnswer
from ckanext.emergent.reading.network.fetch import Fetch, FetchPolicy, Key, Validator
from ckanext.emergent.reading.network.pace import Pace
from ckanext.emergent.reading.network.policy import agent
from ckanext.emergent.tests.servers import (
    Reply,
    json_reply,
    page_reply,
    redirect_reply,
    serving,
    unless_known,
)
from ckanext.emergent.tests.visits import HOSTS, StoppedTime, visit, visitor

pytestmark = pytest.mark.allow_hosts(HOSTS)

GOOD = json_reply({"fine": True})


# --- trying again --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 418, 422])
def test_a_refusal_is_asked_once(status: int) -> None:
    with serving({"/": Reply(status)}) as web, pytest.raises(UnexpectedAnswer) as raised:
        visit(visitor(), web.url())

    assert len(web.requests) == 1
    assert ("status", str(status)) in raised.value.problem.values


@pytest.mark.parametrize("status", [202, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_until_it_passes(status: int) -> None:
    with (
        serving({"/": [Reply(status), Reply(status), GOOD]}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        assert answer.json() == {"fine": True}
    assert len(web.requests) == 3


def test_after_the_last_try_the_failure_is_final() -> None:
    with serving({"/": Reply(503)}) as web, pytest.raises(FatalError) as raised:
        visit(visitor(), web.url())

    assert len(web.requests) == 3
    assert raised.value.problem.code == "portal_failed"
    assert ("tries", "3") in raised.value.problem.values


def test_each_wait_is_longer_than_the_one_before() -> None:
    time = StoppedTime()
    with serving({"/": Reply(500)}) as web, pytest.raises(FatalError):
        visit(visitor(time=time, tries=4, backoff=1), web.url())

    assert time.slept == [1, 2, 4]


def test_a_portal_may_say_how_many_seconds_to_wait() -> None:
    time = StoppedTime()
    with serving({"/": [Reply(429, headers={"Retry-After": "7"}), GOOD]}) as web:
        visit(visitor(time=time), web.url())

    assert time.slept == [7]


def test_a_portal_may_say_until_when_to_wait() -> None:
    time = StoppedTime()
    later = format_datetime(time.start + timedelta(seconds=90), usegmt=True)
    with serving({"/": [Reply(503, headers={"Retry-After": later}), GOOD]}) as web:
        visit(visitor(time=time), web.url())

    assert time.slept == [90]


def test_a_wait_beyond_the_limit_ends_the_visit_and_names_it() -> None:
    time = StoppedTime()
    busy = Reply(429, headers={"Retry-After": "3600"})
    with serving({"/": busy}) as web, pytest.raises(FatalError) as raised:
        visit(visitor(time=time, max_wait=120), web.url())

    assert len(web.requests) == 1
    assert time.slept == []
    assert raised.value.problem.code == "portal_asks_to_wait"
    assert ("seconds", "3600") in raised.value.problem.values


@pytest.mark.parametrize("nonsense", ["soon", "", "-5", "1.5", "Thu, 99 Foo 2026", "١"])
def test_a_retry_after_that_cannot_be_read_is_left_alone(nonsense: str) -> None:
    time = StoppedTime()
    with serving({"/": [Reply(503, headers={"Retry-After": nonsense}), GOOD]}) as web:
        visit(visitor(time=time, backoff=1), web.url())

    assert time.slept == [1]


def test_a_server_that_does_not_listen_is_tried_again() -> None:
    with serving({}) as web:
        pass
    fetch = visitor()

    with pytest.raises(FatalError) as raised:
        visit(fetch, web.url())

    assert raised.value.problem.code == "portal_unreachable"
    assert fetch.requests_made == 3


def test_a_silent_server_is_tried_again() -> None:
    with (
        serving({"/": [Reply(hang=True), GOOD]}) as web,
        visitor(read_timeout=0.2).get(web.url(), expect="json") as answer,
    ):
        assert answer.json() == {"fine": True}


def test_a_name_that_cannot_be_looked_up_is_told_so() -> None:
    def unknown(host: str, port: int) -> tuple[str, ...]:
        raise OSError("Name or service not known")

    fetch = Fetch(FetchPolicy(pace=0), clock=StoppedTime().clock, pace=Pace(), resolve=unknown)

    with pytest.raises(FatalError) as raised:
        visit(fetch, "https://nowhere.example/")

    assert raised.value.problem.code == "portal_name_unknown"


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 99]
)
def test_what_is_not_http_is_an_unreachable_portal(raw: bytes) -> None:
    with serving({"/": Reply(raw=raw)}) as web, pytest.raises(FatalError) as raised:
        visit(visitor(), web.url())

    assert raised.value.problem.code == "portal_unreachable"


# --- time ----------------------------------------------------------------------------------


@pytest.mark.parametrize("dripping", [Reply(body=b"x" * 999, drip=0.05), Reply(drip_head=0.05)])
def test_a_drip_is_cut_by_the_total_time(dripping: Reply) -> None:
    with serving({"/": dripping}) as web, pytest.raises(FatalError) as raised:
        visit(visitor(read_timeout=5, total_timeout=0.4), web.url())

    assert raised.value.problem.code == "answer_too_slow"
    assert len(web.requests) == 1


def test_the_total_time_is_for_all_tries_together() -> None:
    with serving({"/": Reply(hang=True)}) as web, pytest.raises(FatalError):
        visit(visitor(read_timeout=0.3, total_timeout=0.5, tries=9), web.url())

    assert len(web.requests) == 2


# --- manners -------------------------------------------------------------------------------


def test_requests_to_one_host_keep_their_distance() -> None:
    time = StoppedTime()
    known = {"far.example": ("127.0.0.1",)}
    with serving({"/": GOOD}) as web, visitor(time=time, pace=0.5, addresses=known) as fetch:
        visit(fetch, web.url(host="far.example"))
        visit(fetch, web.url(host="far.example"))
        time.sleep(10)
        visit(fetch, web.url(host="far.example"))

    assert time.slept == [0.5, 10]


def test_an_address_of_ones_own_network_is_asked_without_a_pause() -> None:
    time = StoppedTime()
    with serving({"/": GOOD}) as web, visitor(time=time, pace=0.5) as fetch:
        visit(fetch, web.url())
        visit(fetch, web.url())

    assert time.slept == []


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    pace, time = Pace(), StoppedTime()
    inside: list[int] = []
    most: list[int] = []

    def take_a_turn() -> None:
        with pace.turn("a.org", 0, 10, time.clock):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=take_a_turn) for _ in range(20)]
    with pace.turn("b.org", 0, 10, time.clock):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert most == [1] * 20


def test_a_turn_that_does_not_come_ends_in_an_error() -> None:
    pace, time = Pace(), StoppedTime()
    with (
        pace.turn("a.org", 0, 10, time.clock),
        pytest.raises(TimeoutError),
        pace.turn("a.org", 0, 0.01, time.clock),
    ):
        pytest.fail("two turns at once")


def test_we_say_who_we_are_and_how_to_reach_us() -> None:
    with serving({"/": GOOD}) as web:
        visit(visitor(user_agent=agent("https://hub.example/about")), web.url(), accept="text/csv")

    sent = web.requests[0].headers
    assert sent["user-agent"].startswith("ckanext-emergent/")
    assert sent["user-agent"].endswith("(+https://hub.example/about)")
    assert sent["accept"] == "text/csv"
    assert sent["accept-encoding"] == "gzip, deflate"


def test_a_connection_is_kept_for_the_next_request() -> None:
    with serving({"/": GOOD}) as web, visitor() as fetch:
        for _ in range(3):
            visit(fetch, web.url())

    assert {received.connection for received in web.requests} == {1}


def test_no_cookie_of_one_visit_is_needed_or_kept_for_another_host() -> None:
    setting = json_reply(1, headers={"Set-Cookie": "who=me"})
    with (
        serving({"/": setting}) as one,
        serving({"/": GOOD}, host="127.0.0.2") as other,
        visitor() as fetch,
    ):
        visit(fetch, one.url())
        visit(fetch, other.url())

    assert "cookie" not in other.requests[0].headers


# --- only what is new ----------------------------------------------------------------------


def test_an_unchanged_portal_answers_that_it_is_unchanged() -> None:
    with serving({"/": unless_known(GOOD, '"v1"')}) as web:
        first = visitor()
        visit(first, web.url(), conditional=True)
        second = visitor(first.validators())
        with second.get(web.url(), conditional=True, expect="json") as answer:
            assert answer.not_modified
    assert second.validators() == {web.url(): Validator(etag='"v1"')}


def test_a_change_replaces_what_was_remembered() -> None:
    known = {"http://127.0.0.1:1/": Validator(etag='"other"')}
    with serving({"/": unless_known(GOOD, '"v2"')}) as web:
        fetch = visitor({**known, web.url(): Validator(etag='"v1"')})
        with fetch.get(web.url(), conditional=True) as answer:
            assert not answer.not_modified
    assert fetch.validators() == {**known, web.url(): Validator(etag='"v2"')}


def test_a_date_will_do_where_there_is_no_etag() -> None:
    day = "Sun, 03 May 2026 12:00:00 GMT"
    with serving({"/": json_reply(1, headers={"Last-Modified": day})}) as web, visitor() as fetch:
        visit(fetch, web.url(), conditional=True)
        visit(fetch, web.url(), conditional=True)

    assert web.requests[1].headers["if-modified-since"] == day


def test_an_unconditional_visit_neither_asks_nor_remembers() -> None:
    with serving({"/": unless_known(GOOD, '"v1"')}) as web:
        fetch = visitor({web.url(): Validator(etag='"v1"')})
        with fetch.get(web.url()) as answer:
            assert not answer.not_modified
    assert "if-none-match" not in web.requests[0].headers


def test_a_failed_visit_remembers_nothing() -> None:
    page = page_reply(headers={"ETag": '"sorry"'})
    with serving({"/": page}) as web:
        fetch = visitor()
        with pytest.raises(UnexpectedAnswer):
            visit(fetch, web.url(), conditional=True, expect="json")

    assert fetch.validators() == {}


def test_unchanged_without_having_asked_is_no_answer() -> None:
    with serving({"/": Reply(304)}) as web, pytest.raises(UnexpectedAnswer) as raised:
        visit(visitor(), web.url())

    assert raised.value.problem.code == "status_unexpected"


# --- the portal's key ----------------------------------------------------------------------

SECRET = "Bearer s3cr3t-of-the-portal"


def test_the_key_goes_to_the_portal_and_to_nobody_else() -> None:
    with serving({"/": GOOD}, host="127.0.0.2") as other:
        moved = redirect_reply(other.url())
        with serving({"/": GOOD, "/moved": moved}) as portal:
            fetch = visitor(key=Key(portal.url(), "Authorization", SECRET))
            visit(fetch, portal.url())
            visit(fetch, portal.url("/moved"))
            visit(fetch, other.url())

    assert [received.headers.get("authorization") for received in portal.requests] == [SECRET] * 2
    assert [received.headers.get("authorization") for received in other.requests] == [None] * 2


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404),
        page_reply(f"<html>Your key {SECRET}"),
        json_reply(1, headers={"Content-Encoding": f"x-{SECRET}"}),
        redirect_reply(f"ftp://elsewhere.example/?key={SECRET.split()[1]}"),
        Reply(500, headers={"Retry-After": "99999"}),
    ],
)
def test_no_problem_tells_the_key(reply: Reply) -> None:
    with serving({"/": reply}) as web:
        fetch = visitor(key=Key(web.url(), "Authorization", SECRET))
        with pytest.raises(ReadingError) as raised:
            visit(fetch, web.url(), expect="json")

    told = f"{raised.value} {raised.value!r} {raised.value.problem} {fetch!r} {fetch._key!r}"
    assert "s3cr3t" not in told


def test_an_answer_that_turns_out_wrong_later_does_not_tell_the_key_either() -> None:
    with (
        serving({"/": Reply(body=f"{{ {SECRET}".encode())}) as web,
        visitor(key=Key(web.url(), "Authorization", SECRET)).get(web.url()) as answer,
        pytest.raises(UnexpectedAnswer) as raised,
    ):
        answer.json()

    assert "s3cr3t" not in f"{raised.value.problem} {answer!r}"
