"""Every problem that the code can make is told in a sentence, and every sentence can be told."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import ckanext.emergent
from ckanext.emergent.problem import Problem, problem
from ckanext.emergent.problem_sentences import SENTENCES, sentence

PACKAGE = Path(ckanext.emergent.__file__).parent
#: Functions and methods whose first argument is a problem's code.
MAKERS = {"problem", "note", "warn", "refuse", "_error"}
PLACES = {"field", "received"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" not in path.parts and path.name != "problem_sentences.py":
            name = str(path.relative_to(PACKAGE))
            yield name, ast.parse(path.read_text(encoding="utf-8"), name)


def called(call: ast.Call) -> str | None:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", None)


def literal(node: ast.AST | None) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None


class Made(NamedTuple):
    """One place that makes a problem: its code, and the values it gives; `None`: not told there."""

    code: str
    place: str
    values: set[str] | None


def problems_made() -> Iterator[Made]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in MAKERS and node.args:
                code = literal(node.args[0])
                if code is not None:
                    yield Made(code, f"{path}:{node.lineno}", values_of(node))


def values_of(call: ast.Call) -> set[str] | None:
    """What `problem` is given by name; of other makers it is not seen here."""
    names = {word.arg for word in call.keywords}
    return None if called(call) != "problem" or None in names else {*filter(None, names)}


def codes_chosen() -> set[str]:
    """Codes that are chosen first and made into a problem later: `code = "..."`."""
    chosen = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                chosen |= set(_texts_for_code(node))
    return chosen


def _texts_for_code(node: ast.Assign) -> Iterator[str]:
    for target in node.targets:
        targets = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for one, value in zip(targets, values, strict=False):
            if getattr(one, "id", None) == "code":
                yield from filter(None, map(literal, ast.walk(value)))


def literals() -> set[str]:
    return {text for _, tree in trees() for node in ast.walk(tree) if (text := literal(node))}


MADE = list(problems_made())


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_problem_made_in_the_code_has_its_sentence() -> None:
    assert len(MADE) > 30
    assert [made for made in MADE if made.code not in SENTENCES] == []


def test_every_code_chosen_in_the_code_has_its_sentence() -> None:
    codes = {text for text in codes_chosen() if text.replace("_", "").isalpha() and "_" in text}
    assert len(codes) > 10
    assert sorted(codes - set(SENTENCES)) == []


def test_every_sentence_is_of_a_problem_that_the_code_makes() -> None:
    assert sorted(set(SENTENCES) - literals()) == []


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_has_only_named_placeholders(code: str) -> None:
    for template in (SENTENCES[code].says, SENTENCES[code].to_do):
        assert all(name.isidentifier() for name in placeholders(template))


TOLD = [made for made in MADE if made.code in SENTENCES and made.values is not None]


@pytest.mark.parametrize("made", TOLD, ids=[f"{made.code} in {made.place}" for made in TOLD])
def test_a_sentence_asks_only_for_values_that_its_problem_has(made: Made) -> None:
    told = SENTENCES[made.code]
    asked = placeholders(told.says) | placeholders(told.to_do)
    assert asked <= PLACES | (made.values or set())


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_something_and_what_to_do(code: str) -> None:
    for text in (SENTENCES[code].says, SENTENCES[code].to_do):
        assert text[0].isupper() or text[0] in "“{"
        assert text.rstrip("”").endswith((".", "?", "}"))


def test_values_are_filled_in() -> None:
    told = sentence(problem("licence_conflict", "licence", "A\nB", licence="CC BY"))
    assert "CC BY" in told.says
    assert "A\nB" in told.to_do


def test_a_value_that_was_not_given_is_a_dash() -> None:
    assert "“–”" in sentence(Problem(code="licence_unrecognised")).says


def test_braces_in_a_value_stay_as_they_are() -> None:
    told = sentence(problem("licence_unrecognised", "licence", "{received.__class__} {0}"))
    assert "{received.__class__} {0}" in told.says


def test_the_sentence_is_translated_before_its_values_are_filled_in() -> None:
    told = sentence(
        problem("licence_unrecognised", "licence", "LIZENZ"),
        translate=lambda text: text.replace("this hub knows", "dieser Hub kennt"),
    )
    assert "“LIZENZ”" in told.says
    assert "dieser Hub kennt" in told.says


def test_a_code_without_a_sentence_is_told_as_itself() -> None:
    assert sentence(Problem(code="of_another_time")).says == "of_another_time"
