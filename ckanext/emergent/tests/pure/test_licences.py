"""What portals write about licences, and which of it is open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.emergent.licences import Conformance, Finding, is_open, recognise, registered_id
from ckanext.emergent.licences import table as licence_table
from ckanext.emergent.licences.table import Licence, table
from ckanext.emergent.problem import Severity

OGL_3 = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
CC_BY_4 = "https://creativecommons.org/licenses/by/4.0/"


def found(*statements: str) -> tuple[str | None, str | None, str]:
    finding = recognise(statements)
    return finding.licence_id, finding.spdx, finding.conformance.value


def codes(finding: Finding) -> set[str]:
    return {problem.code for problem in finding.problems}


@pytest.mark.parametrize(
    ("statement", "licence_id", "spdx"),
    [
        # FORMATS section 17, family by family
        ("uk-ogl", "uk-ogl", None),
        ("OGL-UK-3.0", "uk-ogl", "OGL-UK-3.0"),
        ("OGL-UK-3.0 ", "uk-ogl", "OGL-UK-3.0"),
        ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/2", "uk-ogl",
         "OGL-UK-2.0"),
        ("https://nationalarchives.gov.uk/doc/open-government-licence/version/2/", "uk-ogl",
         "OGL-UK-2.0"),
        (OGL_3, "uk-ogl", "OGL-UK-3.0"),
        (OGL_3.removesuffix("/"), "uk-ogl", "OGL-UK-3.0"),
        ("http://reference.data.gov.uk/id/open-government-licence", "uk-ogl", None),
        ("UK Open Government Licence (OGL v3)", "uk-ogl", "OGL-UK-3.0"),
        ("UK Open Government Licence (OGL)", "uk-ogl", None),
        ("Open Government Licence v3.0", "uk-ogl", "OGL-UK-3.0"),
        ("OGL_3_0", "uk-ogl", "OGL-UK-3.0"),
        ("cc-by", "cc-by", None),
        ("CC-BY-4.0", "cc-by", "CC-BY-4.0"),
        ("CC BY 4.0", "cc-by", "CC-BY-4.0"),
        ("CC_BY_4_0", "cc-by", "CC-BY-4.0"),
        ("CC-BY-3.0-DE", "cc-by", "CC-BY-3.0"),
        (CC_BY_4, "cc-by", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by/4.0", "cc-by", "CC-BY-4.0"),
        ("https://www.creativecommons.org/licenses/by/4.0/legalcode", "cc-by", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode.fr", "cc-by", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.en_GB", "cc-by", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", "cc-by", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/3.0/at/", "cc-by", "CC-BY-3.0"),
        ("http://creativecommons.org/licenses/by/3.0/nl/legalcode", "cc-by", "CC-BY-3.0"),
        ("http://www.opendefinition.org/licenses/cc-by", "cc-by", None),
        ("http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0", "cc-by-sa",
         "CC-BY-SA-4.0"),
        ("cc-by-sa", "cc-by-sa", None),
        ("Creative Commons Attribution | Share Alike 3.0 Unported", "cc-by-sa", "CC-BY-SA-3.0"),
        ("Attribution 4.0 International (CC BY 4.0)", "cc-by", "CC-BY-4.0"),
        ("cc-zero", "cc-zero", "CC0-1.0"),
        ("CC0", "cc-zero", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc-zero", "CC0-1.0"),
        ("odc-odbl", "odc-odbl", "ODbL-1.0"),
        ("ODbL-1.0", "odc-odbl", "ODbL-1.0"),
        ("http://opendatacommons.org/licenses/odbl/1-0/", "odc-odbl", "ODbL-1.0"),
        ("odc-pddl", "odc-pddl", "PDDL-1.0"),
        ("odc-by", "odc-by", "ODC-By-1.0"),
        ("https://spdx.org/licenses/ODC-By-1.0.html", "odc-by", "ODC-By-1.0"),
        ("http://dcat-ap.de/def/licenses/cc-by-de/3.0", "cc-by", "CC-BY-3.0"),
        ("http://dcat-ap.de/def/licenses/odbl", "odc-odbl", "ODbL-1.0"),
    ],
)  # fmt: skip
def test_an_open_licence_is_known_in_its_spellings(
    statement: str, licence_id: str, spdx: str | None
) -> None:
    assert found(statement) == (licence_id, spdx, "approved")


@pytest.mark.parametrize(
    ("statement", "licence_id", "spdx"),
    [
        ("cc-nc", "cc-nc", None),
        ("CC-BY-NC-4.0", "cc-nc", "CC-BY-NC-4.0"),
        ("CC-BY-NC-SA-4.0 ", "cc-nc", "CC-BY-NC-SA-4.0"),
        ("CC_BYNCND_4_0", "cc-nc", "CC-BY-NC-ND-4.0"),
        ("CC-BY-ND-4.0", "other-closed", "CC-BY-ND-4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "cc-nc", "CC-BY-NC-4.0"),
        ("OGL-UK-1.0", "uk-ogl", "OGL-UK-1.0"),
        ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/", "uk-ogl",
         "OGL-UK-1.0"),
        ("fr-lo", None, "etalab-2.0"),
        ("Licence Ouverte (Etalab)", None, "etalab-2.0"),
        ("Licence ouverte / Open Licence", None, "etalab-2.0"),
        ("http://dcat-ap.de/def/licenses/dl-by-de/2.0", None, "DL-DE-BY-2.0"),
        ("other-closed", "other-closed", None),
    ],
)  # fmt: skip
def test_a_known_licence_that_is_not_approved_is_named_and_not_open(
    statement: str, licence_id: str | None, spdx: str | None
) -> None:
    assert found(statement) == (licence_id, spdx, "not_approved")


@pytest.mark.parametrize(
    "statement",
    ["MIT", "LGPL-2.0-or-later ", "EUPL-1.2", "GPL-3.0+", "Apache License, Version 2.0",
     "http://www.opensource.org/licenses/gpl-3.0.html", "http://www.mozilla.org/MPL",
     "http://dcat-ap.de/def/licenses/other-opensource"],
)  # fmt: skip
def test_a_software_licence_is_never_mapped_to_one_for_data(statement: str) -> None:
    finding = recognise([statement])
    assert finding.conformance is Conformance.SOFTWARE
    assert finding.licence_id is None


@pytest.mark.parametrize(
    "statement",
    ["", "  ", "notspecified", "custom", "Copyright", "license", "N/A", "<p> </p>", "<p>custom</p>",
     "https://project-open-data.cio.gov/unknown-license"],
)  # fmt: skip
def test_words_that_say_nothing_are_not_a_licence(statement: str) -> None:
    assert found(statement) == (None, None, "unstated")


def test_nothing_at_all_is_not_stated() -> None:
    finding = recognise([])
    assert finding.conformance is Conformance.UNSTATED
    assert codes(finding) == {"licence_unstated"}


@pytest.mark.parametrize(
    "statement",
    [
        "VK (Open Source)",
        "Open Source",
        "open data",
        "No special restrictions or limitations on using the item's content",
        "<div><br /></div><div>No special restrictions or limitations</div>",
        "request permission",
        "https://hub.arcgis.com/api/v2/datasets/429428633a5e486289f6111d9cbe7065/license",
        "https://github.com/pcm-dpc/COVID-19/blob/master/LICENSE",
        "https://example.org/creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org@example.org/licenses/by/4.0/",
        "https://creativecommons.org/licenses/by/4.0/at/",
        "https://creativecommons.org/licenses/by-x/4.0/",
        "https://spdx.org/licenses/",
    ],
)
def test_what_is_not_in_the_table_stays_unrecognised(statement: str) -> None:
    finding = recognise([statement])
    assert finding.conformance is Conformance.UNRECOGNISED
    assert finding.licence_id is None
    assert codes(finding) == {"licence_unrecognised"}


@pytest.mark.parametrize(
    "statement",
    [
        "CC-BYY",
        "CC-B",
        "OGL-UK-9.0",
        "CC-BY-5.0",
        "OGL?",
        "javascript:alert('cc-by')",
        "not CC-BY",
        "CC-BY-4.0-NC",
        "CC BY + NC",
        "OGL, except the base map",
        "OGL except where otherwise stated",
        f'<a href="{OGL_3}">OGL</a>, except the base map',
        f"{OGL_3} for schools only",
        "CC BY 4.0 https://example.org/extra-terms",
        "CC BY 4.0 " + "the " * 3000,
    ],
)
def test_a_part_of_a_statement_never_makes_it_open(statement: str) -> None:
    assert not is_open(recognise([statement]))


@pytest.mark.parametrize(
    ("statement", "spdx"),
    [
        (f"<a href='{OGL_3}'>{OGL_3}</a>", "OGL-UK-3.0"),
        (f"<span style='font-size: 16px;'>{OGL_3}</span>", "OGL-UK-3.0"),
        (f'<p>Licensed under the <a href="{OGL_3}">Open Government Licence</a>.</p>', "OGL-UK-3.0"),
        ("This data is made available under the Open Government Licence v3.0.", "OGL-UK-3.0"),
        (
            "Open Government Licence v3.0. Contains OS data © Crown copyright and database right "
            "2022.",
            "OGL-UK-3.0",
        ),
        ("See www.nationalarchives.gov.uk/doc/open-government-licence/version/3/.", "OGL-UK-3.0"),
        ("Released under CC&nbsp;BY&nbsp;4.0", "CC-BY-4.0"),
    ],
)
def test_a_licence_is_found_in_markup_and_plain_sentences(statement: str, spdx: str) -> None:
    finding = recognise([statement])
    assert (finding.spdx, finding.conformance) == (spdx, Conformance.APPROVED)


def test_text_left_over_beside_a_name_is_flagged() -> None:
    finding = recognise(["OGL, except the base map"])
    assert finding.conformance is Conformance.UNRECOGNISED
    assert codes(finding) == {"licence_leftover"}


def test_text_left_over_takes_back_even_what_a_link_says() -> None:
    assert not is_open(recognise([OGL_3, "OGL, except the base map"]))


def test_what_was_received_is_always_kept_whole() -> None:
    assert recognise(["CC-BY-4.0 ", "nonsense"]).received == "CC-BY-4.0 \nnonsense"


def test_an_address_tells_the_version_that_an_id_leaves_open() -> None:
    finding = recognise(["cc-by", CC_BY_4])
    assert (finding.spdx, codes(finding)) == ("CC-BY-4.0", set())


def test_a_version_not_approved_is_not_hidden_by_the_id_without_version() -> None:
    assert found("uk-ogl", "OGL-UK-1.0") == ("uk-ogl", "OGL-UK-1.0", "not_approved")


def test_an_address_beats_a_text_and_the_conflict_is_told() -> None:
    statements = ["Creative Commons Attribution | Share Alike 3.0 Unported",
                  "https://creativecommons.org/licenses/by-sa/4.0/"]  # fmt: skip
    finding = recognise(statements)
    assert finding.spdx == "CC-BY-SA-4.0"
    assert codes(finding) == {"licence_conflict"}


@pytest.mark.parametrize("other", ["CC-BY-NC-4.0", "MIT", "other-closed", "OGL-UK-1.0"])
def test_of_several_licences_the_least_open_decides(other: str) -> None:
    finding = recognise([CC_BY_4, other])
    assert not is_open(finding)
    assert "licence_conflict" in codes(finding)


def test_two_open_licences_are_open_and_told() -> None:
    finding = recognise([CC_BY_4, OGL_3])
    assert is_open(finding)
    assert codes(finding) == {"licence_conflict"}


def test_an_unknown_title_beside_a_known_address_is_only_noted() -> None:
    finding = recognise([CC_BY_4, "Creative Commons Atribuição"])
    assert is_open(finding)
    assert [one.severity for one in finding.problems] == [Severity.NOTE]


def test_unknown_terms_beside_a_known_id_are_not_open() -> None:
    finding = recognise(["cc-by", "https://example.org/our-terms"])
    assert not is_open(finding)
    assert codes(finding) == {"licence_address_unknown"}


def test_words_that_say_nothing_do_not_weaken_a_licence() -> None:
    assert found("notspecified", CC_BY_4) == ("cc-by", "CC-BY-4.0", "approved")


@pytest.mark.parametrize("generic", ["other-open", "other-pd", "other-at"])
def test_a_generic_id_alone_is_not_open(generic: str) -> None:
    finding = recognise([generic])
    assert not is_open(finding)
    assert codes(finding) == {"licence_generic"}


@pytest.mark.parametrize("generic", ["other-open", "other-pd", "other-at"])
def test_a_generic_id_counts_with_the_address_of_its_terms(generic: str) -> None:
    finding = recognise([generic, "https://example.org/terms"])
    assert is_open(finding)
    assert (finding.licence_id, finding.url) == (generic, "https://example.org/terms")


@pytest.mark.parametrize(
    "terms",
    ["www.example.org/terms", "https://example.org/terms apply for members only", "see our terms",
     "notspecified", "", "http://dcat-ap.de/def/licenses/other-open",
     "https://project-open-data.cio.gov/unknown-license"],
)  # fmt: skip
def test_a_generic_id_does_not_count_with_anything_less_than_an_address(terms: str) -> None:
    assert not is_open(recognise(["other-open", terms]))


# --- the table -----------------------------------------------------------------------------


def every_licence() -> dict[str, Licence]:
    spelt = [*table().ids.values(), *table().addresses.values()]
    return {licence.key: licence for licence in spelt}


@pytest.mark.parametrize("licence", every_licence().values(), ids=every_licence())
def test_what_is_stored_of_a_finding_is_found_again(licence: Licence) -> None:
    """A harvested dataset is judged again by its id and address when a person edits it."""
    if licence.generic or licence.url is None:
        return
    again = recognise([text for text in (licence.ckan, licence.url) if text])
    assert (again.conformance, again.title) == (licence.conformance, licence.title)


def test_every_entry_names_its_source() -> None:
    data = yaml.safe_load(Path(licence_table.__file__).with_name("licences.yaml").read_text())
    for entry in [*data["families"], *data["licences"]]:
        assert set(entry["source"]) <= set(data["sources"])
        assert entry["source"]


def test_every_spelling_is_written_as_it_is_compared() -> None:
    for spelling in [*table().ids, *table().unstated, *table().fillers]:
        assert spelling == " ".join(licence_table.words_of(spelling))


def test_no_filler_is_a_licence_and_none_says_no() -> None:
    assert not table().fillers & set(table().names)
    assert not table().fillers & {"no", "not", "non", "only", "except", "without", "or", "nc", "nd"}


@pytest.fixture(scope="module")
def open_definition(shared_portals: Path) -> dict[str, dict[str, Any]]:
    return json.loads((shared_portals / "licences/opendefinition-groups-all.json").read_text())


def ways_to_name(licence: dict[str, Any]) -> list[tuple[str, ...]]:
    """By id, by title is not asked (titles are no ids), by an older id, by id and page."""
    ways = [(licence["id"],), *((old,) for old in licence.get("legacy_ids") or ())]
    return [*ways, (licence["id"], licence["url"])] if licence.get("url") else ways


def test_we_know_every_licence_of_the_open_definition(
    open_definition: dict[str, dict[str, Any]],
) -> None:
    unknown = [id_ for id_ in open_definition if found(id_)[2] == "unrecognised"]
    assert unknown == []


def test_we_approve_what_the_open_definition_approves(
    open_definition: dict[str, dict[str, Any]],
) -> None:
    """But for entries that name no terms: they count only with a licence's own address."""
    approved = [one for one in open_definition.values() if one["od_conformance"] == "approved"]
    refused = [
        one["id"]
        for one in approved
        if not all(is_open(recognise(way)) for way in ways_to_name(one))
    ]
    without_terms = [one["id"] for one in approved if not one["url"]]
    assert refused == without_terms


