"""Answers with anything in them: never an exception, nothing lost, no access invented.

Hypothesis takes a healthy answer and puts other things in some of its places; the real ones of
`../shared/portals` as well, where they are.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.emergent.mapping import Rules, dataset_from
from ckanext.emergent.problem_sentences import SENTENCES, sentence
from ckanext.emergent.reading.adapter import Adapter, Page
from ckanext.emergent.reading.adapters.datapress import EXPORTS, DataPress
from ckanext.emergent.reading.adapters.emergent_index import EmergentIndex
from ckanext.emergent.reading.errors import ReadingError
from ckanext.emergent.reading.received.identifier import identifier_from
from ckanext.emergent.reading.record import Record
from ckanext.emergent.spectrum.access import Access, access_from
from ckanext.emergent.tests.pure.reading.contract import all_links, all_texts
from ckanext.emergent.tests.pure.reading.hostile import HOSTILE, is_harmless
from ckanext.emergent.tests.pure.reading.memory import SITE, answer_of, fetch_of
from ckanext.emergent.tests.pure.reading.test_datapress import entry, old_entry
from ckanext.emergent.tests.pure.reading.test_emergent_index import entry as index_entry
from ckanext.emergent.tests.pure.reading.test_emergent_index import index, member

RULES = Rules(portal_name="hostile")
FULL_ENTRY = index_entry(
    1,
    challenges=["rail"],
    update_frequency="daily",
    author="A",
    author_email="a@b.example",
    maintainer="M",
    references=[{"url": "https://a.example/", "description": "Codes"}],
    updatedAt="2020-06-01T10:00Z",
)
FULL_RECORD = entry(
    links=[{"title": "L", "url": "https://a.example/"}],
    custom={"update_frequency": "Annual", "geo": ["Ward"]},
    masthead={"id": "m", "title": "M"},
)
KEYS = st.text(max_size=5)
JUNK = st.sampled_from(HOSTILE) | st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
FEW = settings(suppress_health_check=[HealthCheck.too_slow])  # how many: the profile says


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in JSON values, as the keys that lead there."""
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    return [at, *(place for key, part in inner for place in places(part, (*at, key)))]


@st.composite
def mutated(draw: Callable[[Any], Any], value: Any) -> Any:
    """The value with one to five places taken out, repeated or filled with something else."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 5))):
        *way, last = draw(st.sampled_from([place for place in places(value) if place]))
        parent = value
        for key in way:
            parent = parent[key]
        how = draw(st.sampled_from(["replace", "replace", "remove", "repeat"]))
        if how == "replace":
            parent[last] = copy.deepcopy(draw(JUNK))
        elif how == "repeat" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[last]))
        elif isinstance(parent, dict) or len(parent) > 1:
            del parent[last]
        if not [place for place in places(value) if place]:
            break
    return value


def read(adapter: Adapter, answers: dict[str, Any]) -> list[Page] | None:
    """The pages, or `None` where reading ended with an error of ours."""
    try:
        return list(adapter.pages(fetch_of(answers)))
    except ReadingError:
        return None


def check(pages: list[Page]) -> list[Record]:
    """What holds of everything that is ever read."""
    records = [record for page in pages for record in page.records]
    assert [page.end is not None for page in pages] == [False] * (len(pages) - 1) + [True]
    assert len({record.identifier for record in records}) == len(records)
    texts = all_texts(records)
    assert "" not in texts
    assert [text for text in texts if not is_harmless(text)] == []
    assert all(link.startswith(("http://", "https://")) for link in all_links(records))
    for told in (one for part in (*pages, *records) for one in part.problems):
        assert told.code in SENTENCES
        sentence(told)
    return records


def check_mapped(record: Record) -> None:
    """A record that is read can be mapped, and is open only where it is for anyone."""
    dataset = dataset_from(record, RULES).dataset
    json.dumps(dataset).encode()
    assert dataset["title"]
    assert dataset.get("data_spectrum") != "open" or record.access is Access.ANYONE


def accounted(pages: list[Page]) -> int:
    """How many entries became a record or were told to be left out."""
    left_out = {"record_not_an_object", "record_without_identifier", "identifier_repeated"}
    told = (one.code in left_out for page in pages for one in page.problems)
    return sum(told) + sum(len(page.records) for page in pages)


def says(entries: list[Any], identifier: str, field: str) -> Any:
    """What the first entry of that identifier says in a field."""
    for one in entries:
        if isinstance(one, dict) and identifier_from(one.get("id")) == identifier:
            return one.get(field)
    return None


@FEW
@given(mutated(index(FULL_ENTRY, index_entry(2), index_entry(3, sharing="private"))))
def test_an_organisation_index_with_anything_in_it(whole: Any):
    pages = read(EmergentIndex(f"{SITE}/x"), {"/x": whole})
    if pages is None:
        return
    for record in check(pages):
        check_mapped(record)
        if record.access is Access.ANYONE:
            stated = record.access_stated
            assert access_from(stated) is Access.ANYONE
    entries = whole.get("datasets") if isinstance(whole, dict) else whole
    if isinstance(entries, list):
        assert accounted(pages) == len(entries)


@FEW
@given(
    mutated({"a": member("/a"), "b": member("/b"), "c": index(index_entry(3))}),
    mutated(index(FULL_ENTRY)),
)
def test_a_central_index_with_anything_in_it(central: Any, one: Any):
    answers = {"/x": central, "/a": one, "/b": index(index_entry(2))}
    pages = read(EmergentIndex(f"{SITE}/x"), answers)
    if pages is None:
        return
    records = check(pages)
    for record in records:
        check_mapped(record)
    if isinstance(central, dict) and "datasets" not in central:
        # every organisation was read, or is named as unread with a problem
        unread = len(pages[-1].end.unread) if pages[-1].end else 0
        assert len(pages) >= len(central)
        assert unread <= sum(bool(page.problems) for page in pages)


@FEW
@given(mutated([FULL_RECORD, old_entry(id="2abc2"), entry("2abc3", sharing="private")]))
def test_a_datapress_export_with_anything_in_it(whole: Any):
    pages = read(DataPress(SITE), {EXPORTS[0]: whole})
    if pages is None:
        return
    for record in check(pages):
        stated = says(whole, record.identifier, "sharing")
        if record.published or record.access is Access.ANYONE:
            word = stated[0] if isinstance(stated, list) and len(stated) == 1 else stated
            assert isinstance(word, str)
            assert word.strip().lower() == "public"
            check_mapped(record)
        else:
            assert record.title is None
    assert accounted(pages) == len(whole)


@FEW
@given(mutated([FULL_RECORD]) | mutated(index(FULL_ENTRY)) | mutated({"a": member("/a")}) | JUNK)
def test_recognising_anything_is_no_error(whole: Any):
    for adapter in (EmergentIndex, DataPress):
        with answer_of(json.dumps(whole).encode(), SITE) as answer:
            try:
                found = adapter.recognise(SITE, answer)
            except ReadingError:
                continue
        assert found is None or found.startswith(SITE)


@FEW
@given(st.data(), st.sampled_from(["public-organisation-index", "odi-leeds-organisation-index"]))
def test_real_indexes_with_anything_in_them(shared_portals: Path, data: st.DataObject, name: str):
    whole = json.loads((shared_portals / "emergent-index" / f"{name}.json").read_text())
    whole["datasets"] = whole["datasets"][:6]
    pages = read(EmergentIndex(f"{SITE}/x"), {"/x": data.draw(mutated(whole))})
    for record in check(pages) if pages else ():
        check_mapped(record)
