"""The level of a dataset: required of people, judged, left alone by everything else."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.emergent.tests.ckan import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def create(**fields: Any) -> dict[str, Any]:
    return call_action("package_create", name="a-dataset", title="A dataset", **fields)


def test_a_person_must_choose_a_level() -> None:
    with pytest.raises(tk.ValidationError) as refused:
        create()
    assert "Choose one of the five levels" in refused.value.error_dict["data_spectrum"][0]