def test_we_never_approve_what_the_open_definition_does_not(
    open_definition: dict[str, dict[str, Any]],
) -> None:
    others = [one for one in open_definition.values() if one["od_conformance"] != "approved"]
    wrong = [way for one in others for way in ways_to_name(one) if is_open(recognise(way))]
    assert wrong == []
    assert len(others) > 80


def test_licences_that_only_software_registers_approve_are_not_open(
    open_definition: dict[str, dict[str, Any]],
) -> None:
    software = [
        one["id"]
        for one in open_definition.values()
        if one["osd_conformance"] == "approved" and one["od_conformance"] != "approved"
    ]
    assert {found(id_)[2] for id_ in software} == {"software"}


def test_the_ids_of_the_ckan_group_are_known(shared_portals: Path) -> None:
    group = json.loads((shared_portals / "licences/opendefinition-groups-ckan.json").read_text())
    licences_in_group = group.values() if isinstance(group, dict) else group
    for licence in licences_in_group:
        assert found(licence["id"])[2] != "unrecognised"


def test_the_german_list_does_not_decide_openness(shared_portals: Path) -> None:
    path = shared_portals / "licences/dcatde-dcat_license_mapping.json"
    entries = json.loads(path.read_text(encoding="utf-8"))["list"]
    for entry in entries:
        finding = recognise([entry["URI"]])
        assert finding.conformance is not Conformance.UNRECOGNISED, entry
        if is_open(finding):
            assert entry["Lizenztyp"] == "offen"
            assert finding.licence_id in {
                "cc-by", "cc-by-sa", "cc-zero", "gfdl", "odc-by", "odc-odbl", "odc-pddl"
            }  # fmt: skip


