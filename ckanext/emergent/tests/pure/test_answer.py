"""What a body may be: whole, cut, packed, marked, mistaken for something else."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest

from ckanext.emergent.reading.errors import FatalError, ReadingError, UnexpectedAnswer
from ckanext.emergent.reading.network.answer import is_page
from ckanext.emergent.tests.servers import Reply, json_reply, page_reply, serving, zipped
from ckanext.emergent.tests.visits import visitor

WORDS = ["Überschreitung", "naïve", "数据", "🚆"]


def packed(body: bytes, coding: str) -> Reply:
    return Reply(body=body, headers={"Content-Encoding": coding})


def typed(body: bytes, content_type: str) -> Reply:
    return Reply(body=body, headers={"Content-Type": content_type})


def read_json(reply: Reply, **policy: Any) -> Any:
    with (
        serving({"/": reply}) as web,
        visitor(tries=1, **policy).get(web.url(), expect="json") as answer,
    ):
        return answer.json()


def code_of(reply: Reply, expect: str | None = "json", **policy: Any) -> str:
    with serving({"/": reply}) as web, pytest.raises(UnexpectedAnswer) as raised:
        visitor(tries=1, **policy).get(web.url(), expect=expect)
    return raised.value.problem.code


# --- kinds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html><title>Sorry</title>",
        "\n <html lang=en>",
        '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE HTML PUBLIC "x">',
        "\ufeff<!doctype html>",
        "<head><title>x",
    ],
)
@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_a_page_with_status_200_is_no_json(html: str, content_type: str) -> None:
    assert code_of(page_reply(html, headers={"Content-Type": content_type})) == "answer_is_a_page"


def test_a_page_is_no_rdf() -> None:
    assert code_of(page_reply(), expect="rdf") == "answer_is_a_page"


def test_json_is_no_page() -> None:
    assert code_of(json_reply([]), expect="html") == "answer_is_no_page"


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream"])
def test_json_is_json_whatever_the_header_says(content_type: str) -> None:
    assert read_json(typed(b'{"a": 1}', content_type)) == {"a": 1}


@pytest.mark.parametrize("expect", ["json", "html", "rdf"])
@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_an_empty_body_is_told_so(expect: str, body: bytes) -> None:
    assert code_of(Reply(body=body), expect=expect) == "answer_empty"


def test_anything_goes_where_nothing_is_expected() -> None:
    with serving({"/": page_reply()}) as web, visitor().get(web.url()) as answer:
        assert answer.content_type == "text/html"
        assert answer.text().startswith("<!DOCTYPE html>")


def test_many_comments_before_a_page_cost_no_time() -> None:
    with serving({"/": Reply(body=b"<!--a-->" * 9999)}) as web, visitor().get(web.url()) as answer:
        assert not is_page(answer.head(70_000))


# --- whole and cut -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        json_reply(list(range(500)), cut=700),
        json_reply(list(range(2000)), cut=1500, chunked=True),
        Reply(
            body=gzip.compress(json.dumps(WORDS).encode())[:-9],
            headers={"Content-Encoding": "gzip"},
        ),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
        Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a": 1}'),
    ],
    ids=["length", "chunks", "gzip", "not a chunk", "long length"],
)
def test_a_cut_body_is_never_taken_for_whole(reply: Reply) -> None:
    assert code_of(reply) == "answer_truncated"


def test_a_cut_body_is_asked_for_again() -> None:
    whole = json_reply(WORDS)
    with (
        serving({"/": [Reply(body=whole.body, cut=10), whole]}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        assert answer.json() == WORDS


@pytest.mark.parametrize("text", ['{"a": [1, 2', '["x', "[1,", "{", '{"a":'])
def test_json_that_stops_in_the_middle_is_told_as_cut(text: str) -> None:
    with pytest.raises(UnexpectedAnswer) as raised:
        read_json(Reply(body=text.encode()))

    assert raised.value.problem.code == "answer_truncated"


def test_a_body_without_length_ends_with_the_connection() -> None:
    assert read_json(Reply(raw=b"HTTP/1.0 200 OK\r\n\r\n[1, 2]")) == [1, 2]


# --- size ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [lambda reply: reply, zipped])
def test_the_limit_of_size_is_for_the_unpacked_body(pack: Any) -> None:
    reply = pack(json_reply("x" * 5000))

    assert code_of(reply, max_bytes=4000) == "answer_too_big"


def test_a_visit_may_set_its_own_limit() -> None:
    with serving({"/": json_reply("x" * 5000)}) as web, pytest.raises(UnexpectedAnswer):
        visitor().get(web.url(), max_bytes=1000)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_refused_before_it_goes_off(coding: str) -> None:
    zeros = bytes(40 * 1024 * 1024)
    body = gzip.compress(zeros) if coding == "gzip" else zlib.compress(zeros)

    assert code_of(packed(body, coding)) == "answer_expands_too_much"


def test_a_beginning_is_all_that_is_read_when_no_more_is_wanted() -> None:
    reply = json_reply([{"id": number} for number in range(100_000)])
    with serving({"/": reply}) as web, visitor().get(web.url(), stop_after=2000) as answer:
        items = list(answer.items())

    assert not answer.whole
    assert items[0] == {"id": 0}
    assert len(items) < 20_000


# --- packing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("identity", bytes),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]) + b"\0" * 8),
    ],
)
def test_every_packing_that_we_ask_for_is_undone(coding: str, pack: Any) -> None:
    body = json.dumps(WORDS * 5000).encode()

    assert read_json(packed(pack(body), coding)) == WORDS * 5000


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_a_packing_that_we_did_not_ask_for_is_told_so(coding: str) -> None:
    assert code_of(packed(b"...", coding)) == "answer_compression_unknown"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_what_only_says_that_it_is_packed_is_told_so(coding: str) -> None:
    assert code_of(packed(b'{"not": "packed"}', coding)) == "answer_not_unpacked"


# --- letters -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_understood(encoding: str) -> None:
    body = json.dumps(WORDS, ensure_ascii=False).encode(encoding)
    with (
        serving({"/": typed(body, "application/json")}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        assert answer.json() == WORDS
        assert list(answer.items()) == WORDS


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "nonsense", "utf-8"])
def test_json_in_utf8_is_utf8_whatever_is_declared(declared: str) -> None:
    body = json.dumps(WORDS, ensure_ascii=False).encode()

    assert read_json(typed(body, f"application/json; charset={declared}")) == WORDS


def test_json_in_its_declared_old_encoding_is_read() -> None:
    body = json.dumps(["café"], ensure_ascii=False).encode("latin-1")
    with (
        serving({"/": typed(body, 'application/json;charset="ISO-8859-1"')}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        assert answer.json() == ["café"]
        assert list(answer.items()) == ["café"]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_bytes_that_are_no_letters_are_one_clear_error(stream: bool, content_type: str) -> None:
    body = json.dumps(["café"], ensure_ascii=False).encode("latin-1")
    with (
        serving({"/": typed(body, content_type)}) as web,
        visitor().get(web.url(), expect="json") as answer,
        pytest.raises(UnexpectedAnswer) as raised,
    ):
        list(answer.items()) if stream else answer.json()

    assert raised.value.problem.code == "answer_wrong_encoding"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<html>café".encode("latin-1"), "text/html; charset=latin-1"),
        ("<html><meta charset='iso-8859-1'>café".encode("latin-1"), "text/html"),
        ("<html>café".encode(), "text/html"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_names(body: bytes, content_type: str) -> None:
    with serving({"/": typed(body, content_type)}) as web, visitor().get(web.url()) as answer:
        assert answer.text().endswith("café")


# --- JSON ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["{'a': 1}", '{"a": 1} more', "[1 2]", "nothing", '{"a": 0x10}', "[01]"]
)
@pytest.mark.parametrize("stream", [True, False])
def test_what_is_not_json_is_told_so(text: str, stream: bool) -> None:
    with (
        serving({"/": Reply(body=text.encode())}) as web,
        visitor().get(web.url(), expect="json") as answer,
        pytest.raises(UnexpectedAnswer) as raised,
    ):
        list(answer.items()) if stream else answer.json()

    assert raised.value.problem.code == "answer_not_json"
    assert raised.value.problem.received == text


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000])
def test_deep_nesting_overflows_nothing(text: str, stream: bool) -> None:
    with (
        serving({"/": Reply(body=f"[{text}]".encode())}) as web,
        visitor().get(web.url(), expect="json") as answer,
        pytest.raises(UnexpectedAnswer),
    ):
        list(answer.items()) if stream else answer.json()


@pytest.mark.parametrize("stream", [True, False])
def test_a_number_without_end_breaks_nothing(stream: bool) -> None:
    with (
        serving({"/": Reply(body=b"[" + b"9" * 10_000 + b"]")}) as web,
        visitor().get(web.url(), expect="json") as answer,
        pytest.raises(ReadingError),
    ):
        list(answer.items()) if stream else answer.json()


def test_not_a_number_becomes_missing() -> None:
    assert read_json(Reply(body=b'{"a": NaN, "b": -Infinity}')) == {"a": None, "b": None}


def test_items_are_streamed_from_a_key() -> None:
    with (
        serving({"/": json_reply({"version": "1.0", "datasets": [{"n": 1}, {"n": 2.5}]})}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        items = list(answer.items("datasets.item"))

    assert items == [{"n": 1}, {"n": 2.5}]
    assert [type(item["n"]) for item in items] == [int, float]


def test_items_of_a_cut_list_are_given_before_the_cut_is_told() -> None:
    with (
        serving({"/": Reply(body=b'[{"a": 1}, {"a": 2}, {"a"')}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        items = answer.items()
        assert [next(items), next(items)] == [{"a": 1}, {"a": 2}]
        with pytest.raises(UnexpectedAnswer) as raised:
            next(items)

    assert raised.value.problem.code == "answer_truncated"


def test_two_readers_of_one_answer_do_not_disturb_each_other() -> None:
    with (
        serving({"/": json_reply(list(range(50_000)))}) as web,
        visitor().get(web.url(), expect="json") as answer,
    ):
        pairs = [(one, other) for one, other in zip(answer.items(), answer.items(), strict=True)]

    assert pairs == [(number, number) for number in range(50_000)]


def test_a_fatal_error_is_raised_by_the_last_try_only() -> None:
    with serving({"/": Reply(500)}) as web, pytest.raises(FatalError):
        visitor(tries=1).get(web.url())
    assert len(web.requests) == 1
