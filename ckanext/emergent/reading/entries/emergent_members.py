"""The organisations of an Emergent central index: whose datasets are where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.errors import UnexpectedAnswer
from ckanext.emergent.reading.received.fields import Fields
from ckanext.emergent.reading.received.shown import shown
from ckanext.emergent.reading.received.text import clean
from ckanext.emergent.reading.record import Agent

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer

#: Keeps a cursor, which has a bit for each organisation, under its 2,000 characters.
MOST_MEMBERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One organisation: its key, and its datasets or the address of its index.

    `hindrance` says why it cannot be read at all; `notes` what was wrong with what it says.
    """

    key: str
    publisher: Agent | None = None
    index: str | None = None
    datasets: tuple[Any, ...] | None = None
    hindrance: Problem | None = None
    notes: tuple[Problem, ...] = ()


def members_from(answer: Answer, link: str) -> tuple[Member, ...]:
    """The organisations of a central index at `link`. Raises `UnexpectedAnswer` if it is none."""
    whole = answer.json()
    if not isinstance(whole, dict) or not any(_is_member(value) for value in whole.values()):
        raise not_an_index(answer)
    if len(whole) > MOST_MEMBERS:
        raise UnexpectedAnswer(
            problem("index_too_big", severity=Severity.ERROR, url=link, most=MOST_MEMBERS)
        )
    return tuple(_each_once(whole, link))


def is_central(whole: object) -> bool:
    """Whether this is a central index: objects or lists only, and most name an index.

    One organisation that is written badly must not hide the others.
    """
    if not isinstance(whole, dict) or not all(
        isinstance(one, (dict, list)) for one in whole.values()
    ):
        return False
    return 2 * sum(map(_is_member, whole.values())) > len(whole)


def not_an_index(answer: Answer) -> UnexpectedAnswer:
    """The error that what was answered is no index of either kind."""
    begins = shown(answer.head(200).decode("utf-8", "replace"))
    return UnexpectedAnswer(
        problem("not_an_emergent_index", None, begins, severity=Severity.ERROR, url=answer.url)
    )


def _each_once(whole: dict[str, Any], link: str) -> Iterator[Member]:
    """The second of two keys for one index is not read, or each dataset would come twice."""
    keys: set[str] = set()
    indexes: set[str] = set()
    for number, (written, value) in enumerate(whole.items(), start=1):
        key = clean(written).strip()
        if not key or key in keys:
            key = f"{key} ({number})".strip()
        keys.add(key)
        member = _member(key, value, link)
        if member.index in indexes:
            hindrance = _hindrance("index_listed_twice", key, member.index)
            member = replace(member, hindrance=hindrance)
        elif member.index is not None:
            indexes.add(member.index)
        yield member


def _member(key: str, value: Any, link: str) -> Member:
    if not _is_member(value):
        return Member(key=key, hindrance=_hindrance("member_without_index", key, value))
    if isinstance(value, list):
        return Member(key=key, datasets=tuple(value), publisher=Agent(name=key, identifier=key))
    fields = Fields(value, path=f"{key}.")
    index, inline = fields.statement("index"), value.get("datasets")
    name, page = fields.text("author") or key, fields.link("url")
    return Member(
        key=key,
        publisher=Agent(name=name, url=page, identifier=key),
        index=None if index is None else _address(index, link),
        datasets=tuple(inline) if isinstance(inline, list) else None,
        notes=tuple(fields.problems),
    )


def _address(index: str, link: str) -> str:
    try:
        return urldefrag(urljoin(link, index)).url
    except ValueError:  # half an IPv6 address; whoever visits it says so
        return index


def _hindrance(code: str, key: str, received: object) -> Problem:
    return problem(code, "index", shown(received), severity=Severity.ERROR, key=key)


def _is_member(value: object) -> bool:
    """Whether a central index could hold this: an object with an index, or the datasets."""
    if isinstance(value, dict):
        index = value.get("index")
        named = isinstance(index, str) and bool(index.strip())
        return named or _holds_entries(value.get("datasets"))
    return _holds_entries(value)


def _holds_entries(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(item, dict) and "id" in item for item in value
    )
