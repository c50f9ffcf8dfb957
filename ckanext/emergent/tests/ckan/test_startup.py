"""What a site's configuration may be: its own schema, its own presets, the plugins' order."""

from __future__ import annotations

import pytest
from ckan import plugins
from ckan.common import config
from ckan.exceptions import CkanConfigurationException
from ckan.tests.helpers import _get_test_app

from ckanext.emergent.tests.ckan import factories
from ckanext.emergent.tests.ckan.actor import ANYBODY, editor

OWN_SCHEMA = "ckanext.emergent.tests.ckan:custom_schema.yaml"


def start(names: str) -> None:
    """Start CKAN with these plugins, as it starts from its configuration file."""
    config["ckan.plugins"] = names
    plugins.load_all(force_update=True)


@pytest.fixture
def restarted(ckan_config: object) -> object:
    """A configuration of one's own for a test that starts CKAN itself."""
    yield ckan_config
    plugins.unload_all()


# --- a site's own schema ----------------------------------------------------------------------


@pytest.mark.ckan_config("scheming.dataset_schemas", OWN_SCHEMA)
@pytest.mark.ckan_config("scheming.presets", "ckanext.scheming:presets.json")
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
class TestOwnSchema:
    def test_one_line_adds_the_level(self) -> None:
        person = editor()
        dataset = person.create(name="own", data_spectrum="open", license_id="cc-by")
        assert dataset["data_spectrum"] == "open"
        assert ANYBODY.call("package_search", fq="data_spectrum_band:open")["count"] == 1

    def test_the_level_is_judged(self) -> None:
        person = editor()
        errors = person.refused("package_create", **person.minimal(data_spectrum="open"))
        assert "license_id" in errors

    def test_the_level_is_required(self) -> None:
        person = editor()
        errors = person.refused("package_create", **person.minimal(name="own"))
        assert list(errors) == ["data_spectrum"]

    def test_no_reason_is_asked_for_where_there_is_no_field_for_it(self) -> None:
        assert editor().create(name="own", data_spectrum="internal")["data_spectrum"] == "internal"

    def test_the_form_asks_for_the_level(self) -> None:
        token = factories.token(editor().name)
        page = _get_test_app().get("/dataset/new", headers={"Authorization": token}).body
        assert page.count('name="data_spectrum"') == 6
        assert "Bus timetables" in page


# --- the order of the plugins -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("scheming_datasets emergent scheming_organizations", "write emergent before scheming_dat"),
        ("scheming_organizations emergent scheming_datasets", "write emergent before scheming_org"),
        ("dcat emergent scheming_datasets scheming_organizations", "write emergent before dcat"),
        ("emergent scheming_organizations", "add scheming_datasets after emergent"),
        ("emergent scheming_datasets", "add scheming_organizations after emergent"),
    ],
)
def test_a_wrong_order_is_an_error_at_start(restarted: object, names: str, sentence: str) -> None:
    with pytest.raises(CkanConfigurationException, match=sentence):
        start(names)


def test_the_least_that_is_needed_starts(restarted: object) -> None:
    start("emergent scheming_datasets scheming_organizations")
    assert plugins.toolkit.h.scheming_get_dataset_schema("dataset")["form_groups"]


def test_a_site_without_the_activity_plugin_starts(restarted: object) -> None:
    start("emergent scheming_datasets scheming_organizations dcat")
    assert plugins.toolkit.get_action("package_search")


@pytest.mark.usefixtures("with_plugins")
def test_a_record_without_a_resource_is_complete_by_default() -> None:
    assert config["ckan.dataset.create_on_ui_requires_resources"] is False


@pytest.mark.ckan_config("ckanext.emergent.challenges", "skills:Regional_Skills ppe:PPE")
@pytest.mark.usefixtures("with_plugins")
def test_a_site_adds_challenges_of_its_own() -> None:
    choices = plugins.toolkit.h.emergent_challenge_choices({})
    assert choices[-2:] == [
        {"value": "skills", "label": "Regional Skills"},
        {"value": "ppe", "label": "PPE"},
    ]
