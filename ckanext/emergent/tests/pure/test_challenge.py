"""Challenges as portals name them."""

from __future__ import annotations

import pytest

from ckanext.emergent.challenge import CHALLENGES, challenge_from


@pytest.mark.parametrize(
    ("stated", "slug"),
    [
        ("rail", "rail"),
        ("Rail Services", "rail"),
        ("supply-chain", "supply-chain"),
        ("Supply Chains", "supply-chain"),
        ("supply_chain", "supply-chain"),
        ("ALOHA", "aloha"),
        ("ALOHA: local and regional measures", "aloha"),
    ],
)
def test_a_challenge_is_known_by_slug_and_title(stated: str, slug: str) -> None:
    assert challenge_from(stated) == slug


@pytest.mark.parametrize("stated", ["", "s", "railway", "rail aviation", "PPE"])
def test_another_text_is_no_challenge(stated: str) -> None:
    assert challenge_from(stated) is None


def test_a_hub_has_challenges_of_its_own() -> None:
    own = {**CHALLENGES, "ppe": "Protective equipment"}
    assert challenge_from("Protective Equipment", own) == "ppe"
