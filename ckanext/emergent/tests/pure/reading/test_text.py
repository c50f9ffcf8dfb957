from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.emergent.reading.received.text import clean, is_unsafe, markdown, plain
from ckanext.emergent.tests.pure.reading.hostile import HOSTILE, is_harmless

PIECES = """<b> </b> < > & &lt; &amp;lt; script ]( ]: javascript: data: &#60; <p <!-- a [x]
    <https://a.example> href="""
TEXTS = st.text() | st.lists(st.sampled_from([*PIECES.split(), "\r\n", " ", "\x00", "\ud800"])).map(
    "".join
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Rail", "Rail"),
        ("  Rail \r\n delays\t", "Rail delays"),
        ("AT&amp;T &amp; others", "AT&T & others"),
        ("<b>Rail</b> <i>delays</i>", "Rail delays"),
        ("&lt;b&gt;Rail&lt;/b&gt;", "Rail"),
        ("a < b and 5 <7", "a < b and 5 <7"),
        ("half <b", "half < b"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("NUL\x00 and half \ud800", "NUL and half"),
        ("\xa0 ", None),
        ("<br>", None),
        ("", None),
    ],
)
def test_plain_text_is_one_line_without_markup(written: str, read: str | None):
    assert plain(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Two\r\nlines\r\n\r\nand a paragraph\r\n", "Two  \nlines\n\nand a paragraph"),
        ("# Already\n\n- Markdown", "# Already\n\n- Markdown"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<dp-prose><h2>A</h2><ul><li><p>b</p></li></ul></dp-prose>", "## A\n\n- b"),
        ('<a href="https://a.example/x_y">here</a>', "[here](https://a.example/x_y)"),
        ('<a href="/about">here</a>', "here"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<img src=https://a.example/pixel>text", "text"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo"),
        ("<script>alert(1)</script>text", "text"),
        ("see <https://a.example/b> or <me@a.example>", "see https://a.example/b or me@a.example"),
        ("[x](javascript:alert(1))", "[x](#))"),
        ("snake_case *stars*", "snake_case *stars*"),
        ("<p> </p>", None),
    ],
)
def test_markdown_keeps_the_form_and_nothing_that_runs(written: str, read: str | None):
    assert markdown(written) == read


@given(TEXTS)
def test_no_text_does_harm_whatever_it_was(text: str):
    assert is_harmless(plain(text) or "")
    assert is_harmless(markdown(text) or "")


@given(TEXTS)
def test_reading_plain_text_again_changes_nothing(text: str):
    once = plain(text)
    assert once is None or plain(once) == once


@pytest.mark.parametrize("text", [text for text in HOSTILE if isinstance(text, str)])
def test_hostile_text_is_read(text: str):
    assert is_harmless(markdown(text) or "")


def test_deep_markup_loses_its_form_and_not_its_words():
    assert markdown("<ul><li>" * 50_000 + "word") == "word"
    assert markdown("<em>" * 1_500 + "word") == "word"


@pytest.mark.parametrize(
    "text",
    ["<script>", "< SCRIPT src=x>", "<img onerror=x>", "[a](javascript:b)", "<svg/onload=1>"],
)
def test_what_could_run_is_noticed(text: str):
    assert is_unsafe(text)


@pytest.mark.parametrize("text", ["<b>bold</b>", "on = off", "time: now", "a < b", "description"])
def test_ordinary_text_is_not_suspected(text: str):
    assert not is_unsafe(text)


def test_line_ends_of_every_kind_become_one():
    assert clean("a\r\nb\rc\x0bd\u2028e") == "a\nb\nc\nd\ne"
