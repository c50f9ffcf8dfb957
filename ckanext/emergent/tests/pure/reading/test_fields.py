from __future__ import annotations

from typing import Any

import pytest

from ckanext.emergent.reading.received.fields import LINE, MOST_WORDS, Fields
from ckanext.emergent.reading.received.notes import MOST_PROBLEMS
from ckanext.emergent.reading.received.outlink import out_link


def codes(fields: Fields) -> list[str]:
    return [told.code for told in fields.problems]


@pytest.mark.parametrize("empty", [None, "", " \n", [], {}])
def test_what_says_nothing_is_missing_without_a_word(empty: Any):
    fields = Fields({"a": empty})
    assert fields.text("a") is None
    assert fields.prose("a") is None
    assert fields.words("a") == ()
    assert fields.date("a") is None
    assert fields.whole("a") is None
    assert fields.link("a") is None
    assert fields.email("a") is None
    assert list(fields.each("a")) == []
    assert fields.left_over() == ()
    assert fields.problems == []


@pytest.mark.parametrize(
    ("value", "text", "code"),
    [
        (7, "7", "field_is_number"),
        (1.5, "1.5", "field_is_number"),
        (["a", "b"], "a, b", "field_is_list"),
        (True, None, "field_unreadable"),
        ({"a": 1}, None, "field_unreadable"),
        ([1], None, "field_unreadable"),
    ],
)
def test_a_text_of_another_type_is_read_if_it_can_be_and_told(value: Any, text: Any, code: str):
    fields = Fields({"a": value})
    assert fields.text("a") == text
    assert codes(fields) == [code]


def test_what_cannot_be_read_is_kept():
    fields = Fields({"a": {"b": [1, None]}})
    fields.text("a")
    assert fields.left_over() == (("a", '{"b": [1, null]}'),)


def test_the_first_name_that_says_something_is_read():
    fields = Fields({"new": "", "old": "x"})
    assert fields.text("new", "old") == "x"
    assert fields.left_over() == ()


def test_a_long_text_is_cut_and_told():
    fields = Fields({"a": "x" * (LINE + 1)})
    assert len(fields.text("a") or "") == LINE
    assert codes(fields) == ["text_cut"]


def test_too_many_words_are_cut_and_told():
    fields = Fields({"a": [str(number) for number in range(MOST_WORDS + 1)]})
    assert len(fields.words("a")) == MOST_WORDS
    assert codes(fields) == ["list_cut"]


def test_too_many_problems_are_counted_and_not_kept():
    fields = Fields({str(number): number for number in range(MOST_PROBLEMS + 50)})
    fields.left_over()
    assert len(fields.problems) == MOST_PROBLEMS + 1
    assert codes(fields)[-1] == "problems_cut"


@pytest.mark.parametrize(
    ("value", "number"),
    [(5, 5), ("5", 5), (" 5 ", 5), (5.0, 5), (0, 0)]
    + [(value, None) for value in (-1, 5.5, "5 KB", True, "٥", 2**63, "9" * 30, [5], 1e300)],
)
def test_a_whole_number_is_read_in_its_plain_forms_only(value: Any, number: int | None):
    assert Fields({"a": value}).whole("a") == number


@pytest.mark.parametrize(
    ("value", "email"),
    [
        ("a@b.example", "a@b.example"),
        (" mailto:a@b.example ", "a@b.example"),
        ("A Person <a@b.example>", "a@b.example"),
        ("a@b.example; c@d.example", None),
        ("nobody", None),
        (7, None),
        ({"a": 1}, None),
    ],
)
def test_one_email_address_is_taken_out_of_what_surrounds_it(value: Any, email: str | None):
    assert Fields({"a": value}).email("a") == email


def test_an_address_that_is_no_email_is_neither_kept_nor_repeated():
    fields = Fields({"a": "person at home.example, person@home.example, p@q.example"})
    fields.email("a")
    assert "home" not in repr(fields.problems)
    assert fields.left_over() == ()


def test_an_email_in_an_unknown_field_is_hidden():
    fields = Fields({"odd": "ask person@home.example", "list": ["person@home.example"]})
    assert "person" not in repr(fields.left_over())
    assert "person" not in repr(fields.problems)


def test_items_are_found_in_lists_and_under_keys_and_alone():
    assert [item.text("a") for item in Fields({"x": [{"a": "1"}, {"a": "2"}]}).each("x")] == [
        "1",
        "2",
    ]
    assert [item.key for item in Fields({"x": {"k": {"a": "1"}, "l": {}}}).each("x")] == ["k", "l"]
    assert [item.text("a") for item in Fields({"x": {"a": "1"}}).each("x")] == ["1"]
    assert [item.text("a") for item in Fields({"x": ["1"]}).each("x", bare="a")] == ["1"]


def test_problems_inside_name_their_place():
    fields = Fields({"x": [{"a": True}], "y": {"b": True}})
    for item in fields.each("x"):
        item.text("a")
    fields.inside("y").text("b")
    assert [told.field for told in fields.problems] == ["x[0].a", "y.b"]


@pytest.mark.parametrize(
    ("written", "url", "code"),
    [
        ("https://a.example/b#c", "https://a.example/b#c", None),
        ("HTTPS://A.Example", "https://a.example/", None),
        ("https://a.example/b c", "https://a.example/b%20c", None),
        ("https://a.example/(Final)[1].csv", "https://a.example/(Final)[1].csv", None),
        ("https://a.exam\nple/b", "https://a.example/b", None),
        ("www.a.example/b", "http://www.a.example/b", "link_without_scheme"),
        ("/dataset/x", "https://site.example/dataset/x", None),
        ("//a.example/b", None, "link_is_text"),
        ("see below", None, "link_is_text"),
        ("http://[", None, "link_is_text"),
        ("ftp://a.example/b", None, "link_unusable"),
        ("javascript:alert(1)", None, "link_unusable"),
        ("data:text/html,x", None, "link_unusable"),
        ("file:///etc/passwd", None, "link_unusable"),
        ("https://me:secret@a.example/", None, "link_with_password"),
        ("http://localhost/x", "http://localhost/x", "link_is_local"),
        ("http://10.0.0.1/x", "http://10.0.0.1/x", "link_is_local"),
        ("http://intranet/x", "http://intranet/x", "link_is_local"),
    ],
)
def test_a_link_is_made_fit_or_its_fault_is_named(written: str, url: str | None, code: str | None):
    link = out_link(written, "https://site.example/api/export.json")
    assert (link.url, link.code) == (url, code)


def test_a_local_portal_may_link_to_itself():
    assert out_link("http://10.0.0.1/x", "http://10.0.0.1/export.json").code is None