# --- a hub's own register ------------------------------------------------------------------


def test_an_id_of_the_hubs_own_register_is_known() -> None:
    finding = recognise(["Alliance-Open"], {"alliance-open": "approved"})
    assert (finding.licence_id, is_open(finding)) == ("alliance-open", True)


def test_an_id_that_the_register_does_not_approve_is_not_open() -> None:
    assert not is_open(recognise(["alliance"], {"alliance": "not reviewed"}))


def test_a_register_can_lower_what_the_table_says() -> None:
    assert not is_open(recognise(["cc-by"], {"cc-by": "rejected"}))


@pytest.mark.parametrize("id_", ["MIT", "cc-nc", "other-open", "notspecified", "fr-lo"])
def test_a_register_cannot_raise_what_the_table_says(id_: str) -> None:
    assert not is_open(recognise([id_], {id_: "approved"}))


def test_a_licence_is_found_under_the_registers_own_id() -> None:
    finding = recognise(["cc-by", "CC-BY-4.0"])
    assert registered_id(finding, ["cc-by"]) == "cc-by"
    assert registered_id(finding, ["CC-BY-4.0", "OGL-UK-2.0"]) == "CC-BY-4.0"
    assert registered_id(finding, ["OGL-UK-2.0"]) is None


# --- any text at all -----------------------------------------------------------------------

