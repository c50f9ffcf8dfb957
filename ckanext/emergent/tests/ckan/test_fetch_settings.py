from __future__ import annotations

from ipaddress import ip_network

import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.emergent.config import fetch_policy
from ckanext.emergent.reading.network.policy import FetchPolicy, agent

SETTING = "ckanext.emergent.fetch"


@pytest.mark.usefixtures("with_plugins")
def test_without_settings_the_policy_is_the_documented_one() -> None:
    expected = FetchPolicy(user_agent=agent(tk.config["ckan.site_url"]))

    assert fetch_policy() == expected


@pytest.mark.ckan_config(f"{SETTING}.allowed_networks", "192.168.7.9/24 ::1")
@pytest.mark.ckan_config(f"{SETTING}.allowed_ports", "443 9443")
@pytest.mark.ckan_config(f"{SETTING}.pace", "0.25")
@pytest.mark.ckan_config(f"{SETTING}.max_megabytes", 2)
@pytest.mark.ckan_config(f"{SETTING}.user_agent_contact", "data@hub.example")
@pytest.mark.usefixtures("with_plugins")
def test_settings_are_obeyed() -> None:
    policy = fetch_policy()

    assert policy.allowed_networks == (ip_network("192.168.7.0/24"), ip_network("::1/128"))
    assert policy.allowed_ports == {443, 9443}
    assert policy.pace == 0.25
    assert policy.max_bytes == 2 * 1024 * 1024
    assert policy.user_agent.endswith("(+data@hub.example)")


@pytest.mark.ckan_config(f"{SETTING}.allowed_networks", "our office")
@pytest.mark.usefixtures("with_plugins")
def test_a_setting_that_cannot_be_read_is_named() -> None:
    with pytest.raises(CkanConfigurationException, match=SETTING):
        fetch_policy()
