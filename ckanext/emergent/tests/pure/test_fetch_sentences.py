"""Whatever goes wrong on the way is told in a whole sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.emergent.problem_sentences import SENTENCES, sentence
from ckanext.emergent.reading import network
from ckanext.emergent.reading.errors import FatalError
from ckanext.emergent.tests.servers import Reply, json_reply, page_reply, redirect_reply, serving
from ckanext.emergent.tests.visits import visitor

ROOM = Path(network.__file__).parent
MODULES = ["answer", "body", "expectation", "fetch", "guard", "link", "reply"]
CODE = re.compile(r'"((?:link|portal|answer|page|redirect|status|too_many)_[a-z_]+)"')


@pytest.mark.parametrize("module", MODULES)
def test_every_code_has_its_sentence(module: str) -> None:
    codes = set(CODE.findall((ROOM / f"{module}.py").read_text(encoding="utf-8")))

    assert codes <= set(SENTENCES)
    assert codes or module == "fetch"


@pytest.mark.parametrize(
    "reply",
    [
        *[Reply(status) for status in (202, 304, 400, 401, 403, 404, 418, 429, 500, 503)],
        Reply(429, headers={"Retry-After": "86400"}),
        Reply(),
        Reply(302),
        Reply(raw=b"?"),
        Reply(hang=True),
        Reply(body=b"x" * 99, drip=0.05),
        page_reply(),
        json_reply([1, 2, 3], cut=3),
        json_reply("x" * 3000),
        json_reply(1, headers={"Content-Encoding": "br"}),
        json_reply(1, headers={"Content-Encoding": "gzip"}),
        redirect_reply("/"),
        redirect_reply("file:///etc/passwd"),
        redirect_reply("http://me:word@example.org/"),
        redirect_reply("http://10.0.0.1/"),
        redirect_reply("http://8.8.8.8:22/"),
        redirect_reply("http://a b/"),
    ],
    ids=lambda reply: str(reply)[:60],
)
def test_a_failed_visit_is_told_without_gaps(reply: Reply) -> None:
    with serving({"/": reply}) as web, pytest.raises(FatalError) as raised:
        visitor(read_timeout=0.1, total_timeout=0.35, max_bytes=2000).get(web.url(), expect="json")

    told = sentence(raised.value.problem)
    assert told.says != raised.value.problem.code
    assert "–" not in told.says + told.to_do


@pytest.mark.parametrize("text", ["[", "{,}", '["\udce9"]', "[" * 150 + "]" * 150])
def test_an_answer_that_cannot_be_read_is_told_without_gaps(text: str) -> None:
    body = text.encode("utf-8", "surrogateescape")
    with (
        serving({"/": Reply(body=body)}) as web,
        visitor().get(web.url()) as answer,
        pytest.raises(FatalError) as raised,
    ):
        answer.json()

    told = sentence(raised.value.problem)
    assert "–" not in told.says + told.to_do