SPELLINGS = sorted(table().ids)
KNOWN_WORDS = {word for name in [*SPELLINGS, *table().fillers] for word in name.split()}
PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(SPELLINGS),
    st.sampled_from(["CC-BY-4.0", OGL_3, "<a href=", "<", ">", "&amp;", "(", ")", " except ", ","]),
)


@given(st.text())
def test_arbitrary_text_is_open_only_if_the_table_has_it(text: str) -> None:
    words = " ".join(licence_table.words_of(text))
    if is_open(recognise([text])):
        assert any(name in words for name in table().ids)


@given(st.text(alphabet="ogl cby-4.0nsaduk3/<>&;:#\"'()", max_size=60))
def test_text_that_looks_like_a_licence_is_open_only_if_each_word_is_known(text: str) -> None:
    if is_open(recognise([text])):
        assert set(licence_table.words_of(text)) - set("<>&#") <= KNOWN_WORDS


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_no_statement_is_an_error(text: str) -> None:
    assert isinstance(recognise([text]), Finding)


@given(st.sampled_from(SPELLINGS), st.text(alphabet=st.characters(categories=["L"]), min_size=12))
def test_a_foreign_word_beside_a_licence_keeps_it_from_being_open(name: str, word: str) -> None:
    assume(not set(licence_table.words_of(word)) & KNOWN_WORDS)
    assert not is_open(recognise([f"{name}, {word}"]))


@given(st.lists(st.sampled_from(SPELLINGS), min_size=2, max_size=4, unique=True))
def test_a_set_of_licences_is_open_only_if_all_are(names: list[str]) -> None:
    if is_open(recognise(names)):
        judged = [table().ids[name].conformance for name in names]
        assert set(judged) == {Conformance.APPROVED}


@given(st.lists(st.sampled_from([*SPELLINGS, OGL_3, CC_BY_4, "nonsense"]), max_size=4))
def test_the_order_of_statements_does_not_decide_openness(statements: list[str]) -> None:
    assert is_open(recognise(statements)) == is_open(recognise(statements[::-1]))
