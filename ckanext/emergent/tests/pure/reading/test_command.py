"""`python -m ckanext.emergent.reading`: what it says, and its exit codes."""

from __future__ import annotations

import json

import pytest

from ckanext.emergent.reading.__main__ import main
from ckanext.emergent.tests.pure.reading.test_datapress import EXPORTS, entry
from ckanext.emergent.tests.pure.reading.test_emergent_index import entry as index_entry
from ckanext.emergent.tests.pure.reading.test_emergent_index import index
from ckanext.emergent.tests.servers import Reply, json_reply, page_reply, serving

ALLOW = ["--allow", "127.0.0.0/8"]


def test_detect_names_the_family_and_what_was_tried(capsys: pytest.CaptureFixture[str]):
    with serving({"/": page_reply(), EXPORTS[0]: json_reply([entry()])}) as web:
        assert main(["detect", web.url("/"), *ALLOW]) == 0
        first, *tried = capsys.readouterr().out.splitlines()
        assert first == f"datapress  {web.url('/')}"
        assert len(tried) == 2


def test_detect_as_json_is_one_object(capsys: pytest.CaptureFixture[str]):
    with serving({"/": json_reply(index(index_entry(1)))}) as web:
        assert main(["detect", web.url("/"), "--json", *ALLOW]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["adapter"], told["link"]) == ("emergent_index", web.url("/"))
        assert [tried["url"] for tried in told["tried"]] == [web.url("/")]


def test_what_is_not_recognised_ends_with_two(capsys: pytest.CaptureFixture[str]):
    assert main(["detect", "file:///etc/passwd"]) == 2
    assert "No family" in capsys.readouterr().out


def test_a_private_network_is_visited_only_when_it_is_allowed(capsys: pytest.CaptureFixture[str]):
    with serving({"/": json_reply(index(index_entry(1)))}) as web:
        assert main(["read", web.url("/")]) == 2
        assert web.asked == []
    assert "private network" in capsys.readouterr().err


def test_read_as_json_writes_one_record_a_line(capsys: pytest.CaptureFixture[str]):
    with serving({"/": json_reply(index(index_entry(1), index_entry(2)))}) as web:
        assert main(["read", web.url("/"), "--json", *ALLOW]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["identifier"] for record in records] == ["set-1", "set-2"]


def test_read_tells_each_problem_with_its_record(capsys: pytest.CaptureFixture[str]):
    odd = index_entry(1, createdAt="11-05-2020", title="Odd")
    with serving({"/": json_reply(index(odd, {"title": "No id"}))}) as web:
        assert main(["read", web.url("/"), *ALLOW]) == 1
    told = capsys.readouterr()
    assert "set-1  Odd" in told.out
    assert "warning createdAt: “createdAt” is" in told.out or "createdAt" in told.out
    assert "No id" in told.err
    assert "1 records; 1 errors, 1 warnings" in told.err


def test_reading_that_breaks_off_ends_with_two_after_what_was_read(
    capsys: pytest.CaptureFixture[str],
):
    body = json.dumps(index(*map(index_entry, range(300)))).encode()
    with serving({"/": Reply(body=body[:-1000])}) as web:
        assert main(["read", web.url("/"), "--adapter", "emergent_index", *ALLOW]) == 2
    told = capsys.readouterr()
    assert told.out.count("  Set ") > 200
    assert "breaks off" in told.err


def test_no_output_holds_a_stack_trace(capsys: pytest.CaptureFixture[str]):
    with serving({"/": Reply(500)}) as web:
        main(["read", web.url("/"), "--adapter", "datapress", *ALLOW])
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
