"""Records become datasets that CKAN accepts."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import ckanext.emergent
from ckanext.emergent.mapping import (
    MAPPING,
    OWNED_FIELDS,
    RESOURCE_FIELDS,
    RESOURCE_MAPPING,
    Mapped,
    Rules,
    dataset_from,
)
from ckanext.emergent.mapping.table import RESERVED
from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.entries.emergent_index import record_from
from ckanext.emergent.reading.errors import SkippableError
from ckanext.emergent.reading.record import (
    Agent,
    Distribution,
    Link,
    LinkKind,
    Period,
    Place,
    Record,
    Reference,
    ResourceKind,
)
from ckanext.emergent.spectrum.access import Access
from ckanext.emergent.spectrum.level import Level

RECORD = Record(
    identifier="r1",
    title="Bus stops",
    landing_page="https://example.org/bus-stops",
    licence=("CC-BY-4.0",),
    access=Access.ANYONE,
    access_stated="public",
)
RULES = Rules(portal_name="leeds", portal_title="Leeds", owner_org="city")


def mapped(rules: Rules = RULES, **changes: Any) -> Mapped:
    return dataset_from(replace(RECORD, **changes), rules)


def dataset(rules: Rules = RULES, **changes: Any) -> dict[str, Any]:
    return mapped(rules, **changes).dataset


def codes(found: Mapped) -> list[str]:
    return [one.code for one in found.problems]


def extras(of: dict[str, Any]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in of.get("extras", [])}


# --- what ----------------------------------------------------------------------------------


def test_a_sound_record_is_mapped_without_a_problem() -> None:
    assert mapped().problems == ()
    assert dataset() == {
        "title": "Bus stops",
        "url": "https://example.org/bus-stops",
        "data_spectrum": "open",
        "spectrum_basis": "derived",
        "spectrum_evidence": "access: public; licence: CC-BY-4.0",
        "license_id": "cc-by",
        "license_text": "CC-BY-4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "owner_org": "city",
        "source_portal": "leeds",
        "source_identifier": "r1",
        "resources": [],
    }


def test_the_mapping_chooses_no_id_no_name_and_no_visibility() -> None:
    assert not {"id", "name", "private", "state", "type"} & set(dataset())


def test_a_record_without_title_is_shown_by_its_identifier() -> None:
    found = mapped(title=None)
    assert found.dataset["title"] == "r1"
    assert codes(found) == ["title_missing"]


def test_an_over_long_title_is_cut_and_kept_beside() -> None:
    title = "word " * 200
    found = mapped(title=title)
    assert len(found.dataset["title"]) <= 500
    assert extras(found.dataset)["portal_title"] == title
    assert codes(found) == ["title_too_long"]


def test_keywords_become_tags_that_ckan_accepts() -> None:
    found = mapped(keywords=("air quality", "#covid", "x", "Rail & road"))
    names = [tag["name"] for tag in found.dataset["tags"]]
    assert names == ["air quality", "covid", "Rail and road"]
    assert codes(found) == ["keyword_changed", "keyword_dropped", "keyword_changed"]


def test_two_spellings_of_a_tag_are_one() -> None:
    tags = dataset(Rules(default_tags=("airports",)), keywords=("Airports", "NOTAM"))["tags"]
    assert tags == [{"name": "Airports"}, {"name": "NOTAM"}]


def test_challenges_are_slugs_in_the_hubs_order_with_the_portals_own() -> None:
    rules = Rules(default_challenges=("aviation", "rail"))
    assert dataset(rules, challenges=("Supply Chains", "rail"))["challenges"] == [
        "rail",
        "aviation",
        "supply-chain",
    ]


def test_a_hubs_own_challenges_are_known() -> None:
    rules = Rules(challenges=(("ppe", "Protective equipment"),))
    assert dataset(rules, challenges=("Protective equipment",))["challenges"] == ["ppe"]


def test_lists_of_texts_hold_each_once() -> None:
    assert dataset(themes=("travel", "crime ", "travel"))["theme"] == ["travel", "crime"]


def test_an_unknown_challenge_is_kept_beside() -> None:
    found = mapped(challenges=("rail", "time travel"))
    assert found.dataset["challenges"] == ["rail"]
    assert extras(found.dataset)["portal_challenges"] == "time travel"
    assert codes(found) == ["challenge_unknown"]


# --- level and licence ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("access", "level"),
    [
        (Access.STAFF, "internal"),
        (Access.NAMED, "named"),
        (Access.GROUP, "group"),
        (Access.ANYONE, "open"),
    ],
)
def test_the_level_is_derived_from_access_and_licence(access: Access, level: str) -> None:
    found = dataset(access=access, access_stated="said")
    assert (found["data_spectrum"], found["spectrum_basis"]) == (level, "derived")


def test_unknown_access_is_unclassified_and_its_evidence_kept() -> None:
    found = mapped(access=Access.UNKNOWN, access_stated="RESTRICTED")
    assert "data_spectrum" not in found.dataset
    assert "spectrum_basis" not in found.dataset
    assert found.dataset["spectrum_evidence"].startswith("access: RESTRICTED")
    assert codes(found) == ["access_named_or_group"]


def test_a_restricted_level_has_the_portals_own_word_as_reason() -> None:
    found = dataset(access=Access.GROUP, access_stated="alliance")
    assert found["spectrum_reason"] == "Leeds: access = alliance"


def test_a_level_that_anyone_has_needs_no_reason() -> None:
    assert "spectrum_reason" not in dataset()


def test_an_unknown_licence_is_kept_in_words_and_never_open() -> None:
    found = mapped(licence=("VK (Open Source)",))
    assert found.dataset["license_text"] == "VK (Open Source)"
    assert found.dataset["data_spectrum"] == "public"
    assert "license_id" not in found.dataset
    assert codes(found) == ["licence_unrecognised"]


def test_no_licence_is_said_to_be_not_specified() -> None:
    found = dataset(licence=())
    assert found["license_id"] == "notspecified"
    assert "license_text" not in found


def test_the_licence_of_a_file_can_close_a_dataset() -> None:
    file = Distribution(url="https://example.org/a.csv", licence=("CC-BY-NC-4.0",))
    found = mapped(distributions=(file,))
    assert found.dataset["data_spectrum"] == "public"
    assert "licence_conflict" in codes(found)


def test_files_licences_count_where_the_dataset_has_none() -> None:
    file = Distribution(url="https://example.org/a.csv", licence=("CC-BY-4.0",))
    assert dataset(licence=(), distributions=(file,))["data_spectrum"] == "open"


def test_a_file_behind_an_account_keeps_a_dataset_from_being_open() -> None:
    file = Distribution(url="https://example.org/a.csv", access=Access.GROUP)
    assert dataset(distributions=(file,))["data_spectrum"] == "public"


def test_no_level_is_more_open_than_the_portals_ceiling() -> None:
    found = mapped(Rules(ceiling=Level.PUBLIC))
    assert found.dataset["data_spectrum"] == "public"
    assert codes(found) == ["level_lowered_by_rule"]


def test_a_ceiling_raises_nothing() -> None:
    found = dataset(Rules(ceiling=Level.PUBLIC), access=Access.STAFF)
    assert found["data_spectrum"] == "internal"


def test_a_licence_is_named_as_the_hubs_register_names_it() -> None:
    rules = Rules(licences=(("CC-BY-4.0", "approved"),))
    assert dataset(rules)["license_id"] == "CC-BY-4.0"


def test_an_id_that_the_hubs_register_lacks_is_not_written() -> None:
    rules = Rules(licences=(("OGL-UK-2.0", "approved"),))
    assert "license_id" not in dataset(rules)
    assert "license_id" not in dataset(rules, licence=())


def test_evidence_is_one_short_line() -> None:
    evidence = dataset(licence=("one\ntwo " * 200,))["spectrum_evidence"]
    assert "\n" not in evidence
    assert len(evidence) <= 500


def test_a_record_that_its_portal_hides_yields_no_dataset() -> None:
    with pytest.raises(SkippableError) as raised:
        mapped(published=False)
    assert raised.value.problem.code == "not_public_at_portal"


# --- who -----------------------------------------------------------------------------------


def test_author_steward_and_publisher_have_their_fields() -> None:
    found = dataset(
        author=Agent(name="Ann", email="ann@example.org", url="https://example.org/ann"),
        steward=Agent(name="Ben", email="ben@example.org"),
        publisher=Agent(name="City", url="https://example.org", identifier="E08000035"),
    )
    assert (found["author"], found["author_email"]) == ("Ann", "ann@example.org")
    assert (found["maintainer"], found["maintainer_email"]) == ("Ben", "ben@example.org")
    assert found["publisher"] == [
        {"name": "City", "url": "https://example.org", "identifier": "E08000035"}
    ]
    assert extras(found) == {"author_url": "https://example.org/ann"}


def test_an_address_that_ckan_would_refuse_is_left_out_and_not_repeated() -> None:
    found = mapped(author=Agent(name="Ann", email="ann at example.org"))
    assert found.dataset["author"] == "Ann"
    assert "author_email" not in found.dataset
    assert [(one.code, one.received) for one in found.problems] == [("email_refused", None)]


def test_a_publisher_of_whom_nothing_usable_is_known_is_none() -> None:
    assert "publisher" not in dataset(publisher=Agent(email="nobody"))


# --- when and where ------------------------------------------------------------------------


def test_dates_in_iso_are_kept_as_precise_as_they_are() -> None:
    found = dataset(issued="2020-05", modified="2020-05-11T10:00:00+00:00", next_review="2021")
    assert (found["issued"], found["modified"], found["next_review"]) == (
        "2020-05",
        "2020-05-11T10:00:00+00:00",
        "2021",
    )


def test_another_date_is_kept_beside_and_told() -> None:
    found = mapped(issued="11-05-2020")
    assert "issued" not in found.dataset
    assert extras(found.dataset) == {"portal_issued": "11-05-2020"}
    assert [(one.code, one.severity) for one in found.problems] == [
        ("date_unreadable", Severity.NOTE)
    ]


def test_periods_and_places_are_rows_with_what_they_have() -> None:
    found = dataset(
        temporal=(Period(start="2020", end="2021-05"), Period(), Period(end="soon")),
        spatial=(Place(text="Leeds"), Place(), Place(uri="https://example.org/leeds")),
    )
    assert found["temporal_coverage"] == [{"start": "2020", "end": "2021-05"}]
    assert found["spatial_coverage"] == [{"text": "Leeds"}, {"uri": "https://example.org/leeds"}]


def test_a_frequency_becomes_one_of_our_words() -> None:
    assert dataset(frequency="Real time")["frequency"] == "real_time"


def test_another_frequency_is_kept_beside() -> None:
    found = mapped(frequency="bimonthly")
    assert extras(found.dataset) == {"portal_frequency": "bimonthly"}
    assert codes(found) == ["frequency_unknown"]


# --- links, files, extras ------------------------------------------------------------------


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,<script>", "Available upon request.", "/a"]
)
def test_only_web_addresses_become_links(link: str) -> None:
    found = mapped(
        landing_page=link,
        source_url=link,
        links=(Link(kind=LinkKind.STORY, url=link),),
        references=(Reference(url=link, description="Stops"),),
    )
    assert not {"url", "source_url", "links"} & set(found.dataset)
    assert found.dataset["references"] == [{"description": "Stops"}]
    assert codes(found) == ["link_refused"] * 4


def test_links_and_references_are_rows() -> None:
    found = dataset(
        links=(Link(kind=LinkKind.REPOSITORY, url="https://example.org/r", title="Code"),),
        references=(Reference(url="https://example.org/naptan"),),
    )
    assert found["links"] == [
        {"kind": "repository", "url": "https://example.org/r", "title": "Code"}
    ]
    assert found["references"] == [{"url": "https://example.org/naptan"}]


def test_a_distribution_becomes_a_resource() -> None:
    file = Distribution(
        url="https://example.org/a b.csv",
        identifier="f1",
        title="Stops",
        description="All",
        format="CSV",
        media_type="text/csv",
        size=0,
        kind=ResourceKind.VISUALISATION,
        access=Access.NAMED,
        licence=("CC-BY-4.0",),
        issued="2020",
        modified="not yet",
        temporal=Period(start="2019", end="2020"),
        extras=(("check_size", "59150"), ("url", "other")),
    )
    assert dataset(distributions=(file,))["resources"] == [
        {
            "url": "https://example.org/a%20b.csv",
            "identifier": "f1",
            "name": "Stops",
            "description": "All",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 0,
            "resource_type": "vis",
            "access": "request",
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "issued": "2020",
            "temporal_start": "2019",
            "temporal_end": "2020",
            "check_size": "59150",
            "portal_url": "other",
        }
    ]


def test_a_file_without_link_is_told_and_costs_nothing_else() -> None:
    files = (Distribution(title="Gone"), Distribution(url="https://example.org/a.csv"))
    found = mapped(distributions=files)
    assert found.dataset["resources"] == [{"url": "https://example.org/a.csv"}]
    assert codes(found) == ["file_without_link"]


def test_a_missing_link_that_the_adapter_told_is_not_told_twice() -> None:
    told = problem("resource_without_link", "url")
    found = mapped(distributions=(Distribution(title="Gone"),), problems=(told,))
    assert codes(found) == ["resource_without_link"]


def test_files_of_which_none_has_a_link_say_nothing_about_the_links_before() -> None:
    assert "resources" not in dataset(distributions=(Distribution(title="Gone"),))


def test_a_record_without_files_has_no_resources() -> None:
    assert dataset(distributions=())["resources"] == []


def test_what_has_no_place_is_kept_beside() -> None:
    found = dataset(extras=(("ward", "3"), ("ward", "4")), rights="© City")
    assert extras(found) == {"ward": "3\n4", "rights": "© City"}


@pytest.mark.parametrize("key", ["title", "id", "name", "url", "source_url", "private", "tags"])
def test_an_extra_whose_key_is_taken_is_renamed(key: str) -> None:
    assert extras(dataset(extras=((key, "theirs"),))) == {f"portal_{key}": "theirs"}


def test_what_the_adapter_told_is_passed_on() -> None:
    assert codes(mapped(problems=(problem("text_padded", "title"),))) == ["text_padded"]


# --- any record at all ---------------------------------------------------------------------

TEXT = st.one_of(st.none(), st.text(max_size=30))
TEXTS = st.lists(st.text(max_size=30), max_size=3).map(tuple)
AGENTS = st.one_of(st.none(), st.builds(Agent, name=TEXT, email=TEXT, url=TEXT))
RECORDS = st.builds(
    Record,
    identifier=st.text(min_size=1, max_size=20),
    title=TEXT,
    landing_page=TEXT,
    source_url=TEXT,
    publisher=AGENTS,
    author=AGENTS,
    licence=TEXTS,
    rights=TEXT,
    access=st.sampled_from(Access),
    access_stated=TEXT,
    keywords=TEXTS,
    challenges=TEXTS,
    frequency=TEXT,
    issued=TEXT,
    temporal=st.lists(st.builds(Period, start=TEXT, end=TEXT), max_size=2).map(tuple),
    distributions=st.lists(
        st.builds(Distribution, url=TEXT, licence=TEXTS, issued=TEXT), max_size=2
    ).map(tuple),
    extras=st.lists(st.tuples(st.text(min_size=1, max_size=9), st.text()), max_size=3).map(tuple),
)


@given(RECORDS)
def test_any_record_becomes_a_dataset_of_known_keys(record: Record) -> None:
    found = dataset_from(record, RULES).dataset
    assert set(found) <= {*OWNED_FIELDS, "resources"}
    assert not set(extras(found)) & RESERVED
    json.dumps(found)


@given(RECORDS)
def test_no_key_of_a_dataset_is_without_value(record: Record) -> None:
    found = dataset_from(record, RULES).dataset
    empty = [key for key, value in found.items() if value in (None, "", []) and key != "resources"]
    assert empty == []


@given(RECORDS)
def test_the_licence_is_kept_as_received_whatever_it_is(record: Record) -> None:
    text = dataset_from(record, RULES).dataset.get("license_text", "")
    assert all(said in text for said in record.licence if said.strip())


# --- the table -----------------------------------------------------------------------------


def keys_in_schema() -> tuple[set[str], set[str]]:
    folder = Path(ckanext.emergent.__file__).parent
    schema = yaml.safe_load((folder / "schemas/dataset.yaml").read_text(encoding="utf-8"))
    parts = (schema["dataset_fields"], schema["resource_fields"])
    names = [{field["field_name"] for field in part if "field_name" in field} for part in parts]
    return names[0], names[1]


def test_every_key_of_the_mapping_is_in_the_schema() -> None:
    in_dataset, in_resource = keys_in_schema()
    assert set(OWNED_FIELDS) - {"tags", "extras"} <= in_dataset
    assert set(RESOURCE_FIELDS) <= in_resource


def test_no_extra_can_have_the_key_of_a_field() -> None:
    in_dataset, _ = keys_in_schema()
    assert in_dataset <= RESERVED


def test_every_field_of_a_record_has_its_row() -> None:
    named = {part.split(".")[0].strip() for row in MAPPING for part in row.record.split(",")}
    told = {field.name for field in fields(Record)}
    elsewhere = {"scope", "copied_from", "published", "problems"}
    assert told - named == elsewhere


def test_every_field_of_a_distribution_has_its_row() -> None:
    named = {row.record.split(".")[0] for row in RESOURCE_MAPPING}
    assert {field.name for field in fields(Distribution)} - named == {"extras"}


# --- the Alliance's own records ------------------------------------------------------------


def test_the_records_of_2020_have_the_levels_that_were_expected(shared_portals: Path) -> None:
    """The project's domain notes, section 8.4: 1 open, 14 public, 6 group."""
    levels: dict[str, list[str]] = {}
    for name in ("odi-leeds-organisation-index.json", "public-organisation-index.json"):
        text = (shared_portals / "emergent-index" / name).read_text(encoding="utf-8")
        for told in json.loads(text)["datasets"]:
            found = dataset_from(record_from(told, str(told["id"])), RULES).dataset
            levels.setdefault(found["data_spectrum"], []).append(found["source_identifier"])
    assert {level: len(names) for level, names in levels.items()} == {
        "open": 1,
        "public": 14,
        "group": 6,
    }
    assert levels["open"] == ["oxford_stringency"]
    assert "NetworkRailOpenDataMirror" in levels["group"]
