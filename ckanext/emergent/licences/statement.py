"""Reading one statement about a licence: which licences it names, and what else it says.

The order: nothing said, a known id, an address, then the text with its links. Whatever is left
over in a text beside names, fillers and credits is a condition that nobody here can judge.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ckanext.emergent.licences.table import Licence, Table, address_key, table, words_of


class Step(str, Enum):
    """Which kind of statement told the licence, the most binding first."""

    ADDRESS = "address"
    ID = "id"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one statement says.

    `licences` are those it names; `address` a web address that it gives, known or not; `leftover`
    is true where it says more than names and one whole address; `stated` is false where it says
    nothing at all.
    """

    statement: str
    step: Step = Step.NONE
    licences: tuple[Licence, ...] = ()
    address: str | None = None
    leftover: bool = False
    stated: bool = True


#: Longer texts are contracts, not names: the rest of them is left over.
_TEXT_LIMIT = 5000

_TAG = re.compile(r"<[^<>]{0,2000}>")
_HREF = re.compile(r"""href\s{0,5}=\s{0,5}["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]{}|]{1,2000}", re.IGNORECASE)
_LONE_URL = re.compile(r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)+/\S*", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read(statement: str) -> Reading:
    """Read one statement, cached: a portal repeats the same few thousands of times."""
    text = " ".join(statement.split())
    words = " ".join(words_of(text))
    if not words or words in table().unstated:
        return Reading(statement=statement, stated=False)
    licence = table().ids.get(words)
    if licence is not None:
        return Reading(statement=statement, step=Step.ID, licences=(licence,))
    if _LONE_URL.fullmatch(text):
        return _read_address(statement, text)
    return _read_text(statement, text)


def _read_address(statement: str, url: str) -> Reading:
    key = address_key(url)
    if key in table().unstated_addresses:
        return Reading(statement=statement, stated=False)
    licence = licence_at(url)
    if licence is None:
        is_whole = url.lower().startswith(("http://", "https://"))
        return Reading(statement=statement, address=url, leftover=not is_whole)
    return Reading(statement=statement, step=Step.ADDRESS, licences=(licence,), address=url)


def licence_at(url: str) -> Licence | None:
    """The licence whose own page, or page in a register of licences, an address is."""
    key = address_key(url)
    known = table()
    for spelling in (key, key.split("?", 1)[0].rstrip("/")):
        if spelling in known.addresses:
            return known.addresses[spelling]
        for prefix in known.id_addresses:
            if spelling.startswith(prefix):
                return known.ids.get(_id_in(spelling.removeprefix(prefix)))
    return None


def _id_in(path: str) -> str:
    return " ".join(words_of(re.sub(r"\.(html|jsonld|json|txt|php)$", "", path)))


def _read_text(statement: str, text: str) -> Reading:
    plain, urls = _without_markup(text[:_TEXT_LIMIT])
    linked = [licence_at(url) for url in urls]
    words = words_of(plain)
    if not words and not urls:
        return Reading(statement=statement, stated=False)
    if not urls and " ".join(words) in table().unstated:
        return Reading(statement=statement, stated=False)
    named, leftover = _named_in(words)
    found = [licence for licence in linked if licence is not None]
    leftover = leftover or None in linked or len(text) > _TEXT_LIMIT
    if not found and not named:
        address = urls[0] if urls else None
        return Reading(statement=statement, address=address, leftover=bool(words) or len(urls) > 1)
    return Reading(
        statement=statement,
        step=Step.ADDRESS if found else Step.TEXT,
        licences=tuple(dict.fromkeys([*found, *named])),
        leftover=leftover,
    )


def _without_markup(text: str) -> tuple[str, tuple[str, ...]]:
    """The words of a text, and the addresses it links or spells, each once, in order."""
    links = [html.unescape(url) for url in _HREF.findall(text)]
    plain = html.unescape(_TAG.sub(" ", text))
    spelt = [url.rstrip(".,;:!?") for url in _URL.findall(plain)]
    urls = {address_key(url): url for url in [*links, *spelt] if not url.startswith("mailto:")}
    return _URL.sub(" ", plain), tuple(urls.values())


def _named_in(words: tuple[str, ...]) -> tuple[list[Licence], bool]:
    """The licences that a text names, and whether it says anything beside them.

    The longest name at each place counts, so that `cc by nc` is never read as `cc by`.
    """
    named: list[Licence] = []
    leftover = False
    place = 0
    while place < len(words):
        credit = table().credits.match(" ".join(words[place : place + 20]))
        if credit is not None:
            place += len(credit.group().split())
            continue
        size, licence = _phrase_at(words, place, table())
        if licence is not None:
            named.append(licence)
        leftover = leftover or size == 0
        place += size or 1
    return named, leftover


def _phrase_at(words: tuple[str, ...], place: int, known: Table) -> tuple[int, Licence | None]:
    """The length of the name or filler that starts at a place, 0 for neither, and its licence."""
    for size in range(min(known.longest, len(words) - place), 0, -1):
        phrase = " ".join(words[place : place + size])
        if phrase in known.names:
            return size, known.names[phrase]
        if phrase in known.fillers:
            return size, None
    return 0, None
